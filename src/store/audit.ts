import { randomBytes } from 'node:crypto';
import type { Json } from '../flow/json.js';
import { createVault, type Vault } from './crypto.js';
import type { Statement } from './statement.js';

/** What entries are about. `look`: a person read about another one; `keys`: the data key changed; `backup`: all of it was copied, or came from a copy. */
export type AuditKind =
  | 'look'
  | 'grant'
  | 'revocation'
  | 'sk'
  | 'board'
  | 'consent'
  | 'correction'
  | 'standing'
  | 'request'
  | 'erasure'
  | 'merge'
  | 'number'
  | 'broadcast'
  | 'rakor'
  | 'attendance'
  | 'keys'
  | 'backup';

/** Something that was done with people's data, or with a right to it. All but `personal` stays readable for ever. */
export interface Audited {
  readonly kind: AuditKind;
  /** What was done, in a word of the program ("read-conversation", "chair", "sahkan"). */
  readonly action: string;
  /** What belongs to it and says nothing about the person ("33.74", "dilaporkan_ada>terverifikasi"). */
  readonly detail?: string | null;
  /** The contact that acted, or `local:NAME` for somebody at the machine; null where nobody is to be named. */
  readonly actor: string | null;
  /** Whom it concerns, by member or contact: one entry each. None: an entry about nobody. */
  readonly subjects: readonly string[];
  readonly at: Date;
  /** What may be read until the person is erased (`sealPersonal`); only about one subject. */
  readonly personal?: Personal;
}

/** Something personal of an entry, with the key it is sealed under, itself sealed. */
export interface Personal {
  readonly key: Buffer;
  readonly payload: Buffer;
}

/** Seals what an entry tells of a person under a key that is destroyed with the person. */
export function sealPersonal(vault: Vault, value: Json): Personal {
  const key = randomBytes(32);
  return { key: vault.sealBytes(key), payload: createVault(key).sealJson(value) };
}

const entryText = `
WITH who AS MATERIALIZED (SELECT audit_name($5::uuid, NULL) AS actor)
INSERT INTO audit_entry (at, kind, action, detail, actor, machine, person, payload_sealed)
SELECT $1, $2, $3, $4, who.actor, $6, audit_name(s.id, $8::bytea), $9
FROM who, unnest($7::uuid[]) WITH ORDINALITY AS s(id, place) ORDER BY s.place`;

const contactId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The one way to write the audit: an entry in the transaction of what it tells. It comes without its link in the chain, so that no
 * turn waits for another; whoever seals adds that within seconds (`domain/audit.ts`).
 */
export function audited(one: Audited): Statement {
  const { kind, action, detail = null, actor, subjects, at, personal } = one;
  const isContact = actor !== null && contactId.test(actor);
  const who = [isContact ? actor : null, isContact ? null : actor];
  const whom = subjects.length === 0 ? [null] : [...new Set(subjects)];
  const values = [at, kind, action, detail, ...who, whom, personal?.key ?? null, personal?.payload ?? null];
  return { name: 'audit-entry', text: entryText, values };
}

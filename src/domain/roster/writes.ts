import { normaliseSkNumber } from '../../flow/inputs/sk-number.js';
import type { Vault } from '../../store/crypto.js';
import type { Statement } from '../../store/statement.js';
import type { SkState } from '../sk.js';
import { joined, type Planned } from './plan.js';
import type { Person } from './row.js';

/** What is written with. */
export interface WriteTools {
  readonly vault: Vault;
  readonly now: Date;
  readonly newId: () => string;
  readonly simulator: boolean;
}

/** A member as it is to stand, and as it stands now (null: it is new). */
export interface Written {
  readonly id: string;
  readonly person: Person;
  readonly before: Person | null;
}

/** Who imports which file. */
export interface RosterHead {
  readonly id: string;
  readonly fileIndex: Buffer;
  readonly madeBy: string;
}

// One list at a time: what was planned rests on what it read.
const lock = `SELECT pg_advisory_xact_lock(hashtextextended('roster', 2))`;

/** Holds off every other import until the transaction ends. */
export const rosterLock: Statement = { name: 'roster-lock', text: lock, values: [] };

const insertRoster = `INSERT INTO roster (id, file_index, made_by, made_at, simulator) VALUES ($1, $2, $3, $4, $5) RETURNING number`;
const insertMembers = `
INSERT INTO member (id, name, birth_place_sealed, birth_date, sex, region_code, psm_since, education, phone_sealed, phone_index,
  nik_sealed, nik_index, simulator, created_at)
SELECT u.*, $13, $14 FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::bytea[],
  $10::bytea[], $11::bytea[], $12::bytea[]) AS u`;
const updateMembers = `
UPDATE member m SET name = u.name, birth_place_sealed = u.place, birth_date = u.birth, sex = u.sex, region_code = u.region,
  psm_since = u.since, education = u.education, phone_sealed = u.phone, phone_index = u.phone_index, nik_sealed = u.nik, nik_index = u.nik_index
FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::bytea[],
  $10::bytea[], $11::bytea[], $12::bytea[]) AS u (id, name, place, birth, sex, region, since, education, phone, phone_index, nik, nik_index)
WHERE m.id = u.id AND m.claimed_at IS NULL`;
const insertChanges = `INSERT INTO roster_change (roster_id, member_id, before_sealed)
SELECT $1, u.* FROM unnest($2::uuid[], $3::bytea[]) AS u`;
const insertDocuments = `INSERT INTO sk_document (id, number_sealed, number_index, decided_on, issuer, created_at)
SELECT u.*, $6 FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[], $5::text[]) AS u`;
const appoint = `INSERT INTO sk_member (member_id, document_id, status, changed_at)
SELECT u.*, $4 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS u
ON CONFLICT (member_id) DO UPDATE SET document_id = excluded.document_id, status = excluded.status, changed_at = excluded.changed_at`;

/** The statements that import what was planned: all of it or nothing. The first gives the number the list goes by. */
export function rosterWrites(
  head: RosterHead,
  planned: readonly Planned[],
  tools: WriteTools,
): readonly Statement[] {
  const { vault, now, simulator } = tools;
  const written = planned.flatMap(writtenOf);
  const added = written.filter(({ before }) => before === null);
  const changed = written.filter(({ before }) => before !== null);
  const before = written.map(({ before: stood }) => (stood === null ? null : vault.sealJson({ ...stood })));
  const ids = written.map(({ id }) => id);
  return [
    {
      name: 'roster-insert',
      text: insertRoster,
      values: [head.id, head.fileIndex, head.madeBy, now, simulator],
    },
    { name: 'roster-members', text: insertMembers, values: [...columnsOf(added, vault), simulator, now] },
    changeMembers(changed, vault),
    { name: 'roster-history', text: insertChanges, values: [head.id, ids, before] },
    ...appointments(written, tools),
  ];
}

/** Gives members what is to stand there; those who have registered meanwhile are left alone. */
export function changeMembers(written: readonly Written[], vault: Vault): Statement {
  return { name: 'roster-changes', text: updateMembers, values: columnsOf(written, vault) };
}

function writtenOf({ line, fate, member }: Planned): readonly Written[] {
  if (line.person === null || member === null || (fate !== 'new' && fate !== 'changed')) return [];
  const { id, person: before } = member;
  return [{ id, person: before === null ? line.person : joined(before, line.person), before }];
}

/** People as columns, in the order of the statements. */
function columnsOf(
  written: readonly { readonly id: string; readonly person: Person }[],
  vault: Vault,
): readonly unknown[] {
  const of = (read: (person: Person) => unknown) => written.map(({ person }) => read(person) ?? null);
  const sealed = (read: (person: Person) => string | undefined) =>
    of((person) => mapped(read(person), (plain) => vault.seal(plain)));
  const index = (kind: string, read: (person: Person) => string | undefined) =>
    of((person) => mapped(read(person), (plain) => vault.index(kind, plain)));
  return [
    ...[written.map(({ id }) => id), of(({ name }) => name), sealed(({ birthPlace }) => birthPlace)],
    ...[of(({ birthDate }) => birthDate), of(({ sex }) => sex), of(({ regionCode }) => regionCode)],
    ...[of(({ psmSince }) => psmSince), of(({ education }) => education)],
    ...[sealed(({ phone }) => phone), index('phone', ({ phone }) => phone)],
    ...[sealed(({ nik }) => nik), index('nik', ({ nik }) => nik)],
  ];
}

function mapped<From, To>(value: From | undefined, map: (value: From) => To): To | undefined {
  return value === undefined ? undefined : map(value);
}

/** How far one number of an SK reaches: a village numbers its own, an office those of its area. */
const reachOf: Readonly<Record<string, number>> = { kades: 4, lurah: 4, camat: 3, dinas: 2, bupati: 2 };
const reachUnsaid = 4;

/** The same decree, as far as a list can tell: number, day, issuer and the area that issuer numbers in. */
function documentKey({ skNumber, skDate, skIssuer, regionCode }: Person): string | null {
  if (skNumber === undefined) return null;
  const parts = reachOf[skIssuer ?? ''] ?? reachUnsaid;
  const area = regionCode.split('.').slice(0, parts).join('.');
  return [normaliseSkNumber(skNumber), skDate ?? '', skIssuer ?? '', area].join('|');
}

/** One SK of the list appoints everybody in the list who has it; a decree already kept stays whose it is. */
export function appointments(
  written: readonly Written[],
  { vault, now, newId }: WriteTools,
): readonly Statement[] {
  const appointed = written.filter(
    ({ person, before }) => before === null || documentKey(person) !== documentKey(before),
  );
  const documents = new Map<string, { readonly id: string; readonly person: Person }>();
  for (const { person } of appointed) {
    const key = documentKey(person);
    if (key !== null && !documents.has(key)) documents.set(key, { id: newId(), person });
  }
  const made = [...documents.values()];
  const of = (read: (person: Person) => unknown) => made.map(({ person }) => read(person) ?? null);
  const states: readonly SkState[] = appointed.map(({ person }) =>
    documentKey(person) === null ? 'belum_ada' : 'dilaporkan_ada',
  );
  const documentIds = appointed.map(({ person }) => documents.get(documentKey(person) ?? '')?.id ?? null);
  return [
    {
      name: 'roster-documents',
      text: insertDocuments,
      values: [
        made.map(({ id }) => id),
        of(({ skNumber }) => mapped(skNumber, (number) => vault.seal(number))),
        of(({ skNumber }) =>
          mapped(skNumber, (number) => vault.index('sk-number', normaliseSkNumber(number))),
        ),
        of(({ skDate }) => skDate),
        of(({ skIssuer }) => skIssuer),
        now,
      ],
    },
    {
      name: 'roster-appointments',
      text: appoint,
      values: [appointed.map(({ id }) => id), documentIds, states, now],
    },
  ];
}

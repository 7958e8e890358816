import { z } from 'zod';
import { audited } from '../store/audit.js';
import type { Vault } from '../store/crypto.js';
import { run, type Statement } from '../store/statement.js';
import { type Rakor, type RakorReading, rakorDetails, rakorStates, sealDetails } from './rakor.js';

const state = z.enum(rakorStates);
const moment = z.coerce.date();

/** As which rakor it was seen, and what it is to be: kept sealed beside the broadcast that tells people, until that is sent. */
const next = z.object({
  seen: z.object({ state, version: z.int() }),
  state,
  version: z.int(),
  details: rakorDetails,
  startsAt: moment,
  endsAt: moment.nullable(),
  answerBy: moment.nullable(),
  letterId: z.uuid().nullable(),
});

/** A rakor as it is to be. */
export type NextRakor = Readonly<z.infer<typeof next>>;

/** What becomes of a rakor that was seen like this. */
export function nextOf({ state: was, version }: Rakor, after: Rakor): NextRakor {
  return next.parse({ ...after, seen: { state: was, version } });
}

/** Seals it. */
export function sealNext({ startsAt, endsAt, answerBy, ...rest }: NextRakor, vault: Vault): Buffer {
  const times = {
    startsAt: startsAt.toISOString(),
    endsAt: endsAt?.toISOString() ?? null,
    answerBy: answerBy?.toISOString() ?? null,
  };
  return vault.sealJson({ ...rest, ...times });
}

/** Reads `sealNext` back. Throws when the row holds something else. */
export function openNext(sealed: Uint8Array, vault: Vault): NextRakor {
  return next.parse(vault.openJson(sealed));
}

// A new version is made of the one that was seen.
const becomesText = `UPDATE rakor SET state = $4, version = $5, details_sealed = $6, starts_at = $7, ends_at = $8, answer_by = $9, letter_id = $10
WHERE id = $1 AND state = $2 AND version = $3 RETURNING id`;

/** Makes the rakor what it is to be; of two who do so at once the second finds nothing. */
export function becomes(id: string, { seen, ...after }: NextRakor, vault: Vault): Statement {
  const { startsAt, endsAt, answerBy, letterId } = after;
  const values = [
    id,
    seen.state,
    seen.version,
    after.state,
    after.version,
    sealDetails(after.details, vault),
  ];
  return {
    ...{ name: 'rakor-becomes', text: becomesText, mustFind: true },
    values: [...values, startsAt, endsAt, answerBy, letterId],
  };
}

const seenText = 'SELECT 1 AS one FROM rakor WHERE id = $1 AND state = $2 AND version = $3';

/** Whether the rakor is still as it was seen. */
export async function isAsSeen(
  id: string,
  { seen }: NextRakor,
  { db }: Pick<RakorReading, 'db'>,
): Promise<boolean> {
  const rows = await run(db, {
    name: 'rakor-as-seen',
    text: seenText,
    values: [id, seen.state, seen.version],
  });
  return rows.length > 0;
}

/** What was done with a rakor, for the audit; `actor` is whose yes did it. */
export function rakorHappened(action: string, id: string, actor: string, at: Date): Statement {
  return audited({ kind: 'rakor', action, detail: id, actor, subjects: [], at });
}

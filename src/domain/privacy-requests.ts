import { createHash } from 'node:crypto';
import { type Queryable, run, type Statement } from '../store/statement.js';
import type { Tools } from './reach.js';

/** What somebody may ask for under the law on personal data (UU 27/2022, Pasal 30, 32 and 40 to 43). */
export type PrivacyKind = 'access' | 'correction' | 'erasure' | 'withdrawal' | 'suspension' | 'resumption';

/** Until when a request must be done: three times 24 hours, in milliseconds. */
const clockMs = 3 * 24 * 60 * 60 * 1000;

/** Who asks, for whom, and where that member is. */
export interface Asking {
  readonly kind: PrivacyKind;
  readonly number: number;
  readonly contactId: string;
  readonly memberId: string;
  readonly area: string;
  readonly simulator: boolean;
}

const numberText = `SELECT nextval(pg_get_serial_sequence('privacy_request', 'number'))::int AS number`;

/** The next number, by which people call their request. One that is not used after all stays unused. */
export async function nextRequestNumber(db: Queryable): Promise<number> {
  const [row] = await run<{ number: number }>(db, { name: 'privacy-number', text: numberText, values: [] });
  if (row === undefined) throw new Error('a select without a table gives one row');
  return row.number;
}

const insertText = `INSERT INTO privacy_request
  (id, number, kind, simulator, contact_id, member_id, member_digest, member_sealed, area, asked_at, due_at, closed_at, result)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

interface Row {
  readonly contactId: string | null;
  readonly memberId: string | null;
  readonly digest: Buffer | null;
  readonly reach: Buffer | null;
  readonly result: string | null;
}

function inserted({ kind, number, area, simulator }: Asking, row: Row, { newId, now }: Tools): Statement {
  const due = new Date(now.getTime() + clockMs);
  const { contactId, memberId, digest, reach, result } = row;
  const values = [
    ...[newId(), number, kind, simulator, contactId, memberId, digest, reach, area, now, due],
    ...[result === null ? null : now, result],
  ];
  return { name: 'privacy-request', text: insertText, values };
}

/** A request that is done in the turn in which it is made. */
export function donePrivacyRequest(asking: Asking, tools: Tools): Statement {
  const { contactId, memberId } = asking;
  return inserted(asking, { contactId, memberId, digest: null, reach: null, result: 'done' }, tools);
}

/** Proof of an erasure: it names nobody. By the digest whoever restores a copy of before can erase the same member again. */
export function erasureProof(asking: Asking, why: string, tools: Tools): Statement {
  const digest = digestOf(asking.memberId);
  const nobody = { contactId: null, memberId: null, reach: null };
  // Where somebody lived says too much once they are nobody.
  return inserted({ ...asking, area: '33' }, { ...nobody, digest, result: why }, tools);
}

/** A member's id, which is random, in a form that leads back to it only for who still has it. */
function digestOf(memberId: string): Buffer {
  return createHash('sha256').update(`sapa/erased\0${memberId}`).digest();
}

import { createHash } from 'node:crypto';
import { clearAlarm, raiseAlarm } from '../store/alarms.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import type { Ground } from './helpers.js';
import { maskNumbers } from './mask.js';
import { placeName } from './places.js';
import { openReach, type Reach, sealReach, type Tools } from './reach.js';
import { may, residencyArea, type Viewer } from './roles.js';

/** What somebody may ask for under the law on personal data (UU 27/2022, Pasal 30, 32 and 40 to 43). */
export type PrivacyKind = 'access' | 'correction' | 'erasure' | 'withdrawal' | 'suspension' | 'resumption';

/** Until when a request must be done: three times 24 hours, in milliseconds. */
export const clockMs = 3 * 24 * 60 * 60 * 1000;

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
  (id, number, kind, simulator, contact_id, member_id, member_digest, member_sealed, detail_sealed, area, asked_at, due_at, closed_at, result)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`;

interface Row {
  readonly contactId: string | null;
  readonly memberId: string | null;
  readonly digest: Buffer | null;
  readonly reach: Buffer | null;
  readonly detail: Buffer | null;
  readonly result: string | null;
}

function inserted({ kind, number, area, simulator }: Asking, row: Row, { newId, now }: Tools): Statement {
  const due = new Date(now.getTime() + clockMs);
  const { contactId, memberId, digest, reach, detail, result } = row;
  const values = [
    ...[newId(), number, kind, simulator, contactId, memberId, digest, reach, detail, area, now, due],
    ...[result === null ? null : now, result],
  ];
  return { name: 'privacy-request', text: insertText, values };
}

/** A request that an officer must see to, in the person's words; numbers of phones and NIK in them are cut. */
export function openPrivacyRequest(asking: Asking, words: string, reach: Reach, tools: Tools): Statement {
  const { contactId, memberId } = asking;
  const sealed = { reach: sealReach(tools.vault, reach), detail: tools.vault.seal(maskNumbers(words)) };
  return inserted(asking, { contactId, memberId, digest: null, ...sealed, result: null }, tools);
}

/** A request that is done in the turn in which it is made. */
export function donePrivacyRequest(asking: Asking, tools: Tools): Statement {
  const { contactId, memberId } = asking;
  const nothing = { digest: null, reach: null, detail: null };
  return inserted(asking, { contactId, memberId, ...nothing, result: 'done' }, tools);
}

/** Proof of an erasure: it names nobody. By the digest whoever restores a copy of before can erase the same member again. */
export function erasureProof(asking: Asking, why: string, tools: Tools): Statement {
  const digest = digestOf(asking.memberId);
  const nobody = { contactId: null, memberId: null, reach: null, detail: null };
  // Where somebody lived says too much once they are nobody.
  return inserted({ ...asking, area: '33' }, { ...nobody, digest, result: why }, tools);
}

/** A member's id, which is random, in a form that leads back to it only for who still has it. */
function digestOf(memberId: string): Buffer {
  return createHash('sha256').update(`sapa/erased\0${memberId}`).digest();
}

/** A request that waits for an officer. */
export interface OpenRequest extends Ground {
  readonly id: string;
  readonly number: number;
  readonly kind: PrivacyKind;
  readonly contactId: string;
  readonly memberId: string;
  readonly name: string;
  readonly place: string;
  readonly dueAt: Date;
  readonly member: Reach;
  readonly words: string;
}

interface OpenRow extends Omit<OpenRequest, 'member' | 'words'> {
  readonly memberSealed: Buffer;
  readonly detailSealed: Buffer;
}

const openText = `SELECT p.id, p.number, p.kind, p.contact_id AS "contactId", p.member_id AS "memberId", p.area, p.simulator, p.due_at AS "dueAt",
  p.member_sealed AS "memberSealed", p.detail_sealed AS "detailSealed", m.name, ${placeName('p.area')} AS place,
  (SELECT r.residency_id FROM region r WHERE r.code = left(p.area, 5)) AS residency
FROM privacy_request p JOIN member m ON m.id = p.member_id
WHERE p.closed_at IS NULL AND p.simulator = $1 AND ($2::int IS NULL OR p.number = $2) ORDER BY p.due_at, p.number`;

/** The open requests in the areas of a viewer, the most urgent first: all, or the one of that number. Nobody sees to their own. */
export async function openRequests(
  viewer: Viewer,
  { db, vault }: { readonly db: Queryable; readonly vault: Vault },
  number: number | null = null,
): Promise<readonly OpenRequest[]> {
  const values = [viewer.simulator === true, number];
  const rows = await run<OpenRow>(db, { name: 'privacy-open', text: openText, values });
  const mine = rows.filter((row) => row.contactId !== viewer.id && mayServe(viewer, row));
  return mine.map(({ memberSealed, detailSealed, ...row }) => ({
    ...row,
    member: openReach(vault, memberSealed),
    words: vault.open(detailSealed),
  }));
}

function mayServe(viewer: Viewer, { area, residency }: Ground): boolean {
  return may(viewer, 'take-handover', area, () => (residency === null ? null : residencyArea(residency)));
}

const closeText = `UPDATE privacy_request SET closed_at = $2, result = $3, member_sealed = NULL, detail_sealed = NULL
WHERE id = $1 AND closed_at IS NULL RETURNING id`;

/** It is done, or refused; whoever comes second finds it closed. */
export function closePrivacyRequest(id: string, result: 'done' | 'refused', at: Date): Statement {
  return { name: 'privacy-close', text: closeText, values: [id, at, result], mustFind: true };
}

/** How many requests must be done within a day, and how many should have been. */
export interface Clock {
  readonly soon: number;
  readonly overdue: number;
}

const clockText = `SELECT count(*) FILTER (WHERE due_at > $1)::int AS soon, count(*) FILTER (WHERE due_at <= $1)::int AS overdue
FROM privacy_request WHERE closed_at IS NULL AND due_at <= $2`;

/** Counts what presses. */
export async function readClock(db: Queryable, now: Date): Promise<Clock> {
  const tomorrow = new Date(now.getTime() + clockMs / 3);
  const [row] = await run<Clock>(db, { name: 'privacy-clock', text: clockText, values: [now, tomorrow] });
  return row ?? { soon: 0, overdue: 0 };
}

const alarm = 'privacy-overdue';
const overdueMessage =
  'a request about personal data was not done within 3x24 hours: officers find it with PERMINTAAN DATA; close it with its result';

/** Raises the alarm while a request is overdue, and clears it when none is. */
export async function watchClock(db: Queryable, now: Date): Promise<void> {
  const { overdue } = await readClock(db, now);
  const raise = { kind: alarm, account: null, message: overdueMessage, at: now };
  await run(db, overdue > 0 ? raiseAlarm(raise) : clearAlarm(alarm, now));
}

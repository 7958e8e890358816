import { type Queryable, run } from '../store/statement.js';
import { inReach } from './areas.js';
import { isConveyed } from './consents.js';
import { areasFor, type Viewer } from './roles.js';
import { waitingStates } from './sk.js';
import type { Appointment } from './sk-moves.js';

/** One member of a decree that waits for a verifier or is open with one. */
export interface WaitingSk extends Appointment {
  readonly documentId: string;
  readonly name: string;
  readonly regionCode: string;
  /** Where they serve, in words. */
  readonly place: string;
  /** Whether another SK of theirs was verified before. */
  readonly replaces: boolean;
  /** Whether their consent was only conveyed by somebody else's phone: they are to be met. */
  readonly conveyed: boolean;
}

/** Who works through a queue of SK, and when. */
export interface Checking {
  readonly db: Queryable;
  readonly now: Date;
}

/** Members `m` whom a viewer may decide about. */
export const skInReach = inReach('m');

// What another has open is not there for the others until his time is over ($4: now).
const isWaiting = `(a.status = ANY($5::text[]) OR a.status = 'diperiksa' AND (a.held_by = $3::uuid OR a.held_until <= $4::timestamptz))`;

const waiting = `FROM sk_member a JOIN member m ON m.id = a.member_id
WHERE a.document_id IS NOT NULL AND ${skInReach} AND ${isWaiting}`;

const countText = `SELECT count(DISTINCT a.document_id)::int AS count ${waiting} AND a.document_id IS DISTINCT FROM $6::uuid`;
const nextOne = `(SELECT a.document_id ${waiting} AND ($6::uuid IS NULL OR a.document_id > $6) ORDER BY a.document_id LIMIT 1)`;

const membersOf = (document: string) => `
SELECT a.member_id AS "memberId", a.document_id AS "documentId", a.status AS state, a.held_by AS "heldBy", a.held_from AS "heldFrom",
  m.name, m.region_code AS "regionCode", (SELECT r.kind || ' ' || r.name FROM region r WHERE r.code = m.region_code) AS place,
  EXISTS (SELECT FROM sk_move v WHERE v.member_id = m.id AND v.move IN ('sahkan', 'perbarui') AND v.document_id <> a.document_id) AS replaces,
  ${isConveyed('m')} AS conveyed
${waiting} AND a.document_id = ${document} ORDER BY m.id`;

function reachOf(viewer: Viewer, { now }: Checking): readonly unknown[] {
  return [areasFor(viewer, 'verify-sk'), viewer.simulator === true, viewer.id, now, waitingStates];
}

/** How many decrees wait for this viewer, beside one that is being decided. Their own SK does not: nobody verifies himself. */
export async function countWaitingSk(
  viewer: Viewer,
  checking: Checking,
  beside: string | null = null,
): Promise<number> {
  const values = [...reachOf(viewer, checking), beside];
  const [row] = await run<{ count: number }>(checking.db, {
    name: 'sk-waiting-count',
    text: countText,
    values,
  });
  return row?.count ?? 0;
}

/**
 * Those of the decree that has waited longest for this viewer, behind the one he has seen last; nobody when there is none. Asked in one
 * look: between two, another could open what the first has found.
 */
export function nextWaitingSk(
  viewer: Viewer,
  after: string | null,
  checking: Checking,
): Promise<readonly WaitingSk[]> {
  const values = [...reachOf(viewer, checking), after];
  return run<WaitingSk>(checking.db, { name: 'sk-waiting-next', text: membersOf(nextOne), values });
}

/** Those of a decree who wait for this viewer, or are open with him. */
export function waitingOfSk(
  viewer: Viewer,
  documentId: string,
  checking: Checking,
): Promise<readonly WaitingSk[]> {
  const values = [...reachOf(viewer, checking), documentId];
  return run<WaitingSk>(checking.db, {
    name: 'sk-waiting-members',
    text: membersOf('$6::uuid'),
    values,
  });
}

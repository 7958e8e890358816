import { audited } from '../store/audit.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import type { ActionContext } from './action.js';
import { inReach } from './areas.js';
import { placeName } from './places.js';
import { areasFor, type Viewer } from './roles.js';
import type { Appointment } from './sk-moves.js';
import type { Standing } from './standing.js';

/** A member of whom somebody who may record a death is told. */
export interface Mourned extends Appointment {
  readonly name: string;
  readonly birthDate: string | null;
  readonly regionCode: string;
  readonly place: string;
  /** What the family has told, if it has. */
  readonly reportId: string | null;
  readonly reportedAt: Date | null;
  readonly reach: Buffer | null;
}

const mourned = (standing: Standing) => `
SELECT m.id AS "memberId", m.name, m.birth_date AS "birthDate", m.region_code AS "regionCode", ${placeName('m.region_code')} AS place,
  a.document_id AS "documentId", coalesce(a.status, 'belum_ada') AS state, a.held_by AS "heldBy", a.held_from AS "heldFrom",
  r.id AS "reportId", r.reported_at AS "reportedAt", r.reach_sealed AS reach
FROM member m LEFT JOIN sk_member a ON a.member_id = m.id LEFT JOIN death_report r ON r.member_id = m.id
WHERE ${inReach('m', standing)}`;

/** As many as fit into one message that an old phone shows; who has a common name is found by more of it. */
const mostFound = 8;
const namedText = `${mourned('active')} AND lower(m.name) LIKE ALL($4::text[]) ORDER BY m.name, m.id LIMIT ${mostFound}`;
const reportedText = `${mourned('active')} AND r.id IS NOT NULL ORDER BY r.reported_at, r.id LIMIT ${mostFound}`;
const oneText = `${mourned('active')} AND m.id = $4`;
const recordedText = `${mourned('deceased')} AND ($4::uuid IS NULL OR m.id = $4) ORDER BY m.standing_at DESC, m.id LIMIT ${mostFound}`;

function inReachOf(viewer: Viewer): readonly unknown[] {
  return [areasFor(viewer, 'record-death'), viewer.simulator === true, viewer.id];
}

/** Members in the areas of a viewer (who writes to the bot), by the words of their name. */
export function mournedByName(
  viewer: Viewer,
  words: readonly string[],
  db: Queryable,
): Promise<readonly Mourned[]> {
  const values = [...inReachOf(viewer), words.map((word) => `%${word}%`)];
  return run<Mourned>(db, { name: 'death-named', text: namedText, values });
}

/** Of whom a family has told that they died, the longest waiting first. */
export function mournedByFamilies(viewer: Viewer, db: Queryable): Promise<readonly Mourned[]> {
  return run<Mourned>(db, { name: 'death-reported', text: reportedText, values: inReachOf(viewer) });
}

/** One of them, as the member stands now. */
export async function mournedOne(viewer: Viewer, memberId: string, db: Queryable): Promise<Mourned | null> {
  const values = [...inReachOf(viewer), memberId];
  return (await run<Mourned>(db, { name: 'death-one', text: oneText, values }))[0] ?? null;
}

/** Who was recorded as deceased, the latest first: all, or this one. */
export function recordedDeaths(
  viewer: Viewer,
  memberId: string | null,
  db: Queryable,
): Promise<readonly Mourned[]> {
  const values = [...inReachOf(viewer), memberId];
  return run<Mourned>(db, { name: 'death-recorded', text: recordedText, values });
}

// An entry of the audit says who did it; who has left by his own word comes back by his own.
const leftText = `${mourned('left')} AND ($4::uuid IS NULL OR m.id = $4) AND EXISTS (
  SELECT FROM person_key n JOIN audit_entry e ON e.person = n.id AND e.kind = 'standing' AND e.action = 'left' AND e.at = m.standing_at
    JOIN person_key o ON o.id = e.actor WHERE n.subject = m.id AND o.subject = $3::uuid)
ORDER BY m.standing_at DESC, m.id LIMIT ${mostFound}`;

/** Whom this viewer has recorded as a PSM no longer, the latest first: all, or this one. */
export function leftByOfficer(
  viewer: Viewer,
  memberId: string | null,
  db: Queryable,
): Promise<readonly Mourned[]> {
  const values = [...inReachOf(viewer), memberId];
  return run<Mourned>(db, { name: 'leaving-recorded', text: leftText, values });
}

const isReportedText = 'SELECT id FROM death_report WHERE member_id = $1';

/** Whether the family has told it before. */
export async function isReported(memberId: string, db: Queryable): Promise<boolean> {
  const statement = { name: 'death-is-reported', text: isReportedText, values: [memberId] };
  return (await run(db, statement)).length > 0;
}

const reportText =
  'INSERT INTO death_report (id, member_id, reach_sealed, reported_at) VALUES ($1, $2, $3, $4)';

/** Keeps that the family has told it, and where that is answered. Told twice at once, the second finds it told. */
export function keepReport(memberId: string, reach: Buffer, { newId, now }: ActionContext): Statement {
  return { name: 'death-report', text: reportText, values: [newId(), memberId, reach, now] };
}

const closeText = 'DELETE FROM death_report WHERE id = $1 RETURNING id';

/** What the family told is decided; who decides second finds nothing any more. */
export function closeReport({ reportId }: Mourned): readonly Statement[] {
  return reportId === null
    ? []
    : [{ name: 'death-report-close', text: closeText, values: [reportId], mustFind: true }];
}

// Phones that speak for somebody else too go on.
const silent = `SELECT l.contact_id FROM member_contact l WHERE l.member_id = $1 AND NOT EXISTS (
  SELECT FROM member_contact o JOIN member m ON m.id = o.member_id WHERE o.contact_id = l.contact_id AND o.member_id <> $1 AND m.standing <> 'deceased')`;
const cancelText = `UPDATE delivery SET state = 'cancelled', code = 'deceased', ended_at = $2
WHERE contact_id IN (${silent}) AND state IN ('planned', 'due') AND cause IS NULL`;
const timersText = `DELETE FROM timer WHERE contact_id IN (${silent})`;
const requestsText = `UPDATE privacy_request SET closed_at = $2, result = 'deceased', member_sealed = NULL, detail_sealed = NULL
WHERE member_id = $1 AND closed_at IS NULL`;

/** Nothing that was on its way in the member's name is sent any more, and nothing that waits will be; answers to who writes are. */
export function silenceForGood(memberId: string, now: Date): readonly Statement[] {
  return [
    { name: 'death-cancel', text: cancelText, values: [memberId, now] },
    { name: 'death-timers', text: timersText, values: [memberId] },
    { name: 'death-requests', text: requestsText, values: [memberId, now] },
  ];
}

/** That somebody may record a death looked at a member, as the audit keeps it. */
export function mournedLook({ memberId }: Mourned, { contactId, now }: ActionContext): Statement {
  const look = { kind: 'look', action: 'record-death', actor: contactId } as const;
  return audited({ ...look, subjects: [memberId], at: now });
}

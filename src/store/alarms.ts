import { type Queryable, run, type Statement } from './statement.js';

/** Something a person must look at. */
export interface Raise {
  /** What it is; one alarm of a kind stands at a time. */
  readonly kind: string;
  /** The account it is about, or null. */
  readonly account: string | null;
  /** The cause and the fix, without a word about a person. */
  readonly message: string;
  readonly at: Date;
}

/** What becomes of an alarm that is raised while it stands, or after it was cleared: since when it stands tells the first time. */
export const raisedAgain = `
ON CONFLICT (kind) DO UPDATE SET account = excluded.account, message = excluded.message, cleared_at = NULL,
  raised_at = CASE WHEN alarm.cleared_at IS NULL THEN alarm.raised_at ELSE excluded.raised_at END`;

const raiseText = `
INSERT INTO alarm (kind, account, message, raised_at) VALUES ($1, $2, $3, $4) ${raisedAgain}
WHERE alarm.cleared_at IS NOT NULL OR alarm.message <> excluded.message`;

/** Raises an alarm, or keeps it raised. */
export function raiseAlarm({ kind, account, message, at }: Raise): Statement {
  return { name: 'alarm-raise', text: raiseText, values: [kind, account, message, at] };
}

const clearText = 'UPDATE alarm SET cleared_at = $2 WHERE kind = $1 AND cleared_at IS NULL';

/** Clears an alarm that stands. */
export function clearAlarm(kind: string, at: Date): Statement {
  return { name: 'alarm-clear', text: clearText, values: [kind, at] };
}

const standsText = 'SELECT EXISTS (SELECT FROM alarm WHERE kind = $1 AND cleared_at IS NULL) AS stands';

/** Whether an alarm stands. */
export async function alarmStands(db: Queryable, kind: string): Promise<boolean> {
  const rows = await run<{ stands: boolean }>(db, { name: 'alarm-stands', text: standsText, values: [kind] });
  return rows[0]?.stands === true;
}

const standingText = 'SELECT kind FROM alarm WHERE cleared_at IS NULL ORDER BY raised_at, kind';

/** The kinds of alarm that stand, the oldest first. */
export async function standingAlarms(db: Queryable): Promise<readonly string[]> {
  const rows = await run<{ kind: string }>(db, { name: 'alarms-standing', text: standingText, values: [] });
  return rows.map(({ kind }) => kind);
}

/** An alarm that stands, as it is told. */
export interface StandingAlarm {
  readonly kind: string;
  readonly account: string | null;
}

// One that was cleared and came again is news, though not as often as something comes and goes.
const untold = `cleared_at IS NULL AND (told_at IS NULL OR told_at <= $1::timestamptz - interval '1 day'
  OR told_at < raised_at AND told_at <= $1::timestamptz - interval '1 hour')`;
const untoldText = `SELECT kind, account FROM alarm WHERE ${untold} ORDER BY raised_at, kind`;

/** The alarms of which somebody is to be told now. */
export function untoldAlarms(db: Queryable, at: Date): Promise<readonly StandingAlarm[]> {
  return run(db, { name: 'alarms-untold', text: untoldText, values: [at] });
}

const claimText = `UPDATE alarm SET told_at = $1 WHERE kind = $2 AND ${untold} RETURNING kind`;

/** Says in the caller's transaction that an alarm is told now; false when another process was first. */
export async function claimAlarm(db: Queryable, kind: string, at: Date): Promise<boolean> {
  return (await run(db, { name: 'alarm-claim', text: claimText, values: [at, kind] })).length > 0;
}

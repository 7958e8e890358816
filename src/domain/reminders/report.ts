import type pg from 'pg';
import type { ReminderRule } from '../../flow/reminder-file.js';
import { type Queryable, run } from '../../store/statement.js';
import { askedOf, ruled } from './look.js';
import type { MissedWhy, SlotState } from './slots.js';
import { slotsOf } from './slots.js';

/** How many people one rule reminds at one time. Counts only: nobody is named. */
export interface Counted {
  readonly rule: string;
  readonly dueAt: Date;
  readonly people: number;
}

/** What became of reminders: of how many, and why they were missed. */
export interface Outcome extends Counted {
  readonly state: SlotState;
  readonly why: MissedWhy | null;
}

const dayMs = 24 * 60 * 60 * 1000;
/** As far ahead and back as it is told. */
const daysTold = 14;
/** Missed reminders are a matter for somebody for so long. */
const daysOfMissed = 7;

/** What will be due in the next two weeks, as things stand, in order. */
export async function comingReminders(
  rules: readonly ReminderRule[],
  now: Date,
  db: Queryable,
): Promise<readonly Counted[]> {
  const span = { from: now, to: new Date(now.getTime() + daysTold * dayMs) };
  const counts = new Map<string, Counted>();
  for (const { rule, source } of ruled(rules)) {
    const subjects = await source.subjects(db, { ...askedOf(rule, span), now });
    const slots = subjects.flatMap((subject) => slotsOf(rule, subject, span));
    for (const { dueAt } of slots.filter((slot) => slot.dueAt > now)) add(counts, rule.name, dueAt);
  }
  return [...counts.values()].toSorted((one, other) => one.dueAt.getTime() - other.dueAt.getTime());
}

function add(counts: Map<string, Counted>, rule: string, dueAt: Date): void {
  const key = `${dueAt.getTime()} ${rule}`;
  counts.set(key, { rule, dueAt, people: (counts.get(key)?.people ?? 0) + 1 });
}

const outcomesText = `
SELECT rule, due_at AS "dueAt", state, reason AS why, count(*)::int AS people FROM reminder
WHERE due_at >= $1 OR state = 'waiting' GROUP BY rule, due_at, state, reason ORDER BY due_at, rule, state`;

/** What became of the reminders of the last two weeks, and what waits, in order. */
export async function pastReminders(now: Date, db: Queryable): Promise<readonly Outcome[]> {
  const values = [new Date(now.getTime() - daysTold * dayMs)];
  return run<Outcome & pg.QueryResultRow>(db, { name: 'reminder-outcomes', text: outcomesText, values });
}

const missedText = `SELECT count(*)::int AS count FROM reminder WHERE state = 'missed' AND at >= $1`;

/** How many reminders were missed in the last week. */
export async function countMissed(now: Date, db: Queryable): Promise<number> {
  const values = [new Date(now.getTime() - daysOfMissed * dayMs)];
  const [row] = await run<{ count: number }>(db, { name: 'reminder-missed', text: missedText, values });
  return row?.count ?? 0;
}

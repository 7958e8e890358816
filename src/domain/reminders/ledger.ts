import type pg from 'pg';
import { dayInWib } from '../../flow/calendar.js';
import { type Queryable, run, type Statement } from '../../store/statement.js';
import type { Due, MissedWhy, SlotState } from './slots.js';

/** What became of one slot. */
export interface Kept {
  readonly about: string;
  readonly contactId: string;
  readonly dueAt: Date;
  readonly state: SlotState;
}

const keptText = `SELECT about, contact_id AS "contactId", due_at AS "dueAt", state FROM reminder WHERE rule = $1 AND due_at >= $2`;

/** What became of the slots of a rule that were due since a moment. */
export function keptSince(rule: string, since: Date, db: Queryable): Promise<readonly Kept[]> {
  return run<Kept & pg.QueryResultRow>(db, { name: 'reminder-kept', text: keptText, values: [rule, since] });
}

const toldText = `SELECT DISTINCT contact_id AS id FROM reminder WHERE told_on = $1`;

/** The contacts that were reminded of something on the day of a moment. */
export async function toldOnDayOf(now: Date, db: Queryable): Promise<ReadonlySet<string>> {
  const statement = { name: 'reminder-told', text: toldText, values: [dayInWib(now)] };
  return new Set((await run<{ id: string }>(db, statement)).map(({ id }) => id));
}

const lockText = `SELECT pg_advisory_xact_lock(hashtext('sapa: remind ' || $1))`;

/** Until the caller's transaction ends nobody else reminds this contact: of two at once the second must see the first. */
export function reminding(contactId: string): Statement {
  return { name: 'reminder-lock', text: lockText, values: [contactId] };
}

const claimText = `
INSERT INTO reminder AS r (rule, about, contact_id, due_at, useful_until, state, urgent, at, told_on)
SELECT $1, $2, c.id, $4, $5, 'told', $6, $7, $8 FROM contact c
WHERE c.id = $3 AND ($6 OR NOT EXISTS (SELECT FROM reminder o WHERE o.contact_id = $3 AND o.told_on = $8))
ON CONFLICT (rule, about, contact_id, due_at) DO UPDATE SET state = 'told', at = $7, told_on = $8 WHERE r.state = 'waiting'
RETURNING rule`;

/** Marks a slot as told: gives a row, or none when it was told already or must wait for another day. */
export function claimed({ rule, subject, slot }: Due, now: Date): Statement {
  const { about, contactId } = subject;
  const { dueAt, usefulUntil } = slot;
  const values = [rule.name, about, contactId, dueAt, usefulUntil, rule.urgent, now, dayInWib(now)];
  return { name: 'reminder-claim', text: claimText, values };
}

/** A slot that is not told now, and why. */
export interface Put {
  readonly due: Due;
  readonly state: 'waiting' | 'missed';
  readonly why: MissedWhy | null;
}

const putText = `
INSERT INTO reminder AS r (rule, about, contact_id, due_at, useful_until, urgent, state, reason, at)
SELECT u.rule, u.about, c.id, u.due, u.until, u.urgent, u.state, u.why, $9
FROM unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::boolean[], $7::text[], $8::text[])
  AS u(rule, about, contact, due, until, urgent, state, why) JOIN contact c ON c.id = u.contact
ON CONFLICT (rule, about, contact_id, due_at) DO UPDATE SET state = EXCLUDED.state, reason = EXCLUDED.reason, at = EXCLUDED.at
  WHERE r.state = 'waiting' AND EXCLUDED.state = 'missed'`;

/** Keeps that these wait for another day or were missed. */
export function put(puts: readonly Put[], now: Date): Statement {
  const columns = [
    puts.map(({ due }) => due.rule.name),
    puts.map(({ due }) => due.subject.about),
    puts.map(({ due }) => due.subject.contactId),
    puts.map(({ due }) => due.slot.dueAt),
    puts.map(({ due }) => due.slot.usefulUntil),
    puts.map(({ due }) => due.rule.urgent),
    puts.map(({ state }) => state),
    puts.map(({ why }) => why),
  ];
  return { name: 'reminder-put', text: putText, values: [...columns, now] };
}

const dropText = `DELETE FROM reminder r USING unnest($2::text[], $3::uuid[], $4::timestamptz[]) AS u(about, contact, due)
WHERE r.rule = $1 AND r.about = u.about AND r.contact_id = u.contact AND r.due_at = u.due AND r.state = 'waiting'`;

/** What waited and is settled meanwhile does not wait any more. */
export function dropped(rule: string, settled: readonly Kept[]): Statement {
  const columns = [
    settled.map(({ about }) => about),
    settled.map(({ contactId }) => contactId),
    settled.map(({ dueAt }) => dueAt),
  ];
  return { name: 'reminder-drop', text: dropText, values: [rule, ...columns] };
}

const lookText = `INSERT INTO reminder_look (at) VALUES ($1) ON CONFLICT (id) DO UPDATE SET at = reminder_look.at RETURNING at`;

/** When it was last looked; the first time: now. */
export async function lastLook(now: Date, db: Queryable): Promise<Date> {
  const [row] = await run<{ at: Date }>(db, { name: 'reminder-look', text: lookText, values: [now] });
  return row?.at ?? now;
}

/** Keeps that it was looked at everything up to now. */
export function lookedAt(now: Date): Statement {
  const text = 'UPDATE reminder_look SET at = greatest(at, $1)';
  return { name: 'reminder-looked', text, values: [now] };
}

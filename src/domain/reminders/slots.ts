import { dayInWib, weekdayOf } from '../../flow/calendar.js';
import { closingTime } from '../../flow/human-hours.js';
import type { ReminderRule } from '../../flow/reminder-file.js';

/** What one person may be reminded of. */
export interface Subject {
  /** The id of what it is about. */
  readonly about: string;
  readonly contactId: string;
  /** Its day (ISO); null: it has none, and comes by the week. */
  readonly day: string | null;
  /** It was there for the person from then on. */
  readonly since: Date;
  /** Nothing is to be said of it from then on; null: as long as the rule says. */
  readonly until: Date | null;
}

/** One time at which a person is to be reminded: from `dueAt` on, while it is of use. */
export interface Slot {
  readonly dueAt: Date;
  readonly usefulUntil: Date;
}

/** A stretch of time, both ends part of it. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** The part of a rule that says when. */
export type Timing = Pick<ReminderRule, 'when' | 'hour' | 'usefulDays' | 'latecomers'>;

const dayMs = 24 * 60 * 60 * 1000;

/** The ISO day so many days later. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** How many days lie between two ISO days. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs;
}

/** How many days behind the day of a subject a rule is due; before it they are negative. */
export function offsetsOf({ when }: Timing): readonly number[] {
  if ('weekly' in when) return [];
  return 'before' in when ? when.before.map((days) => -days) : when.after;
}

/** The days on which a weekly rule is due, from the one day on to the other. */
function weeklyDays(weekday: number, from: string, to: string): readonly string[] {
  const ahead = (weekday - weekdayOf(from) + 7) % 7;
  const days: string[] = [];
  for (let day = daysAfter(from, ahead); day <= to; day = daysAfter(day, 7)) days.push(day);
  return days;
}

function dueDays(timing: Timing, day: string | null, span: Span): readonly string[] {
  const { when } = timing;
  if ('weekly' in when) {
    const from = new Date(span.from.getTime() - timing.usefulDays * dayMs);
    return weeklyDays(when.weekly, dayInWib(from), dayInWib(span.to));
  }
  return day === null ? [] : offsetsOf(timing).map((offset) => daysAfter(day, offset));
}

/**
 * When a rule is due for a subject, in order, as far as it can matter in a span. No two overlap: where the next one is due, the one before
 * is of no use any more. One whose time came before the subject was there does not exist, unless the rule takes latecomers.
 */
export function slotsOf(
  timing: Timing,
  { day, since, until }: Omit<Subject, 'about' | 'contactId'>,
  span: Span,
) {
  const dues = dueDays(timing, day, span).map((on) => startOf(on, timing.hour));
  const ordered = dues.toSorted((one, other) => one.getTime() - other.getTime());
  return ordered
    .map((dueAt, at): Slot => {
      const ends = [usefulFor(dueAt, timing.usefulDays), until, ordered[at + 1] ?? null];
      return { dueAt, usefulUntil: earliest(ends.filter((end) => end !== null)) };
    })
    .filter(({ dueAt, usefulUntil }) => dueAt < usefulUntil)
    .filter(({ dueAt, usefulUntil }) => (timing.latecomers ? usefulUntil > since : dueAt >= since))
    .filter(({ dueAt, usefulUntil }) => usefulUntil > span.from && dueAt <= span.to);
}

function startOf(day: string, hour: number): Date {
  return new Date(Date.parse(`${day}T00:00:00+07:00`) + hour * 60 * 60 * 1000);
}

function usefulFor(dueAt: Date, usefulDays: number): Date {
  return closingTime(new Date(dueAt.getTime() + usefulDays * dayMs));
}

function earliest(dates: readonly Date[]): Date {
  return new Date(Math.min(...dates.map((date) => date.getTime())));
}

/** What the ledger says of a slot. */
export type SlotState = 'told' | 'waiting' | 'missed';

/** Why one was missed: Sapa did not run, or another one had to go first for too long. */
export type MissedWhy = 'down' | 'crowded';

/** What is to become of the slots of one subject now. */
export interface Verdict {
  /** The one to tell; null: none is due, or it was told. */
  readonly current: Slot | null;
  readonly missed: readonly { readonly slot: Slot; readonly why: MissedWhy }[];
}

/**
 * Judges slots that lie between the last look and now. One whose use ended in between and that nobody was told of was missed; whoever was not
 * there at that time has no such slot.
 */
export function judge(slots: readonly Slot[], stateOf: (slot: Slot) => SlotState | null, now: Date): Verdict {
  const open = slots.filter((slot) => slot.dueAt <= now && !['told', 'missed'].includes(stateOf(slot) ?? ''));
  const missed = open
    .filter(({ usefulUntil }) => usefulUntil <= now)
    .map((slot) => ({ slot, why: stateOf(slot) === 'waiting' ? ('crowded' as const) : ('down' as const) }));
  return { current: open.find(({ usefulUntil }) => usefulUntil > now) ?? null, missed };
}

/** A slot that is due, of one rule and subject. */
export interface Due {
  readonly rule: ReminderRule;
  readonly subject: Subject;
  readonly slot: Slot;
}

/** Who is told now, and who has to wait for another day. */
export interface Order {
  readonly tell: readonly Due[];
  readonly wait: readonly Due[];
}

/** Of several for one person the urgent ones go, else the first by priority, unless that person was told of something today. */
export function orderOf(due: readonly Due[], toldToday: ReadonlySet<string>): Order {
  const ordered = due.toSorted((one, other) => rank(one, other));
  const busy = new Set(toldToday);
  const tell: Due[] = [];
  const wait: Due[] = [];
  for (const one of ordered) {
    const { contactId } = one.subject;
    (one.rule.urgent || !busy.has(contactId) ? tell : wait).push(one);
    busy.add(contactId);
  }
  return { tell, wait };
}

function rank(one: Due, other: Due): number {
  return (
    Number(other.rule.urgent) - Number(one.rule.urgent) ||
    one.rule.priority - other.rule.priority ||
    one.slot.dueAt.getTime() - other.slot.dueAt.getTime() ||
    (keyOf(one) < keyOf(other) ? -1 : 1)
  );
}

/** By what a row of the ledger is known. */
function keyOf({ rule, subject, slot }: Due): string {
  return [rule.name, subject.about, subject.contactId, slot.dueAt.getTime()].join(' ');
}

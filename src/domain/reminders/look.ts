import { dayInWib } from '../../flow/calendar.js';
import { isHumanHour } from '../../flow/human-hours.js';
import type { ReminderRule } from '../../flow/reminder-file.js';
import { isUniqueViolation } from '../../store/outage.js';
import { type Queryable, run, type Woken } from '../../store/statement.js';
import { inTransaction } from '../../store/transaction.js';
import { mailboxesOf } from '../mailboxes.js';
import type { News } from '../news.js';
import { sendUntil } from '../reach.js';
import { reminderSources } from './index.js';
import {
  claimed,
  dropped,
  type Kept,
  keptSince,
  lastLook,
  lookedAt,
  type Put,
  put,
  reminding,
  toldOnDayOf,
} from './ledger.js';
import {
  type Due,
  daysAfter,
  judge,
  offsetsOf,
  orderOf,
  type Slot,
  type Span,
  type Subject,
  slotsOf,
} from './slots.js';
import type { Asked, ReminderSource } from './source.js';

/** With what people are reminded. */
export interface Reminders extends News {
  readonly rules: readonly ReminderRule[];
}

/** At most so many are told in one look: what is due in the morning must not reach everybody in the same minute. */
const atOnce = 30;
const dayMs = 24 * 60 * 60 * 1000;

/** A rule with where its subjects come from. */
interface Ruled {
  readonly rule: ReminderRule;
  readonly source: ReminderSource;
}

/** The rules, each with its source. */
export function ruled(rules: readonly ReminderRule[]): readonly Ruled[] {
  return rules.flatMap((rule) => {
    const source = reminderSources[rule.about];
    return source === undefined ? [] : [{ rule, source }];
  });
}

/**
 * Looks what is due since the last look and reminds, within human hours. Whom, and of what, is decided by slots and the ledger alone, so a
 * process that died, one that looks twice and several at once change nothing. Gives what can be sent; of what failed, the first is
 * thrown when all have been tried.
 */
export async function remind(reminders: Reminders): Promise<readonly Woken[]> {
  const { pool, rules } = reminders;
  const now = reminders.now();
  if (!isHumanHour(now)) return [];
  const span = { from: await lastLook(now, pool), to: now };
  const found: Found[] = [];
  for (const one of ruled(rules)) found.push(await foundBy(one, span, pool));
  const order = orderOf(
    found.flatMap(({ due }) => due),
    await toldOnDayOf(now, pool),
  );
  const waiting = order.wait.map((due): Put => ({ due, state: 'waiting', why: null }));
  await keep([...found.flatMap(({ missed }) => missed), ...waiting], now, pool);
  const woken = await tellAll(order.tell.slice(0, atOnce), now, reminders);
  await run(pool, lookedAt(now));
  return woken;
}

async function keep(puts: readonly Put[], now: Date, db: Queryable): Promise<void> {
  if (puts.length > 0) await run(db, put(puts, now));
}

/** What a rule has due and missed. */
interface Found {
  readonly due: readonly Due[];
  readonly missed: readonly Put[];
}

async function foundBy({ rule, source }: Ruled, span: Span, db: Queryable): Promise<Found> {
  if (!mayBeDue(rule, span)) return { due: [], missed: [] };
  const subjects = await source.subjects(db, askedOf(rule, span));
  const since = new Date(span.from.getTime() - (rule.usefulDays + 2) * dayMs);
  const kept = await keptSince(rule.name, since, db);
  const states = new Map(kept.map((one) => [placeOf(one), one.state]));
  const slots = subjects.map((subject) => ({ subject, slots: slotsOf(rule, subject, span) }));
  await settle(rule, kept, slots, db);
  const judged = slots.map(({ subject, slots: own }) => {
    const stateOf = ({ dueAt }: Slot) => states.get(placeOf({ ...subject, dueAt })) ?? null;
    return { subject, ...judge(own, stateOf, span.to) };
  });
  return {
    due: judged.flatMap(({ subject, current }) =>
      current === null ? [] : [{ rule, subject, slot: current }],
    ),
    missed: judged.flatMap(({ subject, missed }) =>
      missed.map(({ slot, why }): Put => ({ due: { rule, subject, slot }, state: 'missed', why })),
    ),
  };
}

/** A weekly rule has nothing to do with most days. */
function mayBeDue(rule: ReminderRule, span: Span): boolean {
  if (!('weekly' in rule.when)) return true;
  return slotsOf(rule, { day: null, since: new Date(0), until: null }, span).length > 0;
}

/** The days of subjects that a rule can be due for in a span. */
export function askedOf(rule: ReminderRule, { from, to }: Span): Asked {
  const offsets = offsetsOf(rule);
  const earliest = -rule.usefulDays - 1 - Math.max(...offsets, 0);
  const latest = -Math.min(...offsets, 0);
  return { now: to, from: daysAfter(dayInWib(from), earliest), to: daysAfter(dayInWib(to), latest) };
}

function placeOf({ about, contactId, dueAt }: Omit<Kept, 'state'>): string {
  return `${about} ${contactId} ${dueAt.getTime()}`;
}

/** Whoever has done what a reminder asks for, or cannot be reached any more, is not waited for. */
async function settle(
  rule: ReminderRule,
  kept: readonly Kept[],
  found: readonly { readonly subject: Subject; readonly slots: readonly Slot[] }[],
  db: Queryable,
): Promise<void> {
  const open = new Set(
    found.flatMap(({ subject, slots }) => slots.map(({ dueAt }) => placeOf({ ...subject, dueAt }))),
  );
  const settled = kept.filter((one) => one.state === 'waiting' && !open.has(placeOf(one)));
  if (settled.length > 0) await run(db, dropped(rule.name, settled));
}

async function tellAll(order: readonly Due[], now: Date, reminders: Reminders): Promise<readonly Woken[]> {
  const woken: Woken[] = [];
  const faults: unknown[] = [];
  for (const due of order)
    await tellOne(due, now, reminders).then(
      (one) => woken.push(...one),
      (error: unknown) => {
        // A conversation took the day at this very moment: this one waits from the next look on.
        if (!isUniqueViolation(error)) faults.push(error);
      },
    );
  // Those that were told are found by the sweeper.
  if (faults.length > 0) throw faults[0];
  return woken;
}

async function tellOne(due: Due, now: Date, { pool, vault, newId }: Reminders): Promise<readonly Woken[]> {
  const woken: Woken[] = [];
  const { rule, subject, slot } = due;
  const done = await inTransaction(pool, async (connection) => {
    await run(connection, reminding(subject.contactId));
    if ((await run(connection, claimed(due, now))).length === 0) return false;
    const values = await reminderSources[rule.about]?.values(subject, { db: connection, vault, now });
    const [box] = await mailboxesOf(connection, [subject.contactId]);
    if (values == null || box === undefined) return false;
    const rows = sendUntil(box, rule.say(values), slot.usefulUntil, { vault, newId, now });
    for (const row of rows) await run(connection, row);
    woken.push(...rows.flatMap(({ wakes }) => (typeof wakes === 'object' ? [wakes] : [])));
    return true;
  });
  return done ? woken : [];
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  judge,
  orderOf,
  type Slot,
  type Subject,
  slotsOf,
  type Timing,
} from '../../../src/domain/reminders/slots.js';
import { isHumanHour } from '../../../src/flow/human-hours.js';
import type { ReminderRule } from '../../../src/flow/reminder-file.js';
import { sized } from '../../support/size.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A moment in Central Java: "2026-12-03 08:00". */
const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+07:00`);
const shown = (moment: Date) =>
  new Date(moment.getTime() + 7 * hourMs).toISOString().slice(0, 16).replace('T', ' ');

const timing = (more: Partial<Timing> = {}): Timing => ({
  ...{ when: { before: [7, 3, 1] }, hour: 8, usefulDays: 1, latecomers: false },
  ...more,
});
const subject = (more: Partial<Subject> = {}): Subject => ({
  ...{
    about: 'x',
    contactId: 'c',
    day: '2026-12-10',
    since: at('2026-11-24 10:00'),
    until: at('2026-12-10 09:00'),
  },
  ...more,
});
const whole = { from: at('2026-01-01 00:00'), to: at('2028-01-01 00:00') };
const slots = (given: Timing, of: Subject, span = whole) =>
  slotsOf(given, of, span).map(({ dueAt, usefulUntil }) => `${shown(dueAt)} - ${shown(usefulUntil)}`);

describe('when a rule is due', () => {
  test.each<[string, Timing, Subject, readonly string[]]>([
    [
      'before the day, in the morning',
      timing(),
      subject(),
      [
        '2026-12-03 08:00 - 2026-12-04 20:00',
        '2026-12-07 08:00 - 2026-12-08 20:00',
        '2026-12-09 08:00 - 2026-12-10 09:00',
      ],
    ],
    [
      'until the next one at most',
      timing({ usefulDays: 60, when: { before: [1, 3] } }),
      subject({ until: null }),
      ['2026-12-07 08:00 - 2026-12-09 08:00', '2026-12-09 08:00 - 2027-02-07 20:00'],
    ],
    [
      'not before it was there',
      timing(),
      subject({ since: at('2026-12-08 10:00') }),
      ['2026-12-09 08:00 - 2026-12-10 09:00'],
    ],
    [
      'for latecomers while it is of use',
      timing({ latecomers: true }),
      subject({ since: at('2026-12-08 10:00') }),
      ['2026-12-07 08:00 - 2026-12-08 20:00', '2026-12-09 08:00 - 2026-12-10 09:00'],
    ],
    [
      'not once it is over: it begins before the morning',
      timing({ when: { before: [0] } }),
      subject({ until: at('2026-12-10 08:00') }),
      [],
    ],
    [
      'after the day',
      timing({ when: { after: [365] }, hour: 15 }),
      subject({ until: null }),
      ['2027-12-10 15:00 - 2027-12-11 20:00'],
    ],
    ['never without a day', timing(), subject({ day: null }), []],
  ])('%s', (_, given, of, expected) => {
    expect(slots(given, of)).toEqual(expected);
  });

  test('by the week on its day, and not for what began to wait after it', () => {
    const monday = timing({ when: { weekly: 1 }, usefulDays: 2 });
    const waiting = subject({ day: null, until: null, since: at('2026-11-24 10:00') });
    const december = { from: at('2026-11-24 10:00'), to: at('2026-12-08 08:00') };
    expect(slots(monday, waiting, december)).toEqual([
      '2026-11-30 08:00 - 2026-12-02 20:00',
      '2026-12-07 08:00 - 2026-12-09 20:00',
    ]);
    expect(slots(monday, waiting, { from: at('2026-12-02 20:00'), to: at('2026-12-06 12:00') })).toEqual([]);
    expect(slots(monday, waiting, { from: at('2026-12-02 19:00'), to: at('2026-12-06 12:00') })).toHaveLength(
      1,
    );
  });
});

test('a slot that ends at the very moment of a look is missed then, and not looked for again', () => {
  const [early = null, next = null] = slotsOf(timing({ usefulDays: 60 }), subject(), whole);
  const now = next?.dueAt ?? new Date(0);
  const verdict = (state: 'told' | 'waiting' | null) =>
    judge(early === null ? [] : [early], () => state, now);
  expect(verdict(null)).toEqual({ current: null, missed: [{ slot: early, why: 'down' }] });
  expect(verdict('waiting')).toEqual({ current: null, missed: [{ slot: early, why: 'crowded' }] });
  expect(verdict('told')).toEqual({ current: null, missed: [] });
  expect(slotsOf(timing({ usefulDays: 60 }), subject(), { from: now, to: now })).toEqual([next]);
});

const rule = (name: string, priority: number, more: Partial<ReminderRule> = {}): ReminderRule => ({
  ...{ name, priority, title: name, about: 'x', urgent: false, say: () => name },
  ...timing(),
  ...more,
});

test('of several for one person the first goes, urgent ones always', () => {
  const slot = { dueAt: at('2026-12-03 08:00'), usefulUntil: at('2026-12-04 20:00') };
  const due = (given: ReminderRule, contactId: string) => ({
    rule: given,
    subject: subject({ contactId }),
    slot,
  });
  const [high, low, now] = [rule('high', 1), rule('low', 9), rule('now', 5, { urgent: true })];
  const all = [
    due(low, 'a'),
    due(high, 'a'),
    due(low, 'b'),
    due(now, 'b'),
    due(high, 'c'),
    due(now, 'c'),
    due(low, 'd'),
  ];
  const names = (list: typeof all) => list.map((one) => `${one.rule.name} ${one.subject.contactId}`);
  const { tell, wait } = orderOf(all, new Set(['c']));
  expect(names([...tell])).toEqual(['now b', 'now c', 'high a', 'low d']);
  expect(names([...wait]).toSorted()).toEqual(['high c', 'low a', 'low b']);
});

/** What a month or more of looks makes of rules and subjects, with the ledger in memory. */
function play(rules: readonly ReminderRule[], subjects: readonly Subject[], looks: readonly Date[]) {
  const ledger = new Map<string, { state: 'told' | 'waiting' | 'missed'; at: Date; why: string | null }>();
  const key = (name: string, { about, contactId }: Subject, { dueAt }: Slot) =>
    `${name} ${about} ${contactId} ${shown(dueAt)}`;
  const told: { rule: ReminderRule; subject: Subject; slot: Slot; at: Date }[] = [];
  let last = looks[0] ?? new Date(0);
  const day = (moment: Date) => shown(moment).slice(0, 10);
  for (const now of looks.filter(isHumanHour)) {
    const span = { from: last, to: now };
    const judged = rules.flatMap((one) =>
      subjects.map((of) => ({
        rule: one,
        subject: of,
        ...judge(slotsOf(one, of, span), (slot) => ledger.get(key(one.name, of, slot))?.state ?? null, now),
      })),
    );
    for (const { rule: one, subject: of, missed } of judged)
      for (const { slot, why } of missed)
        ledger.set(key(one.name, of, slot), { state: 'missed', at: now, why });
    const due = judged.flatMap(({ rule: one, subject: of, current }) =>
      current === null ? [] : [{ rule: one, subject: of, slot: current }],
    );
    const busy = new Set(told.filter((one) => day(one.at) === day(now)).map((one) => one.subject.contactId));
    const { tell, wait } = orderOf(due, busy);
    for (const one of wait)
      ledger.set(key(one.rule.name, one.subject, one.slot), { state: 'waiting', at: now, why: null });
    for (const one of tell) {
      ledger.set(key(one.rule.name, one.subject, one.slot), { state: 'told', at: now, why: null });
      told.push({ ...one, at: now });
    }
    last = now;
  }
  return { ledger, told, day };
}

const start = at('2026-11-24 07:00');
const months = 100 * 24;
const someRules = fc
  .uniqueArray(
    fc.record({
      when: fc.oneof(
        fc
          .uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 3 })
          .map((before) => ({ before })),
        fc
          .uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 3 })
          .map((after) => ({ after })),
        fc.integer({ min: 0, max: 6 }).map((weekly) => ({ weekly })),
      ),
      hour: fc.integer({ min: 8, max: 19 }),
      usefulDays: fc.integer({ min: 0, max: 6 }),
      latecomers: fc.boolean(),
      urgent: fc.boolean(),
      priority: fc.integer({ min: 1, max: 99 }),
    }),
    { minLength: 1, maxLength: 4, selector: ({ priority }) => priority },
  )
  .map((list) => list.map((one, nth) => rule(`r${nth}`, one.priority, one)));
const someSubjects = fc
  .array(
    fc.record({
      contactId: fc.constantFrom('a', 'b'),
      ahead: fc.integer({ min: 1, max: 95 }),
      since: fc.integer({ min: 0, max: 60 * 24 }),
      hour: fc.integer({ min: 0, max: 23 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) =>
    list.map(({ contactId, ahead, since, hour }, nth) => {
      const day = shown(new Date(start.getTime() + ahead * dayMs)).slice(0, 10);
      const until = at(`${day} ${String(hour).padStart(2, '0')}:30`);
      return subject({
        about: `s${nth}`,
        contactId,
        day,
        until,
        since: new Date(start.getTime() + since * hourMs),
      });
    }),
  );
/** Stretches in which nothing runs, in hours. */
const outages = fc.array(fc.tuple(fc.integer({ min: 1, max: months }), fc.integer({ min: 1, max: 8 * 24 })), {
  maxLength: 3,
});

describe('over a hundred days, hour by hour', () => {
  const hours = Array.from({ length: months }, (_, nth) => new Date(start.getTime() + nth * hourMs));
  const running = (gaps: readonly (readonly [number, number])[]) =>
    hours.filter((_, nth) => !gaps.some(([from, length]) => nth >= from && nth < from + length));

  test('nobody is reminded twice on a day unless it is urgent, and only while it is of use', () => {
    fc.assert(
      fc.property(someRules, someSubjects, outages, (rules, subjects, gaps) => {
        const { told, day } = play(rules, subjects, running(gaps));
        const days = told.map((one, nth) => {
          const before = told.slice(0, nth).some((other) => {
            return other.subject.contactId === one.subject.contactId && day(other.at) === day(one.at);
          });
          return one.rule.urgent || !before;
        });
        expect(days.every(Boolean)).toBe(true);
        expect(
          told.every(
            ({ slot, at: when }) => slot.dueAt <= when && when < slot.usefulUntil && isHumanHour(when),
          ),
        ).toBe(true);
      }),
      { numRuns: sized(4, 60) },
    );
  });

  test('what was due is told or missed, once, and it is said why', () => {
    fc.assert(
      fc.property(someRules, someSubjects, outages, (rules, subjects, gaps) => {
        const looks = running(gaps).filter(isHumanHour);
        const { ledger, told } = play(rules, subjects, looks);
        const ended = { from: looks[0] ?? start, to: looks.at(-1) ?? start };
        for (const one of rules)
          for (const of of subjects)
            for (const slot of slotsOf(one, of, ended).filter(({ usefulUntil }) => usefulUntil <= ended.to)) {
              const kept = ledger.get(`${one.name} ${of.about} ${of.contactId} ${shown(slot.dueAt)}`);
              const seen = looks.some((look) => look >= slot.dueAt && look < slot.usefulUntil);
              expect(kept?.state).toBe(kept?.state === 'told' ? 'told' : 'missed');
              if (kept?.state === 'missed') expect(kept.why).toBe(seen ? 'crowded' : 'down');
              if (!seen) expect(kept?.state).toBe('missed');
            }
        const keys = told.map((one) => `${one.rule.name} ${one.subject.about} ${shown(one.slot.dueAt)}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: sized(4, 60) },
    );
  });

  test('looking twice changes nothing', () => {
    fc.assert(
      fc.property(someRules, someSubjects, outages, (rules, subjects, gaps) => {
        const once = running(gaps);
        const twice = once.flatMap((look) => [look, look]);
        expect(play(rules, subjects, twice).told).toEqual(play(rules, subjects, once).told);
      }),
      { numRuns: sized(3, 30) },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  closingTime,
  dueAt,
  isHumanHour,
  readSpan,
  type Span,
  wakingMinutes,
} from '../../src/flow/human-hours.js';

const hour = 3_600_000;
const day = 24 * hour;

/** A moment in WIB, and back. */
const wib = (text: string) => new Date(`${text.replace(' ', 'T')}:00+07:00`);
const shown = (at: Date) => new Date(at.getTime() + 7 * hour).toISOString().slice(0, 16).replace('T', ' ');

function span(text: string): Span {
  const read = readSpan(text);
  if (read === null) throw new Error(`no length: ${text}`);
  return read;
}

it.each([
  // [sent, length, due]
  ['2026-11-27 17:00', '2 jam', '2026-11-27 19:00'], // Friday evening, still today
  ['2026-11-27 19:00', '2 jam', '2026-11-28 09:00'], // Friday evening: an hour today, an hour tomorrow
  ['2026-11-27 19:00', '1 jam', '2026-11-28 08:00'], // full exactly at 20:00
  ['2026-11-27 19:59', '1 menit', '2026-11-28 08:00'],
  ['2026-11-27 19:58', '1 menit', '2026-11-27 19:59'],
  ['2026-11-27 20:00', '1 menit', '2026-11-28 08:01'],
  ['2026-11-27 20:00', '1 hari', '2026-11-29 08:00'], // 20:00 of the next day is night already
  ['2026-11-27 23:30', '30 menit', '2026-11-28 08:30'],
  ['2026-11-28 00:00', '1 jam', '2026-11-28 09:00'], // midnight belongs to the day that begins
  ['2026-11-28 00:00', '1 hari', '2026-11-29 08:00'],
  ['2026-11-28 07:59', '1 jam', '2026-11-28 09:00'],
  ['2026-11-28 08:00', '1 jam', '2026-11-28 09:00'],
  ['2026-11-28 08:00', '12 jam', '2026-11-29 08:00'], // one whole waking day
  ['2026-11-28 08:00', '24 jam', '2026-11-30 08:00'],
  ['2026-11-28 10:00', '25 jam', '2026-11-30 11:00'],
  ['2026-11-28 10:30', '1 hari', '2026-11-29 10:30'],
  ['2026-11-28 21:15', '1 hari', '2026-11-30 08:00'],
  ['2026-11-28 05:15', '1 hari', '2026-11-29 08:00'],
  ['2026-11-30 12:00', '1 hari', '2026-12-01 12:00'], // the end of a month
  ['2026-12-31 19:30', '1 jam', '2027-01-01 08:30'], // and of a year
  ['2028-02-28 12:00', '2 hari', '2028-03-01 12:00'], // a leap day is a day
  ['2027-02-28 12:00', '1 hari', '2027-03-01 12:00'],
  ['2026-11-01 09:00', '30 hari', '2026-12-01 09:00'],
])('sent %s, %s: due %s', (sent, length, due) => {
  expect(shown(dueAt(span(length), wib(sent)))).toBe(due);
});

it.each([
  ['2026-11-27 10:00', '2026-12-24', '2026-12-24 08:00'],
  ['2026-11-27 10:00', '2026-11-27', '2026-11-27 10:00'], // today: at once
  ['2026-11-27 22:00', '2026-11-27', '2026-11-28 08:00'],
  ['2026-11-27 10:00', '2020-01-01', '2026-11-27 10:00'], // long past: at once
])('sent %s, until %s: due %s', (sent, until, due) => {
  expect(shown(dueAt({ day: until }, wib(sent)))).toBe(due);
});

it.each([
  ['2026-11-27 07:59', false],
  ['2026-11-27 08:00', true],
  ['2026-11-27 19:59', true],
  ['2026-11-27 20:00', false],
  ['2026-11-27 00:00', false],
])('%s is a human hour: %s', (at, human) => {
  expect(isHumanHour(wib(at))).toBe(human);
});

it.each([
  ['2026-11-27 19:59', '2026-11-27 20:00'],
  ['2026-11-27 08:00', '2026-11-27 20:00'],
])('the human hours of %s end at %s', (at, end) => {
  expect(shown(closingTime(wib(at)))).toBe(end);
});

describe('lengths', () => {
  it.each([
    ['1 menit', 1],
    ['90 menit', 90],
    ['3 jam', 180],
    ['1 hari', 720],
    ['9999 hari', 9999 * 720],
  ])('%s', (text, minutes) => {
    const read = span(text);
    expect('day' in read ? null : wakingMinutes(read)).toBe(minutes);
  });

  it.each([
    '',
    '1',
    'hari',
    '0 hari',
    '01 hari',
    '-1 hari',
    '1.5 jam',
    '1  hari',
    ' 1 hari',
    '1 Hari',
    '1 minggu',
  ])('refused: %j', (text) => expect(readSpan(text)).toBeNull());

  it.each(['10000 hari', '1 jam 30 menit', '1jam', '1 hour', '1 hari\n'])('refused: %j', (text) =>
    expect(readSpan(text)).toBeNull(),
  );
});

describe('whenever it was sent', () => {
  const sent = fc.date({ min: wib('2026-01-01 00:00'), max: wib('2030-01-01 00:00'), noInvalidDate: true });
  const length = fc.record({
    amount: fc.integer({ min: 1, max: 500 }),
    unit: fc.constantFrom('menit', 'jam', 'hari'),
  });
  const size = { menit: 60_000, jam: hour, hari: day };

  it('is due within human hours, and never before its length has passed', () => {
    fc.assert(
      fc.property(sent, length, (at, after) => {
        const due = dueAt(after, at);
        expect(isHumanHour(due)).toBe(true);
        expect(due.getTime() - at.getTime()).toBeGreaterThanOrEqual(after.amount * size[after.unit]);
      }),
    );
  });

  it('is due within a night of its days, and within the waking days its hours take', () => {
    fc.assert(
      fc.property(sent, length, (at, after) => {
        const days = after.unit === 'hari' ? after.amount : Math.floor(wakingMinutes(after) / 720) + 1;
        expect(dueAt(after, at).getTime() - at.getTime()).toBeLessThanOrEqual((days + 1) * day);
      }),
    );
  });

  it('counts exactly the waking minutes between', () => {
    const minutesAwake = (from: Date, to: Date) => {
      let awake = 0;
      for (let at = from.getTime(); at < to.getTime(); at += 60_000)
        awake += isHumanHour(new Date(at)) ? 1 : 0;
      return awake;
    };
    fc.assert(
      fc.property(sent, fc.integer({ min: 1, max: 2_000 }), (at, amount) => {
        const whole = new Date(Math.floor(at.getTime() / 60_000) * 60_000);
        expect(minutesAwake(whole, dueAt({ amount, unit: 'menit' }, whole))).toBe(amount);
      }),
    );
  });

  it('a longer length is never due earlier', () => {
    fc.assert(
      fc.property(sent, length, (at, after) => {
        const longer = { ...after, amount: after.amount + 1 };
        expect(dueAt(longer, at).getTime()).toBeGreaterThanOrEqual(dueAt(after, at).getTime());
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.js';
import { nextBulkTime } from '../../src/delivery/quiet.js';
import { forecast, type Outreach } from '../../src/domain/outreach.js';
import { outreachOf } from '../../src/outreach.js';

const outreach: Outreach = {
  secondYesAbove: 50,
  speeds: {
    telegram: { gapMs: 40, caps: [] },
    'whatsapp-web': { gapMs: 10_000, caps: [20, 50, 100] },
  },
  opens: (at) => nextBulkTime(at, { from: 8, to: 17 }),
  prices: { currency: 'USD', prices: { 'whatsapp-cloud': { utility: 0.02 } } },
};
/** Ten in the morning in Central Java. */
const now = new Date('2026-11-24T03:00:00Z');
const until = (
  messages: Record<string, number>,
  more: { urgent?: boolean; days?: number; now?: Date } = {},
) => forecast({ messages }, { now, urgent: false, days: 0, ...more }, outreach).until?.toISOString() ?? null;

describe('a broadcast goes out', () => {
  test.each([
    ['at once where there is nothing', {}, {}, '2026-11-24T03:00:00.000Z'],
    ['at the pace of its channel', { telegram: 5000 }, {}, '2026-11-24T03:03:20.000Z'],
    ['at once over a channel without a pace', { simulator: 5000 }, {}, '2026-11-24T03:00:00.000Z'],
    ['as slowly as the slowest', { telegram: 5000, 'whatsapp-web': 20 }, {}, '2026-11-24T03:03:20.000Z'],
    ['20 on the first day, 50 on the second', { 'whatsapp-web': 70 }, {}, '2026-11-25T01:08:20.000Z'],
    ['as many as an older number may', { 'whatsapp-web': 100 }, { days: 2 }, '2026-11-24T03:16:40.000Z'],
    [
      'from the morning on',
      { telegram: 25 },
      { now: new Date('2026-11-24T12:00:00Z') },
      '2026-11-25T01:00:01.000Z',
    ],
    [
      'at night where it is urgent',
      { telegram: 25 },
      { urgent: true, now: new Date('2026-11-24T12:00:00Z') },
      '2026-11-24T12:00:01.000Z',
    ],
    [
      'over several hours',
      { 'whatsapp-web': 100 },
      { days: 9, now: new Date('2026-11-24T09:50:00Z') },
      '2026-11-24T10:06:40.000Z',
    ],
    ['within a year or never', { 'whatsapp-web': 40_000 }, {}, null],
  ])('%s', (_, messages, more, end) => expect(until(messages, more)).toBe(end));

  test('and costs what is known of it', () => {
    const cost = (messages: Record<string, number>) =>
      forecast({ messages }, { now, urgent: false, days: 0 }, outreach).cost;
    expect(cost({ telegram: 100, 'whatsapp-web': 5 })).toEqual({ kind: 'known', currency: 'USD', amount: 0 });
    expect(cost({ 'whatsapp-cloud': 100 })).toEqual({ kind: 'known', currency: 'USD', amount: 2 });
  });
});

test('what holds here follows from the settings', () => {
  const here = outreachOf(readConfig({ APPROVAL_ABOVE: '7' }));
  expect(here.secondYesAbove).toBe(7);
  expect(outreachOf(readConfig({})).secondYesAbove).toBe(50);
  expect(Object.keys(here.speeds)).toEqual(['telegram', 'whatsapp-cloud', 'whatsapp-web']);
  const evening = new Date('2026-11-24T12:00:00Z');
  expect(here.opens(evening)).toEqual(new Date('2026-11-25T01:00:00Z'));
  expect(outreachOf(readConfig({ TEST_PROFILE: '{"quietHours":"ignored"}' })).opens(evening)).toEqual(
    evening,
  );
  expect(() => readConfig({ APPROVAL_ABOVE: 'many' })).toThrow('APPROVAL_ABOVE');
});

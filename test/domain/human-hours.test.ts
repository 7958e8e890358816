import { expect, test } from 'vitest';
import { answerBy, humanHoursAfter } from '../../src/domain/human-hours.js';

const wib = (text: string) => new Date(`2026-11-${text}:00+07:00`);

test.each<readonly [start: string, hours: number, end: string]>([
  ['24T10:00', 0, '24T10:00'],
  ['24T10:00', 4, '24T14:00'],
  ['24T16:00', 4, '24T20:00'],
  ['24T18:30', 4, '25T10:30'],
  ['24T20:00', 1, '25T09:00'],
  ['24T23:59', 1, '25T09:00'],
  ['24T03:00', 4, '24T12:00'],
  ['24T10:00', 24, '26T10:00'],
])('%s and %d human hours more is %s', (start, hours, end) => {
  expect(humanHoursAfter(wib(start), hours)).toEqual(wib(end));
});

test('an answer is expected within four of them', () => {
  expect(answerBy(wib('24T19:00'))).toEqual(wib('25T11:00'));
});

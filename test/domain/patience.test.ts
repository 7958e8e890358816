import { expect, test } from 'vitest';
import { answerBy } from '../../src/domain/patience.js';

const wib = (text: string) => new Date(`2026-11-${text}:00+07:00`);

test.each([
  ['24T10:00', '24T14:00'],
  ['24T18:30', '25T10:30'],
  ['24T23:59', '25T12:00'],
])('who is told at %s should have answered by %s', (told, due) => {
  expect(answerBy(wib(told))).toEqual(wib(due));
});

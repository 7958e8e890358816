import { z } from 'zod';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';

/** A PSM must be at least this old (requirements of the service register for the SK PSM). */
const adultAge = 18;

/** Whether somebody born then is grown up today, in Central Java; of a year alone the whole year must be enough. */
export const checkAge = defineAction({
  signature: { takes: { tanggal: { type: 'date' } }, outcomes: { adult: {}, minor: {} } },
  args: z.object({ tanggal: z.string().regex(/^\d{4}(-\d{2}-\d{2})?$/) }),
  run: ({ tanggal }, { now }) => outcome(isAdult(tanggal, now) ? 'adult' : 'minor'),
});

/** Whether who was born then (an ISO day or a year) is grown up: as text, who was born on or before this day eighteen years ago. */
export function isAdult(born: string, now: Date): boolean {
  const today = dayInWib(now);
  const threshold = `${Number(today.slice(0, 4)) - adultAge}${today.slice(4)}`;
  return born.length === 4 ? born < threshold.slice(0, 4) : born <= threshold;
}

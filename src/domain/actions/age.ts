import { z } from 'zod';
import { defineAction, outcome } from './define.js';

/** A PSM must be at least this old (requirements of the service register for the SK PSM). */
const adultAge = 18;

/** Whether somebody born then is grown up today, in Central Java; of a year alone the whole year must be enough. */
export const checkAge = defineAction({
  signature: { takes: { tanggal: { type: 'date' } }, outcomes: { adult: {}, minor: {} } },
  args: z.object({ tanggal: z.string().regex(/^\d{4}(-\d{2}-\d{2})?$/) }),
  run: ({ tanggal }, { now }) => outcome(isAdult(tanggal, todayInWib(now)) ? 'adult' : 'minor'),
});

/** Compares ISO dates as text: who was born on or before this day eighteen years ago is grown up. */
function isAdult(born: string, today: string): boolean {
  const threshold = `${Number(today.slice(0, 4)) - adultAge}${today.slice(4)}`;
  return born.length === 4 ? born < threshold.slice(0, 4) : born <= threshold;
}

function todayInWib(now: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' }).format(now);
}

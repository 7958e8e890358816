import type { BulkHours } from './profile.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Western Indonesian Time, without daylight saving. */
const WIB_OFFSET_MS = 7 * HOUR_MS;
const EARLIEST = 7;
const LATEST = 20;

/** The hours a setting may ask for: never before 07:00 or after 20:00 WIB, and never an empty day. */
export function lawfulHours(hours: BulkHours): BulkHours {
  const from = Math.min(Math.max(hours.from, EARLIEST), LATEST - 1);
  return { from, to: Math.min(Math.max(hours.to, from + 1), LATEST) };
}

/** When a broadcast message may be sent that is ready at `at`: then, or at the next opening hour. */
export function nextBulkTime(at: Date, hours: BulkHours | 'always'): Date {
  if (hours === 'always') return at;
  const { from, to } = lawfulHours(hours);
  const wib = at.getTime() + WIB_OFFSET_MS;
  const midnight = wib - (wib % DAY_MS);
  const hour = (wib - midnight) / HOUR_MS;
  if (hour >= from && hour < to) return at;
  const opening = midnight + from * HOUR_MS + (hour < from ? 0 : DAY_MS);
  return new Date(opening - WIB_OFFSET_MS);
}

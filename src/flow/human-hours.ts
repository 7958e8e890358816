/**
 * A length of time as authors write it, or a calendar day. Minutes (`menit`) and hours (`jam`) count only while people are
 * awake, from 08:00 to 20:00 WIB; days (`hari`) are calendar days. `day` is `YYYY-MM-DD` and means its first waking hour.
 */
export type Span =
  | { readonly amount: number; readonly unit: 'menit' | 'jam' | 'hari' }
  | { readonly day: string };

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Western Indonesian Time (UTC+7), without daylight saving. */
const wib = 7 * hour;
/** The human hours (DESIGN, section 4): from 08:00 until just before 20:00. */
const opens = 8 * hour;
const closes = 20 * hour;
const waking = closes - opens;

/** What a length looks like in a flow file: `90 menit`, `3 jam`, `1 hari`. */
const spanPattern = /^([1-9]\d{0,3}) (menit|jam|hari)$/;

/** Reads a length as it stands in a flow file; null when it is none. */
export function readSpan(text: string): Span | null {
  const [, amount, unit] = spanPattern.exec(text) ?? [];
  if (unit !== 'menit' && unit !== 'jam' && unit !== 'hari') return null;
  return { amount: Number(amount), unit };
}

/** Whether somebody may be written to now without having written first. */
export function isHumanHour(at: Date): boolean {
  const time = timeOfDay(at.getTime());
  return time >= opens && time < closes;
}

/** The end of the human hours of the day of a moment: 20:00 WIB. */
export function closingTime(at: Date): Date {
  return new Date(midnightBefore(at.getTime()) + closes);
}

/**
 * When a timer is due that began at `sent`: always within human hours, and never before its length has passed. What would
 * be full at 20:00 or later is due at 08:00 of the next day.
 */
export function dueAt(after: Span, sent: Date): Date {
  const from = sent.getTime();
  if ('day' in after) return new Date(nextWaking(Math.max(from, Date.parse(`${after.day}T08:00:00+07:00`))));
  if (after.unit === 'hari') return new Date(nextWaking(from + after.amount * day));
  return new Date(countAwake(nextWaking(from), after.amount * (after.unit === 'jam' ? hour : minute)));
}

/** How much waking time a length is, in minutes: by it two lengths are compared. A day counts as its twelve waking hours. */
export function wakingMinutes(after: Exclude<Span, { readonly day: string }>): number {
  const size = { menit: minute, jam: hour, hari: waking }[after.unit];
  return (after.amount * size) / minute;
}

function timeOfDay(at: number): number {
  return (at + wib) % day;
}

function midnightBefore(at: number): number {
  return at - timeOfDay(at);
}

function nextWaking(at: number): number {
  const time = timeOfDay(at);
  if (time >= opens && time < closes) return at;
  return midnightBefore(at) + opens + (time < opens ? 0 : day);
}

function countAwake(from: number, length: number): number {
  const total = timeOfDay(from) - opens + length;
  return midnightBefore(from) + Math.floor(total / waking) * day + opens + (total % waking);
}

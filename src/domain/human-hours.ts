const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Western Indonesian Time, without daylight saving. */
const wibMs = 7 * hourMs;
/** The hours in which somebody can be expected to answer, WIB. */
const from = 8;
const to = 20;

/** A moment so many human hours (08:00–20:00 WIB) later. */
export function humanHoursAfter(start: Date, hours: number): Date {
  let at = start.getTime() + wibMs;
  let left = hours * hourMs;
  while (left > 0) {
    const midnight = at - (at % dayMs);
    const begin = Math.max(at, midnight + from * hourMs);
    const room = Math.max(0, midnight + to * hourMs - begin);
    if (left <= room) return new Date(begin + left - wibMs);
    left -= room;
    at = midnight + dayMs;
  }
  return start;
}

/** Human hours an officer has for an answer, before the request goes to the next one upwards. */
const patience = 4;

/** By when a request that somebody was told of now should be answered. */
export function answerBy(told: Date): Date {
  return humanHoursAfter(told, patience);
}

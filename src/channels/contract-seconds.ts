/**
 * When something was written, of a provider that counts whole seconds: who answers within the second of the question would seem
 * to have written before it. So it counts as written at the end of its second, but not later than now.
 */
export function endOfSecond(seconds: number, now: Date): Date {
  return new Date(Math.min(seconds * 1000 + 999, now.getTime()));
}

import { setTimeout as pause } from 'node:timers/promises';

const pauseMs = 20;

/**
 * Waits until a condition holds and gives what it found; fails with `what` when it does not come true in time. It rests
 * longer than it looks: many who wait at once leave time to what they wait for.
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = 30_000,
): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const begun = Date.now();
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`waited ${withinMs} ms in vain for: ${what}`);
    await pause(Math.max(pauseMs, 2 * (Date.now() - begun)));
  }
}

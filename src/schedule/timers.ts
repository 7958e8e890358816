import { setTimeout as pause } from 'node:timers/promises';
import { isHumanHour } from '../flow/human-hours.js';
import { isOutage } from '../store/outage.js';
import type { DueTimer, TimerStore } from '../store/timers.js';

/** What the schedule of timers works with. */
export interface TimerSchedule {
  readonly timers: TimerStore;
  /** Lets a timer happen: once, however often this is said. */
  readonly fire: (timer: DueTimer) => Promise<void>;
  readonly now: () => Date;
}

/** An interrupted question is not taken up again before its person has been still this long, in milliseconds. */
const stillMs = 60 * 60 * 1000;
/** At most this many happen in one look: what became due overnight must not reach everybody in the same minute. */
const atOnce = 10;

/**
 * Looks once at what is due, within human hours, and lets it happen. Nothing is lost or doubled when it dies anywhere or when
 * several processes look at the same time: a timer is removed after its turn is committed, and its turn is deduped.
 */
export async function lookAtTimers({ timers, fire, now }: TimerSchedule): Promise<number> {
  const at = now();
  if (!isHumanHour(at)) return 0;
  await timers.drop(at);
  const due = await timers.due(at, new Date(at.getTime() - stillMs), atOnce);
  await Promise.all(
    due.map(async (timer) => {
      await fire(timer);
      await timers.remove(timer);
    }),
  );
  return due.length;
}

/** How often it is looked, and who is told when a look fails for another reason than that the database is away. */
export interface TimerLoop extends TimerSchedule {
  readonly everyMs: number;
  readonly onFault: (error: unknown) => void;
}

/** Looks again and again until it is stopped; `stop` waits for the look in hand. */
export function startTimers(loop: TimerLoop): { stop(): Promise<void> } {
  const ending = new AbortController();
  const looking = lookUntil(loop, ending.signal);
  return {
    async stop() {
      ending.abort();
      await looking;
    },
  };
}

async function lookUntil(loop: TimerLoop, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await lookAtTimers(loop).catch((error: unknown) => {
      if (!isOutage(error)) loop.onFault(error);
    });
    // Rejects only when it is stopped.
    await pause(loop.everyMs, null, { signal }).catch(() => null);
  }
}

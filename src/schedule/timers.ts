import { dayInWib } from '../flow/calendar.js';
import { closingTime, isHumanHour } from '../flow/human-hours.js';
import { isOutage } from '../store/outage.js';
import type { DueTimer, TimerStore } from '../store/timers.js';
import { every, type Ticker } from './ticker.js';

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
 * Makes the look at what is due, within human hours, which lets it happen and gives how many there were. Nothing is lost or
 * doubled when it dies anywhere or when several processes look at the same time: a timer is removed after its turn is
 * committed, and its turn is deduped. Each look goes on behind the one before, round and round, so that those that cannot
 * happen do not keep the others from being reached; of what failed, the first is thrown when all have been tried.
 */
export function createLook({ timers, fire, now }: TimerSchedule): () => Promise<number> {
  let after: DueTimer | null = null;
  const happen = async (timer: DueTimer, at: Date) => {
    if (timer.reminder && !(await timers.claim(timer, dayInWib(at), closingTime(at), at))) return false;
    await fire(timer);
    await timers.remove(timer);
    return true;
  };
  return async () => {
    const at = now();
    if (!isHumanHour(at)) return 0;
    await timers.drop(at);
    const still = new Date(at.getTime() - stillMs);
    const due = await timers.due({ now: at, still, after, limit: atOnce });
    after = due[atOnce - 1] ?? null;
    const tried = await Promise.allSettled(due.map((timer) => happen(timer, at)));
    for (const one of tried) if (one.status === 'rejected') throw one.reason;
    return tried.filter((one) => one.status === 'fulfilled' && one.value).length;
  };
}

/** How often it is looked, and who is told when a look fails for another reason than that the database is away. */
export interface TimerLoop extends TimerSchedule {
  readonly everyMs: number;
  readonly onFault: (error: unknown) => void;
}

/** Looks again and again until it is stopped; `stop` waits for the look in hand. */
export function startTimers(loop: TimerLoop): Ticker {
  const look = createLook(loop);
  const tell = (error: unknown) => {
    if (!isOutage(error)) loop.onFault(error);
  };
  return every(loop.everyMs, async () => void (await look()), tell);
}

import { dueAt } from './human-hours.js';
import type { Message } from './message.js';

/** A timer of a written conversation that has come. */
export interface Come {
  readonly question: string;
  readonly timer: string;
  readonly at: Date;
}

/** The timers of a written conversation. Every message counts as sent in the moment it is said. */
export class TranscriptClock {
  readonly #running = new Map<string, Come>();

  /** Starts the timers of a message; those its flow had running before are forgotten. */
  start({ question, timers }: Message, now: Date): void {
    if (question === null) return;
    for (const { flow, name, after } of timers ?? [])
      this.#running.set(`${flow} ${name}`, { question, timer: name, at: dueAt(after, now) });
  }

  /** Takes out the first timer that comes until a moment; null when there is none. */
  next(until: Date): Come | null {
    const waiting = [...this.#running].filter(([, { at }]) => at <= until);
    const [first] = waiting.sort(([, one], [, other]) => one.at.getTime() - other.at.getTime());
    if (first === undefined) return null;
    this.#running.delete(first[0]);
    return first[1];
  }
}

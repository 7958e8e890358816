import { later } from '../contract-wire.js';
import { pairWaitMs } from './faults.js';

/** So many messages in a row one person may be sent at once; they are paid back, one every six seconds. */
const burst = 45;
/** Beyond so many people those who owe nothing are forgotten. */
const mostPeople = 10_000;

/**
 * How many messages each person may still be sent: one every six seconds, of which a burst is lent (Cloud API, "Throughput"). Each
 * process counts what it sends itself; what all of them send together the provider counts.
 */
export class Allowance {
  /** When the person owes nothing any more, in milliseconds since 1970. */
  readonly #paidBack = new Map<string, number>();

  /** Takes one message of a person's allowance; gives the time to wait for when there is none left. */
  take(address: string, now: Date): Date | null {
    const paidBack = Math.max(this.#paidBack.get(address) ?? 0, now.getTime());
    const waitMs = paidBack - now.getTime() - (burst - 1) * pairWaitMs;
    if (waitMs > 0) return later(now, waitMs);
    this.#paidBack.set(address, paidBack + pairWaitMs);
    this.#tidy(now);
    return null;
  }

  /** Nothing was sent after all. */
  giveBack(address: string): void {
    const paidBack = this.#paidBack.get(address);
    if (paidBack !== undefined) this.#paidBack.set(address, paidBack - pairWaitMs);
  }

  /** The provider says that nothing is left. */
  exhaust(address: string, now: Date): void {
    this.#paidBack.set(address, now.getTime() + burst * pairWaitMs);
  }

  #tidy(now: Date): void {
    if (this.#paidBack.size <= mostPeople) return;
    for (const [address, time] of this.#paidBack) if (time <= now.getTime()) this.#paidBack.delete(address);
  }
}

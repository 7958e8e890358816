import { later } from './contract-wire.js';

/** How many messages in a row one person may be sent at once, and in how many milliseconds one of them is paid back. */
export interface AllowanceLimits {
  readonly burst: number;
  readonly everyMs: number;
}

/** Beyond so many people those who owe nothing are forgotten. */
const mostPeople = 10_000;

/**
 * How many messages each person may still be sent, of which a burst is lent. Each process counts what it sends itself; what all
 * of them send together the provider counts.
 */
export class Allowance {
  /** When the person owes nothing any more, in milliseconds since 1970. */
  readonly #paidBack = new Map<string, number>();
  readonly #limits: AllowanceLimits;

  constructor(limits: AllowanceLimits) {
    this.#limits = limits;
  }

  /** Takes one message of a person's allowance; gives the time to wait for when there is none left. */
  take(address: string, now: Date): Date | null {
    const paidBack = Math.max(this.#paidBack.get(address) ?? 0, now.getTime());
    const { burst, everyMs } = this.#limits;
    const waitMs = paidBack - now.getTime() - (burst - 1) * everyMs;
    if (waitMs > 0) return later(now, waitMs);
    this.#paidBack.set(address, paidBack + everyMs);
    this.#tidy(now);
    return null;
  }

  /** Nothing was sent after all. */
  giveBack(address: string): void {
    const paidBack = this.#paidBack.get(address);
    if (paidBack !== undefined) this.#paidBack.set(address, paidBack - this.#limits.everyMs);
  }

  /** The provider says that nothing is left. */
  exhaust(address: string, now: Date): void {
    const { burst, everyMs } = this.#limits;
    this.#paidBack.set(address, now.getTime() + burst * everyMs);
  }

  #tidy(now: Date): void {
    if (this.#paidBack.size <= mostPeople) return;
    for (const [address, time] of this.#paidBack) if (time <= now.getTime()) this.#paidBack.delete(address);
  }
}

import { refuse } from './refusal.js';

/** How many messages the double lets through. */
export interface Limits {
  /** Messages a second of the number. */
  readonly perSecond: number;
  /** Messages in a row to one person, which are lent. */
  readonly pairBurst: number;
  /** Milliseconds in which one of them is paid back. */
  readonly pairMs: number;
}

/** 80 a second; one to a person every six seconds, 45 of them lent (Cloud API, "Throughput" and "Pair rate limits"). */
export const publishedLimits: Limits = { perSecond: 80, pairBurst: 45, pairMs: 6_000 };

/** A bucket that holds `size` messages and fills again at one each `ms`. */
class Bucket {
  readonly #size: number;
  readonly #ms: number;
  #tokens: number;
  #at: number;

  constructor(size: number, ms: number, now: number) {
    [this.#size, this.#ms, this.#tokens, this.#at] = [size, ms, size, now];
  }

  has(now: number): boolean {
    this.#tokens = Math.min(this.#size, this.#tokens + (now - this.#at) / this.#ms);
    this.#at = now;
    // A thousandth of a message too little is the clock's rounding.
    return this.#tokens > 0.999;
  }

  take(): void {
    this.#tokens -= 1;
  }
}

/** Counts what is sent and refuses what is too much, as the real server does. */
export function createLimiter(limits: Limits, now: () => number): (person: string) => void {
  const all = new Bucket(limits.perSecond, 1000 / limits.perSecond, now());
  const people = new Map<string, Bucket>();
  return (person) => {
    const own = people.get(person) ?? new Bucket(limits.pairBurst, limits.pairMs, now());
    people.set(person, own);
    if (!own.has(now())) throw refuse(131056, 'Too many messages sent to this person from this number.');
    if (!all.has(now())) throw refuse(130429, 'Cloud API message throughput has been reached.');
    own.take();
    all.take();
  };
}

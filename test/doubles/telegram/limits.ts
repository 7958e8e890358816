import { tooMany } from './refusal.js';

/** How many messages the double lets through; what is published, with a burst that is tolerated in one chat. */
export interface Limits {
  /** Messages a second of the whole bot. */
  readonly perSecond: number;
  /** Messages in a row to one private chat, after which it is one a second. */
  readonly chatBurst: number;
  /** Messages a minute to one group. */
  readonly groupPerMinute: number;
}

/** 30 a second, one a second to a chat, 20 a minute to a group (core.telegram.org/bots/faq). */
export const publishedLimits: Limits = { perSecond: 30, chatBurst: 5, groupPerMinute: 20 };

/** A bucket that holds `size` messages and fills again at `perMs`. */
interface Bucket {
  tokens: number;
  at: number;
}

/** Counts what is sent and refuses what is too much, as the real server does: with the seconds to wait. */
export function createLimiter(limits: Limits, now: () => number): (chatId: number) => void {
  const buckets = new Map<string, Bucket>();

  function filled(name: string, size: number, perMs: number): Bucket {
    const time = now();
    const bucket = buckets.get(name) ?? { tokens: size, at: time };
    buckets.set(name, bucket);
    bucket.tokens = Math.min(size, bucket.tokens + (time - bucket.at) * perMs);
    bucket.at = time;
    return bucket;
  }

  return (chatId) => {
    const [size, perMs] =
      chatId < 0 ? [limits.groupPerMinute, limits.groupPerMinute / 60_000] : [limits.chatBurst, 1 / 1000];
    const all = {
      bucket: filled('all', limits.perSecond, limits.perSecond / 1000),
      perMs: limits.perSecond / 1000,
    };
    const one = { bucket: filled(`${chatId}`, size, perMs), perMs };
    const waits = [all, one].map(({ bucket, perMs: rate }) => Math.max(0, (1 - bucket.tokens) / rate));
    const wait = Math.max(...waits);
    // A thousandth of a message too little is the clock's rounding.
    if (wait > 0.001) throw tooMany(Math.max(1, Math.ceil(wait / 1000)));
    all.bucket.tokens -= 1;
    one.bucket.tokens -= 1;
  };
}

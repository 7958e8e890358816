import { parse } from 'yaml';
import { z } from 'zod';

/** What one delivered message costs, by channel and by class, in a currency. */
export interface Prices {
  readonly currency: string;
  readonly prices: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Messages of one class over one channel. */
export interface Batch {
  readonly channel: string;
  readonly class: string;
  readonly count: number;
}

/** What messages cost together, or for which of them there is no price. */
export type Estimate =
  | { readonly kind: 'known'; readonly currency: string; readonly amount: number }
  | { readonly kind: 'unknown'; readonly missing: readonly string[] };

const form = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters, such as USD'),
  prices: z.record(z.string(), z.record(z.string(), z.number().min(0).max(1_000_000))),
});

/** Reads a table of prices that somebody filled; a text says what is wrong with it. */
export function readPrices(source: string): Prices | string {
  const read = form.safeParse(yamlOf(source));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const at = issue?.path.join('.') ?? '';
  return `${at === '' ? 'the file' : at}: ${issue?.message ?? 'wrong'}`;
}

function yamlOf(source: string): unknown {
  try {
    return parse(source);
  } catch {
    return null;
  }
}

/** Over these no provider asks to be paid for a message. */
const free: ReadonlySet<string> = new Set(['simulator', 'telegram', 'whatsapp-web']);
/** Prices are counted in millionths, so that a thousand small ones add up to the right sum. */
const millionths = 1_000_000;

/** What messages cost together. Without a table, or with one that lacks a price, the cost is unknown: it is never guessed. */
export function estimate(prices: Prices | null, batches: readonly Batch[]): Estimate {
  const priced = batches.map((batch) => ({ batch, price: priceOf(prices, batch) }));
  const missing = priced.flatMap(({ batch, price }) =>
    price === null ? [`${batch.channel} ${batch.class}`] : [],
  );
  if (missing.length > 0) return { kind: 'unknown', missing: [...new Set(missing)] };
  const sum = priced.reduce(
    (total, { batch, price }) => total + Math.round((price ?? 0) * millionths) * batch.count,
    0,
  );
  return { kind: 'known', currency: prices?.currency ?? '', amount: sum / millionths };
}

function priceOf(prices: Prices | null, { channel, class: kind, count }: Batch): number | null {
  if (count === 0 || free.has(channel)) return 0;
  return prices?.prices[channel]?.[kind] ?? null;
}

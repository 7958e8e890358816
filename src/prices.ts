import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Prices, readPrices } from './domain/prices.js';

/** The table of prices of this installation: there, absent, or wrong and how to mend it; and what to say of it in any case. */
export type PriceTable =
  | { readonly kind: 'there'; readonly file: string; readonly prices: Prices }
  | { readonly kind: 'absent'; readonly file: string }
  | { readonly kind: 'wrong'; readonly file: string; readonly what: string; readonly mend: string };

/** Reads the table that the operator fills. */
export function pricesIn(dataDir: string): PriceTable {
  const path = join(dataDir, 'prices.yaml');
  if (!existsSync(path)) return { kind: 'absent', file: `unknown cost (there is no ${path})` };
  const prices = readPrices(readFileSync(path, 'utf8'));
  if (typeof prices !== 'string') return { kind: 'there', file: path, prices };
  return { kind: 'wrong', file: path, what: `${prices}.`, mend: 'Fill it as docs/channels.md shows.' };
}

import { type Estimate, estimate, type Prices } from '../domain/prices.js';

/** What there is of a table of prices. */
type Table =
  | { readonly kind: 'there'; readonly prices: Prices }
  | { readonly kind: 'absent'; readonly file: string }
  | { readonly kind: 'wrong'; readonly file: string; readonly what: string; readonly mend: string };

/** Messages as they were asked for. */
export interface CostAsked {
  readonly count: string;
  readonly class: string;
  readonly channel: string;
}

/** `sapa cost`: what so many messages cost; false when what was asked is no number, or the table cannot be read. */
export function tellCost(
  table: Table,
  { count, ...kind }: CostAsked,
  print: (line: string) => void,
): boolean {
  const number = Number(count);
  if (!Number.isSafeInteger(number) || number < 0) {
    print(`"${count}" is no number of messages. Write it in digits, such as 5000.`);
    return false;
  }
  if (table.kind === 'wrong') {
    print(`${table.file}: ${table.what} ${table.mend}`);
    return false;
  }
  const cost = estimate(table.kind === 'there' ? table.prices : null, [{ ...kind, count: number }]);
  print(`${number} ${kind.class} messages over ${kind.channel}: ${wordsOf(cost, table)}`);
  return true;
}

function wordsOf(cost: Estimate, table: Table): string {
  if (cost.kind === 'known') return `about ${cost.currency} ${cost.amount.toFixed(2)}.`.replace('  ', ' ');
  if (table.kind === 'absent') return `${table.file}. See docs/channels.md.`;
  return `unknown cost (no price for ${cost.missing.join(', ')}). See docs/channels.md.`;
}

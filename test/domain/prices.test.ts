import { describe, expect, it } from 'vitest';
import { tellCost } from '../../src/cli/cost.js';
import { estimate, type Prices, readPrices } from '../../src/domain/prices.js';

const prices: Prices = {
  currency: 'USD',
  prices: { 'whatsapp-cloud': { utility: 0.02, marketing: 0.0411 } },
};
const source = 'currency: USD\nprices:\n  whatsapp-cloud:\n    utility: 0.02\n    marketing: 0.0411\n';
const cloud = (kind: string, count: number) => ({ channel: 'whatsapp-cloud', class: kind, count });

describe('what messages cost', () => {
  it.each<[string, Prices | null, Parameters<typeof estimate>[1], object]>([
    ['nothing', null, [], { kind: 'known', amount: 0 }],
    ['one class', prices, [cloud('utility', 5_000)], { kind: 'known', currency: 'USD', amount: 100 }],
    ['two classes', prices, [cloud('utility', 3), cloud('marketing', 7)], { kind: 'known', amount: 0.3477 }],
    ['none of a class without a price', prices, [cloud('service', 0)], { kind: 'known', amount: 0 }],
    [
      'a class without a price',
      prices,
      [cloud('utility', 1), cloud('service', 1), cloud('service', 2)],
      { kind: 'unknown', missing: ['whatsapp-cloud service'] },
    ],
    ['no table', null, [cloud('utility', 1)], { kind: 'unknown', missing: ['whatsapp-cloud utility'] }],
    [
      'a channel that is free',
      null,
      [{ channel: 'telegram', class: 'utility', count: 9 }],
      { kind: 'known', amount: 0 },
    ],
  ])('%s', (_name, table, batches, expected) => {
    expect(estimate(table, batches)).toMatchObject(expected);
  });
});

describe('a table of prices', () => {
  it('is read', () => expect(readPrices(source)).toEqual(prices));

  it.each<[string, string, string]>([
    ['no YAML', '{', 'the file'],
    ['nothing', '', 'the file'],
    ['no currency', 'prices: {}', 'currency'],
    ['a sign for a currency', 'currency: $\nprices: {}', 'currency: must be three capital letters'],
    ['a price in words', source.replace('0.02', 'murah'), 'prices.whatsapp-cloud.utility'],
    ['a price below nothing', source.replace('0.02', '-1'), 'prices.whatsapp-cloud.utility'],
    ['something nobody reads', `${source}harga: 1\n`, 'the file'],
  ])('says what is wrong: %s', (_name, text, piece) => {
    expect(readPrices(text)).toEqual(expect.stringContaining(piece));
  });
});

describe('sapa cost', () => {
  const there = { kind: 'there', prices } as const;
  const absent = { kind: 'absent', file: 'unknown cost (there is no data/prices.yaml)' } as const;
  const wrong = {
    kind: 'wrong',
    file: 'data/prices.yaml',
    what: 'currency: wrong.',
    mend: 'Mend it.',
  } as const;
  it.each<[string, Parameters<typeof tellCost>[0], string, boolean, string]>([
    ['5000', there, 'utility', true, '5000 utility messages over whatsapp-cloud: about USD 100.00.'],
    [
      '1',
      there,
      'service',
      true,
      '1 service messages over whatsapp-cloud: unknown cost (no price for whatsapp-cloud service). See docs/channels.md.',
    ],
    [
      '1',
      absent,
      'utility',
      true,
      '1 utility messages over whatsapp-cloud: unknown cost (there is no data/prices.yaml). See docs/channels.md.',
    ],
    ['1', wrong, 'utility', false, 'data/prices.yaml: currency: wrong. Mend it.'],
    [
      'banyak',
      there,
      'utility',
      false,
      '"banyak" is no number of messages. Write it in digits, such as 5000.',
    ],
  ])('%s of them', (count, table, kind, ok, line) => {
    const lines: string[] = [];
    const asked = { count, class: kind, channel: 'whatsapp-cloud' };
    expect(tellCost(table, asked, (text) => void lines.push(text))).toBe(ok);
    expect(lines).toEqual([line]);
  });
});

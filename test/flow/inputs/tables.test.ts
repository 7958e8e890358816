import { describe, expect, it } from 'vitest';
import { inputs } from '../../../src/flow/inputs/index.js';
import { type Parsed, parse, type Setting, valueFrom, wordsOf } from '../../support/inputs.js';
import { tables } from './tables/index.js';

/** How many rows a table must have at least, accepted and refused. */
const usual = [10, 10] as const;
const least: Readonly<Record<string, readonly [accepted: number, refused: number]>> = {
  'person-name': [40, 40],
  nik: [40, 40],
  phone: [40, 40],
  date: [40, 40],
  moment: [40, 40],
  number: [40, 40],
  'yes-no': [40, 40],
  region: [40, 40],
  'sk-number': [40, 10],
  'consent-word': [10, 40],
  // What it takes is never words.
  document: [0, 10],
};

/** All that a person sees: what is said, and the candidates. */
function seen(parsed: Parsed): string {
  const labels = parsed.kind === 'did-you-mean' ? parsed.candidates.map(({ label }) => label) : [];
  return `${wordsOf(parsed)} ${labels.join(' | ')}`;
}

it('has a table of cases for every input, and for nothing else', () => {
  expect(Object.keys(tables).sort()).toEqual(Object.keys(inputs).sort());
});

describe.each(Object.entries(inputs))('%s', (name, kind) => {
  const { setting, worth = valueFrom, accepted = [], refused = [] } = tables[name] ?? {};
  const answer = (text: string, own: Setting = {}) => parse(kind, text, { ...setting, ...own });

  it('has enough rows, each once', () => {
    const [mostAccepted, mostRefused] = least[name] ?? usual;
    const distinct = (rows: readonly (readonly unknown[])[]) =>
      new Set(rows.map((row) => JSON.stringify(row))).size;
    expect(accepted.length).toBeGreaterThanOrEqual(mostAccepted);
    expect(refused.length).toBeGreaterThanOrEqual(mostRefused);
    expect(distinct(accepted)).toBe(accepted.length);
    expect(distinct(refused)).toBe(refused.length);
  });

  it.each(accepted.map(([text, value, own]) => ({ text, value, own })))(
    'takes $text as $value',
    ({ text, value, own }) => {
      const parsed = answer(text, own);
      expect(['ok', 'more']).toContain(parsed.kind);
      expect(worth(parsed)).toEqual(value);
    },
  );

  it.each(refused.map(([text, how, says = '', own]) => ({ text, how, says, own })))(
    'answers $text with $how',
    ({ text, how, says, own }) => {
      const parsed = answer(text, own);
      expect(parsed.kind).toBe(how);
      expect(seen(parsed)).toContain(says);
    },
  );
});

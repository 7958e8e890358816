import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputs } from '../../../src/flow/inputs/index.js';
import type { InputKind } from '../../../src/flow/inputs/input.js';
import type { Json } from '../../../src/flow/json.js';
import { contextFor } from '../../support/inputs.js';
import { loadRegionIndex } from '../../support/regions.js';

const regions = await loadRegionIndex();

/** What a kind needs to be asked at all, and the states it can be in. */
const settings: Readonly<Record<string, unknown>> = {
  choice: { choices: { a: 'Hadir', b: { label: 'Tidak hadir', also: ['absen'] }, c: 'Diwakilkan' } },
  'consent-word': { version: '1' },
};
const states: Readonly<Record<string, readonly Json[]>> = {
  birth: [{ tempat: 'Contoh' }, { tanggal: '1970-08-17' }, 'kacau'],
  region: ['33.74', '33.12.12', 'kacau', 7],
};

const pieces = [
  'ya',
  'tidak',
  'setuju',
  'Semarang',
  'Kab.',
  'kota',
  'Toroh',
  'Grobogan',
  'Sindurejo',
  'Mijen',
  ',',
  '\n',
  '17',
  '8',
  '1970',
  'agustus',
  '0812',
  '0000',
  '99010141',
  '07700001',
  'no',
  '1',
  'hadir',
  '👍',
  '\u202e',
  'O',
  '??',
  'pak',
] as const;

const typed = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((words) => words.join(' ')),
  fc
    .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }), fc.nat(900))
    .map(([part, times]) => part.repeat(times)),
);

function contextsOf(kind: InputKind) {
  return [null, ...(states[kind.name] ?? [])].map((state) =>
    contextFor(kind, {
      options: settings[kind.name] ?? {},
      state,
      regions,
      refs: { born: '1970-07-01', sex: 'P' },
    }),
  );
}

function optionsOf(kind: InputKind): unknown {
  return kind.options.parse(settings[kind.name] ?? {});
}

describe.each(Object.entries(inputs))('%s', (name, kind) => {
  it('is kept under its own name', () => {
    expect(kind.name).toBe(name);
  });

  it('never throws, and what it gives survives JSON', () => {
    fc.assert(
      fc.property(typed, (text) => {
        for (const context of contextsOf(kind)) {
          const parsed = kind.parse(text, context);
          expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('offers only candidates it understands itself', () => {
    fc.assert(
      fc.property(typed, (text) => {
        for (const context of contextsOf(kind)) {
          const parsed = kind.parse(text, context);
          if (parsed.kind !== 'did-you-mean') continue;
          expect(parsed.candidates.length).toBeLessThanOrEqual(5);
          for (const { answer, label } of parsed.candidates) {
            expect(['ok', 'more', 'confirm']).toContain(kind.parse(answer, context).kind);
            expect(label.length).toBeLessThanOrEqual(24);
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  it('understands its own example in every state', () => {
    const example = kind.example(optionsOf(kind));
    for (const context of contextsOf(kind)) expect(kind.parse(example, context).kind).toBe('ok');
  });

  it('understands every choice it offers', () => {
    const [context] = contextsOf(kind);
    for (const { label } of kind.choices(optionsOf(kind))) {
      expect(context && kind.parse(label, context).kind).toBe('ok');
    }
  });

  it('answers a very long text at once', () => {
    const [context] = contextsOf(kind);
    const began = performance.now();
    for (const part of ['a', '1', ' ', '👍', 'ya ', '\u202e', 'ﷺ']) {
      expect(context && kind.parse(part.repeat(100_000), context).kind).toBe('again');
      expect(context && kind.parse(part.repeat(Math.floor(2000 / part.length)), context).kind).not.toBe(
        'confirm',
      );
    }
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('shows whatever it is given', () => {
    const type = kind.type(optionsOf(kind));
    for (const value of [null, '', 'x', 7, true, [], {}] as const)
      expect(typeof type.show(value)).toBe('string');
  });
});

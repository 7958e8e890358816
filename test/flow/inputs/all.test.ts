import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attachment } from '../../../src/flow/attachment.js';
import { inputs } from '../../../src/flow/inputs/index.js';
import type { InputKind } from '../../../src/flow/inputs/input.js';
import { contextFor, type Setting } from '../../support/inputs.js';
import { loadRegionIndex } from '../../support/regions.js';
import { sized } from '../../support/size.js';
import { tables } from './tables/index.js';

const regions = await loadRegionIndex();

/** The settings and states of the kind's own table, each once; references stay out, for they only raise doubts. */
function situationsOf(kind: InputKind): readonly Setting[] {
  const { setting, accepted = [], refused = [] } = tables[kind.name] ?? {};
  const own = [
    ...accepted.map((row) => row[2]),
    ...refused.map((row) => row[3]),
    { state: 'kacau' },
    { state: 7 },
  ];
  const all = [undefined, ...own].map((each) => ({
    options: each?.options ?? setting?.options ?? {},
    state: each?.state ?? null,
  }));
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

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
  'besok',
  'senin',
  'minggu',
  'depan',
  'lagi',
  'hari',
  'jam',
  'setengah',
  '9',
  '09.00',
  'siang',
  'dua',
  'puluh',
  'ribu',
  '1.500',
  'dan',
  'semua',
  'umur 67 tahun',
  'tahun',
  'antara',
  'atau',
  'tujuh',
  'belas',
  '17/VIII/1970',
  'jaman Jepang',
  'lupa',
  'sesuai ktp',
  'min',
  'alias',
  'nama saya',
  'Banget',
] as const;

const typed = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((words) => words.join(' ')),
  fc
    .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }), fc.nat(900))
    .map(([part, times]) => part.repeat(times)),
);

const attachments: readonly Attachment[] = [
  { kind: 'file', id: '019aa2c4-7d1e-7cc0-8f55-1a2b3c4d5e6f', type: 'heic', size: 4_800_000 },
  { kind: 'unusable-file', why: 'gone', size: null },
  { kind: 'place', latitude: -7.05, longitude: 110.4 },
  { kind: 'place', latitude: Number.MAX_SAFE_INTEGER, longitude: 0 },
];

function contextsOf(kind: InputKind) {
  return situationsOf(kind).map((situation) => contextFor(kind, { ...situation, regions }));
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
      { numRuns: sized(100, 400) },
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
      { numRuns: sized(150, 600) },
    );
  });

  it('understands its own example in every state', () => {
    for (const context of contextsOf(kind)) {
      const example = kind.example(context.options);
      if (example === null) expect(kind.take).toBeDefined();
      else expect(kind.parse(example, context).kind).toBe('ok');
    }
  });

  it('takes or leaves every attachment, and what it gives survives JSON', () => {
    for (const attachment of attachments) {
      for (const context of contextsOf(kind)) {
        const parsed = kind.take?.(attachment, context) ?? null;
        expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
      }
    }
  });

  it('understands every choice it offers', () => {
    const [context] = contextsOf(kind);
    for (const { label } of context === undefined ? [] : kind.choices(context.options)) {
      expect(context && kind.parse(label, context).kind).toBe('ok');
    }
  });

  it('answers a very long text at once', () => {
    const [context] = contextsOf(kind);
    // Processor time, not the clock: the machine may be busy with others.
    const began = process.cpuUsage();
    for (const part of ['a', '1', ' ', '👍', 'ya ', '\u202e', 'ﷺ']) {
      expect(context && kind.parse(part.repeat(100_000), context).kind).toBe('again');
      expect(context && kind.parse(part.repeat(Math.floor(2000 / part.length)), context).kind).not.toBe(
        'confirm',
      );
    }
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1000).toBeLessThan(500);
  });

  it('shows whatever it is given', () => {
    const type = kind.type(kind.options.parse(tables[name]?.setting?.options ?? {}));
    for (const value of [null, '', 'x', 7, true, [], {}] as const)
      expect(typeof type.show(value)).toBe('string');
  });
});

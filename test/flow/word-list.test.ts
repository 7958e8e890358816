import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/flow/text.js';
import { plain, wordList } from '../../src/flow/word-list.js';
import { loadRegions } from '../support/regions.js';
import { sized } from '../support/size.js';

const regions = await loadRegions();
const entries = [...wordList];

/** Words that stand in numbers of decisions, as domain notes show them, and the months of their dates in Roman figures. */
const skWords =
  'sk skep kep kpts nomor no tahun th thn tentang keputusan surat dinsos kemensos bpd lsp kades i ii iii iv v vi vii viii ix x xi xii'.split(
    ' ',
  );

describe('the word list', () => {
  it.each([
    ['dftr', 'daftar'],
    ['sy', 'saya'],
    ['blm pny', 'belum punya'],
    ['Mboten ngertos', 'tidak paham'],
    ['KULO', 'saya'],
    ['tlg', 'tolong'],
    ['brp', 'berapa'],
    ['dmn', 'di mana'],
    ['wonten pundi', 'di mana'],
    ['kados pundi', 'bagaimana'],
    ['matur nuwun sanget, pak!', 'makasih sekali pak'],
    ['daftarrr', 'daftar'],
    ['iyaaa', 'ya'],
    ['kulo badhe ndaftar', 'saya mau daftar'],
    ['sk 141/07/2021', 'sk 141 07 2021'],
    ['terima kasih terima kasih', 'makasih makasih'],
    ['', ''],
    ['constructor __proto__', 'constructor proto'],
  ])('reads %j as %j', (typed, meant) => {
    expect(plain(typed)).toBe(meant);
  });

  it('has about 250 entries or more, each written once', () => {
    expect(entries.length).toBeGreaterThanOrEqual(250);
    const typed = entries.map(([one]) => one);
    expect(typed.filter((one, at) => typed.indexOf(one) !== at)).toEqual([]);
  });

  it('has only folded spellings, and leads to a word that stays as it is', () => {
    expect(entries.filter(([typed]) => fold(typed) !== typed || typed.includes(' '))).toEqual([]);
    expect(entries.filter(([, word]) => plain(word) !== word)).toEqual([]);
    expect(entries.filter(([typed]) => plain(plain(typed)) !== plain(typed))).toEqual([]);
  });

  it('swallows no name of a regency, a district or a village', () => {
    expect(regions).toHaveLength(35 + 576 + 8563);
    const swallowed = regions.filter(({ name }) => plain(name) !== fold(name)).map(({ name }) => name);
    expect(swallowed).toEqual([]);
  });

  it.each(skWords)('leaves the word %j of SK numbers alone', (word) => {
    expect(plain(word)).toBe(word);
  });

  it.each(['sk', 'smg', 'mbuh', 'nuhun', 'hj', 'malang', 'batur', 'kramat', 'kraton', 'bener', 'curug'])(
    'does not have %j, which other lists read wrongly',
    (word) => {
      expect(wordList.has(word)).toBe(false);
      expect(plain(word)).toBe(word);
    },
  );

  it('changes nothing the second time, and never throws', () => {
    const word = fc.constantFrom(...entries.flat(), 'terima', 'kasih', 'nuwun', 'sewu', 'matur', 'kados');
    const typed = fc.oneof(
      fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
    );
    fc.assert(
      fc.property(typed, (text) => {
        expect(plain(plain(text))).toBe(plain(text));
      }),
      { numRuns: sized(500, 2000) },
    );
  });
});

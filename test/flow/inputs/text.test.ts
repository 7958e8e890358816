import { describe, expect, it } from 'vitest';
import { text } from '../../../src/flow/inputs/text.js';
import { fold, normalise, titleCase, withinOneEdit } from '../../../src/flow/text.js';
import { parse, valueFrom, wordsOf } from '../../support/inputs.js';

describe('text', () => {
  it.each([
    ['Jalan Contoh 1', 'Jalan Contoh 1'],
    ['  satu   dua ', 'satu dua'],
    ['satu\n\n dua ', 'satu\ndua'],
    ['👍', '👍'],
    ['a'.repeat(300), 'a'.repeat(300)],
  ])('takes %j', (typed, value) => {
    expect(valueFrom(parse(text, typed))).toBe(value);
  });

  it.each(['', ' ', '\n', '\u200b', '\u0000', 'a'.repeat(301), 'a'.repeat(100_000)])(
    'asks again after %j',
    (typed) => {
      expect(parse(text, typed).kind).toBe('again');
    },
  );

  it('says how long it was and how long it may be', () => {
    const said = wordsOf(parse(text, 'a'.repeat(20), { options: { max: 10 } }));
    expect(said).toContain('20 huruf');
    expect(said).toContain('10 huruf');
    expect(wordsOf(parse(text, 'a', { options: { min: 5 } }))).toContain('5 huruf');
  });
});

describe('normalise and fold', () => {
  it.each([
    ['abc', 'abc', 'abc'],
    [' A  b ', 'A b', 'a b'],
    ["Jum'at.", "Jum'at.", 'jumat'],
    ['Kab.Semarang', 'Kab.Semarang', 'kab semarang'],
    ['１２３', '123', '123'],
    ['Kóta\u200b\u202e', 'Kóta', 'kota'],
    ['a\tb\r\nc', 'a b c', 'a b c'],
    ['\ud800x', 'x', 'x'],
    ['👍', '👍', ''],
  ])('%j', (typed, tidy, folded) => {
    expect([normalise(typed), fold(typed)]).toEqual([tidy, folded]);
  });

  it.each([
    ['abc', 'abc', true],
    ['abc', 'abd', true],
    ['abc', 'ab', true],
    ['abc', 'xabc', true],
    ['abc', 'acb', false],
    ['abc', 'axd', false],
    ['', 'a', true],
    ['a', 'abc', false],
  ])('%j and %j are within one edit: %s', (a, b, near) => {
    expect([withinOneEdit(a, b), withinOneEdit(b, a)]).toEqual([near, near]);
  });

  it('leaves mixed spelling alone', () => {
    expect(titleCase('Fulan deContoh')).toBe('Fulan deContoh');
  });
});

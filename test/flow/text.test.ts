import { describe, expect, it } from 'vitest';
import { digitsInWords, fold, normalise, titleCase, withinOneEdit } from '../../src/flow/text.js';

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

  it.each([
    ['l7 o8 197o', '17 08 1970'],
    ['o8l2oo', '081200'],
    ['oli', 'oli'],
    ['olo 1', 'olo 1'],
    ['rt1', 'rt1'],
  ])('reads the digits of %j as %j', (typed, meant) => {
    expect(digitsInWords(typed)).toBe(meant);
  });

  it('leaves mixed spelling alone', () => {
    expect(titleCase('Fulan deContoh')).toBe('Fulan deContoh');
  });
});

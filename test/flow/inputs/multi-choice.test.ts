import { describe, expect, it } from 'vitest';
import { multiChoice } from '../../../src/flow/inputs/multi-choice.js';
import { parse, wordsOf } from '../../support/inputs.js';

const choices = { a: 'Anggaran', b: 'Sertifikasi, pelatihan', c: 'Kemitraan' };
const optionsOf = (options: object) => multiChoice.options.parse({ choices, ...options });

describe('multi-choice', () => {
  it('reads the choices back in their order', () => {
    expect(wordsOf(parse(multiChoice, '3 1', { options: { choices } }))).toBe('Anggaran, Kemitraan');
    expect(multiChoice.type(optionsOf({})).show(['c', 'a'])).toBe('Anggaran, Kemitraan');
    expect(multiChoice.type(optionsOf({})).show([])).toBe('Tidak ada');
  });

  it('finds a label that holds a comma', () => {
    expect(parse(multiChoice, 'sertifikasi, pelatihan', { options: { choices } })).toMatchObject({
      value: ['b'],
    });
  });

  it('offers "Tidak ada" only where none may be chosen', () => {
    const labels = (options: object) => multiChoice.choices(optionsOf(options)).map(({ label }) => label);
    expect(labels({})).toEqual(['Anggaran', 'Sertifikasi, pelatihan', 'Kemitraan']);
    expect(labels({ min: 0 })).toEqual(['Anggaran', 'Sertifikasi, pelatihan', 'Kemitraan', 'Tidak ada']);
  });

  it.each([
    [{}, '1, 2'],
    [{ max: 1 }, '1'],
    [{ min: 3 }, '1, 2, 3'],
  ])('gives an example within %j', (options, example) => {
    expect(multiChoice.example(optionsOf(options))).toBe(example);
  });

  it.each([
    { min: 4 },
    { min: 2, max: 1 },
    { choices: { a: 'Semua' } },
    { choices: { a: { label: 'Lainnya', also: ['tidak ada'] } } },
    { choices: {} },
  ])('refuses the settings %j', (options) => {
    expect(multiChoice.options.safeParse({ choices, ...options }).success).toBe(false);
  });
});

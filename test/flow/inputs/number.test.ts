import { describe, expect, it } from 'vitest';
import { number } from '../../../src/flow/inputs/number.js';
import { parse, valueFrom, wordsOf } from '../../support/inputs.js';

const optionsOf = (options: unknown) => number.options.parse(options);

describe('number', () => {
  it.each([
    [12, '12'],
    [1500, '1.500'],
    [2.5, '2,5'],
    [-5, '-5'],
  ])('shows %d as %s, and understands that', (value, shown) => {
    expect(number.type(optionsOf({})).show(value)).toBe(shown);
    expect(valueFrom(parse(number, shown, { options: { min: -10, whole: false } }))).toBe(value);
  });

  it('reads words back as digits, and repeats no digits', () => {
    expect(wordsOf(parse(number, 'tiga puluh dua'))).toBe('32');
    expect(wordsOf(parse(number, '2 rb'))).toBe('2.000');
    expect(parse(number, '32')).toMatchObject({ readback: null });
  });

  it.each([
    [{}, '12'],
    [{ min: 20 }, '20'],
    [{ max: 5 }, '5'],
    [{ min: 0.5, max: 0.75, whole: false }, '0,75'],
  ])('gives an example within %j', (options, example) => {
    expect(number.example(optionsOf(options))).toBe(example);
  });

  it.each([{ min: 5, max: 4 }, { max: -1 }, { min: 0.5 }, { max: 2.5 }])(
    'refuses the settings %j',
    (options) => {
      expect(number.options.safeParse(options).success).toBe(false);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { phone } from '../../../src/flow/inputs/phone.js';
import { parse, wordsOf } from '../../support/inputs.js';

describe('phone', () => {
  it.each(['081200000001', '+62 812-0000-0001'])('always reads %j back', (text) => {
    expect(wordsOf(parse(phone, text))).toBe('0812-0000-0001');
  });

  it.each([
    ['+6281200000001', '0812-0000-0001'],
    ['+628120000012', '0812-0000-012'],
    ['+12025550100', '+12025550100'],
  ])('shows %s as %s', (value, shown) => {
    expect(phone.type({}).show(value)).toBe(shown);
  });
});

import { describe, expect, it } from 'vitest';
import { nameKey, personName } from '../../../src/flow/inputs/person-name.js';
import { parse, valueFrom, wordsOf } from '../../support/inputs.js';

describe('person-name', () => {
  it('keeps capitals as typed and reads them back in title case', () => {
    const parsed = parse(personName, 'DRS. H. FULAN CONTOH, S.SOS');
    expect(valueFrom(parsed)).toBe('DRS. H. FULAN CONTOH, S.SOS');
    expect(wordsOf(parsed)).toBe('Drs. H. Fulan Contoh, S.Sos');
  });

  it.each([
    ['FULAN CONTOH', 'Fulan Contoh'],
    ['drs. h. fulan contoh, s.sos., m.si', 'Drs. H. Fulan Contoh, S.Sos., M.Si'],
    ["NUR'AINI, SH", "Nur'aini, SH"],
    ['Fulan deContoh', 'Fulan deContoh'],
  ])('shows %j as %j', (value, shown) => {
    expect(personName.type({}).show(value)).toBe(shown);
  });

  it.each([
    ['Drs. H. Fulan Contoh, S.Sos', 'fulan contoh'],
    ['FULAN  CONTOH', 'fulan contoh'],
    ['Hj. Fulan Contoh M.Si.', 'fulan contoh'],
    ['R.Ay. Fulanah', 'fulanah'],
    ['Fulan, S.Pd., SE, MM', 'fulan'],
    ['Alm. Fulan', 'fulan'],
    ['H', 'h'],
  ])('compares %j as %j', (name, key) => {
    expect(nameKey(name)).toBe(key);
  });
});

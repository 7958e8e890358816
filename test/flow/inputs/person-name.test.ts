import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameKey, personName } from '../../../src/flow/inputs/person-name.js';
import { parse, valueFrom, wordsOf } from '../../support/inputs.js';
import { sized } from '../../support/size.js';

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
    ['H. FULAN CONTOH, S.Pd., M.M.', 'H. Fulan Contoh, S.Pd., M.M.'],
    ['Drs. FULAN', 'Drs. Fulan'],
    ['dr. FULANAH', 'dr. Fulanah'],
    ['fulan contoh, S.Sos', 'Fulan Contoh, S.Sos'],
    ['dr. Fulanah deContoh, SH', 'dr. Fulanah deContoh, SH'],
    ['Hj.', 'Hj.'],
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

  it('understands a name it has taken as the same', () => {
    const words =
      'pak Bu nggih iya, Fulan CONTOH H. S.Pd., dr. min mas saya nama : dari ktp sesuai dipanggil alias ya “ 🙏 , tidak'.split(
        ' ',
      );
    const typed = fc.array(fc.constantFrom(...words), { maxLength: 7 }).map((some) => some.join(' '));
    fc.assert(
      fc.property(typed, (text) => {
        const parsed = parse(personName, text);
        if (parsed.kind !== 'ok') return;
        expect(valueFrom(parse(personName, String(parsed.value)))).toBe(parsed.value);
      }),
      { numRuns: sized(500, 5000) },
    );
  });
});

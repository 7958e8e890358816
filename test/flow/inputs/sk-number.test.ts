import { describe, expect, it } from 'vitest';
import { normaliseSkNumber, skNumber } from '../../../src/flow/inputs/sk-number.js';
import { parse, wordsOf } from '../../support/inputs.js';

describe('sk-number', () => {
  it('shows a NIK only masked', () => {
    for (const text of ['9901014107700001', 'NIK: 9901 0141 0770 0001', '141/9901014107700001/2020']) {
      expect(skNumber.type({}).show(text)).not.toMatch(/0141|01410770/);
      for (const refs of [{}, { nik: '9901014107700001' }])
        expect(wordsOf(parse(skNumber, text, { refs }))).not.toMatch(/0141|01410770/);
    }
  });

  it('reads the number back as it was typed', () => {
    expect(wordsOf(parse(skNumber, '470/Kpts. – Dinsos.1/2019'))).toBe('470/Kpts. – Dinsos.1/2019');
  });

  it.each([
    ['Nomor 11 Tahun 2020', '11 TAHUN 2020'],
    ['no. 11  tahun 2020', '11 TAHUN 2020'],
    ['SK No: 11 Tahun 2020', '11 TAHUN 2020'],
    ['470/Kpts. – Dinsos.1/2019', '470/KPTS.-DINSOS.1/2019'],
    ['470 / kpts. - dinsos.1 / 2019', '470/KPTS.-DINSOS.1/2019'],
    ['12\\SK\\2015', '12/SK/2015'],
    ['SK/12/2015', 'SK/12/2015'.replace('SK/', '/')],
    ['１２/2015', '12/2015'],
  ])('compares %j as %j', (typed, key) => {
    expect(normaliseSkNumber(typed)).toBe(key);
  });
});

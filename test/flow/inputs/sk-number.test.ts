import { describe, expect, it } from 'vitest';
import { normaliseSkNumber, skNumber } from '../../../src/flow/inputs/sk-number.js';
import { parse, wordsOf } from '../../support/inputs.js';

const accepted = [
  '11 Tahun 2020',
  'Nomor 11 Tahun 2020',
  'Nomor 7 Tahun 2019',
  'Nomor 45 Tahun 2025',
  '445.8/KEP/2011/VII/2009',
  '188.45/ /36.01/2023',
  '470/Kpts. – Dinsos.1/2019',
  '45/LSP KEMENSOS RI/SK/XII/2022',
  '100.3.3.3/2890/BPD',
  'KEP. 0594/BNSP/III/2021',
  '141/07/2021',
  '141.3/12/2019',
  '460/15/KEP/2020',
  '188.4/23/2018',
  '400.9/5/2024',
  '142/1',
  '140',
  '7',
  'SK No. 5',
  'no 12 th 2015',
  '12/SK/DS/I/2015',
  '12 / SK / DS / I / 2015',
  '12\\SK\\2015',
  '12-SK-2015',
  '12—SK—2015',
  '12_SK_2015',
  'B/12/2015',
  '2015/12',
  '12 Thn 2015',
  'Kep.12/Kel.Contoh/2015',
  '01/Kades-Contoh/2022',
  '001/IPSM/2022',
  '1/2',
  '12 (dua belas) tahun 2015',
  'SK/12/2015, tanggal 3 Mei 2015',
  '100.3.3.3 / 12 TAHUN 2025',
  '141 / 7.a / 2020',
  '7A/2020',
  'kep/12/ vii /2019',
  '12 TAHUN 2020.',
  'Perdes 3/2020',
  '445.8/......./2009',
] as const;

describe('sk-number', () => {
  it.each(accepted)('keeps %j exactly', (text) => {
    expect(parse(skNumber, text)).toEqual({ kind: 'ok', value: text, readback: text });
  });

  it.each([
    ['  11 Tahun 2020 ', '11 Tahun 2020'],
    ['141/07\n2021', '141/07 2021'],
    ['\u200e141/07/2021', '141/07/2021'],
  ])('trims %j', (text, value) => {
    expect(parse(skNumber, text)).toMatchObject({ kind: 'ok', value });
  });

  it.each([
    '',
    ' ',
    '👍',
    'belum tahu',
    'tidak ada',
    '-',
    '/',
    'x'.repeat(80),
    '1'.repeat(81),
    '1'.repeat(2001),
  ])('asks again after %j', (text) => {
    expect(parse(skNumber, text).kind).toBe('again');
  });

  it.each([
    '9901014107700001',
    '9901 0141 0770 0001',
    '9901.0141.0770.0001',
    '081200000001',
    '0812-0000-0001',
    '+6281200000001',
    '62 812 0000 0001',
  ])('asks back whether %j is meant', (text) => {
    const parsed = parse(skNumber, text);
    expect(parsed).toMatchObject({ kind: 'confirm', value: text });
    expect(wordsOf(parsed)).not.toContain('9901014107700001');
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

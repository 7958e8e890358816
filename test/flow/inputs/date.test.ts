import { describe, expect, it } from 'vitest';
import { date } from '../../../src/flow/inputs/date.js';
import { parse, valueFrom, wordsOf } from '../../support/inputs.js';

const seventeenth = [
  '17 Agustus 1970',
  '17 agustus 1970',
  '17 AGUSTUS 1970',
  '17-08-1970',
  '17-08-70',
  '17/8/1970',
  '17/08/70',
  '17.08.1970',
  '17. 8. 1970',
  '17 8 70',
  '17 8 1970',
  '17081970',
  '170870',
  '1781970',
  '17 agt 70',
  '17 agst 1970',
  '17 ags 70',
  '17 agus 70',
  '17 agu 1970',
  '17 Aug 1970',
  '17agustus1970',
  '17 agutus 1970',
  '17-agt-70',
  '17-VIII-1970',
  'tgl 17 bln 8 thn 1970',
  'tgl. 17 bln. 8 th. 70',
  'tanggal 17 bulan 8 tahun 1970',
  "17 Agustus '70",
  'Semarang, 17-8-1970',
  'Semarang 17 Agustus 1970',
  'Kab. Semarang, tgl 17 Agustus 1970',
  'Senin, 17 Agustus 1970',
  'Senin Legi 17 Agustus 1970',
  'lahir 17 agustus 1970',
  'Agustus 17, 1970',
  '1970-08-17',
  '1970/8/17',
  '19700817',
  '17-O8-197O',
  'l7-8-1970',
  '１７－８－１９７０',
  '\u200f17-8-1970',
  '17\n8\n1970',
] as const;

const others: readonly (readonly [string, string])[] = [
  ['5 djuli 1945', '1945-07-05'],
  ['1 pebruari 1951', '1951-02-01'],
  ['1 peb 51', '1951-02-01'],
  ['10 nopember 1945', '1945-11-10'],
  ['10 nop 60', '1960-11-10'],
  ['3 sept 1962', '1962-09-03'],
  ['3 okt 62', '1962-10-03'],
  ['24 desemb 1955', '1955-12-24'],
  ["Jum'at Pahing 5 mei 1950", '1950-05-05'],
  ['Ahad Wage 1-1-1950', '1950-01-01'],
  ['akhad kliwon 31-12-49', '1949-12-31'],
  ['29-2-2000', '2000-02-29'],
  ['29 feb 1968', '1968-02-29'],
  ['31-1-1970', '1970-01-31'],
  ['1-1-05', '2005-01-01'],
  ['1-1-26', '2026-01-01'],
  ['1-1-27', '1927-01-01'],
  ['kemarin', '2026-11-23'],
  ['hari ini', '2026-11-24'],
];

const refused: readonly (readonly [string, string])[] = [
  ['30 februari 1970', 'hanya sampai tanggal 28'],
  ['30-2-1968', 'hanya sampai tanggal 29'],
  ['29-2-1970', 'Februari 1970 hanya sampai tanggal 28'],
  ['29-2-1900', 'hanya sampai tanggal 28'],
  ['31-4-1970', 'hanya sampai tanggal 30'],
  ['31 juni 1970', 'hanya sampai tanggal 30'],
  ['31/9/70', 'hanya sampai tanggal 30'],
  ['31111970', 'hanya sampai tanggal 30'],
  ['32-1-1970', 'Tidak ada tanggal 32'],
  ['99-1-1970', 'Tidak ada tanggal 99'],
  ['0-1-1970', 'Tidak ada tanggal 0'],
  ['17-13-1970', 'Tidak ada bulan ke-13'],
  ['8/17/1970', 'Tidak ada bulan ke-17'],
  ['17-0-1970', 'Tidak ada bulan ke-0'],
  ['17131970', 'Tidak ada bulan ke-13'],
  ['171370', 'Tidak ada bulan ke-13'],
  ['17-8-2027', 'belum terjadi'],
  ['25-11-2026', 'belum terjadi'],
  ['besok', 'belum terjadi'],
  ['lusa', 'belum terjadi'],
  ['17-8-1870', 'terlalu lama'],
  ['17-8-0070', 'terlalu lama'],
  ['17-8-970', 'belum lengkap'],
  ['17-8-7', 'belum lengkap'],
  ['17-8-19700', 'belum lengkap'],
  ['17 agustus', 'Tahunnya'],
  ['17-8', 'Tahunnya'],
  ['tgl 17', ''],
  ['agustus', ''],
  ['agustus 1970', 'sebagian'],
  ['8-1970', 'sebagian'],
  ['1970', 'sebagian'],
  ['1121970', 'lebih dari satu cara'],
  ['17', ''],
  ['5', ''],
  ['', ''],
  ['tidak tahu', ''],
  ['lupa', ''],
  ['mboten ngertos', ''],
  ['ya', ''],
  ['👍', ''],
  ['Semarang', ''],
  ['081200000001', ''],
  ['9901014107700001', ''],
  ['17-8-1970 18-9-1971', ''],
  ['17 agustus september 1970', ''],
  ['saya dulu pernah bekerja lama sekali di sana 17-8-1970', ''],
  ['1'.repeat(2001), 'terlalu panjang'],
];

describe('date', () => {
  it.each(seventeenth)('reads %j', (text) => {
    expect(valueFrom(parse(date, text, { options: { past: true } }))).toBe('1970-08-17');
  });

  it.each(others)('reads %j as %s', (text, iso) => {
    expect(valueFrom(parse(date, text, { options: { past: true } }))).toBe(iso);
  });

  it.each(refused)('asks again after %j, saying %j', (text, why) => {
    const parsed = parse(date, text, { options: { past: true } });
    expect(parsed.kind).toBe('again');
    expect(wordsOf(parsed)).toContain(why);
  });

  it.each([
    ['1-1-08', '2008-01-01'],
    ['1-1-09', '1909-01-01'],
    ['1-1-26', '1926-01-01'],
    ['1-1-70', '1970-01-01'],
    ['1-1-2015', '2015-01-01'],
  ])('reads %s of an adult as %s', (text, iso) => {
    expect(valueFrom(parse(date, text, { options: { past: true, adult: true } }))).toBe(iso);
  });

  it.each([
    ['1970', '1970'],
    ['tahun 1970', '1970'],
    ['hanya tahun 1970', '1970'],
    ['th 70', '1970'],
    ['lahir 1970', '1970'],
    ['agustus 1970', '1970'],
    ['17-8-1970', '1970-08-17'],
    ['2027', '(again)'],
    ['1800', '(again)'],
  ])('with year-only it reads %j as %s', (text, iso) => {
    expect(valueFrom(parse(date, text, { options: { 'year-only': true, past: true } }))).toBe(iso);
  });

  it.each([
    ['1-1-2030', '2030-01-01'],
    ['1-1-30', '2030-01-01'],
    ['besok', '2026-11-25'],
    ['17-8-70', '1970-08-17'],
  ])('takes the future when it may: %s', (text, iso) => {
    expect(valueFrom(parse(date, text))).toBe(iso);
  });

  it('refuses what is before its earliest year', () => {
    expect(parse(date, '17-8-1970', { options: { 'min-year': 1980 } }).kind).toBe('again');
  });

  it('counts days in Western Indonesian time', () => {
    const late = { now: new Date('2026-11-23T17:30:00Z'), options: { past: true } };
    expect(valueFrom(parse(date, 'hari ini', late))).toBe('2026-11-24');
  });

  it.each([
    ['1970-08-17', '17 Agustus 1970'],
    ['1970', '1970'],
    ['', ''],
  ])('shows %s as %s', (value, shown) => {
    expect(date.type({}).show(value)).toBe(shown);
  });
});

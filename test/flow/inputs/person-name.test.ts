import { describe, expect, it } from 'vitest';
import { nameKey, personName } from '../../../src/flow/inputs/person-name.js';
import { parse, valueFrom } from '../../support/inputs.js';

const asTyped = [
  'Fulan',
  'Fulan Contoh',
  'Sri Contohwati',
  'FULAN CONTOH',
  'fulan contoh',
  'Moh. Contoh',
  'Abd. Contoh',
  'H. Fulan',
  'Hj. Fulanah',
  'KH. Fulan Contoh',
  'Drs. Fulan',
  'Dra. Fulanah Contoh',
  'Ir. Fulan',
  'dr. Fulanah',
  'R. Fulan Contoh',
  'RM. Fulan',
  'R.Ay. Fulanah',
  'Fulan, S.Sos',
  'Fulan, S.Pd.',
  'Fulan, SE',
  'Fulan, SH, MM',
  'Fulan, M.Si',
  'Fulan, AKS',
  'DRS. H. FULAN CONTOH, S.SOS',
  "Nur'aini Contoh",
  'Nur’aini Contoh',
  'Siti-Contoh',
  'Fulan bin Contoh',
  'Fulanah binti Contoh',
  'Fulan II',
  'Ki Contoh',
  'Ny. Fulanah',
  'Wa Contoh',
  'Éva Contoh',
  'Contoh Contoh Contoh Contoh Contoh Contoh',
  'Mbah Contoh',
  'Alm. Fulan Contoh',
  'Al Contoh',
  'Tes Contohwati',
  'Pagi Contohwati',
] as const;

const tidied: readonly (readonly [string, string])[] = [
  ['  Fulan   Contoh ', 'Fulan Contoh'],
  ['Fulan\nContoh', 'Fulan Contoh'],
  ['Ｆｕｌａｎ', 'Fulan'],
  ['\u200fFulan\u200b Contoh', 'Fulan Contoh'],
  ['Nama saya Fulan Contoh', 'Fulan Contoh'],
  ['nama: Fulan', 'Fulan'],
  ['Nama lengkap saya adalah Fulan Contoh', 'Fulan Contoh'],
  ['Assalamualaikum, nama saya Fulan', 'Fulan'],
  ['asma kula Fulan', 'Fulan'],
  ['jenengku Fulan', 'Fulan'],
];

const refused = [
  '',
  ' ',
  '.',
  '-',
  '...',
  '👍',
  '🙏🙏',
  '\u200b',
  '\u0000',
  '1',
  '123',
  '9901014107700001',
  '081200000001',
  'Fulan 2',
  'Fulan1',
  'fulan@contoh.id',
  'https://contoh.id',
  'Fulan/Contoh',
  'Fulan (Pak Contoh)',
  'Fulan_Contoh',
  'Fulan & Contoh',
  'Fulan?',
  'Фулан',
  'فلان',
  'ꦥꦸꦭꦤ꧀',
  '富兰',
  'F',
  'H.',
  'Hj',
  'Drs.',
  'Drs. H.',
  'Pak',
  'Bu',
  'assalamualaikum',
  "Assalamu'alaikum wr wb",
  'selamat pagi',
  'Selamat siang Bapak',
  'halo admin',
  'permisi',
  'tidak tahu',
  'terima kasih',
  'matur nuwun',
  'menu',
  'a'.repeat(61),
  `Fulan ${'Contoh '.repeat(10)}`,
  'x'.repeat(2001),
] as const;

const askedBack = [
  'ya',
  'Tidak',
  'nggih',
  'mbuh',
  'siap',
  'untuk apa',
  'saya tidak mengerti',
  'mboten ngertos',
] as const;

describe('person-name', () => {
  it.each(asTyped)('keeps %j as typed', (text) => {
    expect(valueFrom(parse(personName, text))).toBe(text.replace('’', '’'));
  });

  it.each(tidied)('reads %j as %j', (text, name) => {
    expect(valueFrom(parse(personName, text))).toBe(name);
  });

  it.each(refused)('asks again after %j', (text) => {
    expect(parse(personName, text).kind).toBe('again');
  });

  it.each(askedBack)('asks back whether %j is a name', (text) => {
    expect(parse(personName, text).kind).toBe('confirm');
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

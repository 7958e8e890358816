import { describe, expect, it } from 'vitest';
import { birth } from '../../../src/flow/inputs/birth.js';
import type { Json } from '../../../src/flow/json.js';
import { parse, wordsOf } from '../../support/inputs.js';

const complete: readonly (readonly [string, string])[] = [
  ['Semarang, 17-8-1970', 'Semarang, 17 Agustus 1970'],
  ['Semarang 17 agustus 1970', 'Semarang, 17 Agustus 1970'],
  ['SEMARANG, 17-08-70', 'Semarang, 17 Agustus 1970'],
  ['semarang,17081970', 'Semarang, 17 Agustus 1970'],
  ['Semarang/17-8-1970', 'Semarang, 17 Agustus 1970'],
  ['TTL: Semarang, 17-8-1970', 'Semarang, 17 Agustus 1970'],
  ['Tempat lahir Semarang, tanggal 17-8-1970', 'Semarang, 17 Agustus 1970'],
  ['lahir di Semarang tgl 17 bln 8 thn 1970', 'Semarang, 17 Agustus 1970'],
  ['17-8-1970 di Semarang', 'Semarang, 17 Agustus 1970'],
  ['Semarang, Senin Legi, 17 Agustus 1970', 'Semarang, 17 Agustus 1970'],
  ['Semarang\n17-8-1970', 'Semarang, 17 Agustus 1970'],
  ['KAB. SEMARANG 17 agustus 70', 'Kab. Semarang, 17 Agustus 1970'],
  ['Kota Tegal, 1-1-1950', 'Kota Tegal, 1 Januari 1950'],
  ['Solo, 1-1-12', 'Solo, 1 Januari 1912'],
  ['Blora, 17 agutus 1970', 'Blora, 17 Agustus 1970'],
];

const refused = [
  '',
  'ya',
  'tidak',
  'mbuh',
  'tidak tahu',
  'lupa',
  '👍',
  '12345',
  'Semarang, 31-2-1970',
  'Semarang, 17-13-1970',
  'Semarang, 17 Agustus',
  'Semarang, 1970',
  'Semarang, 17-8-2030',
  `${'a'.repeat(61)}, 17-8-1970`,
  'x'.repeat(2001),
] as const;

describe('birth', () => {
  it.each(complete)('reads %j as %s', (text, shown) => {
    const parsed = parse(birth, text);
    expect(parsed.kind).toBe('ok');
    expect(wordsOf(parsed)).toBe(shown);
  });

  it.each(refused)('asks again after %j', (text) => {
    expect(parse(birth, text).kind).toBe('again');
  });

  it.each<readonly [string, Json, string]>([
    ['17-8-1970', null, 'Di kabupaten atau kota mana tempat lahirnya?'],
    ['Semarang', null, 'Tanggal berapa lahirnya?'],
    ['Blora', { tempat: 'Semarang' }, 'Tempat lahir: Blora.'],
  ])('after %j with %j it asks for the rest', (text, state, question) => {
    const parsed = parse(birth, text, { state });
    expect(parsed.kind).toBe('more');
    expect(wordsOf(parsed)).toContain(question);
  });

  it.each<readonly [string, Json]>([
    ['Semarang', { tanggal: '1970-08-17' }],
    ['di Semarang', { tanggal: '1970-08-17' }],
    ['17-8-70', { tempat: 'Semarang' }],
    ['Semarang 17-8-70', { tempat: 'Blora' }],
  ])('completes %j with %j', (text, state) => {
    const value = { tempat: 'Semarang', tanggal: '1970-08-17' };
    expect(parse(birth, text, { state })).toEqual({
      kind: 'ok',
      value,
      readback: 'Semarang, 17 Agustus 1970',
    });
  });

  it('takes a bare year where it may', () => {
    const parsed = parse(birth, 'Semarang, tahun 1950', { options: { 'year-only': true } });
    expect(wordsOf(parsed)).toBe('Semarang, 1950');
  });
});

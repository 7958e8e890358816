import { describe, expect, it } from 'vitest';
import { birth } from '../../../src/flow/inputs/birth.js';
import type { Json } from '../../../src/flow/json.js';
import { parse, wordsOf } from '../../support/inputs.js';

describe('birth', () => {
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
});

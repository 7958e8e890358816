import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { birth } from '../../../src/flow/inputs/birth.js';
import type { Json } from '../../../src/flow/json.js';
import { titleCase } from '../../../src/flow/text.js';
import { contextFor, parse, wordsOf } from '../../support/inputs.js';
import { loadRegions } from '../../support/regions.js';
import { sized } from '../../support/size.js';
import { Talk } from '../rig.js';

const regions = await loadRegions();

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

  it.each<readonly [readonly string[], string]>([
    [['umur saya 67 tahun', '1959', 'Semarang'], 'Saya catat: *Semarang, 1959*.'],
    [['Semarang, umur 67', '2'], 'Saya catat: *Semarang, 1958*.'],
    [['Semarang, umur 67', 'bukan', 'Semarang 17-8-1959'], 'Saya catat: *Semarang, 17 Agustus 1959*.'],
    [['Semarang Agustus 1970', '17'], 'Saya catat: *Semarang, 17 Agustus 1970*.'],
    [['Agustus 1970', 'lupa', 'Semarang'], 'Saya catat: *Semarang, 1970*.'],
    [['17-8-1970', 'ya'], 'Tempat lahirnya belum dapat kami baca'],
    [['tidak tahu tanggalnya, Semarang', '1950'], 'Saya catat: *Semarang, 1950*.'],
  ])('after %j a registration says %j', (said, says) => {
    const talk = new Talk();
    talk.say('daftar', 'SETUJU', 'ya', 'Sri Contohwati');
    expect(talk.say(...said).join(' ')).toContain(says);
  });

  it('takes every region of the province for a place', () => {
    const taken = (text: string) => {
      const parsed = parse(birth, text);
      return parsed.kind === 'ok' ? Object(parsed.value).tempat : parsed.kind;
    };
    const lost = new Set(
      regions.map(({ name }) => name).filter((name) => taken(`${name}, 17-8-1970`) !== titleCase(name)),
    );
    // Before a date these two are "month" and "Saturday"; the place is asked for then.
    expect([...lost].sort()).toEqual(['Bulan', 'Setu']);
  });

  it('understands what it reads back as the same', () => {
    const context = contextFor(birth, { options: { 'year-only': true } });
    const words = fc.constantFrom(
      ...'Semarang kab. di Banget mas pak umur 67 tahun tujuh belas agustus 1970 17-8-70 / VIII lupa mau jam 5 jaman kira-kira Jadi , ( Sala Tiga'.split(
        ' ',
      ),
    );
    const typed = fc.array(words, { maxLength: 9 }).map((some) => some.join(' '));
    fc.assert(
      fc.property(typed, (text) => {
        const parsed = birth.parse(text, context);
        if (parsed.kind !== 'ok') return;
        expect(birth.parse(parsed.readback ?? '', context)).toEqual(parsed);
      }),
      { numRuns: sized(500, 5000) },
    );
  });
});

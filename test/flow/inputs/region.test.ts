import { describe, expect, it } from 'vitest';
import { region } from '../../../src/flow/inputs/region.js';
import type { Json } from '../../../src/flow/json.js';
import type { Region } from '../../../src/flow/regions.js';
import { parse, wordsOf } from '../../support/inputs.js';
import { loadRegionIndex, loadRegions } from '../../support/regions.js';

const rows = await loadRegions();
const regions = await loadRegionIndex();
const read = (text: string, state: Json = null) => parse(region, text, { regions, state });

/** Where an answer leads: a code reached, the candidates offered, or nothing. */
function endOf(text: string, state: Json = null): string {
  const parsed = read(text, state);
  if (parsed.kind === 'ok') return String(Object(parsed.value).kode);
  if (parsed.kind === 'more') return String(parsed.state);
  return parsed.kind === 'did-you-mean' ? parsed.candidates.map(({ label }) => label).join(' | ') : '-';
}

const regencies: readonly (readonly [string, string])[] = [
  ['Grobogan', '33.15'],
  ['grobogan', '33.15'],
  ['GROBOGAN', '33.15'],
  ['Kab. Grobogan', '33.15'],
  ['kab.grobogan', '33.15'],
  ['Kabupaten Grobogan', '33.15'],
  ['kabgrobogan', '33.15'],
  ['grabagan', '33.15'],
  ['Purwodadi', '33.15'],
  ['kota purwodadi', '33.15'],
  ['Solo', '33.72'],
  ['kota solo', '33.72'],
  ['Sala', '33.72'],
  ['Surakarta', '33.72'],
  ['purwokerto', '33.02'],
  ['pwt', '33.02'],
  ['Mungkid', '33.08'],
  ['Slawi', '33.28'],
  ['Kajen', '33.26'],
  ['Ungaran', '33.22'],
  ['skh', '33.11'],
  ['kab smg', '33.22'],
  ['kota smg', '33.74'],
  ['Kab. Semarang', '33.22'],
  ['kabupaten semarang', '33.22'],
  ['Kota Semarang', '33.74'],
  ['kodya semarang', '33.74'],
  ['kota pkl', '33.75'],
  ['kab tegal', '33.28'],
  ['Kota Tegal', '33.76'],
  ['Kota Magelang', '33.71'],
  ['kab magelang', '33.08'],
  ['sala tiga', '33.73'],
  ['Kota Demak', '33.21'],
  ['kr anyar', '33.13'],
  ['Wonasaba', '33.07'],
  ['kab. Semarang, Jawa Tengah', '33.22'],
];

const several: readonly (readonly [string, Json, string])[] = [
  ['Semarang', null, 'Kabupaten Semarang | Kota Semarang'],
  ['smg', null, 'Kabupaten Semarang | Kota Semarang'],
  ['semrang', null, 'Kabupaten Semarang | Kota Semarang'],
  ['Magelang', null, 'Kabupaten Magelang | Kota Magelang'],
  ['Pekalongan', null, 'Kabupaten Pekalongan | Kota Pekalongan'],
  ['pkl', null, 'Kabupaten Pekalongan | Kota Pekalongan'],
  ['Tegal', null, 'Kabupaten Tegal | Kota Tegal'],
  ['Mijen, Semarang', null, 'Kabupaten Semarang | Kota Semarang'],
  ['kota semrang', null, 'Kota Semarang'],
  ['Grobogn', null, 'Kabupaten Grobogan'],
  ['Kec. Toro', '33.15', 'Kecamatan Toroh'],
  ['Grobogan, Toro', null, 'Kecamatan Toroh'],
  ['Klaten', '33.10', 'Kecamatan Klaten Utara | Kecamatan Klaten Tengah | Kecamatan Klaten Selatan'],
  ['Wonokrto', '33.12.12', 'Kelurahan Wonokarto | Desa Wonokerto'],
  ['Temanggung', '33.23.03', 'Kelurahan Temanggung I | Kelurahan Temanggung II'],
  ['Wonosari, Kebonagung', null, '-'],
];

const deeper: readonly (readonly [string, Json, string])[] = [
  ['Toroh', '33.15', '33.15.04'],
  ['kec toroh', '33.15', '33.15.04'],
  ['Kec.Toroh', '33.15', '33.15.04'],
  ['kec tora', '33.15', 'Kecamatan Toroh'],
  ['Klaten utr', '33.10', '33.10.24'],
  ['smg tgh', '33.74', '33.74.01'],
  ['Kota Kudus', '33.19', '33.19.02'],
  ['Kec. Kota Kudus', '33.19', '33.19.02'],
  ['Sindurejo', '33.15.04', '33.15.04.2005'],
  ['ds sindurejo', '33.15.04', '33.15.04.2005'],
  ['Desa Sindu Rejo', '33.15.04', '33.15.04.2005'],
  ['Kelurahan Sindurejo', '33.15.04', '33.15.04.2005'],
  ['temanggung 1', '33.23.03', '33.23.03.1001'],
  ['Temanggung II', '33.23.03', '33.23.03.1002'],
  ['Kelurahan', '33.22.08', '33.22.08.2003'],
  ['Desa Kelurahan', '33.22.08', '33.22.08.2003'],
  ['Kabupaten', '33.10.25', '33.10.25.1002'],
  ['Kelurahan Kabupaten', '33.10.25', '33.10.25.1002'],
  ['Kab. Demak', '33.15', '33.21'],
  ['Kebonagung, Demak', '33.15.04', '33.21.14'],
];

const atOnce: readonly (readonly [string, string])[] = [
  ['Desa Sindurejo, Kec. Toroh, Kab. Grobogan', '33.15.04.2005'],
  ['Sindurejo, Toroh, Grobogan', '33.15.04.2005'],
  ['Grobogan, Toroh, Sindurejo', '33.15.04.2005'],
  ['Kab. Grobogan; Kec. Toroh; Desa Sindurejo', '33.15.04.2005'],
  ['Kec. Toroh, Desa Sindurejo, Kab. Grobogan', '33.15.04.2005'],
  ['Grobogan\nToroh\nSindurejo', '33.15.04.2005'],
  ['Desa Sindurejo Kec Toroh Kab Grobogan', '33.15.04.2005'],
  ['ds. sindurejo kec. toroh kab. grobogan', '33.15.04.2005'],
  ['sindurejo toroh grobogan', '33.15.04.2005'],
  ['RT 1 RW 2, Desa Sindurejo, Kec. Toroh, Kab. Grobogan, Jawa Tengah 58171', '33.15.04.2005'],
  ['Dusun Contoh, Desa Sindurejo, Toroh, Purwodadi', '33.15.04.2005'],
  ['Toroh Grobogan', '33.15.04'],
  ['Grobogan Toroh', '33.15.04'],
  ['Toroh, Grobogan', '33.15.04'],
  ['Kec. Jambu, Kab. Semarang', '33.22.08'],
  ['Kelurahan, Jambu, Kab Semarang', '33.22.08.2003'],
  ['Desa Kabupaten, Klaten Tengah, Klaten', '33.10.25.1002'],
  ['Dukuh Tengah, Ketanggungan, Brebes', '33.29.16.2009'],
  ['Karanganyar, Karanganyar, Demak', '33.21.09.2012'],
];

const refused: readonly (readonly [string, Json])[] = [
  ...[
    '',
    '.',
    ',',
    ',,,',
    '👍',
    'ya',
    'tidak',
    'mbuh',
    '1',
    '33.15',
    'Toroh',
    'Sindurejo',
    'Desa Sindurejo',
    'xyz',
    'Jakarta',
    'Surabaya',
    'Kab. Bandung',
    'Jawa Tengah',
    'kota',
    'kab',
    'Kabupaten',
    'desa',
    'gro',
    'Sema',
    'So',
    'Krw',
    'Indonesia',
    'saya dari Jawa',
    '\u202e',
    'Solo Solo Solo Solo',
    'constructor',
    '__proto__',
    'kab constructor',
    'Grob',
    'x'.repeat(2001),
    'a,b,c,d,e,f,g,h',
    'saya tidak tahu nama kabupaten saya',
    'Kecamatan',
    'Banyu',
  ].map((text): readonly [string, Json] => [text, null]),
  ['Demak', '33.15'],
  ['Sindurejo', '33.15'],
  ['Toroh', '33.15.04.2005.1'],
  ['Grob', '33.15.04'],
  ['Xyz', '33.15.04'],
];

describe('region', () => {
  it.each(regencies)('reads %j as regency %s', (text, code) => {
    expect(endOf(text)).toBe(code);
  });

  it.each(several)('asks back after %j (at %j): %s', (text, state, labels) => {
    expect(endOf(text, state)).toBe(labels);
  });

  it.each(deeper)('reads %j below %j as %s', (text, state, code) => {
    expect(endOf(text, state)).toBe(code);
  });

  it.each(atOnce)('reads %j at once as %s', (text, code) => {
    expect(endOf(text)).toBe(code);
  });

  it.each(refused)('asks again after %j (at %j)', (text, state) => {
    expect(read(text, state).kind).toBe('again');
  });

  it('names what was understood and what was not', () => {
    expect(wordsOf(read('Grobogan'))).toBe('Kabupaten Grobogan. Kecamatan apa?');
    expect(wordsOf(read('Toroh', '33.15'))).toBe(
      'Kecamatan Toroh, Kabupaten Grobogan. Desa atau kelurahan apa?',
    );
    expect(wordsOf(read('Kab. Grobogan, Kec. Xyzzy'))).toContain('“Kec. Xyzzy” belum kami temukan');
  });

  it('always reads back in full', () => {
    const full = 'Desa Sindurejo, Kecamatan Toroh, Kabupaten Grobogan';
    const parsed = read('Sindurejo', '33.15.04');
    expect(wordsOf(parsed)).toBe(full);
    expect(parsed.kind === 'ok' && region.type({}).show(parsed.value)).toBe(full);
  });
});

describe('region index on all rows', () => {
  const codeOf = (row: Region, text: string) => {
    const match = regions.find(row.level, row.parent, text);
    return match.kind === 'one' && match.exact ? match.region.code : match.kind;
  };
  const respelled = (name: string) =>
    name.toLowerCase().replaceAll('dh', 'd').replaceAll('th', 't').replaceAll('o', 'a');
  const bare = (name: string) => respelled(name).replace(/[^a-z]/g, '');
  const isTwin = (row: Region) =>
    rows.some((other) => other !== row && other.parent === row.parent && other.name === row.name);

  it('has the rows of the official table', () => {
    const counted = ['regency', 'district', 'village'].map(
      (level) => rows.filter((row) => row.level === level).length,
    );
    expect(counted).toEqual([35, 576, 8563]);
  });

  it('finds every region by its exact name, and the four twins never', () => {
    const wrong = rows.filter((row) => codeOf(row, row.name) !== (isTwin(row) ? 'several' : row.code));
    expect(wrong.map(({ name }) => name)).toEqual([]);
    expect(rows.filter(isTwin)).toHaveLength(8);
  });

  it('finds every region with its kind before it, without spaces, in capitals', () => {
    const wrong = rows.filter((row) => {
      const forms = [
        `${row.kind} ${row.name}`,
        `${row.kind} ${row.name}`.toUpperCase(),
        `${row.kind}. ${row.name.replaceAll(' ', '')}`,
      ];
      return forms.some((form) => codeOf(row, form) !== row.code);
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('finds every village in the other spelling: o/a, dh/d, th/t', () => {
    const exact = new Set(rows.map((row) => `${row.parent} ${row.name.toLowerCase()}`));
    const wrong = rows.filter((row) => {
      const other = respelled(row.name);
      return (
        row.level === 'village' && !exact.has(`${row.parent} ${other}`) && codeOf(row, other) !== row.code
      );
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('takes a text with a letter missing for sure only when it is another spelling', () => {
    const villages = rows.filter((row) => row.level === 'village' && row.name.length > 5);
    const surely = villages.flatMap((row) => {
      const text = `${row.name.slice(0, 3)}${row.name.slice(4)}`;
      const match = regions.find('village', row.parent, text);
      return match.kind === 'one' && match.exact ? [[bare(text), bare(match.region.name)]] : [];
    });
    expect(surely.filter(([typed, name]) => typed !== name)).toEqual([]);
  });

  it.each([
    ['33.12.12', 'Wonokarto', '33.12.12.1015'],
    ['33.12.12', 'Wonokerto', '33.12.12.2013'],
    ['33.12.21', 'Jatipurno', '33.12.21.1005'],
    ['33.12.21', 'Jatipurwo', '33.12.21.2003'],
    ['33.13.01', 'Jatipuro', '33.13.01.2003'],
    ['33.06.02', 'Wonosri', '33.06.02.2014'],
    ['33.06.02', 'Wonosari', '33.06.02.2013'],
  ])('tells the near names apart: %s %s', (parent, name, code) => {
    expect(regions.find('village', parent, name)).toMatchObject({
      kind: 'one',
      exact: true,
      region: { code },
    });
  });

  it('looks one level below the parent only', () => {
    expect(regions.find('village', '33.15', 'Toroh').kind).toBe('none');
    expect(regions.find('district', '33', 'Toroh').kind).toBe('none');
    expect(regions.get('33.15.04.2005')?.name).toBe('Sindurejo');
    expect(regions.get('99')).toBeUndefined();
  });
});

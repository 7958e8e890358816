import { describe, expect, it } from 'vitest';
import { region } from '../../../src/flow/inputs/region.js';
import type { Json } from '../../../src/flow/json.js';
import type { Region } from '../../../src/flow/regions.js';
import { parse, wordsOf } from '../../support/inputs.js';
import { loadRegionIndex, loadRegions } from '../../support/regions.js';

const rows = await loadRegions();
const regions = await loadRegionIndex();
const read = (text: string, state: Json = null) => parse(region, text, { regions, state });

describe('region', () => {
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
    expect(parsed.kind === 'ok' && region.type({ level: 'village' }).show(parsed.value)).toBe(full);
  });

  it.each([
    ['regency', 'Kabupaten Grobogan', { kode: '33.15', kabupaten: 'Kabupaten Grobogan' }],
    [
      'district',
      'Kecamatan Toroh, Kabupaten Grobogan',
      { kode: '33.15.04', kecamatan: 'Kecamatan Toroh', kabupaten: 'Kabupaten Grobogan' },
    ],
  ] as const)('down to the %s it says and holds no more than that', (level, full, value) => {
    const parsed = parse(region, 'Sindurejo, Toroh, Grobogan', { regions, options: { level } });
    expect(parsed).toEqual({ kind: 'ok', value, readback: full });
    expect(region.type({ level }).show(value)).toBe(full);
  });

  it('is a region to actions only down to the village', () => {
    const levels = ['regency', 'district', 'village'] as const;
    expect(levels.map((level) => region.type({ level }).name)).toEqual(['regency', 'district', 'region']);
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
  const nameOf = ({ parent, name }: Region) => `${parent} ${name}`;
  const named = rows.map(nameOf).toSorted();
  const twins = new Set(named.filter((name, at) => name === named[at + 1]));
  const isTwin = (row: Region) => twins.has(nameOf(row));

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

  it.each([
    ['Solo', '33.72'],
    ['Purwokerto', '33.02'],
    ['Mungkid', '33.08'],
    ['Purwodadi', '33.15'],
    ['Slawi', '33.28'],
    ['Kajen', '33.26'],
    ['Ungaran', '33.22'],
  ])('knows the everyday name %s from a name', (name, code) => {
    expect(regions.find('regency', '33', name)).toMatchObject({ everyday: true, region: { code } });
    const real = regions.get(code);
    expect(regions.find('regency', '33', `${real?.kind} ${real?.name}`)).toMatchObject({ everyday: false });
  });

  it('looks one level below the parent only', () => {
    expect(regions.find('village', '33.15', 'Toroh').kind).toBe('none');
    expect(regions.find('district', '33', 'Toroh').kind).toBe('none');
    expect(regions.get('33.15.04.2005')?.name).toBe('Sindurejo');
    expect(regions.get('99')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { year } from '../../../src/flow/inputs/year.js';
import { parse, valueFrom } from '../../support/inputs.js';

describe('year', () => {
  it.each([
    ['1998', 1998],
    ['98', 1998],
    ["'98", 1998],
    ['05', 2005],
    ['th 98', 1998],
    ['th. 98', 1998],
    ['thn 1998', 1998],
    ['tahun 1998', 1998],
    ['sejak 2005', 2005],
    ['sejak tahun 2005 pak', 2005],
    ['mulai 1998', 1998],
    ['sekitar tahun 1998', 1998],
    ['1990-an', 1990],
    ['2OO5', 2005],
    ['l998', 1998],
    ['１９９８', 1998],
    ['17 agustus 1998', 1998],
    ['agustus 1998', 1998],
    ['17-8-1998', 1998],
    ['jadi PSM 1998', 1998],
    ['2026', 2026],
    ['1945', 1945],
  ])('reads %j as %d', (text, value) => {
    expect(valueFrom(parse(year, text, { options: { past: true } }))).toBe(value);
  });

  it.each([
    '',
    'ya',
    'lupa',
    'belum tahu',
    '👍',
    '1',
    '199',
    '19988',
    '1944',
    '30',
    '2027',
    '1998 2005',
    '1998-2005',
    '98 05',
    '17-8-98',
    '081200000001',
    '9901014107700001',
    'RT 5 tahun',
    '9'.repeat(2001),
  ])('asks again after %j', (text) => {
    expect(parse(year, text, { options: { past: true } }).kind).toBe('again');
  });

  it.each(['5 tahun lalu', 'sudah 5 tahun yang lalu', '5 th lalu'])('asks back what %j means', (text) => {
    expect(parse(year, text)).toMatchObject({ kind: 'confirm', value: 2021 });
  });

  it('takes a later year when it may', () => {
    expect(valueFrom(parse(year, '30'))).toBe(2030);
    expect(valueFrom(parse(year, '9999'))).toBe('(again)');
  });
});

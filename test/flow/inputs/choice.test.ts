import { describe, expect, it } from 'vitest';
import { choice, matchChoice } from '../../../src/flow/inputs/choice.js';
import { parse, valueFrom } from '../../support/inputs.js';

const rsvp = [
  { id: 'hadir', label: 'Hadir', also: ['datang', 'hdr', 'rawuh'] },
  { id: 'absen', label: 'Tidak hadir', also: ['berhalangan', 'izin'] },
  { id: 'wakil', label: 'Diwakilkan' },
  { id: 'petugas', label: 'Hubungi petugas' },
] as const;

const found: readonly (readonly [string, string])[] = [
  ['1', 'hadir'],
  ['1.', 'hadir'],
  ['(1)', 'hadir'],
  ['1️⃣', 'hadir'],
  ['l', 'hadir'],
  ['no 1', 'hadir'],
  ['no. 2', 'absen'],
  ['nomor satu', 'hadir'],
  ['nomor 3', 'wakil'],
  ['yang pertama', 'hadir'],
  ['yang ke 2', 'absen'],
  ['yang ke-2', 'absen'],
  ['ke3', 'wakil'],
  ['pilihan 4', 'petugas'],
  ['saya pilih 4', 'petugas'],
  ['kalih', 'absen'],
  ['telu', 'wakil'],
  ['hadir', 'hadir'],
  ['HADIR', 'hadir'],
  ['Hadir.', 'hadir'],
  ['hdr', 'hadir'],
  ['rawuh', 'hadir'],
  ['tidak hadir', 'absen'],
  ['absen', 'absen'],
  ['izin', 'absen'],
  ['tidak', 'absen'],
  ['diwakilkan', 'wakil'],
  ['wakil', 'wakil'],
  ['diwa', 'wakil'],
  ['petugas', 'petugas'],
  ['hub', 'petugas'],
  ['saya pilih hadir pak', 'hadir'],
  ['pak hadir', 'hadir'],
];

const unsure: readonly (readonly [string, readonly string[]])[] = [
  ['hadirr', ['hadir']],
  ['hadr', ['hadir']],
  ['tidak hadr', ['absen']],
  ['petgas', ['petugas']],
  ['diwakilkn', ['wakil']],
];

const missed =
  '|0|5|99|no 9|ya|👍|saya tidak bisa hadir|ha|xyz|nomor|pak|hadir dan tidak hadir|insya Allah hadir|12345|constructor';

describe('choice', () => {
  it.each(found)('finds %j', (text, id) => {
    expect(matchChoice(text, rsvp)).toEqual({ kind: 'one', id });
  });

  it.each(unsure)('is unsure about %j', (text, ids) => {
    expect(matchChoice(text, rsvp)).toEqual({ kind: 'unsure', ids });
  });

  it.each(missed.split('|'))('does not find %j', (text) => {
    expect(matchChoice(text, rsvp)).toEqual({ kind: 'none' });
  });

  it('asks when a part fits several', () => {
    const lists = ['SK lama', 'SK baru'].map((label, index) => ({ id: String(index + 10), label }));
    expect(matchChoice('lama', lists)).toEqual({ kind: 'one', id: '10' });
    expect(matchChoice('SK bar', lists)).toEqual({ kind: 'one', id: '11' });
    expect(matchChoice('sk lamu', lists)).toEqual({ kind: 'unsure', ids: ['10'] });
  });

  const options = { choices: { L: 'Laki-laki', P: { label: 'Perempuan', also: ['wanita', 'putri'] } } };

  it.each([
    ['laki laki', 'L'],
    ['L', 'L'],
    ['2', 'P'],
    ['wanita', 'P'],
    ['perem', 'P'],
    ['perempuam', '(did-you-mean)'],
    ['', '(again)'],
    ['x'.repeat(2001), '(again)'],
  ])('as an input reads %j as %s', (text, value) => {
    expect(valueFrom(parse(choice, text, { options }))).toBe(value);
  });

  it('knows its type', () => {
    const type = choice.type(choice.options.parse(options));
    expect(type.cases).toEqual(['L', 'P']);
    expect(type.show('P')).toBe('Perempuan');
  });

  it.each([
    { choices: {} },
    { choices: { a: 'Sama', b: 'sama' } },
    { choices: { a: 'Satu', b: { label: 'Dua', also: ['satu'] } } },
    { choices: { a: '👍' } },
  ])('refuses settings that cannot be told apart: %j', (settings) => {
    expect(choice.options.safeParse(settings).success).toBe(false);
  });
});

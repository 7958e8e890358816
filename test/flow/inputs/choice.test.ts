import { describe, expect, it } from 'vitest';
import { choice } from '../../../src/flow/inputs/choice.js';
import { matchChoice } from '../../../src/flow/matching.js';

const rsvp = [
  { id: 'hadir', label: 'Hadir', also: ['datang', 'hdr', 'rawuh'] },
  { id: 'absen', label: 'Tidak hadir', also: ['berhalangan', 'izin'] },
  { id: 'wakil', label: 'Diwakilkan' },
  { id: 'petugas', label: 'Hubungi petugas' },
] as const;

const unsure: readonly (readonly [string, readonly string[]])[] = [['isin', ['absen']]];

describe('choice', () => {
  it.each(unsure)('is unsure about %j', (text, ids) => {
    expect(matchChoice(text, rsvp)).toEqual({ kind: 'unsure', ids });
  });

  it('asks when a part fits several', () => {
    const lists = ['SK lama', 'SK baru'].map((label, index) => ({ id: String(index + 10), label }));
    expect(matchChoice('lama', lists)).toEqual({ kind: 'one', id: '10' });
    expect(matchChoice('SK bar', lists)).toEqual({ kind: 'one', id: '11' });
    expect(matchChoice('sk lamu', lists)).toEqual({ kind: 'one', id: '10' });
    expect(matchChoice('SK bari', [...lists, { id: '12', label: 'SK hari' }])).toEqual({
      kind: 'unsure',
      ids: ['11', '12'],
    });
  });

  const options = { choices: { L: 'Laki-laki', P: { label: 'Perempuan', also: ['wanita', 'putri'] } } };

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

import { describe, expect, it } from 'vitest';
import { moment } from '../../../src/flow/inputs/moment.js';
import { parse, valueFrom, wordsOf } from '../../support/inputs.js';

const value = { tanggal: '2026-11-30', jam: '09:30' };

describe('moment', () => {
  it('is read back with weekday, day and time', () => {
    const parsed = parse(moment, 'Senin depan jam setengah 10 pagi');
    expect(valueFrom(parsed)).toEqual(value);
    expect(wordsOf(parsed)).toBe('Senin, 30 November 2026 pukul 09.30 WIB');
  });

  it('shows itself and its parts', () => {
    const type = moment.type({});
    expect(type.show(value)).toBe('Senin, 30 November 2026 pukul 09.30 WIB');
    expect(type.fields?.tanggal?.show(value.tanggal)).toBe('30 November 2026');
    expect(type.fields?.jam?.show(value.jam)).toBe('pukul 09.30 WIB');
  });

  it('offers only what is still to come, with the time already said', () => {
    expect(parse(moment, 'Selasa jam 9')).toMatchObject({
      candidates: [{ answer: '1 Desember 2026 pukul 09.00' }],
    });
    expect(parse(moment, 'Selasa jam 11')).toMatchObject({
      candidates: [{ answer: '24 November 2026 pukul 11.00' }, { answer: '1 Desember 2026 pukul 11.00' }],
    });
  });

  it('counts days in Western Indonesian time', () => {
    const now = new Date('2026-11-23T17:30:00Z');
    expect(valueFrom(parse(moment, 'hari ini jam 9', { now }))).toEqual({
      tanggal: '2026-11-24',
      jam: '09:00',
    });
  });
});

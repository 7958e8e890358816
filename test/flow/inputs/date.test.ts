import { describe, expect, it } from 'vitest';
import { date } from '../../../src/flow/inputs/date.js';
import { parse, valueFrom, wordsOf } from '../../support/inputs.js';

/** A day of each week, at noon in Western Indonesian time. */
const monday = new Date('2026-11-23T05:00:00Z');
const sunday = new Date('2026-11-29T05:00:00Z');
const upcoming = { upcoming: true };

describe('date', () => {
  it.each([
    [monday, 'Senin depan', '2026-11-30'],
    [monday, 'Minggu', '2026-11-29'],
    [monday, 'Senin ini', '2026-11-23'],
    [sunday, 'Senin depan', '2026-11-30'],
    [sunday, 'Minggu ini', '(did-you-mean)'],
    [sunday, 'Minggu', '(did-you-mean)'],
    [sunday, 'Sabtu depan', '2026-12-05'],
    [sunday, 'besok', '2026-11-30'],
    [new Date('2026-12-31T05:00:00Z'), 'tanggal 5', '2027-01-05'],
    [new Date('2027-01-31T05:00:00Z'), 'tanggal 30', '(again)'],
    [new Date('2027-01-31T05:00:00Z'), '29 Februari', '2028-02-29'],
    [new Date('2027-01-31T05:00:00Z'), '30 Januari', '2028-01-30'],
  ])('on %o it reads %j as %s', (now, text, iso) => {
    expect(valueFrom(parse(date, text, { now, options: upcoming }))).toBe(iso);
  });

  it('says the weekday of what is to come', () => {
    expect(wordsOf(parse(date, 'besok', { options: upcoming }))).toBe('Rabu, 25 November 2026');
    expect(wordsOf(parse(date, 'besok'))).toBe('25 November 2026');
  });

  it('cannot lie in the past and ahead', () => {
    expect(date.options.safeParse({ past: true, upcoming: true }).success).toBe(false);
  });

  it('counts days in Western Indonesian time', () => {
    const late = { now: new Date('2026-11-23T17:30:00Z'), options: { past: true } };
    expect(valueFrom(parse(date, 'hari ini', late))).toBe('2026-11-24');
  });

  it.each([
    ['1970-08-17', '17 Agustus 1970'],
    ['1970', '1970'],
    ['', ''],
  ])('shows %s as %s', (value, shown) => {
    expect(date.type({}).show(value)).toBe(shown);
  });
});

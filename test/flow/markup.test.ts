import { describe, expect, it } from 'vitest';
import { boldPlaces, boldRuns } from '../../src/flow/markup.js';

describe('bold', () => {
  it.each([
    ['biasa *tebal* biasa', ['biasa ', '*tebal*', ' biasa']],
    ['*dua kata*', ['*dua kata*']],
    ['*a* dan *b*', ['*a*', ' dan ', '*b*']],
    ['3*4*5', ['3*4*5']],
    ['* bukan *', ['* bukan *']],
    ['*tidak\nselesai*', ['*tidak\nselesai*']],
    ['*Rp5.000*.', ['*Rp5.000*', '.']],
  ])('shows the marks of %j', (text, runs) => {
    expect(boldRuns(text).map((run) => (run.bold ? `*${run.text}*` : run.text))).toEqual(runs);
  });

  it.each([
    ['a *b* c *d e*', 99, ['*b*', '*d e*']],
    ['a *b* c *d e*', 5, ['*b*']],
    ['a *b c', 99, []],
    ['*semua*', 1, ['*semua*']],
  ])('lies in %j up to %i at %j', (text, limit, places) => {
    expect(boldPlaces(text, limit).map(({ start, end }) => text.slice(start, end))).toEqual(places);
  });
});

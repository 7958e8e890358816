import { describe, expect, it } from 'vitest';
import { location } from '../../../src/flow/inputs/location.js';
import { contextFor, parse } from '../../support/inputs.js';

const here = { lintang: -7.05, bujur: 110.4 };

function shared(latitude: number, longitude: number) {
  return location.take?.({ kind: 'place', latitude, longitude }, contextFor(location)) ?? null;
}

describe('location', () => {
  it('reads back what it read', () => {
    expect(parse(location, '-7.05, 110.4')).toEqual({
      kind: 'ok',
      value: here,
      readback: 'lokasi 7,0500° LS, 110,4000° BT',
    });
  });

  it.each([
    ['the south without its minus', 7.05, 110.4],
    ['the one before the other', 110.4, -7.05],
    ['both', 110.4, 7.05],
  ])('asks back what was mixed up: %s', (_, one, other) => {
    const question = 'Apakah yang dimaksud 7,0500° LS, 110,4000° BT?';
    expect(parse(location, `${one}, ${other}`)).toMatchObject({ kind: 'confirm', value: here, question });
    expect(shared(one, other)).toMatchObject({ kind: 'confirm', value: here, question });
  });

  it.each([
    ['Yogyakarta is inside the box, which is no border', -7.8, 110.36, 'ok'],
    ['Karimunjawa', -5.85, 110.43, 'ok'],
    ['Cepu', -7.15, 111.59, 'ok'],
    ['Brebes', -6.87, 108.9, 'ok'],
    ['Jakarta', -6.2, 106.8, 'confirm'],
    ['Surabaya', -7.26, 112.75, 'confirm'],
    ['the middle of nowhere', 0, 0, 'confirm'],
  ])('%s', (_, latitude, longitude, kind) => {
    expect(shared(latitude, longitude)?.kind).toBe(kind);
  });

  it('says which place it asks about', () => {
    expect(shared(-6.2, 106.8)).toMatchObject({
      value: { lintang: -6.2, bujur: 106.8 },
      question: 'Lokasi 6,2000° LS, 106,8000° BT berada di luar Jawa Tengah. Apakah lokasi itu benar?',
    });
  });

  it('a file is none', () => {
    expect(
      location.take?.({ kind: 'unusable-file', why: 'gone', size: null }, contextFor(location)),
    ).toBeNull();
  });

  it('shows and gives its parts', () => {
    const type = location.type({});
    expect(type.show(here)).toBe('7,0500° LS, 110,4000° BT');
    expect(Object.keys(type.fields ?? {})).toEqual(['lintang', 'bujur']);
  });
});

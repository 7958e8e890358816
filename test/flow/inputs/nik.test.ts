import { describe, expect, it } from 'vitest';
import { nik } from '../../../src/flow/inputs/nik.js';
import { parse, wordsOf } from '../../support/inputs.js';

const plain = '9901014107700001';

describe('nik', () => {
  it('looks at nothing that was not pointed to', () => {
    expect(parse(nik, plain).kind).toBe('ok');
  });

  it('never says the whole number', () => {
    const doubted = parse(nik, plain, { refs: { born: '1950-01-01', sex: 'L' } });
    const said = [plain, '99010141077000011', '9901014107700000'].map((text) => wordsOf(parse(nik, text)));
    for (const words of [...said, wordsOf(doubted)]) expect(words).not.toMatch(/\d{9}/);
    expect(nik.type({}).show(plain)).toBe('9901••••••••0001');
  });

  it.each([
    ['9901010101080001', '2008-01-01'],
    ['9901010101090001', '1909-01-01'],
    ['9901012902000001', '2000-02-29'],
  ])('reads the century of %s', (text, born) => {
    expect(parse(nik, text, { refs: { born } }).kind).toBe('ok');
    const doubted = parse(nik, text, { refs: { born: '1955-05-05' } });
    expect(wordsOf(doubted)).toContain(born.slice(0, 4));
  });
});

import { describe, expect, it } from 'vitest';
import { nik } from '../../../src/flow/inputs/nik.js';
import { parse, valueFrom, wordsOf } from '../../support/inputs.js';

const plain = '9901014107700001';

const spelled = [
  plain,
  ` ${plain} `,
  '9901 0141 0770 0001',
  '990101 410770 0001',
  '9901-0141-0770-0001',
  '9901.0141.0770.0001',
  '9901 0141.0770-0001',
  '99O1O141O77OOOO1',
  '99o1o141o77oooo1',
  '990l0l4l0770000l',
  '99I1'.replace('99I1', '990I0I4I0770000I'),
  '990|0|4|0770000|',
  `NIK ${plain}`,
  `NIK: ${plain}`,
  `nik saya ${plain}`,
  `No. NIK: ${plain}`,
  `Nomor KTP ${plain}`,
  `no ktp: ${plain}`,
  '９９０１０１４１０７７００００１',
  `\u200e${plain}`,
  '9901\u20130141\u20130770\u20130001',
  '9901\n0141\n0770\n0001',
  '9901_0141_0770_0001',
  `${plain}.`,
] as const;

const valid = [
  '9901010107700001',
  '9901013112690001',
  '9901017112690001',
  '9901014101000001',
  '9901012902000001',
  '9901012902680001',
  '9901016902680009',
  '9901013004550123',
  '9901010101450001',
  '9901010101080001',
  '9901010101090001',
  '1101010107700001',
  '3374010107709999',
  '3374014107700010',
  '5301010112500003',
  '9299016808990001',
  '9901013101990001',
  '9901017101990001',
] as const;

const refused = [
  '',
  'ya',
  'tidak',
  'nanti',
  '👍',
  '0',
  '990101410770001',
  '99010141077000011',
  '9901',
  '081200000001',
  '9901014107700000',
  '0001014107700001',
  '0901014107700001',
  '1001014107700001',
  '9901010007700001',
  '9901013207700001',
  '9901014007700001',
  '9901017207700001',
  '9901019907700001',
  '9901010100700001',
  '9901010113700001',
  '9901014199700001',
  '9901013002700001',
  '9901017002700001',
  '9901013104700001',
  '9901013106700001',
  '9901013109700001',
  '9901013111700001',
  '9901012902690001',
  '9901012902710001',
  '990101410770000A',
  'A901014107700001',
  '9901/0141/0770/0001',
  '9901014107700001 9901014107700002',
  'lupa',
  'belum punya',
  '٩٩٠١٠١٤١٠٧٧٠٠٠٠١',
  '99 01 01',
  '-----',
  'NIK',
  'NIK:',
  '9'.repeat(2001),
] as const;

describe('nik', () => {
  it.each(spelled)('reads %j', (text) => {
    expect(valueFrom(parse(nik, text))).toBe(plain);
  });

  it.each(valid)('takes %s, wherever it was registered', (text) => {
    expect(valueFrom(parse(nik, text))).toBe(text);
  });

  it.each(refused)('asks again after %j', (text) => {
    expect(parse(nik, text).kind).toBe('again');
  });

  it.each([
    ['1970-07-01', 'P', 'ok'],
    ['1970-07-01', 'perempuan', 'ok'],
    ['1970', 'P', 'ok'],
    ['1971', 'P', 'confirm'],
    ['1970-07-02', 'P', 'confirm'],
    ['1970-07-01', 'L', 'confirm'],
    ['1970-07-01', 'pria', 'confirm'],
    ['1970-07-01', 'lain', 'ok'],
    ['kacau', null, 'ok'],
    [null, null, 'ok'],
  ])('with birth %j and sex %j it is %s', (born, sex, kind) => {
    expect(parse(nik, plain, { refs: { born, sex } }).kind).toBe(kind);
  });

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

import { describe, expect, it } from 'vitest';
import { inputs } from '../../src/flow/inputs/index.js';
import type { Json } from '../../src/flow/json.js';
import {
  compileTemplate,
  resolveReference,
  type Scope,
  selectKey,
  UnknownVariable,
} from '../../src/flow/template.js';
import { booleanType, choiceType, numberType, textType, type ValueType } from '../../src/flow/types.js';

const typeOf = (name: string): ValueType => {
  const kind = inputs[name];
  return kind?.type(kind.options.parse({})) ?? textType;
};

const types: Readonly<Record<string, ValueType>> = {
  nama: typeOf('person-name'),
  'tanggal-sk': typeOf('date'),
  telepon: typeOf('phone'),
  wilayah: typeOf('region'),
  catatan: textType,
  jumlah: numberType,
  setuju: booleanType,
  sk: choiceType({ ada: 'Ada', 'tanpa-nomor': 'Ada, lupa nomornya', belum: 'Belum ada' }),
};
const scope: Scope = (name) => types[name];

const values: Readonly<Record<string, Json>> = {
  nama: 'SRI CONTOHWATI',
  'tanggal-sk': '2021-07-05',
  telepon: '+6281200000001',
  wilayah: {
    kode: '33.15',
    desa: 'Desa Sindurejo',
    kecamatan: 'Kecamatan Toroh',
    kabupaten: 'Kabupaten Grobogan',
  },
  catatan: '*{nama}* <b>',
  jumlah: 3,
  setuju: true,
  sk: 'tanpa-nomor',
};

function rendered(source: string, given: Readonly<Record<string, Json>> = values): string {
  return compileTemplate(source, scope).render((name) => given[name] ?? null);
}

describe('a text with places for variables', () => {
  it.each([
    ['Selamat pagi.', 'Selamat pagi.'],
    ['  \n Baris satu\nbaris dua \n', 'Baris satu\nbaris dua'],
    ['Bapak/Ibu *{nama}*', 'Bapak/Ibu *Sri Contohwati*'],
    ['{ nama }', 'Sri Contohwati'],
    ['{nama}{nama}', 'Sri ContohwatiSri Contohwati'],
    ['Tanggal {tanggal-sk}.', 'Tanggal 5 Juli 2021.'],
    ['{telepon}', '0812-0000-0001'],
    ['{wilayah}', 'Desa Sindurejo, Kecamatan Toroh, Kabupaten Grobogan'],
    ['{wilayah.kecamatan}', 'Kecamatan Toroh'],
    ['{jumlah} orang, {jumlah, number} orang', '3 orang, 3 orang'],
    ['{setuju}', 'Ya'],
    ['{sk}', 'Ada, lupa nomornya'],
    ['{catatan}', '*{nama}* <b>'],
    ['<b>tebal</b> & "kutip"', '<b>tebal</b> & "kutip"'],
    ["Jum'at, '{'bukan variabel'}'", "Jum'at, {bukan variabel}"],
    ['lalu }', 'lalu }'],
    ['laki-laki 1.5 {nama}', 'laki-laki 1.5 Sri Contohwati'],
    ['{setuju, select, ya {benar} other {salah}}', 'benar'],
    ['{sk, select, ada {punya} tanpa-nomor {lupa} other {belum}}', 'lupa'],
    ['{sk, select, tanpa-nomor {laki-laki, dsb. {nama}} other {}}', 'laki-laki, dsb. Sri Contohwati'],
    ['{sk, select, ada {punya} other {}}', ''],
    ['{wilayah.kode, select, 33.15 {di sini} other {di sana}}', 'di sini'],
    ['{jumlah, plural, =0 {tidak ada} =3 {tiga orang} other {banyak}}', 'tiga orang'],
    ['{jumlah, plural, =0 {tidak ada} other {{jumlah} orang}}', '3 orang'],
  ])('%s', (source, text) => {
    expect(rendered(source)).toBe(text);
  });

  it.each([
    ['{nama}', 'belum diisi'],
    ['{wilayah.desa}', 'belum diisi'],
    ['{nama, select, kosong {tanpa nama} other {ada nama}}', 'tanpa nama'],
    ['{setuju, select, ya {ya} other {lain}}', 'lain'],
  ])('%s, with nothing in it', (source, text) => {
    expect(rendered(source, {})).toBe(text);
  });

  it('tells what it mentions, within choices too', () => {
    const { references } = compileTemplate('{nama} {sk, select, ada {{wilayah.desa}} other {}}', scope);
    expect(references).toEqual([
      { name: 'nama', part: null },
      { name: 'sk', part: null },
      { name: 'wilayah', part: 'desa' },
    ]);
  });

  it.each([
    '{siapa}',
    '{wilayah.provinsi}',
    '{nama.depan}',
    '{siapa, select, other {}}',
    '{nama, select, other {{siapa}}}',
  ])('%s is unknown', (source) => {
    expect(() => compileTemplate(source, scope)).toThrow(UnknownVariable);
  });

  it.each(['{nama', '{}', '{nama, select, ada {x}}', '{nama, date}', '{jumlah, plural, other {#}}'])(
    '%s is refused',
    (source) => {
      expect(() => compileTemplate(source, scope)).toThrow(SyntaxError);
    },
  );

  it('resolves a path to its type', () => {
    expect(resolveReference('wilayah.desa', scope)).toEqual({
      reference: { name: 'wilayah', part: 'desa' },
      type: textType,
    });
  });

  it.each([
    [null, 'kosong'],
    [true, 'ya'],
    [false, 'tidak'],
    [0, '=0'],
    ['ada', 'ada'],
  ] as const)('%j is decided on as %s', (value, key) => {
    expect(selectKey(value)).toBe(key);
  });
});

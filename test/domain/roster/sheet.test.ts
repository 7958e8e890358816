import { expect, test } from 'vitest';
import { tableIn } from '../../../src/domain/roster/columns.js';
import { readSheets } from '../../../src/domain/roster/sheet.js';

const people = [
  ['Nama', 'NIK', 'Tgl Lahir', 'Desa'],
  ['Sri Contohwati', '9901014107700001', '17-8-1970', 'Sindurejo'],
];
const joined = (separator: string) => people.map((cells) => cells.join(separator)).join('\r\n');

test.each([
  ['semicolons', Buffer.from(joined(';'))],
  ['commas', Buffer.from(joined(','))],
  ['tabs', Buffer.from(joined('\t'))],
  ['a mark of UTF-8', Buffer.from(`\ufeff${joined(';')}`)],
  ['UTF-16, as "Unicode text"', Buffer.from(`\ufeff${joined('\t')}`, 'utf16le')],
])('reads text with %s', async (_, bytes) => {
  const read = await readSheets(bytes);
  if (!read.ok) throw new Error(read.what);
  expect(read.sheets[0]?.rows.map(({ cells }) => cells.map((cell) => cell?.text))).toEqual(people);
});

test('reads the code page of Windows, quotes and line breaks in a cell', async () => {
  const read = await readSheets(
    Buffer.from('Nama;Desa\r\n"José ""Contoh""";"Sindurejo\r\nToroh"\r\n', 'latin1'),
  );
  if (!read.ok) throw new Error(read.what);
  expect(read.sheets[0]?.rows[1]?.cells.map((cell) => cell?.text)).toEqual([
    'José "Contoh"',
    'Sindurejo\r\nToroh',
  ]);
});

test.each([
  ['an old or locked workbook', Buffer.from('d0cf11e0a1b11ae100000000', 'hex'), /Excel lama/],
  ['a photo', Buffer.from('ffd8ffe000104a464946', 'hex'), /tidak dapat dibaca/],
  ['a broken archive', Buffer.from('504b0304000000000000', 'hex'), /tidak dapat dibaca/],
])('says kindly that %s cannot be read', async (_, bytes, what) => {
  expect(await readSheets(bytes)).toMatchObject({
    ok: false,
    what: expect.stringMatching(what),
    mend: expect.stringMatching(/\.xlsx/),
  });
});

const cell = (text: string) => ({ kind: 'text' as const, text });
const sheet = (...rows: readonly (readonly string[])[]) => ({
  name: null,
  rows: rows.map((texts, at) => ({ number: at + 1, cells: texts.map(cell) })),
});

test('finds the headings below a title, whatever their spelling', () => {
  const table = tableIn(
    sheet(
      ['DAFTAR PSM', 'tahun 2026'],
      ['NO.', 'Nama Lengkap', 'N I K', 'L/P', 'Tempat, Tgl. Lahir', 'Desa/Kel.'],
      ['1', 'a'],
    ),
    {},
  );
  expect(table?.columns.map(({ field }) => field?.name ?? null)).toEqual([
    ...[null, 'nama', 'nik', 'jenis-kelamin', 'tempat-tanggal-lahir', 'desa'],
  ]);
  expect(table?.rows.map(({ number }) => number)).toEqual([3]);
});

test('takes by hand what a heading does not say, and leaves out what is to be left out', () => {
  const table = tableIn(sheet(['Nama', 'Nomor induk', 'Desa']), { 'nomor INDUK': 'nik', DESA: '-' });
  expect(table?.columns.map(({ field }) => field?.name ?? null)).toEqual(['nama', 'nik', null]);
});

test('a heading that comes twice is read once', () => {
  const table = tableIn(sheet(['Nama', 'NIK', 'Nama']), {});
  expect(table?.columns.map(({ field }) => field?.name ?? null)).toEqual(['nama', 'nik', null]);
});

test('without headings there is nothing to read', () => {
  expect(tableIn(sheet(['Sri', '1'], ['Budi', '2']), {})).toBeNull();
});

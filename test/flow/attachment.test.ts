import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileTypeOf, fileTypes, largestFile, sheetTypes, showSize } from '../../src/flow/attachment.js';
import { type Capabilities, channelCapabilities } from '../../src/flow/capabilities.js';
import { heads } from '../support/files.js';

describe('the kind of a file', () => {
  it.each(fileTypes)('%s is told by its first bytes', (type) => {
    const head = Uint8Array.from(heads[type]);
    expect(fileTypeOf(head)).toBe(type);
    expect(fileTypeOf(Uint8Array.from([...head, 1, 2, 3]))).toBe(type);
    expect(fileTypeOf(Uint8Array.from([0, ...head]))).toBeNull();
    expect(fileTypeOf(head.subarray(0, 2))).toBeNull();
  });

  it('a real picture is told', () => {
    expect(fileTypeOf(readFileSync('docs/simulator.png'))).toBe('png');
  });

  it('a workbook is told from other archives by its parts', async () => {
    const { default: write } = await import('write-excel-file/node');
    expect(fileTypeOf(await write([[{ value: 'Nama' }]]).toBuffer())).toBe('xlsx');
    expect(fileTypeOf(Buffer.from('PK\x03\x04word/document.xml'))).toBeNull();
  });

  it.each([
    ['semicolons', 'Nama;Desa\nSri Contohwati;Sindurejo\n'],
    ['commas, and lines as Windows ends them', 'Nama,Desa\r\nSri Contohwati,Sindurejo\r\n'],
    ['tabs', 'Nama\tDesa\nSri Contohwati\tSindurejo'],
    ['Unicode text', '\ufeffNama;Desa\nSri Contohwati;Sindurejo\n', 'utf16le'],
  ])('text with %s is a sheet', (_, text, coding = 'utf8') => {
    expect(fileTypeOf(Buffer.from(text, coding === 'utf8' ? 'utf8' : 'utf16le'))).toBe('csv');
  });

  it.each([
    ['one line', 'Nama;Desa'],
    ['no separator in the second line', 'Yth. Ketua, di tempat\nTerima kasih.'],
    ['what no text has', 'Nama;Desa\nSri\x01;Sindurejo'],
    ['nothing', ''],
    ['a program', 'MZ\x90\0\x03'],
    ['a page', '<!doctype html><script>'],
    ['a picture of lines', '<svg xmlns="http://www.w3.org/2000/svg">'],
    ['an archive', 'PK\x03\x04'],
    ['a film', '\0\0\0\x18ftypmp42'],
    ['a sound in the same case as WebP', 'RIFF\x24\x08\0\0WAVEfmt '],
    ['a moving picture', 'GIF89a'],
    ['a PDF behind something else', 'x%PDF-1.7'],
  ])('%s is none that is taken', (_, head) => {
    expect(fileTypeOf(Buffer.from(head, 'latin1'))).toBeNull();
  });

  it('whatever the bytes, it answers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) =>
        [null, ...fileTypes, ...sheetTypes].includes(fileTypeOf(bytes)),
      ),
    );
  });
});

it.each([
  [0, '1 KB'],
  [1499, '1 KB'],
  [850_000, '850 KB'],
  [1_000_000, '1,0 MB'],
  [1_240_000, '1,2 MB'],
  [5_242_880, '5,2 MB'],
])('%i bytes are shown as %s', (bytes, shown) => {
  expect(showSize(bytes)).toBe(shown);
});

it.each(Object.values(channelCapabilities))(
  'the largest file can come by $channel',
  (channel: Capabilities) => {
    expect(channel.photoBytes ?? largestFile).toBeGreaterThanOrEqual(largestFile);
    expect(channel.fileBytes ?? largestFile).toBeGreaterThanOrEqual(largestFile);
  },
);

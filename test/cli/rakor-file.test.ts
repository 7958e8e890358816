import { expect, test } from 'vitest';
import { readRakorFile } from '../../src/cli/rakor-file.js';

const now = new Date('2026-11-24T03:00:00Z');
const letter = new Uint8Array([1, 2, 3]);
const readLetter = (path: string) => (path === 'surat.pdf' ? letter : `${path} is no PDF.`);
const read = (source: string) => readRakorFile(source, now, readLetter);
const good = `nomor: 005/12/IPSM/2026
hal: Undangan Rapat Koordinasi
acara: Rakor Contoh
mulai: Kamis, 10 Desember 2026 pukul 09.00 WIB
tempat: Aula Contoh
`;

test('the fewest lines: the whole province, no end, whoever is usually meant', () => {
  expect(read(good)).toMatchObject({
    ...{
      area: '33',
      audience: null,
      startsAt: new Date('2026-12-10T02:00:00Z'),
      endsAt: null,
      answerBy: null,
      letter: null,
    },
    details: { sifat: 'Penting', tempat: 'Aula Contoh', agenda: [], dibawa: null },
  });
});

test('everything there can be', () => {
  const more = `wilayah: "33.74"
peserta: peran:ketua dan wilayah:33.74
selesai: 10 Desember 2026 jam 12 siang
batas-jawaban: 8 Desember 2026 pukul 17.00
titik: { lintang: -6.98, bujur: 110.41 }
agenda: [Pembukaan, Laporan]
surat: surat.pdf
`;
  expect(read(good + more)).toMatchObject({
    ...{ area: '33.74', audience: { all: [{ role: 'chair' }, { area: '33.74' }] } },
    ...{ letter, endsAt: new Date('2026-12-10T05:00:00Z'), answerBy: new Date('2026-12-08T10:00:00Z') },
    details: { titik: { lintang: -6.98, bujur: 110.41 }, agenda: ['Pembukaan', 'Laporan'] },
  });
});

test.each([
  ['a time that is over', good.replace('2026 pukul', '2020 pukul'), 4, 'mulai'],
  ['no time of day', good.replace(' pukul 09.00 WIB', ''), 4, 'Write day and time'],
  ['an end before the beginning', `${good}selesai: 10 Desember 2026 pukul 08.00\n`, 6, 'after it begins'],
  ['answers after the beginning', `${good}batas-jawaban: 11 Desember 2026 pukul 08.00\n`, 6, 'earlier time'],
  ['an unknown audience', `${good}peserta: siapa saja\n`, 6, 'peserta'],
  ['a sifat that no letter has', `${good}sifat: Gawat\n`, 6, 'sifat'],
  ['a word that is none of it', `${good}tempta: Aula\n`, 1, 'tempta'],
  ['what is missing', good.replace('acara: Rakor Contoh\n', ''), 1, 'acara'],
  ['a letter that is none', `${good}surat: surat.docx\n`, 6, 'surat: surat.docx is no PDF.'],
  ['no YAML', `${good}agenda: [Pembukaan\n`, 7, ''],
])('%s is told with its line', (_, source, line, what) => {
  const faults = read(source);
  expect(faults).toHaveProperty('length');
  expect(faults).toEqual(expect.arrayContaining([{ line, what: expect.stringContaining(what) }]));
});

import { describe, expect, test } from 'vitest';
import { pdfOf } from '../../src/domain/paper.js';
import { dayOfRakor, hoursOfRakor, mapLink, rakorDetails } from '../../src/domain/rakor.js';
import { type Called, letterOf } from '../../src/domain/rakor-letter.js';
import { pagesOfPdf } from '../support/pdf.js';

const written = {
  nomor: '005/12/IPSM/2026',
  hal: 'Undangan Rapat Koordinasi',
  kepada: 'Ketua IPSM Kabupaten/Kota se-Jawa Tengah',
  acara: 'Rapat koordinasi IPSM se-Jawa Tengah',
  tempat: 'Aula Contoh, Jalan Contoh Nomor 1, Kota Semarang',
};
const startsAt = new Date('2026-12-10T02:00:00Z');
const on = new Date('2026-12-01T03:00:00Z');

function called(more: object = {}, times: Partial<Called> = {}): Called {
  const details = rakorDetails.parse({ ...written, ...more });
  const when = { startsAt, endsAt: null, answerBy: null };
  return { details, ...when, place: 'Provinsi Jawa Tengah', version: 1, ...times };
}

async function linesOf(rakor: Called): Promise<readonly string[]> {
  return pagesOfPdf(await pdfOf(letterOf(rakor, on))).flat();
}

describe('the letter', () => {
  test('the fewest details: head, date level with the number, three parts, a line to sign on', async () => {
    expect(await linesOf(called())).toEqual([
      'IKATAN PEKERJA SOSIAL MASYARAKAT (IPSM)',
      'PROVINSI JAWA TENGAH',
      'Semarang, 1 Desember 2026',
      ...['Nomor', ': 005/12/IPSM/2026', 'Sifat', ': Penting', 'Lampiran', ': -'],
      ...['Hal', ': Undangan Rapat Koordinasi'],
      ...['Yth.', 'Ketua IPSM Kabupaten/Kota se-Jawa Tengah', 'di tempat'],
      'Dengan hormat, IPSM Provinsi Jawa Tengah mengundang Bapak/Ibu untuk hadir pada rapat koordinasi, ',
      'yang diselenggarakan pada:',
      ...['Hari/Tanggal', ': Kamis, 10 Desember 2026', 'Waktu', ': pukul 09.00 WIB s.d. selesai'],
      ...['Tempat', ': Aula Contoh, Jalan Contoh Nomor 1, Kota Semarang'],
      ...['Acara', ': Rapat koordinasi IPSM se-Jawa Tengah'],
      'Demikian undangan ini kami sampaikan. Atas perhatian dan kehadiran Bapak/Ibu disampaikan terima ',
      'kasih.',
      ...['Ketua IPSM Provinsi Jawa Tengah,', '(..............................)'],
    ]);
  });

  test('everything there is, in the order of a letter', async () => {
    const rakor = called(
      {
        ...{ sifat: 'Segera', lampiran: '1 berkas', dibawa: 'Surat tugas dan KTP', pakaian: 'Batik' },
        ...{
          narahubung: 'Ibu Contoh',
          agenda: ['Pembukaan', 'Laporan'],
          topik: ['SK anggota'],
          kota: 'Demak',
        },
        ...{ kop: ['IPSM CONTOH'], tandatangan: { jabatan: 'Ketua', nama: 'Budi Contoh' } },
        ...{ tembusan: ['Arsip'], titik: { lintang: -6.98, bujur: 110.41 } },
      },
      { answerBy: new Date('2026-12-05T10:00:00Z') },
    );
    const text = (await linesOf(rakor)).join('\n').replaceAll(' \n', ' ');
    const order = [
      ...[
        'IPSM CONTOH',
        'Demak, 1 Desember 2026',
        ': Segera',
        ': 1 berkas',
        ': https://maps.google.com/?q=-6.98,110.41',
      ],
      ...[': Surat tugas dan KTP', ': Batik', ': Ibu Contoh', '1.\nPembukaan\n2.\nLaporan', '1.\nSK anggota'],
      ...[
        'paling lambat Sabtu, 5 Desember 2026 pukul 17.00 WIB.',
        'Ketua,\nBudi Contoh',
        'Tembusan:\n1.\nArsip',
      ],
    ];
    const places = order.map((piece) => text.indexOf(piece));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
  });

  test('after a change the letter says so', async () => {
    const text = (await linesOf(called({}, { version: 2 }))).join('\n');
    expect(text).toContain(': Perubahan Undangan Rapat Koordinasi');
    expect(text).toContain('dengan perubahan sebagaimana tertulis');
  });
});

describe('a table on several pages', () => {
  test('its head stands on each, and each page has its number', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => [`${at + 1}`, `Nama Contoh ${at + 1}`, '']);
    const columns = [
      { heading: 'No.', share: 1 },
      { heading: 'Nama', share: 5 },
      { heading: 'Tanda tangan', share: 4 },
    ];
    const title = { kind: 'title', lines: ['DAFTAR HADIR'] } as const;
    const blocks = [title, { kind: 'table', columns, rows, least: 28 } as const];
    const pages = pagesOfPdf(await pdfOf({ title: 'Daftar hadir', blocks }));
    expect(pages).toHaveLength(2);
    for (const [at, page] of pages.entries()) {
      expect(page.join('\n')).toContain('No.\nNama\nTanda tangan\n');
      expect(page.at(-1)).toBe(`Halaman ${at + 1} dari 2`);
    }
    const names = pages.flat().filter((piece) => piece.startsWith('Nama Contoh'));
    expect(names).toEqual(rows.map(([, name]) => name));
  });
});

describe('when it is, in words', () => {
  test.each([
    ['an open end', null, 'pukul 09.00 WIB s.d. selesai'],
    ['the same day', '2026-12-10T05:30:00Z', 'pukul 09.00 s.d. 12.30 WIB'],
    ['another day', '2026-12-11T05:00:00Z', 'pukul 09.00 WIB s.d. Jumat, 11 Desember 2026 pukul 12.00 WIB'],
  ])('%s', (_, ends, words) => {
    const endsAt = ends === null ? null : new Date(ends);
    expect(hoursOfRakor({ startsAt, endsAt })).toBe(words);
  });

  test('late in the evening of UTC it is the next day', () => {
    expect(dayOfRakor({ startsAt: new Date('2026-12-09T18:00:00Z') })).toBe('Kamis, 10 Desember 2026');
  });

  test('no point, no map', () => {
    expect(mapLink({ titik: null })).toBeNull();
  });
});

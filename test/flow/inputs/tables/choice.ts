import { again, type Table } from '../../../support/inputs.js';

const rsvp = {
  options: {
    choices: {
      hadir: { label: 'Hadir', also: ['datang', 'hdr', 'rawuh'] },
      absen: { label: 'Tidak hadir', also: ['berhalangan', 'izin'] },
      wakil: 'Diwakilkan',
      petugas: 'Hubungi petugas',
    },
  },
};
const sex = {
  options: { choices: { L: 'Laki-laki', P: { label: 'Perempuan', also: ['wanita', 'putri'] } } },
};

const found: readonly (readonly [string, string])[] = [
  ['1', 'hadir'],
  ['1.', 'hadir'],
  ['(1)', 'hadir'],
  ['1️⃣', 'hadir'],
  ['l', 'hadir'],
  ['no 1', 'hadir'],
  ['no. 2', 'absen'],
  ['nomor satu', 'hadir'],
  ['nomor 3', 'wakil'],
  ['yang pertama', 'hadir'],
  ['yang ke 2', 'absen'],
  ['yang ke-2', 'absen'],
  ['ke3', 'wakil'],
  ['pilihan 4', 'petugas'],
  ['saya pilih 4', 'petugas'],
  ['kalih', 'absen'],
  ['telu', 'wakil'],
  ['hadir', 'hadir'],
  ['HADIR', 'hadir'],
  ['Hadir.', 'hadir'],
  ['hdr', 'hadir'],
  ['rawuh', 'hadir'],
  ['tidak hadir', 'absen'],
  ['absen', 'absen'],
  ['izin', 'absen'],
  ['tidak', 'absen'],
  ['diwakilkan', 'wakil'],
  ['wakil', 'wakil'],
  ['diwa', 'wakil'],
  ['petugas', 'petugas'],
  ['hub', 'petugas'],
  ['saya pilih hadir pak', 'hadir'],
  ['pak hadir', 'hadir'],
];

const missed = '|0|5|99|no 9|ya|👍|saya tidak bisa hadir|ha|xyz|nomor|pak|12345|constructor';

export const choice: Table = {
  setting: rsvp,
  accepted: [
    ...found,
    ['laki laki', 'L', sex],
    ['L', 'L', sex],
    ['2', 'P', sex],
    ['wanita', 'P', sex],
    ['perem', 'P', sex],
    ['hadirr', 'hadir'],
    ['hadr', 'hadir'],
    ['tidak hadr', 'absen'],
    ['petgas', 'petugas'],
    ['diwakilkn', 'wakil'],
    ['perempuam', 'P', sex],
    ['putre', 'P', sex],
    ['nggih kulo putri', 'P', sex],
    ['pak, nomor 2 saja', 'absen'],
    ['mboten', 'absen'],
    ['ya hadir pak', 'hadir'],
  ],
  refused: [
    ...again(missed.split('|')),
    ['isin', 'did-you-mean', 'Tidak hadir'],
    ['hadir dan tidak hadir', 'did-you-mean', 'Hadir | Tidak hadir'],
    ['insya Allah hadir', 'did-you-mean', 'Apakah yang Bapak/Ibu maksud *Hadir*?'],
    ['saya hadir kalau sehat', 'did-you-mean', 'Hadir'],
    ['saya tidak pernah hadir', 'again'],
    ['tidak, saya hadir', 'did-you-mean', 'Hadir'],
    ['perempuan, kudus', 'did-you-mean', 'Perempuan', sex],
    ['bukan laki-laki', 'again', '', sex],
    ['x'.repeat(2001), 'again'],
  ],
};

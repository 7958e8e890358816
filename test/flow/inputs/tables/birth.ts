import { again, type Table, wordsOf } from '../../../support/inputs.js';

const complete: readonly (readonly [string, string])[] = [
  ['Semarang, 17-8-1970', 'Semarang, 17 Agustus 1970'],
  ['Semarang 17 agustus 1970', 'Semarang, 17 Agustus 1970'],
  ['SEMARANG, 17-08-70', 'Semarang, 17 Agustus 1970'],
  ['semarang,17081970', 'Semarang, 17 Agustus 1970'],
  ['Semarang/17-8-1970', 'Semarang, 17 Agustus 1970'],
  ['TTL: Semarang, 17-8-1970', 'Semarang, 17 Agustus 1970'],
  ['Tempat lahir Semarang, tanggal 17-8-1970', 'Semarang, 17 Agustus 1970'],
  ['lahir di Semarang tgl 17 bln 8 thn 1970', 'Semarang, 17 Agustus 1970'],
  ['17-8-1970 di Semarang', 'Semarang, 17 Agustus 1970'],
  ['Semarang, Senin Legi, 17 Agustus 1970', 'Semarang, 17 Agustus 1970'],
  ['Semarang\n17-8-1970', 'Semarang, 17 Agustus 1970'],
  ['KAB. SEMARANG 17 agustus 70', 'Kab. Semarang, 17 Agustus 1970'],
  ['Kota Tegal, 1-1-1950', 'Kota Tegal, 1 Januari 1950'],
  ['Solo, 1-1-12', 'Solo, 1 Januari 1912'],
  ['Blora, 17 agutus 1970', 'Blora, 17 Agustus 1970'],
];

const refused = [
  '',
  'ya',
  'tidak',
  'mbuh',
  'tidak tahu',
  'lupa',
  '👍',
  '12345',
  'Semarang, 31-2-1970',
  'Semarang, 17-13-1970',
  'Semarang, 17 Agustus',
  'Semarang, 1970',
  'Semarang, 17-8-2030',
  `${'a'.repeat(61)}, 17-8-1970`,
  'x'.repeat(2001),
] as const;

const inState = { state: { tempat: 'Semarang' } };

/** Compared by what is read back. */
export const birth: Table = {
  worth: wordsOf,
  accepted: [
    ...complete,
    ['Kabupaten Semarang, 17 Agustus 1970', 'Kabupaten Semarang, 17 Agustus 1970'],
    ['semarang 17-08-1970 pak', 'Semarang, 17 Agustus 1970'],
    ['Jakarta, 1-1-1960', 'Jakarta, 1 Januari 1960'],
    ['Solo 1 nopember 58', 'Solo, 1 November 1958'],
    ['17-8-70', 'Semarang, 17 Agustus 1970', inState],
    ['Blora 17-8-70', 'Blora, 17 Agustus 1970', inState],
    ['Semarang, tahun 1950', 'Semarang, 1950', { options: { 'year-only': true } }],
    ['Semarang, hanya tahun 1958', 'Semarang, 1958', { options: { 'year-only': true } }],
  ],
  refused: again(refused),
};

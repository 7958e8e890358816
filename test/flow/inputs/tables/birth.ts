import { again, each, type Table, wordsOf } from '../../../support/inputs.js';

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

const inWords = [
  'semarang tujuh belas agustus tujuh puluh',
  'Semarang, tujuh belas agustus 1970',
  'lahir di Semarang tanggal tujuh belas agustus seribu sembilan ratus tujuh puluh',
  'Semarang, tujuh belas delapan tujuh puluh',
  'Semarang, 17 agustus sembilan belas tujuh puluh',
  'kulo lahir wonten ing Semarang tanggal pitulas agustus taun pitung puluh',
  'Semarang 17/VIII/1970',
  'Semarang, 17-VIII-70',
  'semarang17081970',
  'Semarang17agustus1970',
  'lahir di Semarang, 17 Agustus 1970 jam 5 pagi',
  'Semarang, 17 Agustus 1970 pukul 05.30 WIB',
  'Semarang, 17-8-1970 umur 56 tahun',
  'Semarang, 17-8-1970 (kira-kira)',
  'Semarang, 17-8-1970 / perempuan',
  'nggih pak, Semarang 17-8-1970',
  'Semarang 17-8-1970, matur nuwun',
] as const;

/** The year is known, the day is not. */
const yearsOnly: readonly (readonly [string, string])[] = [
  ['Semarang, tahun 1950', 'Semarang, 1950'],
  ['Semarang, hanya tahun 1958', 'Semarang, 1958'],
  ['Semarang, tahun lima puluh', 'Semarang, 1950'],
  ['Semarang seribu sembilan ratus lima puluh', 'Semarang, 1950'],
  ['saya tidak ingat, sekitar tahun 1950 di Semarang', 'Semarang, 1950'],
  ['Semarang, tahun 1950 tanggalnya lupa', 'Semarang, 1950'],
  ['Semarang kira-kira 1950', 'Semarang, 1950'],
  ['jaman belanda tahun 42', 'Tahun lahir: 1942. Di kabupaten atau kota mana tempat lahirnya?'],
  ['kira-kira 1950', 'Tahun lahir: 1950. Di kabupaten atau kota mana tempat lahirnya?'],
  ['Semarang zaman jepang', 'Tempat lahir: Semarang. Tanggal berapa lahirnya?'],
  [
    'tidak tahu tanggalnya, Semarang',
    'Tempat lahir: Semarang. Bila tanggalnya tidak diketahui, tahunnya saja sudah cukup. Tahun berapa lahirnya?',
  ],
  [
    'Semarang Agustus 1970',
    'Bulan lahir: Agustus 1970. Bila tanggalnya tidak diketahui, cukup ketik 1970. Tanggal berapa lahirnya?',
  ],
];

/** What looks like part of something else is part of the name. */
const names: readonly (readonly [string, string])[] = [
  ['Banget, Kudus 17-8-1970', 'Banget Kudus, 17 Agustus 1970'],
  ['Semarang Jadi 1-2-1960', 'Semarang Jadi, 1 Februari 1960'],
  ['Tanjung Mas, 1-2-1960', 'Tanjung Mas, 1 Februari 1960'],
  ['Pasar Kliwon, 1-2-1960', 'Pasar Kliwon, 1 Februari 1960'],
  ['Pasar Minggu, Senin Legi 1-2-1960', 'Pasar Minggu, 1 Februari 1960'],
  ['Pkl 1-2-1960', 'Pkl, 1 Februari 1960'],
  ['pkl 1 peb 60', 'Pkl, 1 Februari 1960'],
  ['Blora 1-2-1960 pkl 05.30 wib', 'Blora, 1 Februari 1960'],
  ['Blora, 1-2-1960 jam lima pagi', 'Blora, 1 Februari 1960'],
  ['Batang Hari, 1-2-1960', 'Batang Hari, 1 Februari 1960'],
  ['Sala Tiga, 1-2-1960', 'Sala Tiga, 1 Februari 1960'],
  ['Lima Puluh Kota, 1-2-1960', 'Lima Puluh Kota, 1 Februari 1960'],
  ['Kepulauan Seribu, 1-2-1960', 'Kepulauan Seribu, 1 Februari 1960'],
  ['Bu Siti Kudus 1-2-1960', 'Siti Kudus, 1 Februari 1960'],
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

/** Words of a request, a question or a story, which those who can hear it must get. */
const told = [
  'Sudah lupa pak',
  'mboten kelingan',
  'mau bicara sama orang saja',
  'minta nomor petugas',
  'berhenti dulu ya pak',
  'saya bingung pak',
  'nanti dulu',
  'maaf pak lama',
  'gak jadi',
  'untuk apa data ini',
  'sesuai ktp',
  'Sabtu, Minggu',
  'jaman dulu sekali',
] as const;

const inState = { state: { tempat: 'Semarang' } };
const yearOnly = { options: { 'year-only': true } };
const placeOf = { ...yearOnly, state: { tanggal: '1970-08-17' } };
const dateOf = { ...yearOnly, ...inState };
const dayOf = { ...yearOnly, state: { bulan: '1970-08', tempat: 'Semarang' } };
const yearIsEnough = 'Bila tanggalnya tidak diketahui, tahunnya saja sudah cukup.';

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
    ...each(inWords, 'Semarang, 17 Agustus 1970'),
    ...names,
    ...yearsOnly.map(([text, says]) => [text, says, yearOnly] as const),
    ...each(['17', 'tujuh belas', '17 agustus', '17-8-70'], 'Semarang, 17 Agustus 1970', dayOf),
    ...each(['1970', 'lupa', 'tidak tahu', 'Agustus 1970'], 'Semarang, 1970', dayOf),
    ['di Blora tanggal 17', 'Blora, 17 Agustus 1970', dayOf],
    [
      'Blora',
      'Bulan lahir: Agustus 1970. Bila tanggalnya tidak diketahui, cukup ketik 1970. Tanggal berapa lahirnya?',
      dayOf,
    ],
    [
      '17',
      'Tanggal lahir: 17 Agustus 1970. Di kabupaten atau kota mana tempat lahirnya?',
      { ...yearOnly, state: { bulan: '1970-08' } },
    ],
    ['di Semarang pak', 'Semarang, 17 Agustus 1970', placeOf],
    ['tahun 50', 'Semarang, 1950', dateOf],
  ],
  refused: [
    ...again(refused),
    ...again(told),
    ['ya', 'again', yearIsEnough, yearOnly],
    ['lupa', 'again', yearIsEnough, dateOf],
    ['jumat kliwon', 'again', 'Tanggal lahirnya belum dapat kami baca', dateOf],
    ['Semarang lima puluh', 'again', 'belum dapat kami baca', yearOnly],
    ['0812', 'again', 'belum dapat kami baca', yearOnly],
    ...(['ya', 'lupa', 'mau tanya', 'tidak'] as const).map(
      (text) => [text, 'again', 'Tempat lahirnya belum dapat kami baca', placeOf] as const,
    ),
    ['ya', 'again', 'Tanggal lahirnya belum dapat kami baca', dayOf],
    ['32', 'again', 'Tidak ada tanggal 32', dayOf],
    ['umur saya 67 tahun', 'did-you-mean', '1959 | 1958', yearOnly],
    ['umur kulo 67', 'did-you-mean', '1959 | 1958', yearOnly],
    ['usia 67 tahun, Semarang', 'did-you-mean', 'lahir tahun 1959 atau 1958', yearOnly],
    ['umur enam puluh tujuh tahun', 'did-you-mean', '1959 | 1958', yearOnly],
    ['Semarang, 67 tahun', 'did-you-mean', '1959 | 1958', yearOnly],
    ['umur saya 67 tahun', 'again', 'Dari umur saja'],
    ['umur 900 tahun', 'again', 'Dari umur saja', yearOnly],
    ['Nanti Agung, 1-2-1960', 'confirm', 'Nanti Agung, 1 Februari 1960'],
    ['mau tanya, lahir 1-2-1960 di Blora', 'confirm', 'Apakah sudah benar?'],
  ],
};

import { expect, test } from 'vitest';
import { rsvpIn } from '../../src/domain/rsvp-words.js';

test.each([
  ['hadir', 'hadir'],
  ['HADIR', 'hadir'],
  ['Siap hadir pak', 'hadir'],
  ['nggih, kulo rawuh', 'hadir'],
  ['saya bisa hadir', 'hadir'],
  ['hdr bu', 'hadir'],
  ['tidak hadir', 'tidak'],
  ['mboten saged hadir', 'tidak'],
  ['mohon maaf tdk bisa datang', 'tidak'],
  ['belum bisa hadir', 'tidak'],
  ['izin pak', 'tidak'],
  ['berhalangan', 'tidak'],
  ['diwakilkan', 'diwakilkan'],
  ['tidak bisa hadir, diwakilkan', 'diwakilkan'],
  ['insya Allah', 'mungkin'],
  ['Insyaallah hadir', 'mungkin'],
  ['insya Alloh saya datang', 'mungkin'],
  ['semoga bisa hadir', 'mungkin'],
])('"%s" says %s', (text, answer) => {
  expect(rsvpIn(text)).toEqual({ answer, sure: true });
});

test.each([
  ['1', 'hadir'],
  ['2.', 'tidak'],
  ['(3)', 'diwakilkan'],
  ['nggih', null],
  ['ya pak', null],
  ['mboten', null],
  ['siap', null],
  ['👍', null],
])('"%s" is one only right after an invitation', (text, answer) => {
  expect(rsvpIn(text)).toEqual({ answer, sure: false });
});

test.each([
  'hadir jam berapa?',
  'apakah saya harus hadir',
  '4',
  'menu',
  'cek sk',
  'saya hadir kalau anak saya sudah sembuh dan ada yang mengantar ke Semarang naik kendaraan',
  'wakil ketua desa Contoh',
  '',
])('"%s" says nothing to an invitation', (text) => {
  expect(rsvpIn(text)).toBeNull();
});

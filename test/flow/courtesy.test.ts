import { expect, it } from 'vitest';
import { type Courtesy, courtesyIn } from '../../src/flow/courtesy.js';

it.each<[string, Courtesy | null]>([
  ['sebentar', 'waiting'],
  ['sebentar pak saya cari dulu', 'waiting'],
  ['Sekedap nggih', 'waiting'],
  ['nanti saya lanjutkan', 'waiting'],
  ['besok saja bu', 'waiting'],
  ['tunggu', 'waiting'],
  ['terima kasih', 'welcome'],
  ['Matur nuwun sanget', 'welcome'],
  ['makasih banyak atas infonya pak', 'welcome'],
  ['🙏', 'welcome'],
  ['🙏🙏 suwun', 'welcome'],
  ["Assalamu'alaikum wr. wb.", 'salam'],
  ['aslmkm bapak ibu', 'salam'],
  ['halo pak', 'greeting'],
  ['Sugeng siang bapak', 'greeting'],
  ['selamat pagi', 'greeting'],
  ['maaf lama', 'noMatter'],
  ['nyuwun ngapunten', 'noMatter'],
  ['ya', null],
  ['pak', null],
  ['', null],
  ['...', null],
  ['👍', null],
  ['terima SK', null],
  ['terima kasih, nama saya Sri Contohwati', null],
  ['besok rakor jam berapa', null],
  ['nanti sore', null],
  ['maaf salah', null],
  ['selamat', null],
  ['sudah', null],
  [`terima kasih ${'banyak '.repeat(20)}`, null],
])('%j is courtesy: %s', (text, courtesy) => {
  expect([courtesyIn(text), courtesyIn(` ${text.toUpperCase()} `)]).toEqual([courtesy, courtesy]);
});

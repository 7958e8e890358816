import { normalise } from './text.js';
import { plain } from './word-list.js';
import type { Wording } from './wording.js';

/** What somebody says who answers nothing and wants nothing, by the sentence of the engine that answers it. */
export type Courtesy = Extract<keyof Wording, 'waiting' | 'welcome' | 'salam' | 'greeting' | 'noMatter'>;

/** Longer than this it is a story. */
const longestCourtesy = 60;

/** One of the first words must be there, and no other ones than these and the second ones. */
const words: Readonly<Record<Courtesy, readonly [core: string, around: string]>> = {
  salam: ['assalamualaikum', 'wr wb warahmatullahi wabarakatuh warohmatullohi wabarokatuh'],
  welcome: [
    'makasih',
    'banyak sekali atas bantuan bantuannya info infonya informasi informasinya sudah dibantu',
  ],
  noMatter: ['maaf ngapunten sepurane', 'lama agak baru sempat minta mohon sekali sebelumnya balas membalas'],
  waiting: [
    'sebentar tunggu nanti besok sabar',
    'dulu saja cari carikan ambil lihat tanya tanyakan lanjut isi mau akan lagi',
  ],
  greeting: ['halo permisi pagi siang sore malam', 'selamat'],
};

const address = 'pak bapak bu ibu mas mbak kak min admin saya kami ya oke baik sih nih untuk semua semuanya';

const setOf = (line: string): ReadonlySet<string> => new Set(line.split(' '));
const politeness = setOf(address);
const kinds = Object.entries(words).map(([kind, [core, around]]) => ({
  // The keys of the table above.
  kind: kind as Courtesy,
  core: setOf(core),
  around: setOf(around),
}));

/** The courtesy a text consists of, in any spelling of the word list; null when it says anything else as well. */
export function courtesyIn(text: string): Courtesy | null {
  if (text.length > longestCourtesy) return null;
  const said = plain(text)
    .split(' ')
    .filter((word) => word !== '' && !politeness.has(word));
  if (said.length === 0) return /^\P{L}*\u{1F64F}\P{L}*$/u.test(normalise(text)) ? 'welcome' : null;
  const found = kinds.find(
    ({ core, around }) =>
      said.some((word) => core.has(word)) && said.every((word) => core.has(word) || around.has(word)),
  );
  return found?.kind ?? null;
}

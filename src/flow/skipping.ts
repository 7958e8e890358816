import { comparable } from './matching.js';
import { fold } from './text.js';
import { isFiller, isNegation } from './words.js';

/** What people write when they would rather leave a question out. */
const skipWords = new Set([
  'lewat',
  'lewati',
  'lewatkan',
  'skip',
  'nanti',
  'nanti saja',
  'belum tahu',
  'tidak tahu',
  'mboten ngertos',
]);
const longestSkip = 24;

/** Whether a text leaves a question out, whatever it asks for. */
export function isSkip(text: string): boolean {
  return text.length < longestSkip && skipWords.has(fold(text));
}

/** Characters; what is longer tells a story. */
const longestReason = 80;
const clauseEnds = /[,;.!\n\r\u2028\u2029]+/u;
/** These put an answer off, or say that there is none, by themselves; with a denial before them they say the opposite. */
const without: ReadonlySet<string> = new Set(
  'lupa hilang lewat lewati lewatkan skip kosong kosongkan nanti besok'.split(' '),
);
/** What is denied when somebody does not know, does not have or does not want: "mboten gadah", "tidak usah", "tidak sekarang". */
const denied: ReadonlySet<string> = new Set(
  'tahu hafal ingat punya ada mau usah perlu pegang bawa dulu sekarang'.split(' '),
);
/** What the answer would be about, and other words that add nothing. */
const around: ReadonlySet<string> = new Set(
  `nomor nik ktp sk tanggal tahun telepon hp wa hape handphone ponsel maaf ya baik oke masih sudah cari lihat cek isi diisi dicari
  kali lain hari sama pun petugas di ke rumah`.split(/\s+/),
);

/**
 * Whether a text says that somebody does not know the answer, does not have it or does not want to give it ("lupa", "saya tidak
 * punya HP", "besok aja"). Only for a question that may be left out, and only when its input cannot read the text.
 */
export function saysSkip(text: string): boolean {
  if (text.length > longestReason || /[\d?]/u.test(text)) return false;
  const [first = [], ...rest] = text.split(clauseEnds).map((clause) => comparable(clause).split(' '));
  if (leavesOut(first) && !first.every((word) => isDenial(word) || isFiller(word))) return true;
  return leavesOut([first, ...rest].flat());
}

function leavesOut(all: readonly string[]): boolean {
  const words = all.filter((word) => word !== '' && !isFiller(word));
  const isOpposite = words.some((word, at) => without.has(word) && isDenial(words[at - 1] ?? ''));
  if (isOpposite || !words.every(isKnown)) return false;
  return words.some((word) => without.has(word)) || deniesIt(words);
}

function deniesIt(words: readonly string[]): boolean {
  return words.some(isDenial) && (words.every(isDenial) || words.some((word) => denied.has(word)));
}

function isDenial(word: string): boolean {
  return word !== 'bukan' && isNegation(word);
}

function isKnown(word: string): boolean {
  return isDenial(word) || without.has(word) || denied.has(word) || around.has(word);
}

import { digitsInWords } from './text.js';
import { isFiller } from './words.js';

/** What a text says as a number: surely, perhaps (worth asking back), or not at all. */
type NumberReading =
  | { readonly kind: 'number'; readonly value: number; readonly sure: boolean }
  | { readonly kind: 'none' };

/** A piece of a number: `count` stands by itself, `add` makes a teen of a unit, `times` multiplies what stands before it. */
interface Piece {
  readonly role: 'count' | 'add' | 'times';
  readonly value: number;
  /** Two numbers in digits side by side are two numbers; in words they may be one ("dua puluh lima"). */
  readonly digits: boolean;
}

/** A word or digits of a text: what it is worth as a number, or null for any other word. */
interface Token {
  readonly word: string;
  readonly pieces: readonly Piece[] | null;
}

const none: NumberReading = { kind: 'none' };

/** One line a number: Indonesian, its chat spellings, Javanese krama and ngoko ("rong" and "telung" stand before tens). */
const countSpellings: Readonly<Record<number, string>> = {
  0: 'nol kosong nihil',
  0.5: 'setengah stengah separuh separo',
  1: 'satu siji setunggal',
  2: 'dua loro kalih rong',
  3: 'tiga telu tigo telung tigang',
  4: 'empat ampat papat patang sekawan',
  5: 'lima limo limang gangsal',
  6: 'enam enem nem',
  7: 'tujuh tuju pitu pitung',
  8: 'delapan dlapan lapan wolu wolung',
  9: 'sembilan sanga songo sangang songong',
  10: 'sepuluh spuluh sedasa sedoso',
  11: 'sebelas sewelas seblas',
  12: 'rolas',
  13: 'telulas',
  14: 'patbelas patblas',
  15: 'limalas limolas',
  16: 'nembelas nemblas',
  17: 'pitulas',
  18: 'wolulas',
  19: 'sangalas songolas',
  21: 'selikur',
  22: 'rolikur',
  23: 'telulikur',
  24: 'patlikur',
  25: 'selawe',
  26: 'nemlikur',
  27: 'pitulikur',
  28: 'wolulikur',
  29: 'sangalikur songolikur',
  50: 'seket',
  60: 'sewidak suwidak',
  100: 'seratus satus',
  1000: 'seribu sewu',
  1000000: 'sejuta',
};
const addSpellings: Readonly<Record<number, string>> = { 10: 'belas blas welas', 20: 'likur' };
const timesSpellings: Readonly<Record<number, string>> = {
  10: 'puluh pulu dasa doso',
  100: 'ratus rts atus',
  1000: 'ribu rb rbu ewu k',
  1000000: 'juta jt',
  1000000000: 'miliar milyar',
};

function entriesOf(
  spellings: Readonly<Record<number, string>>,
  role: Piece['role'],
): readonly (readonly [string, Piece])[] {
  return Object.entries(spellings).flatMap(([value, words]) =>
    words.split(' ').map((word) => [word, { role, value: Number(value), digits: false }] as const),
  );
}

// A Map, not an object: "constructor" must not be a known word.
const pieceByWord: ReadonlyMap<string, Piece> = new Map([
  ...entriesOf(countSpellings, 'count'),
  ...entriesOf(addSpellings, 'add'),
  ...entriesOf(timesSpellings, 'times'),
]);

/** Words that may stand around a number without changing it. */
const around: ReadonlySet<string> = new Set(
  `sekitar kira kiro kurleb kl an ada wonten enten ono total jumlah jumlahnya jumlahe sebanyak sejumlah cuma hanya
  namung mung orang org wong tiyang jiwa anggota psm buah biji tahun thn th hari kali rp rupiah kami punya ya`.split(
    /\s+/,
  ),
);
/** Words after which a number is not the answer: it is denied, only a limit, or one of two. */
const turning: ReadonlySet<string> = new Set(
  `tidak tdk bukan belum mboten boten ora gak ga nggak jangan kurang lebih dari minimal maksimal minim hampir sampai sd atau
  antara per koma`.split(/\s+/),
);

const longestWord = 40;
const shortestPiece = 3;
const tokenPattern = /\d(?:[\d.,]*\d)?|\p{L}+/gu;
const negative = /(?:^|\s)[-−–](?=\d)|^minus /u;

const thousandsWithDots = /^\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?$/;
const thousandsWithCommas = /^[1-9]\d{0,2}(?:,\d{3})+$/;
const plain = /^(?:0?\d|[1-9]\d*)(?:[.,]\d{1,2})?$/;
/** Digits of which nobody would write the whole number: a NIK, a phone number, a run of one digit. */
const mostDigits = 12;

/** Digits as Indonesian writes them: "1.500" and "1.500,75", "2,5" and "2.5". Undefined when they are no number. */
function digitsValue(digits: string): number | undefined {
  if (digits.replace(/\D/g, '').length > mostDigits) return undefined;
  if (thousandsWithDots.test(digits)) return Number(digits.replaceAll('.', '').replace(',', '.'));
  if (thousandsWithCommas.test(digits)) return Number(digits.replaceAll(',', ''));
  return plain.test(digits) ? Number(digits.replace(',', '.')) : undefined;
}

/** "1,500" is one thousand five hundred to some and one and a half to others. */
function isAmbiguous(word: string): boolean {
  return /^\d{1,3},\d{3}$/.test(word);
}

function tokenOf(word: string): Token {
  if (!/^\d/.test(word)) return { word, pieces: piecesOf(word) };
  const value = digitsValue(word);
  return { word, pieces: [{ role: 'count', value: value ?? Number.NaN, digits: true }] };
}

/** The pieces of a word, also of one written together ("duapuluhlima"); null when it is no number. */
function piecesOf(word: string): readonly Piece[] | null {
  const whole = pieceByWord.get(word);
  if (whole !== undefined) return [whole];
  if (word.length > longestWord) return null;
  for (let end = word.length - shortestPiece; end >= shortestPiece; end -= 1) {
    const head = pieceByWord.get(word.slice(0, end));
    const tail = head === undefined ? null : piecesOf(word.slice(end));
    if (head !== undefined && tail !== null) return [head, ...tail];
  }
  return null;
}

/** The terms of a number so far, largest first; null when they do not make one number. */
type Terms = readonly number[] | null;

/** Whether a term may stand after another: only where that has zeros ("dua puluh lima", never "dua tiga"). */
function fits(before: number | undefined, term: number): boolean {
  if (before === undefined) return true;
  const room = term < 1 ? 1 : 10 ** (Math.floor(Math.log10(term)) + 1);
  return before > term && before % room === 0;
}

function appended(terms: readonly number[], term: number): Terms {
  return fits(terms.at(-1), term) ? [...terms, term] : null;
}

function multiplied(terms: readonly number[], by: number): Terms {
  const last = terms.at(-1);
  if (last === undefined) return null;
  if (by < 1000) return isUnit(last) ? appended(terms.slice(0, -1), last * by) : null;
  const kept = terms.filter((term) => term >= by);
  const sum = terms.slice(kept.length).reduce((total, term) => total + term, 0);
  return sum > 0 ? appended(kept, Number((sum * by).toPrecision(mostDigits))) : null;
}

function isUnit(term: number): boolean {
  return Number.isInteger(term) && term >= 1 && term <= 9;
}

function joined(terms: Terms, piece: Piece): Terms {
  if (terms === null || Number.isNaN(piece.value)) return null;
  if (piece.role === 'count') return appended(terms, piece.value);
  if (piece.role === 'times') return multiplied(terms, piece.value);
  const last = terms.at(-1);
  return last !== undefined && isUnit(last) ? appended(terms.slice(0, -1), last + piece.value) : null;
}

function sumOf(pieces: readonly Piece[]): number | null {
  if (pieces.some((piece, at) => piece.digits && pieces[at - 1]?.digits === true)) return null;
  const terms = pieces.reduce<Terms>(joined, []);
  if (terms === null || terms.length === 0) return null;
  return Number(terms.reduce((total, term) => total + term, 0).toPrecision(mostDigits));
}

/** From the first to the last token that is a number; null when other words stand between them. */
function runOf(tokens: readonly Token[]): readonly Token[] | null {
  const first = tokens.findIndex(({ pieces }) => pieces !== null);
  const last = tokens.findLastIndex(({ pieces }) => pieces !== null);
  const run = first < 0 ? [] : tokens.slice(first, last + 1);
  return run.length === 0 || run.some(({ pieces }) => pieces === null) ? null : run;
}

function tokensOf(text: string): readonly Token[] {
  const bare = text.toLowerCase().replace(/\bkurang lebih\b/g, 'sekitar');
  const words = digitsInWords(bare).replace(/(?<=\d)(?=\p{L})/gu, ' ');
  return (words.match(tokenPattern) ?? []).map(tokenOf);
}

/**
 * Reads the one number in a text, in digits or words, Indonesian or Javanese: "1.500", "2 rb", "tiga puluh dua", "selawe",
 * "sekitar 30 orang". What stands among unknown words or is asked with a question mark is not sure; two numbers,
 * a denial ("bukan 3") or a limit ("lebih dari 30") are none.
 */
export function readNumber(text: string): NumberReading {
  const tokens = tokensOf(text);
  const run = runOf(tokens);
  const others = tokens.filter(({ pieces }) => pieces === null).map(({ word }) => word);
  if (run === null || others.some((word) => turning.has(word))) return none;
  const value = sumOf(run.flatMap(({ pieces }) => pieces ?? []));
  if (value === null) return none;
  const known = others.every((word) => around.has(word) || word === 'minus' || isFiller(word));
  const sure = known && !text.endsWith('?') && !run.some(({ word }) => isAmbiguous(word));
  return { kind: 'number', value: negative.test(text.toLowerCase()) ? -value : value, sure };
}

/** Whether a folded word is a number in words, or part of one: "tujuh", "belas", "duapuluhlima". */
export function isNumberWord(word: string): boolean {
  return /^\p{L}+$/u.test(word) && piecesOf(word) !== null;
}

/** "Sembilan belas tujuh puluh" is how 1970 is said: a century, then the year in it. */
const centuries: ReadonlySet<number> = new Set([19, 20]);
/** The longest number said of a date in words: "seribu sembilan ratus tujuh puluh lima", or a teen within it. */
const longestInWords = 8;

/**
 * The numbers that words say one after another, each as long as it can be: "tujuh belas delapan tujuh puluh" is 17, 8 and 70.
 * Null when a word is left over that makes no number with its neighbours.
 */
export function numbersInWords(words: readonly string[]): readonly number[] | null {
  const numbers: number[] = [];
  for (let at = 0; at < words.length; ) {
    const found = longestNumber(words.slice(at, at + longestInWords));
    if (found === null) return null;
    numbers.push(found.value);
    at += found.length;
  }
  return withCenturies(numbers);
}

function longestNumber(words: readonly string[]): { readonly value: number; readonly length: number } | null {
  const pieces = words.map(piecesOf);
  for (let length = words.length; length > 0; length -= 1) {
    const said = pieces.slice(0, length);
    const value = said.includes(null) ? null : sumOf(said.flatMap((each) => each ?? []));
    if (value !== null && Number.isInteger(value)) return { value, length };
  }
  return null;
}

function withCenturies(numbers: readonly number[]): readonly number[] {
  return numbers.flatMap((value, at) => {
    const next = numbers[at + 1] ?? 0;
    const before = numbers[at - 1] ?? 0;
    if (centuries.has(before) && value >= 10 && value < 100) return [];
    return centuries.has(value) && next >= 10 && next < 100 ? [value * 100 + next] : [value];
  });
}

const numberRun = /\p{L}+(?: \p{L}+)*/gu;

/** A folded text with every number in words as digits: "tujuh belas agustus tujuh puluh" is "17 agustus 70". */
export function numbersAsDigits(folded: string): string {
  return folded.replace(numberRun, (letters) => digitsForRuns(letters.split(' ')).join(' '));
}

function digitsForRuns(words: readonly string[]): readonly string[] {
  const first = words.findIndex(isNumberWord);
  if (first < 0) return words;
  const length = words.slice(first).findIndex((word) => !isNumberWord(word));
  const end = length < 0 ? words.length : first + length;
  const run = words.slice(first, end);
  const digits = numbersInWords(run)?.map(String) ?? run;
  return [...words.slice(0, first), ...digits, ...digitsForRuns(words.slice(end))];
}

const smallNumber =
  /\p{L}+ puluh (?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)(?!\p{L})|\p{L}+ (?:belas|welas|puluh)(?!\p{L})|\p{L}+/gu;
/** The largest number that is said in words in a time or a count of days. */
const mostSmall = 31;

/** The same text with every number up to 31 as digits: "jam setengah sepuluh" is "jam setengah 10". */
export function smallNumbersAsDigits(lower: string): string {
  return lower.replace(smallNumber, (words) => {
    const pieces = words.split(' ').map(piecesOf);
    const value = pieces.includes(null) ? null : sumOf(pieces.flatMap((each) => each ?? []));
    const small = value !== null && Number.isInteger(value) && value >= 1 && value <= mostSmall;
    return small ? String(value) : words;
  });
}

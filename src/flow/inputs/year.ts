import { z } from 'zod';
import { fullYear, isDateWord, yearInWib } from '../calendar.js';
import { numbersAsDigits } from '../numerals.js';
import { digitsInWords, fold } from '../text.js';
import type { ValueType } from '../types.js';
import { isFiller } from '../words.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({
  min: z.number().int().default(1945).describe('The earliest year that is taken.'),
  past: z.boolean().optional().describe('Refuses years to come.'),
});
type Options = z.infer<typeof options>;

const yearsAhead = 10;
const yearType: ValueType = { name: 'year', show: (value) => String(value) };
const around: ReadonlySet<string> = new Set(
  'mulai dari awal akhir pertengahan sekitar kurang lebih kira an menjadi psm ipsm ikut masuk aktif diangkat seingat'.split(
    ' ',
  ),
);
/** "Sudah 10 tahun", "5 tahun yang lalu": counted back from today, which leaves a year of doubt. */
const yearsAgo =
  /^(?:(?:saya|kulo|kula|sudah|sampun|wis|udah|kira|sekitar|kurang|lebih|jadi|menjadi|psm|selama|baru) )*(\d{1,2}) (?:tahun|taun|thn|th)(?: (?:yang|lalu|kepungkur|ini|lebih|jadi|menjadi|psm|pak|bu|an))*$/;
const untilNow =
  / (?:sampai|hingga|sd|s d|sampe|ngantos)(?: (?:dengan|saat))? (?:sekarang|skrg|kini|ini|saiki|sakniki|hari ini)(?: (?:pak|bu))?$/;
/** "Antara 2009-2010", "2009 atau 2010": one of the two. */
const oneOfTwo =
  /^(?:(?:antara|tahun|sekitar|kira) )*(\d{4})(?: (?:tahun|atau|dan|sampai))* (\d{4})(?: (?:pak|bu))?$/;
/** With these words a year is that of something else, or the year that was wrong. */
const aboutElse: ReadonlySet<string> = new Set(
  'lahir kelahiran bukan tidak salah ralat keliru sebelum sesudah setelah umur usia lulus'.split(' '),
);
/** More words around a year tell a story that nobody can answer with yes or no. */
const mostWords = 8;
const unclear = 'Tahunnya belum dapat kami baca. Mohon ketik tahunnya saja dengan empat angka.';

function tokensOf(text: string): readonly string[] {
  return numbersAsDigits(digitsInWords(fold(text)))
    .replace(/(?<=\d)(?=\p{L})|(?<=\p{L})(?=\d)/gu, ' ')
    .split(' ');
}

function isKnown(token: string): boolean {
  return !aboutElse.has(token) && (isDateWord(token) || isFiller(token) || around.has(token));
}

/** "0812" is the beginning of a telephone number; "05" is a year. */
function isCode(number = ''): boolean {
  return number.length === 4 && number.startsWith('0');
}

/** The one number that can be a year: the only one with four digits, or else the only number. */
function yearToken(tokens: readonly string[]): string | undefined {
  const numbers = tokens.filter((token) => /^\d+$/.test(token));
  const full = numbers.filter((token) => token.length === 4);
  const [year] = full.length === 1 ? full : numbers;
  const others = numbers.filter((token) => token !== year && token.length > 2);
  const several = full.length === 0 && numbers.length > 1;
  return several || others.length > 0 || isCode(year) ? undefined : year;
}

function parse(text: string, context: InputContext<Options>, raw: string): Parsed {
  const said = tokensOf(text).join(' ').replace(untilNow, '');
  const tokens = said.split(' ');
  const ago = yearsAgo.exec(said);
  if (ago !== null) return confirmed(yearInWib(context.now) - Number(ago[1]), context);
  const [, one, other] = /antara|atau/.test(said) ? (oneOfTwo.exec(said) ?? []) : [];
  if (one !== undefined && other !== undefined) return whichOf([one, other].map(Number), context);
  const token = yearToken(tokens);
  if (token === undefined || !tokens.every(isKnown)) return perhaps(token, tokens, context);
  return taken(token, context, raw);
}

/** "Sepuluh" in words is more likely a number of years than a year. */
function taken(token: string, context: InputContext<Options>, raw: string): Parsed {
  if (token.length !== 4 && token.length !== 2) return again(unclear);
  const latest = yearInWib(context.now) + (context.options.past === true ? 0 : yearsAhead);
  const year = token.length === 4 ? Number(token) : fullYear(Number(token), latest);
  if (token.length === 2 && !raw.normalize('NFKC').includes(token.charAt(1))) return confirmed(year, context);
  const reason = refusal(year, context);
  if (reason !== null) return again(reason);
  return { kind: 'ok', value: year, readback: raw.trim() === String(year) ? null : String(year) };
}

/** A year among words that have nothing to do with it ("2010, SMA") is asked back. */
function perhaps(
  token: string | undefined,
  tokens: readonly string[],
  context: InputContext<Options>,
): Parsed {
  const isElse = tokens.length > mostWords || tokens.some((word) => aboutElse.has(word));
  const isAlone = tokens.filter((word) => /\d/.test(word)).length === 1;
  if (token?.length !== 4 || isElse || !isAlone) return again(unclear);
  return refusal(Number(token), context) === null ? confirmed(Number(token), context) : again(unclear);
}

function whichOf(years: readonly number[], context: InputContext<Options>): Parsed {
  const reason = years.map((year) => refusal(year, context)).find((each) => each !== null);
  if (reason !== undefined) return again(reason);
  const candidates = [...new Set(years)].map((year) => ({ label: String(year), answer: String(year) }));
  return { kind: 'did-you-mean', question: 'Tahun mana yang dimaksud?', candidates };
}

function confirmed(year: number, context: InputContext<Options>): Parsed {
  const reason = refusal(year, context);
  if (reason !== null) return again(reason);
  return {
    kind: 'confirm',
    value: year,
    question: `Apakah maksudnya tahun ${year}?`,
    readback: String(year),
  };
}

function refusal(year: number, { options: { min, past }, now }: InputContext<Options>): string | null {
  if (year < min) return `Tahun ${year} terlalu lama berlalu. Mohon ketik tahun ${min} atau sesudahnya.`;
  if (past === true && year > yearInWib(now)) return `Tahun ${year} belum terjadi. Mohon diperiksa kembali.`;
  return year > yearInWib(now) + 100 ? unclear : null;
}

/** A year ("1998", "th 98", "sejak 2005"); the value is a number. Two digits mean the latest possible year. */
export const year: InputKind<Options> = {
  name: 'year',
  options,
  type: () => yearType,
  example: ({ min }) => String(Math.max(1998, min)),
  choices: () => [],
  parse: reading(parse),
};

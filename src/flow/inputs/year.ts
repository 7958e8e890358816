import { z } from 'zod';
import { fullYear, isDateWord, yearInWib } from '../calendar.js';
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
  'mulai dari awal akhir pertengahan sekitar kurang lebih kira an menjadi psm ipsm ikut masuk aktif diangkat'.split(
    ' ',
  ),
);
const yearsAgo = /^(?:sudah |sekitar |kira kira )?(\d{1,2}) (?:tahun|thn|th)(?: yang)? (?:lalu|kepungkur)$/;
const unclear = 'Tahunnya belum dapat kami baca. Mohon ketik tahunnya saja dengan empat angka.';

function tokensOf(text: string): readonly string[] {
  return digitsInWords(fold(text))
    .replace(/(?<=\d)(?=\p{L})|(?<=\p{L})(?=\d)/gu, ' ')
    .split(' ');
}

function isKnown(token: string): boolean {
  return isDateWord(token) || isFiller(token) || around.has(token);
}

/** The one number that can be a year: the only one with four digits, or else the only number. */
function yearToken(tokens: readonly string[]): string | undefined {
  const numbers = tokens.filter((token) => /^\d+$/.test(token));
  const full = numbers.filter((token) => token.length === 4);
  const [year] = full.length === 1 ? full : numbers;
  const others = numbers.filter((token) => token !== year && token.length > 2);
  const several = full.length === 0 && numbers.length > 1;
  return several || others.length > 0 ? undefined : year;
}

function parse(text: string, context: InputContext<Options>, raw: string): Parsed {
  const tokens = tokensOf(text);
  const ago = yearsAgo.exec(tokens.join(' '));
  if (ago !== null) return confirmed(yearInWib(context.now) - Number(ago[1]), context);
  const token = tokens.every(isKnown) ? yearToken(tokens) : undefined;
  if (token?.length !== 4 && token?.length !== 2) return again(unclear);
  const latest = yearInWib(context.now) + (context.options.past === true ? 0 : yearsAhead);
  const year = token.length === 4 ? Number(token) : fullYear(Number(token), latest);
  const reason = refusal(year, context);
  if (reason !== null) return again(reason);
  return { kind: 'ok', value: year, readback: raw.trim() === String(year) ? null : String(year) };
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

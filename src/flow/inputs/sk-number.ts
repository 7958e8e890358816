import { z } from 'zod';
import type { Json } from '../json.js';
import { stripInvisible } from '../text.js';
import type { ValueType } from '../types.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';
import { maskNik } from './nik.js';

const options = z.strictObject({
  nik: z.string().optional().describe('The variable with the NIK of the person, to compare with.'),
  phone: z.string().optional().describe('The variable with the phone number of the person, to compare with.'),
});
type Options = z.infer<typeof options>;

const longestNumber = 80;
/** The digits of a national phone number without its beginning, which is written 0, 62 or +62. */
const phoneBeginning = /^(?:0062|62|0)(?=8)/;
const skNumberType: ValueType = { name: 'sk-number', show: (value) => masked(String(value ?? '')) };
const phoneShape = /^(?:0062|62|0)8\d{8,11}$/;
/** Sixteen digits and no more, alone or within a number; blanks, dots and dashes may stand between them. */
const nikRun = /(?<!\d[\s.:()+\-‐-―]*)\d(?:[\s.:()+\-‐-―]*\d){15}(?![\s.:()+\-‐-―]*\d)/gu;

/**
 * The form in which numbers of decisions are compared: capitals, single spaces, one kind of dash and slash, no word
 * "Nomor" before it. Only for finding duplicates; what is kept and shown is the number as typed.
 */
export function normaliseSkNumber(typed: string): string {
  const upper = stripInvisible(typed).normalize('NFKC').toUpperCase();
  const unified = upper.replace(/[‐-―−]/gu, '-').replace(/[\\⁄∕]/gu, '/');
  const bare = unified.replace(/^\s*(?:SK\b\s*)?(?:(?:NOMOR|NOMER|NO)\b[\s.:]*)?/u, '');
  return bare
    .replace(/\s+/gu, ' ')
    .replace(/ ?([/-]) ?/g, '$1')
    .trim();
}

function parse(_text: string, { refs }: InputContext<Options>, raw: string): Parsed {
  const typed = stripInvisible(raw.replace(/[\n\r\t\u2028\u2029]+/gu, ' ')).trim();
  if (typed.length > longestNumber)
    return again(`Nomor SK paling banyak ${longestNumber} huruf. Mohon ketik nomornya saja.`);
  if (!/\p{Nd}/u.test(typed))
    return again('Nomor SK memuat angka. Mohon ketik nomornya seperti tertulis pada SK.');
  return doubt(typed, refs) ?? { kind: 'ok', value: typed, readback: typed };
}

/** Letters around the digits do not hide what they are ("NIK 9901…"); a slash or more digits make them something else. */
function digitsOf(typed: string): string {
  const bare = typed.normalize('NFKC').replace(/[\s.:\-‐-―+()]/gu, '');
  return /^\p{L}*(\d+)\p{L}*$/u.exec(bare)?.[1] ?? '';
}

/** A number as it may be shown: as it was typed, but nobody sees a NIK whole, wherever it stands. */
function masked(typed: string): string {
  if (nikIn(typed) === null) return typed;
  return typed.normalize('NFKC').replace(nikRun, (run) => maskNik(run.replace(/\D/g, '')));
}

function nikIn(typed: string): string | null {
  const [run] = typed.normalize('NFKC').match(nikRun) ?? [];
  return run === undefined ? null : run.replace(/\D/g, '');
}

function doubt(typed: string, { nik, phone }: InputContext<Options>['refs']): Parsed | null {
  const found = nikIn(typed);
  if (found !== null)
    return asked(typed, masked(typed), found === nik ? 'sama dengan NIK Bapak/Ibu' : 'tampak seperti NIK');
  const digits = digitsOf(typed);
  if (isSamePhone(digits, phone)) return asked(typed, typed, 'sama dengan nomor telepon Bapak/Ibu');
  return phoneShape.test(digits) ? asked(typed, typed, 'tampak seperti nomor telepon') : null;
}

function isSamePhone(digits: string, phone: Json | undefined): boolean {
  if (typeof phone !== 'string') return false;
  const bare = (number: string) => number.replace(/\D/g, '').replace(phoneBeginning, '');
  return bare(phone) !== '' && bare(phone) === bare(digits);
}

function asked(typed: string, shown: string, what: string): Parsed {
  const question = `Angka ini (${shown}) ${what}. Apakah benar ini nomor SK?`;
  return { kind: 'confirm', value: typed, question, readback: shown };
}

/**
 * The number of a decision (SK), kept exactly as typed: every village and office numbers in its own way, so no format
 * is refused (old codes of Kepmendagri 78/2012 and new ones of Permendagri 83/2022 are both in use). What looks like a NIK
 * or a phone number, or is the member's own (`nik`, `phone` name variables), is asked back.
 */
export const skNumber: InputKind<Options> = {
  name: 'sk-number',
  options,
  refs: { nik: 'nik', phone: 'any' },
  type: () => skNumberType,
  example: () => '141/07/2021',
  choices: () => [],
  parse: reading(parse),
};

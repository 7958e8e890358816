import { z } from 'zod';
import { stripInvisible } from '../text.js';
import type { ValueType } from '../types.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';
import { maskNik } from './nik.js';

const options = z.strictObject({});
type Options = z.infer<typeof options>;

const longestNumber = 80;
const skNumberType: ValueType = { name: 'sk-number', show: (value) => String(value ?? '') };
const phoneShape = /^(?:\+?62|0)8\d{8,11}$/;

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

function parse(_text: string, _context: InputContext<Options>, raw: string): Parsed {
  const typed = stripInvisible(raw.replace(/[\n\r\t\u2028\u2029]+/gu, ' ')).trim();
  if (typed.length > longestNumber)
    return again(`Nomor SK paling banyak ${longestNumber} huruf. Mohon ketik nomornya saja.`);
  if (!/\p{Nd}/u.test(typed))
    return again('Nomor SK memuat angka. Mohon ketik nomornya seperti tertulis pada SK.');
  return doubt(typed) ?? { kind: 'ok', value: typed, readback: typed };
}

function doubt(typed: string): Parsed | null {
  const digits = typed.normalize('NFKC').replace(/[\s.\-‐-―]/gu, '');
  if (/^\d{16}$/.test(digits)) return asked(typed, maskNik(digits), 'NIK');
  return phoneShape.test(digits) ? asked(typed, typed, 'nomor telepon') : null;
}

function asked(typed: string, shown: string, what: string): Parsed {
  const question = `Angka ini (${shown}) tampak seperti ${what}. Apakah benar ini nomor SK?`;
  return { kind: 'confirm', value: typed, question, readback: shown };
}

/**
 * The number of a decision (SK), kept exactly as typed: every village and office numbers in its own way, so no format
 * is refused (old codes of Kepmendagri 78/2012 and new ones of Permendagri 83/2022 are both in use).
 */
export const skNumber: InputKind<Options> = {
  name: 'sk-number',
  options,
  type: () => skNumberType,
  example: () => '141/07/2021',
  choices: () => [],
  parse: reading(parse),
};

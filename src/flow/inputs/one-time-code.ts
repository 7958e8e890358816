import { z } from 'zod';
import type { ValueType } from '../types.js';
import { again, reading } from './define.js';
import type { InputKind, Parsed } from './input.js';

const options = z.strictObject({});
type Options = z.infer<typeof options>;

/** What codes are made of: nothing that is mistaken for something else when it is read aloud or copied by hand (O and 0, I and 1). */
export const codeSigns = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
/** How many signs a code has. */
export const codeLength = 8;

const half = codeLength / 2;
const gap = '[\\s.‐-―-]';
const code = new RegExp(
  `(?<![\\p{L}\\d])[${codeSigns}]{${half}}${gap}{0,3}[${codeSigns}]{${half}}(?![\\p{L}\\d])`,
  'gu',
);
const gaps = new RegExp(gap, 'gu');

/** Whether these signs are a code: one without a digit would be a word, and one without a letter a number. */
export function isCode(signs: string): boolean {
  if (signs.length !== codeLength || [...signs].some((sign) => !codeSigns.includes(sign))) return false;
  return /\d/.test(signs) && /[A-Z]/.test(signs);
}

function showCode(signs: string): string {
  return `${signs.slice(0, half)}-${signs.slice(half)}`;
}

function codesIn(text: string): readonly string[] {
  const upper = text.toUpperCase();
  const found = [upper, ...(upper.match(code) ?? [])].map((one) => one.replace(gaps, ''));
  return [...new Set(found.filter(isCode))];
}

/** The one code in a text; null when there is none, or more than one. */
export function codeIn(text: string): string | null {
  const [signs, ...others] = codesIn(text);
  return signs === undefined || others.length > 0 ? null : signs;
}

const unclear =
  'Kode itu 8 huruf dan angka, tanpa huruf O dan I serta angka 0 dan 1. Mohon ketik kodenya seperti tertulis.';

function parse(text: string): Parsed {
  const signs = codeIn(text);
  return signs === null ? again(unclear) : { kind: 'ok', value: signs, readback: null };
}

const codeType: ValueType = { name: 'one-time-code', show: (value) => showCode(String(value ?? '')) };

/** A code that was shown somewhere else: eight letters and digits in any case, in one piece or in two, with words around it. */
export const oneTimeCode: InputKind<Options> = {
  name: 'one-time-code',
  options,
  type: () => codeType,
  example: () => 'K7M4-P2QX',
  choices: () => [],
  parse: reading(parse),
};

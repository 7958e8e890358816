import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import { digitsFromLetters } from '../text.js';
import type { ValueType } from '../types.js';
import { again, reading } from './define.js';
import type { InputKind, Parsed } from './input.js';

const options = z.strictObject({});
type Options = z.infer<typeof options>;

const digitLike = /^(?=.*\d)[+()\doOlI|.,/\-‐-―]+$|^[oOlI|]{3,}$|^[()./\-‐-―+]+$/u;
/** Any Indonesian mobile number. The operator prefix decides nothing: numbers are given out anew. */
const mobile = /^\+628[1-9]\d{7,10}$/;
const longestNumber = 15;

const landline =
  'Nomor ini tampaknya nomor telepon rumah. Mohon kirim nomor telepon genggam yang dipakai untuk WhatsApp.';
const unclear = 'Nomor ini belum dapat kami baca. Mohon ketik nomor telepon genggam yang diawali 08.';

/** An Indonesian number as people write it ("0812-0000-0001"). */
export function showPhone(e164: string): string {
  const [, rest] = /^\+62(\d+)$/.exec(e164) ?? [];
  if (rest === undefined) return e164;
  const national = `0${rest}`;
  return [national.slice(0, 4), national.slice(4, 8), national.slice(8)]
    .filter((part) => part !== '')
    .join('-');
}

const phoneType: ValueType = { name: 'phone', show: (value) => showPhone(String(value ?? '')) };

/** A link that opens a chat holds the number, and people copy it. */
const chatLink = /^(?:https?:\/\/)?(?:wa\.me|api\.whatsapp\.com\/send\?phone=)\/?(?=\d)/iu;

/** The number within a text, or undefined when words and digits cannot be told apart. */
function numberIn(text: string): string | undefined {
  const words = text
    .replace(chatLink, '+')
    .replace(/(?<=\p{L})[:=]|^[:=]/gu, ' ')
    .split(' ')
    .filter((word) => word !== '');
  const others = words.filter((word) => !digitLike.test(word));
  if (others.some((word) => /\d/.test(word))) return undefined;
  const digits = digitsFromLetters(words.filter((word) => digitLike.test(word)).join(''));
  const international = /^[^\d]*\+/.test(digits);
  return (international ? '+' : '') + digits.replace(/\D/g, '');
}

function refusalOf(phone: PhoneNumber): string {
  if (phone.country !== 'ID')
    return 'Kami baru dapat memakai nomor Indonesia. Mohon ketik nomor yang diawali 08 atau +62.';
  return phone.getType() === 'FIXED_LINE' ? landline : unclear;
}

/** A number of another country, written without its plus; undefined when it may be one of here. */
function foreign(digits: string): PhoneNumber | undefined {
  if (/^(?:0|62)/.test(digits)) return undefined;
  const phone = parsePhoneNumberFromString(digits.startsWith('+') ? digits : `+${digits}`);
  return phone?.isValid() && phone.country !== 'ID' ? phone : undefined;
}

function parse(text: string): Parsed {
  const typed = numberIn(text);
  if (typed === undefined || typed.length < 3) return again(unclear);
  const meant = typed.replace(/^00/, '+');
  if (meant.replace('+', '').length > longestNumber) {
    return again('Angkanya terlalu banyak untuk satu nomor telepon. Mohon kirim satu nomor saja.');
  }
  const phone = parsePhoneNumberFromString(meant, 'ID');
  if (phone === undefined) return again(unclear);
  const e164 = phone.number;
  if (!mobile.test(e164)) return again(refusalOf(foreign(meant) ?? phone));
  return { kind: 'ok', value: e164, readback: showPhone(e164) };
}

/** An Indonesian mobile number in any common spelling; the value is E.164 (+628…). It is always read back. */
export const phone: InputKind<Options> = {
  name: 'phone',
  options,
  type: () => phoneType,
  example: () => '0812-0000-0001',
  choices: () => [],
  share: 'number',
  parse: reading(parse),
};

import { z } from 'zod';
import { fold, titleCase } from '../text.js';
import type { ValueType } from '../types.js';
import { answerWord } from '../words.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({});
type Options = z.infer<typeof options>;

/** The most characters a name has on a KTP-el, with spaces (Permendagri 73/2022). */
const longestName = 60;

const introduction =
  /^.*\b(?:nama(?: lengkap)? (?:saya|kulo|kula)|asma (?:kulo|kula)|nami (?:kulo|kula))\b(?: adalah| ialah)?[\s:=,]+/iu;
const labelled = /^(?:nama(?: lengkap)?(?:\s*[:=]\s*|\s+(?=\S))|jeneng(?:ku| kulo| kula)\s*)/iu;
/** What people put around a name: quotes, bold, an emoji, "pak" behind it. */
const edges =
  /^(?:[\u{1F3FB}-\u{1F3FF}]|\p{Extended_Pictographic}|["“”*\s])+|(?:[\s,]+(?:pak|bapak|bu|ibu|min|mbak|ya)){1,2}$|(?:[\u{1F3FB}-\u{1F3FF}]|\p{Extended_Pictographic}|["“”*\s])+$/giu;
/** "Saya Fulan" is a name, "saya lupa" is none: what stands behind is taken, but asked back. */
const opening = /^(?:(?:ini|dengan|saya|kulo|kula|aku) )+(?=\S)/iu;
const nameLetters = /^[\p{Script=Latin}\p{M} .,'’‘ʼ`-]+$/u;
const anyLetter = /\p{L}/u;

const greetings =
  /^(?:assala\w*.*|(?:selamat (?:pagi|siang|sore|malam)|pagi|siang|sore|malam|halo|hallo|hai|permisi|nuwun sewu|kulo nuwun|kula nuwun|tes|test|menu|bantuan|tidak tahu|terima kasih|matur nuwun|nama|nama lengkap)(?: (?:pak|bu|bapak|ibu|mas|mbak|min|admin|semua))*)$/u;
/** Words of a sentence, not of a name. */
const sentenceWords: ReadonlySet<string> = new Set(
  `saya kulo kula aku tidak gak mboten ora belum apa kenapa mengapa bagaimana piye pripun untuk maaf bisa mau ini itu
  yang kok sudah nanti lupa kesupen bingung rahasia malu siapa daftar mendaftar registrasi
  lengkap dengan`.split(/\s+/),
);

const titles: ReadonlySet<string> = new Set(
  `h hj kh drs dra ir dr r rm ray s sos pd se sh mm m si aks alm almh bapak bpk pak ibu bu`.split(/\s+/),
);
const joinedTitles =
  /\b(?:s\s*\.?\s*(?:sos|pd|e|h|ag|kom|t)|m\s*\.?\s*(?:si|m|pd)|r\s*\.\s*(?:ay|m|a))\b\.?/giu;

/** A name in title case when it was typed all in capitals or all in small letters. */
const nameType: ValueType = { name: 'person-name', show: (value) => titleCase(String(value ?? '')) };

/**
 * The form in which names are compared: folded, without titles of education, adat and religion. Those may stand
 * abbreviated on KK and KTP-el (Permendagri 73/2022), so the same person is written with and without them.
 */
export function nameKey(name: string): string {
  const words = fold(name.replace(joinedTitles, ' ')).split(' ');
  const bare = words.filter((word) => !titles.has(word));
  return (bare.length === 0 ? words : bare).join(' ');
}

function parse(text: string, _context: InputContext<Options>, raw: string): Parsed {
  const named = text.replace(edges, '').replace(introduction, '').replace(labelled, '').replace(edges, '');
  const name = named.replace(opening, '').trim();
  const reason = refusal(name);
  if (reason !== null) return again(reason);
  const shown = nameType.show(name);
  if (isDoubtful(named)) {
    const question = `Kami membaca “${shown}” sebagai nama. Apakah benar itu nama lengkapnya?`;
    return { kind: 'confirm', value: name, question, readback: shown };
  }
  return { kind: 'ok', value: name, readback: shown === raw.trim() ? null : shown };
}

function isDoubtful(named: string): boolean {
  return (
    answerWord(named) !== 'unknown' ||
    fold(named)
      .split(' ')
      .some((word) => sentenceWords.has(word))
  );
}

function refusal(name: string): string | null {
  if (!anyLetter.test(name))
    return 'Kami belum menemukan nama di jawaban ini. Mohon ketik nama lengkap dengan huruf.';
  if (/\d/.test(name)) return 'Nama tidak memuat angka. Mohon ketik nama lengkapnya saja.';
  if (!nameLetters.test(name))
    return 'Nama hanya memuat huruf Latin, spasi, titik, dan koma. Mohon ketik namanya saja.';
  if (name.length > longestName)
    return `Nama paling banyak ${longestName} huruf. Mohon ketik nama lengkapnya saja.`;
  return refusalOfWords(name);
}

function refusalOfWords(name: string): string | null {
  if (greetings.test(fold(name))) return 'Pesan ini belum memuat nama. Mohon ketik nama lengkap.';
  const letters = nameKey(name)
    .split(' ')
    .filter((word) => !titles.has(word))
    .join('');
  if (letters.length < 2) return 'Namanya belum lengkap. Mohon ketik nama lengkap seperti pada KTP.';
  return null;
}

/**
 * The name of a person, kept as typed. One word is enough and titles may stand abbreviated, as on older documents
 * (Permendagri 73/2022 leaves documents issued before it valid).
 */
export const personName: InputKind<Options> = {
  name: 'person-name',
  options,
  type: () => nameType,
  example: () => 'Sri Contohwati',
  choices: () => [],
  parse: reading(parse),
};

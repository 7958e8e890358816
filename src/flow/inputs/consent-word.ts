import { z } from 'zod';
import { isRecord, type Json } from '../json.js';
import { fold, withinOneEdit } from '../text.js';
import { booleanType, textType, type ValueType } from '../types.js';
import { plain } from '../word-list.js';
import { answerWord, isFiller, saysNotYet } from '../words.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({
  word: z
    .string()
    .regex(/^\p{L}{3,}$/u, 'must be one word of letters')
    .default('SETUJU')
    .describe('The one word that consents.'),
  version: z.string().min(1).describe('The version of the text that is consented to; kept as proof.'),
});
type Options = z.infer<typeof options>;

const consentType: ValueType = {
  name: 'consent',
  show: (value: Json) => (isRecord(value) ? booleanType.show(value.setuju ?? false) : ''),
  fields: { setuju: booleanType, versi: textType, jawaban: textType, teks: textType },
};

const upper = (word: string) => word.toUpperCase();
const refusalOf = (word: string) => `TIDAK ${upper(word)}`;

/** What our own message has around the word, and what a keyboard puts there. */
const marks = /^[\s.!*_~"'“”„‘’«»()]+|[\s.,!*_~"'“”„‘’«»()]+$/gu;
/** Who is addressed and who speaks. Before the word a full "bapak" or "ibu" may be somebody else who agrees. */
const courtesyBefore: ReadonlySet<string> = new Set(
  'pak bu mas mbak mba saya kulo kula aku ya iya inggih nggih njih'.split(' '),
);
const courtesyBehind: ReadonlySet<string> = new Set(
  'pak bapak bu ibu mas mbak mba kak min ya inggih nggih njih'.split(' '),
);

/**
 * Only the word itself, once: capitals, marks around it and forms of address make no difference, any other word, letter or question
 * mark does.
 */
function isTheWord(text: string, word: string): boolean {
  const words = text.split(' ').map((one) => one.replace(marks, ''));
  const at = words.findIndex((one) => upper(one) === upper(word));
  const isAddress = (one: string, place: number) =>
    place === at || (place < at ? courtesyBefore : courtesyBehind).has(one.toLowerCase());
  return at >= 0 && words.every((one, place) => one === '' || isAddress(one, place));
}

const later: ReadonlySet<string> = new Set('nanti besok dulu sebentar bentar sikik belum lusa'.split(' '));
const laterAround: ReadonlySet<string> = new Set(
  `setuju mau bisa ya pikir baca tanya lihat rembug rembugan rundingan anak suami istri keluarga sama dengan ke hari lain kali lagi masih
  sibuk kerja sekarang`.split(/\s+/),
);

function isRefusal(text: string, word: string): boolean {
  const known = fold(text)
    .split(' ')
    .map((each) => (each === fold(word) ? 'setuju' : each));
  const asked = text.endsWith('?') ? '?' : '';
  // An emoji is only in the text as typed: folding drops it.
  const said = known.join(' ') === '' ? text : known.join(' ') + asked;
  return answerWord(said) === 'no' && !saysNotYet(said) && !fold(said).includes('salah');
}

/** An answer that is put off ("nanti dulu", "dereng", "kulo pikir rumiyin"): no refusal and no mistake. */
function isPutOff(text: string): boolean {
  const words = plain(text).split(' ');
  const isKnown = (word: string) => isFiller(word) || later.has(word) || laterAround.has(word);
  return words.some((word) => later.has(word)) && words.every(isKnown) && !text.endsWith('?');
}

/** The word with a letter wrong, with a question mark, or among polite words: worth reading back, never taken as given. */
function isSlip(text: string, word: string): boolean {
  const [typed, meant] = [fold(text), fold(word)];
  if (withinOneEdit(typed.replaceAll(' ', ''), meant)) return true;
  if (plain(typed) === meant) return true;
  const rest = typed.split(' ').filter((each) => each !== meant);
  return (
    rest.length < typed.split(' ').length &&
    rest.every((each) => isFiller(each) || answerWord(each) === 'yes')
  );
}

function parse(text: string, context: InputContext<Options>, raw: string): Parsed {
  const word = context.options.word;
  if (isTheWord(text, word)) return given(true, raw, context);
  if (isRefusal(text, word)) return given(false, raw, context);
  if (isPutOff(text)) return { kind: 'again', reason: noHurry, waits: true };
  return again(isSlip(text, word) ? readBack(word) : explanation(word));
}

const noHurry =
  'Baik, tidak perlu tergesa-gesa: pertanyaan ini menunggu sampai Bapak/Ibu siap. Bila tidak jadi, ketik TIDAK.';

/** Said back, and not offered to be chosen: the number of a choice is not the word, and what is kept must have been typed. */
function readBack(word: string): string {
  return `Sepertinya yang dimaksud adalah kata ${upper(word)}. Mohon ketik kata itu saja, dengan lengkap, atau ketik TIDAK bila tidak ${word.toLowerCase()}.`;
}

function explanation(word: string): string {
  return `Untuk persetujuan kami memerlukan kata ${upper(word)} itu sendiri. Mohon ketik ${upper(word)}, atau ketik TIDAK bila tidak ${word.toLowerCase()}.`;
}

function given(granted: boolean, raw: string, context: InputContext<Options>): Parsed {
  const answer = storable(raw);
  const value = {
    setuju: granted,
    jawaban: answer,
    teks: context.question(),
    versi: context.options.version,
  };
  return {
    kind: 'ok',
    value,
    readback: granted ? upper(context.options.word) : refusalOf(context.options.word),
  };
}

/** As typed, but for the two things a database refuses to keep in a text: NUL and half a surrogate pair. */
function storable(raw: string): string {
  return raw.replaceAll('\0', '').replace(/\p{Cs}/gu, '');
}

/**
 * Explicit consent by one typed word, with the proof the controller must be able to show (UU 27/2022 Pasal 22 and 24):
 * the text as it was asked, the answer as it was typed, the version. "nggih" or "ok" is not consent.
 */
export const consentWord: InputKind<Options> = {
  name: 'consent-word',
  options,
  type: () => consentType,
  example: ({ word }) => upper(word),
  // A number or a button of two words is not the word itself.
  choices: () => [],
  spellings: ({ word }) =>
    [upper(word), refusalOf(word), 'TIDAK'].map((each) => ({ choice: each, words: [each] })),
  parse: reading(parse),
};

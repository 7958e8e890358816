import { z } from 'zod';
import { fold, titleCase } from '../text.js';
import type { ValueType } from '../types.js';
import { plain } from '../word-list.js';
import { answerWord, isFiller } from '../words.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({});
type Options = z.infer<typeof options>;

/** The most characters a name has on a KTP-el, with spaces (Permendagri 73/2022). */
const longestName = 60;

/** What people put around a name: quotes, bold, an emoji. */
const ornament =
  /^(?:[\u{1F3FB}-\u{1F3FF}]|\p{Extended_Pictographic}|["“”*\s])+|(?:[\u{1F3FB}-\u{1F3FF}]|\p{Extended_Pictographic}|["“”*\s])+$/gu;
const introduction =
  /^.*\b(?:nama(?: lengkap)? (?:saya|kulo|kula)|asma (?:kulo|kula)|nami (?:kulo|kula))\b(?: adalah| ialah)?[\s:=,]+/iu;
const labelled = /^(?:nama(?: lengkap)?(?:\s*[:=]\s*|\s+(?=\S))|jeneng(?:ku| kulo| kula)\s*)/iu;
/** "Saya Fulan" is a name, "saya lupa" is none: what stands behind is taken, but asked back. */
const opening =
  /^(?:.*\bperkenalkan,? )?(?:(?:ini|dengan|saya|kulo|kula|aku|biasa(?:nya)? dipanggil|dipanggil|panggil saja|panggilan) )+(?=\S)/iu;
/** A yes or a form of address before the name; "iya" and "mas" may be names, and go only before a comma. */
const addressBefore =
  /^(?:(?:pak|bapak|bpk|bu|ibu|nggih|inggih|injih|njih|ya|ok|oke|siap)(?:\s*[.,]\s*|\s+)|(?:iya|iyo|baik|mas|mbak|mba|min|kak)\s*,\s*){1,3}(?=\S)/iu;
const spokenTo = /^(?:.*[\s,])?(?:pak|bapak|bpk|bu|ibu)[\s.]+$/iu;
const addressBehind = /(?:[\s,]+(?:pak|bapak|bu|ibu|ya|nggih|njih)|\s*,\s*(?:min|mbak|mas|kak)){1,2}$/iu;
/** Behind a name without a comma these may be part of it ("Tukimin Min"). */
const perhapsAddress = /\s+(?:min|mbak)$/iu;
/** What somebody who tells more than the name goes on with. */
const story =
  /[\s,.]+(?:saya|kulo|kula|lahir|kelahiran|umur|usia|alamat|tinggal|dari|ttl|alias|(?:biasa(?:nya)? )?dipanggil)(?:\s.*)?$/iu;
const nickname = /[\s,]+(?:(?:biasa(?:nya)? )?dipanggil|panggilan(?:nya)?)(?:\s.*)?$/iu;
const asOn =
  'nama|namanya|sesuai|sama|persis|seperti|dengan|di|pada|yang|ada|tertulis|tertera|tercantum|dalam|kaya|kayak|kados|lihat';
const card = '(?:e-?)?ktp(?:nya|-nya)?';
const asOnCard = new RegExp(
  `(?:(?:^|[\\s,]+)(?:${asOn}))*(?:^|[\\s,]+)${card}(?: (?:saja|aja|sj))?[\\s.,]*$|^(?:(?:${asOn})\\s+)+${card}[\\s:,]+`,
  'iu',
);
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
/** Words that are rarely a name and often something told about one. */
const tellingWords: ReadonlySet<string> = new Set(
  'ktp kk sesuai sama seperti dipanggil panggilan biasa alias iya dari lahir umur usia'.split(' '),
);
/** Who types one of these with nothing but words of a sentence around it asks for something else. */
const requests: ReadonlySet<string> = new Set(
  'berhenti batal stop mundur keluar minta bicara petugas operator bantuan bantu tolong hubungi menu'.split(
    ' ',
  ),
);
const aroundRequest: ReadonlySet<string> = new Set(
  'ingin mohon dulu orang lagi nomor telepon sekarang karena sama manusia ya'.split(' '),
);

const titles: ReadonlySet<string> = new Set(
  `h hj kh drs dra ir dr r rm ray s sos pd se sh mm m si aks alm almh bapak bpk pak ibu bu`.split(/\s+/),
);
const joinedTitles =
  /\b(?:s\s*\.?\s*(?:sos|pd|e|h|ag|kom|t)|m\s*\.?\s*(?:si|m|pd)|r\s*\.\s*(?:ay|m|a))\b\.?/giu;

/** A name in title case when it was typed all in capitals or all in small letters; its titles tell nothing of that. */
const nameType: ValueType = { name: 'person-name', show: (value) => inTitleCase(String(value ?? '')) };

function inTitleCase(name: string): string {
  const bare = bareName(name);
  const isCapital = bare === bare.toUpperCase();
  if (!anyLetter.test(bare) || (!isCapital && bare !== bare.toLowerCase())) return titleCase(name);
  const typed = (word: string) => (isCapital ? word.toUpperCase() : word.toLowerCase());
  return name.replace(/\S+/gu, (word) => (word === typed(word) ? titleCase(word) : word));
}

/** A name without its titles, as typed. */
function bareName(name: string): string {
  const words = name.replace(joinedTitles, ' ').split(/[\s.,]+/u);
  return words.filter((word) => !titles.has(word.toLowerCase())).join(' ');
}

/**
 * The form in which names are compared: folded, without titles of education, adat and religion. Those may stand
 * abbreviated on KK and KTP-el (Permendagri 73/2022), so the same person is written with and without them.
 */
export function nameKey(name: string): string {
  const words = fold(name.replace(joinedTitles, ' ')).split(' ');
  const bare = words.filter((word) => !titles.has(word));
  return (bare.length === 0 ? words : bare).join(' ');
}

const mostLayers = 4;

/** A name as it was found in a text, and whether it is worth asking back. */
interface Found {
  readonly name: string;
  readonly isDoubtful: boolean;
}

/** Peels off what stands around a name, layer by layer: "nggih pak, nama saya Ibu …". */
function takeName(text: string, layers = mostLayers): Found {
  const { name, isDoubtful } = peeled(text);
  if (name === text || layers === 1) return { name, isDoubtful };
  const inner = takeName(name, layers - 1);
  return { name: inner.name, isDoubtful: isDoubtful || inner.isDoubtful };
}

function peeled(text: string): Found {
  const bare = text.replace(ornament, '');
  const introduced = bare.replace(introduction, '');
  const labelless = introduced.replace(labelled, '').replace(ornament, '');
  const opened = labelless.replace(opening, '');
  const isTold = opened !== labelless;
  const whole = opened.replace(isTold || introduced !== bare ? story : nickname, '');
  const own = withoutCard(whole).trim();
  const named = withoutAddress(own, introduced !== bare);
  return { ...named, isDoubtful: named.isDoubtful || isTold || own !== opened.trim() };
}

function withoutCard(text: string): string {
  const bare = text.replace(addressBehind, '');
  return asOnCard.test(bare) ? bare.replace(asOnCard, '') : text;
}

/** Whoever is spoken to is no part of the name. What is left of "Pak Min" is hardly a whole one. */
function withoutAddress(text: string, isTold: boolean): Found {
  const spoken = addressBefore.exec(text)?.[0] ?? '';
  const trimmed = text.slice(spoken.length).replace(addressBehind, '').replace(ornament, '');
  const mayEnd = perhapsAddress.test(trimmed);
  const name = (isTold ? trimmed.replace(perhapsAddress, '') : trimmed).trim();
  const isShort = spokenTo.test(spoken) && !nameKey(name).includes(' ');
  return { name, isDoubtful: mayEnd || isShort };
}

function parse(text: string, _context: InputContext<Options>, raw: string): Parsed {
  const { name, isDoubtful } = takeName(text);
  const reason = isRequest(text) ? noName : refusal(name, text);
  if (reason !== null) return again(reason);
  const shown = nameType.show(name);
  if (isDoubtful || hasDoubtfulWords(name)) {
    const question = `Kami membaca “${shown}” sebagai nama. Apakah benar itu nama lengkapnya?`;
    return { kind: 'confirm', value: name, question, readback: shown };
  }
  return { kind: 'ok', value: name, readback: shown === raw.trim() ? null : shown };
}

const noName = 'Pesan ini belum memuat nama. Mohon ketik nama lengkap.';
const noCard = 'Kami tidak dapat melihat KTP dari sini. Mohon ketik nama lengkap seperti tertulis pada KTP.';

function hasDoubtfulWords(name: string): boolean {
  const words = fold(name).split(' ');
  return (
    answerWord(name) !== 'unknown' || words.some((word) => sentenceWords.has(word) || tellingWords.has(word))
  );
}

function isRequest(text: string): boolean {
  const words = plain(text).replace('tidak jadi', 'batal').split(' ');
  const isAround = (word: string) => sentenceWords.has(word) || aroundRequest.has(word) || isFiller(word);
  return (
    words.some((word) => requests.has(word)) && words.every((word) => requests.has(word) || isAround(word))
  );
}

function refusal(name: string, text: string): string | null {
  if (name === '' && withoutCard(text) !== text) return noCard;
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
  if (greetings.test(fold(name))) return noName;
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

import { z } from 'zod';
import { type DateRule, isDateWord, latestAdultBirthYear, readDate, showDate } from '../calendar.js';
import { isRecord, type Json, type JsonRecord } from '../json.js';
import { fold, titleCase } from '../text.js';
import { textType, type ValueType } from '../types.js';
import { answerWord, isFiller } from '../words.js';
import { dateType } from './date.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({
  'year-only': z.boolean().optional().describe('A year alone is enough, for people who know no more.'),
});
type Options = z.infer<typeof options>;

const oldestYear = 1900;
const longestPlace = 60;
const placeLetters = /^[\p{Script=Latin}\p{M} .'’-]+$/u;
const slashByWord = /\/(?=\p{L})|(?<=\p{L})\//gu;
const lead: ReadonlySet<string> = new Set(
  'ttl tempat lahir di ing wonten kelahiran dan saya kulo kula'.split(' '),
);
const unknownPlace = /^(?:tidak tahu|tidak ingat|lupa|kesupen|mboten ngertos|ora ngerti|tidak ada)\b/u;

const askPlace = (iso: string) =>
  `Tanggal lahir: ${showDate(iso)}. Di kabupaten atau kota mana tempat lahirnya?`;
const askDate = (place: string) => `Tempat lahir: ${place}. Tanggal berapa lahirnya?`;

function showBirth(value: Json): string {
  return isRecord(value) ? `${String(value.tempat)}, ${showDate(String(value.tanggal))}` : '';
}

const birthType: ValueType = {
  name: 'birth',
  show: showBirth,
  fields: { tempat: textType, tanggal: dateType },
};

interface Split {
  readonly place: string;
  readonly date: string;
}

function split(text: string): Split {
  const words = text
    .replace(slashByWord, ' ')
    .split(/[\s,;:]+/)
    .filter((word) => word !== '');
  const marks = words.map((word) => (isDateWord(word) ? 'date' : 'place'));
  const date = words.filter((_, index) => marks[index] === 'date').join(' ');
  const first = words.findIndex((word, index) => marks[index] === 'place' && !lead.has(fold(word)));
  if (first < 0) return { place: '', date };
  const end = marks.indexOf('date', first);
  return { place: placeOf(words.slice(first, end < 0 ? undefined : end)), date };
}

function placeOf(words: readonly string[]): string {
  const meant = words.filter((word) => !lead.has(fold(word)) && !isFiller(fold(word)));
  return titleCase(meant.join(' ').replace(/^[\s.'’-]+|[\s'’-]+$/gu, ''));
}

function ruleOf({ options: settings, now }: InputContext<Options>): DateRule {
  const yearOnly = settings['year-only'] ?? false;
  return { now, latestShort: latestAdultBirthYear(now), minYear: oldestYear, lies: 'past', yearOnly };
}

function parse(text: string, context: InputContext<Options>): Parsed {
  const known: JsonRecord = isRecord(context.state) ? context.state : {};
  const parts = split(text);
  const found = readDate(parts.date, ruleOf(context));
  if (found.kind === 'fault') return again(found.reason);
  if (found.kind === 'none' && /\d/.test(parts.date)) {
    return again('Tanggal lahirnya belum dapat kami baca. Mohon tulis tanggal, bulan, dan tahunnya.');
  }
  const reason = placeRefusal(parts.place, text);
  if (reason !== null) return again(reason);
  return join(parts.place || known.tempat, found.kind === 'date' ? found.iso : known.tanggal);
}

function placeRefusal(place: string, text: string): string | null {
  if (place === '') return answerWord(text) === 'unknown' ? null : unclear;
  if (place.length > longestPlace)
    return 'Tempat lahirnya terlalu panjang. Mohon tulis nama kabupaten atau kotanya saja.';
  const letters = fold(place);
  const usable = placeLetters.test(place) && letters.length > 1;
  return usable && !unknownPlace.test(letters) && answerWord(place) === 'unknown' ? null : unclear;
}

const unclear = 'Tempat dan tanggal lahirnya belum dapat kami baca. Mohon tulis nama kota, lalu tanggalnya.';

function join(place: Json | undefined, iso: Json | undefined): Parsed {
  const hasPlace = typeof place === 'string' && place !== '';
  if (typeof iso !== 'string') {
    return hasPlace ? { kind: 'more', state: { tempat: place }, question: askDate(place) } : again(unclear);
  }
  if (!hasPlace) return { kind: 'more', state: { tanggal: iso }, question: askPlace(iso) };
  const value = { tempat: place, tanggal: iso };
  return { kind: 'ok', value, readback: showBirth(value) };
}

/**
 * Place and date of birth in one answer, as on every Indonesian form ("Semarang, 17-8-1970"). A missing half is asked
 * for. Two-digit years are read as those of someone who is at least 18. It is always read back.
 */
export const birth: InputKind<Options> = {
  name: 'birth',
  options,
  type: () => birthType,
  example: () => 'Semarang, 17 Agustus 1970',
  choices: () => [],
  parse: reading(parse),
};

import { z } from 'zod';
import {
  type DateReading,
  type DateRule,
  latestAdultBirthYear,
  readDate,
  showDate,
  showMonth,
  yearInWib,
} from '../calendar.js';
import { isRecord, type Json, type JsonRecord } from '../json.js';
import { numbersAsDigits } from '../numerals.js';
import { fold } from '../text.js';
import { textType, type ValueType } from '../types.js';
import { answerWord } from '../words.js';
import { type BirthWords, takeBirth } from './birth-words.js';
import { dateType, readWithMonth } from './date.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({
  'year-only': z.boolean().optional().describe('A year alone is enough, for people who know no more.'),
});
type Options = z.infer<typeof options>;

/** What is known so far: half an answer, or a month whose day is asked for. */
interface Known {
  readonly place: string;
  readonly iso: string;
  readonly month: string;
}

const none: DateReading = { kind: 'none' };
const oldestYear = 1900;
const longestPlace = 60;
const placeLetters = /^[\p{Script=Latin}\p{M} .'’-]+$/u;

const yearIsEnough = 'Bila tanggalnya tidak diketahui, tahunnya saja sudah cukup.';
const askPlace = (iso: string) =>
  `${iso.length === 4 ? 'Tahun' : 'Tanggal'} lahir: ${showDate(iso)}. Di kabupaten atau kota mana tempat lahirnya?`;
const askDate = (place: string) => `Tempat lahir: ${place}. Tanggal berapa lahirnya?`;
const askYear = (place: string) => `Tempat lahir: ${place}. ${yearIsEnough} Tahun berapa lahirnya?`;

function showBirth(value: Json): string {
  return isRecord(value) ? `${String(value.tempat)}, ${showDate(String(value.tanggal))}` : '';
}

const birthType: ValueType = {
  name: 'birth',
  show: showBirth,
  fields: { tempat: textType, tanggal: dateType },
};

function ruleOf({ options: settings, now }: InputContext<Options>): DateRule {
  const yearOnly = settings['year-only'] ?? false;
  return { now, latestShort: latestAdultBirthYear(now), minYear: oldestYear, lies: 'past', yearOnly };
}

function knownIn(state: Json): Known {
  const { tempat, tanggal, bulan }: JsonRecord = isRecord(state) ? state : {};
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');
  return { place: text(tempat), iso: text(tanggal), month: text(bulan) };
}

function parse(text: string, context: InputContext<Options>): Parsed {
  const known = knownIn(context.state);
  const words = takeBirth(known.month === '' ? text : numbersAsDigits(fold(text)), context.regions);
  const found = dateIn(text, words, known, context);
  if (found.kind === 'fault') return again(found.reason);
  if (!isPlace(words.place)) return again(unclear(known, words, context));
  if (found.kind === 'date') return withDate(words, found, known);
  if (words.age !== null) return whichYear(words.age, words, context);
  if (words.place === '' || answerWord(text) !== 'unknown') return again(unclear(known, words, context));
  if (words.date !== '' && /\d/.test(words.date)) return again(noDate(context));
  return words.isDoubtful ? again(unclear(known, words, context)) : placeAlone(words, known, context);
}

/** A day that was asked for needs no month; who knows no more than the month has said so by then. */
function dateIn(
  text: string,
  words: BirthWords,
  { month }: Known,
  context: InputContext<Options>,
): DateReading {
  const rule = ruleOf(context);
  if (month === '') return readDate(words.date, rule);
  if (answerWord(text) !== 'unknown') return none;
  if (!/\d/.test(words.date) && words.isUnknown) return { kind: 'date', iso: month.slice(0, 4) };
  return readWithMonth(words.date, month, (said) => readDate(said, rule));
}

function isPlace(place: string): boolean {
  return place === '' || (placeLetters.test(place) && place.length <= longestPlace && fold(place).length > 1);
}

function withDate(
  words: BirthWords,
  { iso, month }: Extract<DateReading, { kind: 'date' }>,
  known: Known,
): Parsed {
  const place = words.place || known.place;
  if (month !== undefined) return askDay(month, place);
  if (place === '') return { kind: 'more', state: { tanggal: iso }, question: askPlace(iso) };
  return complete(place, iso, words.isDoubtful);
}

/** A month cannot be kept: its day is asked for, and the way out is said. */
function askDay(month: string, place: string): Parsed {
  const year = month.slice(0, 4);
  const question = `Bulan lahir: ${showMonth(month)}. Bila tanggalnya tidak diketahui, cukup ketik ${year}. Tanggal berapa lahirnya?`;
  const state = place === '' ? { bulan: month } : { bulan: month, tempat: place };
  return { kind: 'more', state, question };
}

function complete(place: string, iso: string, isDoubtful: boolean): Parsed {
  const value = { tempat: place, tanggal: iso };
  const readback = showBirth(value);
  if (!isDoubtful) return { kind: 'ok', value, readback };
  const question = `Kami membaca tempat dan tanggal lahirnya: ${readback}. Apakah sudah benar?`;
  return { kind: 'confirm', value, question, readback };
}

function placeAlone(words: BirthWords, known: Known, context: InputContext<Options>): Parsed {
  const { place, isUnknown } = words;
  if (known.iso !== '') return complete(place, known.iso, false);
  if (known.month !== '') return askDay(known.month, place);
  const isYearAsked = isUnknown && context.options['year-only'] === true;
  const question = isYearAsked ? askYear(place) : askDate(place);
  return { kind: 'more', state: { tempat: place }, question };
}

/** An age leaves two years open, and none of them is the answer before the person has said so. */
function whichYear(age: number, { place }: BirthWords, context: InputContext<Options>): Parsed {
  const latest = yearInWib(context.now) - age;
  const years = [latest, latest - 1].filter((year) => year >= oldestYear);
  if (context.options['year-only'] !== true || years.length === 0) return again(ageIsNoDate(context));
  return {
    kind: 'did-you-mean',
    question: `Umur ${age} tahun berarti lahir tahun ${years.join(' atau ')}. Tahun berapa lahirnya?`,
    candidates: years.map((year) => ({
      label: String(year),
      answer: yearAnswer(place, year, context),
    })),
  };
}

/** What stands beside an age may be no place ("atau umur 67"): then it is not said with the year. */
function yearAnswer(place: string, year: number, context: InputContext<Options>): string {
  const whole = `${place}, tahun ${year}`;
  return place !== '' && parse(whole, context).kind === 'ok' ? whole : `tahun ${year}`;
}

function ageIsNoDate({ options: settings }: InputContext<Options>): string {
  const wanted = settings['year-only'] === true ? 'tahun lahirnya' : 'tanggal, bulan, dan tahun lahirnya';
  return `Dari umur saja tanggal lahirnya belum kami ketahui. Mohon tulis ${wanted}.`;
}

function noDate({ options: settings }: InputContext<Options>): string {
  const ask = 'Tanggal lahirnya belum dapat kami baca. Mohon tulis tanggal, bulan, dan tahunnya.';
  return settings['year-only'] === true ? `${ask} ${yearIsEnough}` : ask;
}

/** What is still missing, and nothing that is known. */
function unclear(known: Known, { place }: BirthWords, context: InputContext<Options>): string {
  if (place.length > longestPlace)
    return 'Tempat lahirnya terlalu panjang. Mohon tulis nama kabupaten atau kotanya saja.';
  if (known.iso !== '')
    return 'Tempat lahirnya belum dapat kami baca. Mohon tulis nama kabupaten atau kotanya.';
  if (known.place !== '' || known.month !== '') return noDate(context);
  const ask = 'Tempat dan tanggal lahirnya belum dapat kami baca. Mohon tulis nama kota, lalu tanggalnya.';
  return context.options['year-only'] === true ? `${ask} ${yearIsEnough}` : ask;
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

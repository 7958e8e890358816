import { z } from 'zod';
import {
  type DateReading,
  type DateRule,
  latestAdultBirthYear,
  showDate,
  showDay,
  showMonth,
  yearInWib,
} from '../calendar.js';
import { isRecord, type Json } from '../json.js';
import { numbersAsDigits } from '../numerals.js';
import { type DayReading, readDay } from '../relative-day.js';
import { fold } from '../text.js';
import type { ValueType } from '../types.js';
import { plain } from '../word-list.js';
import { answerWord } from '../words.js';
import { again, reading } from './define.js';
import type { Candidate, InputContext, InputKind, Parsed } from './input.js';

const options = z
  .strictObject({
    'year-only': z.boolean().optional().describe('A year alone is enough, for people who know no more.'),
    past: z.boolean().optional().describe('Refuses days to come.'),
    upcoming: z.boolean().optional().describe('Takes only days to come, today included.'),
    adult: z.boolean().optional().describe('Two-digit years are read so that the person is grown up.'),
    'min-year': z.number().int().optional().describe('The earliest year that is taken; 1900 when left out.'),
  })
  .refine(({ past, upcoming }) => past !== true || upcoming !== true, 'past and upcoming exclude each other');
type Options = z.infer<typeof options>;

/** No document or person of today is older. */
const oldestYear = 1900;
const usualYear = 1970;
/** How far ahead a two-digit year may lie when future dates are allowed. */
const yearsAhead = 10;

/** A day `YYYY-MM-DD` or a bare year `YYYY`, shown in words ("17 Agustus 1970"). */
export const dateType: ValueType = { name: 'date', show: (value) => showDate(String(value ?? '')) };

/** A day to choose, shown without its year so that it fits on a button; `tail` is added to the text that means it. */
export function dayCandidate(iso: string, tail = ''): Candidate {
  return { label: showDay(iso).replace(/ \d{4}$/, ''), answer: `${showDate(iso)}${tail}` };
}

function latestShort(settings: Options, now: Date): number {
  if (settings.adult === true) return latestAdultBirthYear(now);
  return yearInWib(now) + (settings.past === true ? 0 : yearsAhead);
}

function ruleOf({ options: settings, now }: InputContext<Options>): DateRule {
  return {
    now,
    latestShort: latestShort(settings, now),
    minYear: settings['min-year'] ?? oldestYear,
    lies: settings.past === true ? 'past' : settings.upcoming === true ? 'ahead' : 'anywhere',
    yearOnly: settings['year-only'] ?? false,
  };
}

const unknown: ReadonlySet<string> = new Set(['tidak', 'belum', 'lupa']);

/** Whether a text says that something is not known ("lupa", "mboten ngertos", "tidak tahu tanggalnya"). */
export function saysUnknown(text: string): boolean {
  return plain(text)
    .split(' ')
    .some((word) => unknown.has(word));
}

/**
 * Reads what is said after a day of a known month ("1970-08") was asked for: a bare day, a day and a month, or a date or year
 * of its own. The same month once more means that the day is not known.
 */
export function readWithMonth<Reading extends DayReading>(
  typed: string,
  month: string,
  read: (text: string) => Reading,
): Reading | DateReading {
  const year = month.slice(0, 4);
  const text = numbersAsDigits(fold(typed));
  if (!/\d/.test(text)) return withoutDigits(text, year, read);
  const inMonth = read(`${text} ${showMonth(month)}`);
  const inYear = read(`${text} ${year}`);
  const own = [inMonth, inYear].find(isWholeDay) ?? read(text);
  if (own.kind !== 'date' || own.iso.length > year.length) return own;
  return own.iso === year || /\d{4}/.test(text) ? { kind: 'date', iso: own.iso } : inMonth;
}

function withoutDigits<Reading extends DayReading>(
  text: string,
  year: string,
  read: (text: string) => Reading,
): Reading | DateReading {
  const isNotKnown = saysUnknown(text) && answerWord(text) === 'unknown';
  return isNotKnown ? { kind: 'date', iso: year } : read(text);
}

function isWholeDay(found: DayReading): boolean {
  return found.kind === 'date' && found.month === undefined;
}

function monthIn(state: Json): string {
  return isRecord(state) && typeof state.bulan === 'string' ? state.bulan : '';
}

function askDay(month: string): Parsed {
  const year = month.slice(0, 4);
  const question = `Bulannya ${showMonth(month)}. Bila tanggalnya tidak diketahui, cukup ketik ${year}. Tanggal berapa?`;
  return { kind: 'more', state: { bulan: month }, question };
}

function dayIn(text: string, context: InputContext<Options>): DayReading {
  const month = monthIn(context.state);
  const read = (said: string) => readDay(said, ruleOf(context));
  return month === '' ? read(text) : readWithMonth(text, month, read);
}

function parse(text: string, context: InputContext<Options>, raw: string): Parsed {
  const found = dayIn(text, context);
  if (found.kind === 'fault') return again(found.reason);
  if (found.kind === 'none')
    return again('Tanggalnya belum dapat kami baca. Mohon tulis tanggal, bulan, dan tahunnya.');
  if (found.kind === 'unsure') {
    const candidates = found.isos.map((iso) => dayCandidate(iso));
    return { kind: 'did-you-mean', question: found.question, candidates };
  }
  if (found.month !== undefined) return askDay(found.month);
  // Of something to come the weekday is said too, for that is how people notice a wrong date.
  const shown = context.options.upcoming === true ? showDay(found.iso) : showDate(found.iso);
  return { kind: 'ok', value: found.iso, readback: raw.trim() === shown ? null : shown };
}

/**
 * A calendar date, day first, in any common Indonesian spelling, or a day counted from today ("besok", "Senin depan").
 * Two-digit years are the latest possible; with `adult` the latest at which someone is 18. `year-only` also takes a bare
 * year, for people who know no more. `upcoming` is for events: not before today, and the year may be left out.
 */
export const date: InputKind<Options> = {
  name: 'date',
  options,
  type: () => dateType,
  example: ({ upcoming, 'min-year': first = usualYear }) =>
    upcoming === true ? 'Senin depan' : `17 Agustus ${Math.max(first, usualYear)}`,
  choices: () => [],
  parse: reading(parse),
};

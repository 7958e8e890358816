import { z } from 'zod';
import { type DateRule, latestAdultBirthYear, showDate, showDay, yearInWib } from '../calendar.js';
import { readDay } from '../relative-day.js';
import type { ValueType } from '../types.js';
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

function parse(text: string, context: InputContext<Options>, raw: string): Parsed {
  const found = readDay(text, ruleOf(context));
  if (found.kind === 'fault') return again(found.reason);
  if (found.kind === 'none')
    return again('Tanggalnya belum dapat kami baca. Mohon tulis tanggal, bulan, dan tahunnya.');
  if (found.kind === 'unsure') {
    const candidates = found.isos.map((iso) => dayCandidate(iso));
    return { kind: 'did-you-mean', question: found.question, candidates };
  }
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

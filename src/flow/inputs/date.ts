import { z } from 'zod';
import { type DateRule, latestAdultBirthYear, readDate, showDate, yearInWib } from '../calendar.js';
import type { ValueType } from '../types.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({
  'year-only': z.boolean().optional(),
  past: z.boolean().optional(),
  adult: z.boolean().optional(),
  'min-year': z.number().int().optional(),
});
type Options = z.infer<typeof options>;

/** No document or person of today is older. */
const oldestYear = 1900;
/** How far ahead a two-digit year may lie when future dates are allowed. */
const yearsAhead = 10;

/** A day `YYYY-MM-DD` or a bare year `YYYY`, shown in words ("17 Agustus 1970"). */
export const dateType: ValueType = { name: 'date', show: (value) => showDate(String(value ?? '')) };

function latestShort(settings: Options, now: Date): number {
  if (settings.adult === true) return latestAdultBirthYear(now);
  return yearInWib(now) + (settings.past === true ? 0 : yearsAhead);
}

function ruleOf({ options: settings, now }: InputContext<Options>): DateRule {
  return {
    now,
    latestShort: latestShort(settings, now),
    minYear: settings['min-year'] ?? oldestYear,
    past: settings.past ?? false,
    yearOnly: settings['year-only'] ?? false,
  };
}

function parse(text: string, context: InputContext<Options>, raw: string): Parsed {
  const found = readDate(text, ruleOf(context));
  if (found.kind === 'fault') return again(found.reason);
  if (found.kind === 'none')
    return again('Tanggalnya belum dapat kami baca. Mohon tulis tanggal, bulan, dan tahunnya.');
  const shown = showDate(found.iso);
  return { kind: 'ok', value: found.iso, readback: raw.trim() === shown ? null : shown };
}

/**
 * A calendar date, day first, in any common Indonesian spelling. Two-digit years are the latest possible; with `adult`
 * the latest at which someone is 18. `year-only` also takes a bare year, for people who know no more.
 */
export const date: InputKind<Options> = {
  name: 'date',
  options,
  type: () => dateType,
  example: () => '17 Agustus 1970',
  choices: () => [],
  parse: reading(parse),
};

import { z } from 'zod';
import { type DateRule, showDate, showDay, yearInWib } from '../calendar.js';
import { showClock, type TimeTaken, takeTime } from '../clock.js';
import { isRecord, type Json, type JsonRecord } from '../json.js';
import { type DayReading, readDay } from '../relative-day.js';
import type { ValueType } from '../types.js';
import { dateType, dayCandidate } from './date.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({});
type Options = z.infer<typeof options>;

/** How many years ahead something may be planned, and a two-digit year may lie. */
const yearsAhead = 10;

const timeType: ValueType = { name: 'time', show: (value) => `pukul ${showClock(String(value ?? ''))} WIB` };

function showMoment(value: Json): string {
  return isRecord(value) ? `${showDay(String(value.tanggal))} ${timeType.show(value.jam ?? '')}` : '';
}

const momentType: ValueType = {
  name: 'moment',
  show: showMoment,
  fields: { tanggal: dateType, jam: timeType },
};

const bareHour = /^(?:\d{1,2}|\p{L}+(?: belas)?)$/u;
const unclear = 'Hari dan jamnya belum dapat kami baca. Mohon tulis tanggal dan jamnya.';
const gone = 'Waktu itu sudah lewat. Mohon tulis tanggal dan jam yang akan datang.';

function ruleOf(now: Date): DateRule {
  const year = yearInWib(now);
  return { now, latestShort: year + yearsAhead, minYear: year, lies: 'ahead', yearOnly: false };
}

function isAhead(iso: string, time: string, now: Date): boolean {
  return new Date(`${iso}T${time}:00+07:00`) > now;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** After "Pukul berapa?" a bare "9" is a time. */
function timeIn(text: string, known: JsonRecord): TimeTaken {
  const taken = takeTime(text);
  const asked = known.tanggal !== undefined && bareHour.test(text);
  return taken.reading.kind === 'none' && asked ? takeTime(`jam ${text}`) : taken;
}

function parse(text: string, { now, state }: InputContext<Options>): Parsed {
  const known: JsonRecord = isRecord(state) ? state : {};
  const { reading: time, rest } = timeIn(text, known);
  if (time.kind === 'fault') return again(time.reason);
  const day = readDay(rest, ruleOf(now));
  if (day.kind === 'fault') return again(day.reason);
  if (day.kind === 'none' && (time.kind === 'none' || /\d/.test(rest))) return again(unclear);
  const at = time.kind === 'time' ? time.time : textOf(known.jam);
  if (day.kind === 'unsure') return whichDay(day, time.kind === 'unsure' ? undefined : at, now);
  const iso = day.kind === 'date' ? day.iso : textOf(known.tanggal);
  return time.kind === 'unsure' ? whichTime(time.times, iso, now) : join(iso, at, now);
}

function whichDay(day: Extract<DayReading, { kind: 'unsure' }>, time: string | undefined, now: Date): Parsed {
  const isos = day.isos.filter((iso) => time === undefined || isAhead(iso, time, now));
  if (isos.length === 0) return again(gone);
  const tail = time === undefined ? '' : ` pukul ${showClock(time)}`;
  return {
    kind: 'did-you-mean',
    question: day.question,
    candidates: isos.map((iso) => dayCandidate(iso, tail)),
  };
}

function whichTime(times: readonly string[], iso: string | undefined, now: Date): Parsed {
  const possible = times.filter((time) => iso === undefined || isAhead(iso, time, now));
  if (possible.length === 0) return again(gone);
  const candidates = possible.map((time) => {
    const label = `Pukul ${showClock(time)}`;
    return { label, answer: iso === undefined ? label : `${showDate(iso)} ${label}` };
  });
  return { kind: 'did-you-mean', question: 'Pukul berapa yang dimaksud?', candidates };
}

function join(iso: string | undefined, time: string | undefined, now: Date): Parsed {
  if (iso === undefined) {
    if (time === undefined) return again(unclear);
    return { kind: 'more', state: { jam: time }, question: `Pukul ${showClock(time)} WIB. Tanggal berapa?` };
  }
  if (time === undefined)
    return { kind: 'more', state: { tanggal: iso }, question: `${showDay(iso)}. Pukul berapa?` };
  if (!isAhead(iso, time, now)) return again(gone);
  const value = { tanggal: iso, jam: time };
  return { kind: 'ok', value, readback: showMoment(value) };
}

/**
 * The day and time at which something will begin, in Western Indonesian time: "Senin depan jam setengah 10 pagi". The value
 * holds `tanggal` (`YYYY-MM-DD`) and `jam` (`HH:MM`). A missing half is asked for; it is always read back with the weekday.
 */
export const moment: InputKind<Options> = {
  name: 'moment',
  options,
  type: () => momentType,
  example: () => 'besok pukul 09.30',
  choices: () => [],
  parse: reading(parse),
};

import { z } from 'zod';
import { daysInMonth, fullYear, latestAdultBirthYear, showDate } from '../calendar.js';
import type { Json } from '../json.js';
import { digitsFromLetters, fold } from '../text.js';
import type { ValueType } from '../types.js';
import { isFiller } from '../words.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({
  born: z.string().optional().describe('The variable with the date of birth, to compare with.'),
  sex: z.string().optional().describe('The variable with the sex (L or P), to compare with.'),
});
type Options = z.infer<typeof options>;
type Sex = 'L' | 'P';

interface Birth {
  readonly iso: string;
  readonly sex: Sex;
}

const labels: ReadonlySet<string> = new Set(
  'nomor nomer no nik nike niknya ktp ktpnya ektp e adalah'.split(' '),
);
const sexOf: ReadonlyMap<string, Sex> = new Map([
  ['l', 'L'],
  ['lk', 'L'],
  ['laki', 'L'],
  ['laki laki', 'L'],
  ['pria', 'L'],
  ['p', 'P'],
  ['pr', 'P'],
  ['perempuan', 'P'],
  ['wanita', 'P'],
]);
/** The sex a folded word or letter names; undefined when it is none. */
export function readSex(folded: string): Sex | undefined {
  return sexOf.get(folded);
}

const sexWords: Readonly<Record<Sex, string>> = { L: 'laki-laki', P: 'perempuan' };

/** A NIK as it may be shown: the first and the last four digits (UU 27/2022: no more than is needed). */
export function maskNik(nik: string): string {
  return nik.length > 8 ? `${nik.slice(0, 4)}••••••••${nik.slice(-4)}` : '••••';
}

const nikType: ValueType = { name: 'nik', show: (value) => maskNik(String(value ?? '')) };

/** Words like "NIK saya" and "pak" go; every other word stays and is refused, for it may hide a wrong digit. */
function withoutWords(text: string): string {
  const words = text.replace(/(?<=\p{L}{2})[.:=]|["“”()]|,(?=\s|$)/gu, ' ').split(/\s+/);
  return words.filter((word) => !labels.has(fold(word)) && !isFiller(fold(word))).join('');
}

function digitsOf(text: string): string {
  const bare = withoutWords(text).replace(/[.:=\-‐-―_]/gu, '');
  return /^[0-9oOlI|]+$/.test(bare) ? digitsFromLetters(bare) : bare;
}

/** The day and sex a NIK carries: women have 40 added to the day (PP 37/2007 Pasal 37). Undefined when no such day exists. */
function birthIn(nik: string, now: Date): Birth | undefined {
  const written = Number(nik.slice(6, 8));
  const day = written > 40 ? written - 40 : written;
  const month = Number(nik.slice(8, 10));
  const year = fullYear(Number(nik.slice(10, 12)), latestAdultBirthYear(now));
  // Only 29 February depends on the century, and a NIK may belong to someone outside the adult rule.
  const possible = [year, year - 100, year + 100].find((each) => isDay(each, month, day));
  if (possible === undefined) return undefined;
  return {
    iso: `${possible}-${nik.slice(8, 10)}-${String(day).padStart(2, '0')}`,
    sex: written > 40 ? 'P' : 'L',
  };
}

function isDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function refusal(nik: string): string | null {
  if (!/^\d+$/.test(nik)) return 'NIK hanya terdiri dari angka. Mohon ketik 16 angka NIK seperti pada KTP.';
  if (nik.length !== 16)
    return `NIK terdiri dari 16 angka; yang kami terima ${nik.length} angka. Mohon diperiksa kembali.`;
  if (Number(nik.slice(0, 2)) < 11)
    return 'Dua angka pertama NIK belum sesuai. Mohon diperiksa kembali dengan KTP.';
  if (nik.endsWith('0000'))
    return 'Empat angka terakhir NIK tidak mungkin 0000. Mohon diperiksa kembali dengan KTP.';
  return null;
}

function parse(text: string, context: InputContext<Options>): Parsed {
  const nik = digitsOf(text);
  const reason = refusal(nik);
  if (reason !== null) return again(reason);
  const birth = birthIn(nik, context.now);
  if (birth === undefined) {
    return again(
      'Angka tanggal lahir di dalam NIK (angka ke-7 sampai ke-12) belum sesuai. Mohon diperiksa kembali dengan KTP.',
    );
  }
  return result(nik, doubtsOf(birth, context.refs.born, context.refs.sex));
}

function result(nik: string, doubts: readonly string[]): Parsed {
  const masked = maskNik(nik);
  if (doubts.length === 0) return { kind: 'ok', value: nik, readback: masked };
  const question = `${doubts.join(' ')} Apakah NIK ${masked} sudah benar?`;
  return { kind: 'confirm', value: nik, question, readback: masked };
}

/**
 * What a NIK says otherwise than its owner (`born` an ISO day or year, `sex` a word or letter), in sentences; empty when nothing
 * differs or the NIK cannot be read. A difference is worth asking, never a refusal.
 */
export function nikDoubts(nik: string, born: Json, sex: Json, now: Date): readonly string[] {
  const birth = birthIn(nik, now);
  return birth === undefined ? [] : doubtsOf(birth, born, sex);
}

function doubtsOf(birth: Birth, born: Json | undefined, sex: Json | undefined): readonly string[] {
  return [birthDoubt(birth, born), sexDoubt(birth, sex)].filter((doubt) => doubt !== null);
}

/** Compared without the century, which a NIK does not carry; a bare year is compared with the year only. */
function birthDoubt(birth: Birth, born: Json | undefined): string | null {
  if (typeof born !== 'string' || !/^\d{4}(?:-\d\d-\d\d)?$/.test(born)) return null;
  if (birth.iso.slice(2, born.length) === born.slice(2)) return null;
  const inNik = showDate(birth.iso.slice(0, born.length));
  const what = born.length === 4 ? 'Tahun lahir' : 'Tanggal lahir';
  return `${what} dalam NIK (${inNik}) berbeda dengan yang tercatat (${showDate(born)}).`;
}

function sexDoubt(birth: Birth, stated: Json | undefined): string | null {
  const sex = typeof stated === 'string' ? readSex(fold(stated)) : undefined;
  if (sex === undefined || sex === birth.sex) return null;
  return `Jenis kelamin dalam NIK (${sexWords[birth.sex]}) berbeda dengan yang tercatat (${sexWords[sex]}).`;
}

/**
 * A NIK: 16 digits, place of first registration, birth date and serial (PP 37/2007 Pasal 37). Only its form is checked;
 * a differing birth date or sex is asked back, for a NIK stays when a date is corrected. It is never shown whole.
 */
export const nik: InputKind<Options> = {
  name: 'nik',
  options,
  refs: { born: 'date', sex: 'any' },
  type: () => nikType,
  example: () => '9901014107700001',
  choices: () => [],
  parse: reading(parse),
};

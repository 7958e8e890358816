import { digitsInWords, fold, withinOneEdit } from './text.js';

const monthNames = [
  'Januari',
  'Februari',
  'Maret',
  'April',
  'Mei',
  'Juni',
  'Juli',
  'Agustus',
  'September',
  'Oktober',
  'November',
  'Desember',
] as const;

/** One line a month: short forms, old spellings (Djuli, Nopember, Pebruari), English. */
const monthSpellings = [
  'jan januari djan djanuari january jnr',
  'feb peb februari pebruari febuari pebuari february pebr',
  'mar mrt maret march maart',
  'apr april apl',
  'mei may mey',
  'jun juni djun djuni june',
  'jul juli djul djuli july',
  'agu agt ags agst agus agts aug agustus august augustus',
  'sep sept september spt',
  'okt oct oktober october',
  'nov nop november nopember',
  'des dec desember december desemb',
] as const;

const romanMonths: readonly string[] = 'i ii iii iv v vi vii viii ix x xi xii'.split(' ');

const monthBySpelling: ReadonlyMap<string, number> = new Map(
  monthSpellings.flatMap((line, index) => line.split(' ').map((word): [string, number] => [word, index + 1])),
);

/** Words that surround a date without changing it: labels, weekdays, and the five days of the Javanese pasaran. */
const noise: ReadonlySet<string> = new Set(
  `tgl tanggal tggl bln bulan thn th tahun taun hari pada lahir kelahiran ke masehi hanya cuma sejak
  senin selasa rabu kamis jumat jumah sabtu minggu ahad akhad sen sel rab reb rebo kam kemis jum sab setu min
  legi manis pahing paing pon wage kliwon`.split(/\s+/),
);

const dayNames = ['Minggu', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu'] as const;

const wibOffset = 7 * 60 * 60 * 1000;
const dayLength = 24 * 60 * 60 * 1000;

/** The calendar day in Western Indonesian time (WIB, UTC+7) as `YYYY-MM-DD`, `shift` days later. */
export function dayInWib(now: Date, shift = 0): string {
  return new Date(now.getTime() + wibOffset + shift * dayLength).toISOString().slice(0, 10);
}

/** The day of the week of an ISO day, 0 (Sunday) to 6 (Saturday). */
export function weekdayOf(iso: string): number {
  return new Date(`${iso}T00:00:00Z`).getUTCDay();
}

/** The calendar year in Western Indonesian time. */
export function yearInWib(now: Date): number {
  return Number(dayInWib(now).slice(0, 4));
}

/** A two-digit year as the latest full year that is not after `latest`: 70 is 1970, 05 is 2005. */
export function fullYear(twoDigits: number, latest: number): number {
  return latest - ((((latest - twoDigits) % 100) + 100) % 100);
}

/** The last year in which someone of 18 can be born, so that any two-digit year of an adult is unambiguous. */
export function latestAdultBirthYear(now: Date): number {
  return yearInWib(now) - 18;
}

/** The number of days in a month (1-12) of a Gregorian year. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** An ISO day in words ("17 Agustus 1970"); a bare year stays a year, anything else is shown as it is. */
export function showDate(iso: string): string {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso) ?? [];
  const name = monthNames[Number(month) - 1];
  return name === undefined ? iso : `${Number(day)} ${name} ${year}`;
}

/** An ISO day in words with its weekday ("Senin, 30 November 2026"); anything else is shown as it is. */
export function showDay(iso: string): string {
  const name = dayNames[weekdayOf(iso)];
  return name === undefined ? showDate(iso) : `${name}, ${showDate(iso)}`;
}

/** Whether a word belongs to a date ("Senin", "Legi", "tgl", "Agustus", anything with a digit) rather than to a place. */
export function isDateWord(word: string): boolean {
  if (/\d/.test(word)) return true;
  return fold(word)
    .split(' ')
    .every((part) => noise.has(part) || monthOf(part) !== undefined);
}

/** Whether a folded word names a month ("agt", "nopember"). */
export function isMonthWord(word: string): boolean {
  return monthOf(word) !== undefined;
}

/** Whether a folded word is a month in Roman numerals, as in "17/VIII/1970". */
export function isRomanMonth(word: string): boolean {
  return romanMonths.includes(word);
}

/** An ISO month ("1970-08") in words ("Agustus 1970"); anything else is shown as it is. */
export function showMonth(iso: string): string {
  return showDate(`${iso}-01`).replace(/^1 /, '').replace(/-01$/, '');
}

/** The month 1-12 a word names, or undefined. One wrong letter is forgiven in the long names. */
function monthOf(word: string): number | undefined {
  const exact = monthBySpelling.get(word);
  if (exact !== undefined || word.length < 5) return exact;
  const near = monthNames.findIndex((name) => name.length > 4 && withinOneEdit(word, name.toLowerCase()));
  return near < 0 ? undefined : near + 1;
}

/**
 * How a date is to be read: `latestShort` bounds two-digit years, `now` tells past from future. `lies` says where the day
 * must be: `past` is today or before; `ahead` is today or later, as for an event, whose year people leave out.
 */
export interface DateRule {
  readonly now: Date;
  readonly latestShort: number;
  readonly minYear: number;
  readonly lies: 'past' | 'ahead' | 'anywhere';
  readonly yearOnly: boolean;
}

/**
 * What a text says as a date: an ISO day or year, a fault with its reason in words, or no date at all. `month` ("1970-08") is
 * there when a month was said without a day: a date of ours cannot keep it.
 */
export type DateReading =
  | { readonly kind: 'date'; readonly iso: string; readonly month?: string }
  | { readonly kind: 'fault'; readonly reason: string }
  | { readonly kind: 'none' };

interface Parts {
  readonly numbers: readonly string[];
  readonly months: readonly number[];
  readonly others: number;
}

interface RawDate {
  readonly day: string;
  readonly month: string;
  readonly year: string;
}

const none: DateReading = { kind: 'none' };
const mostOtherWords = 6;
const fault = (reason: string): DateReading => ({ kind: 'fault', reason });
const missingYear = fault('Tahunnya belum kami temukan. Mohon tulis tanggal, bulan, dan tahunnya.');
const noDay = fault('Kami baru menemukan sebagian. Mohon tulis tanggal, bulan, dan tahunnya.');

function tokensOf(text: string): readonly string[] {
  return digitsInWords(fold(text))
    .replace(/(?<=\d)(?=\p{L})|(?<=\p{L})(?=\d)/gu, ' ')
    .split(' ');
}

function monthAt(tokens: readonly string[], index: number): number | undefined {
  const token = tokens[index] ?? '';
  const between = /^\d+$/.test(tokens[index - 1] ?? '') && /^\d+$/.test(tokens[index + 1] ?? '');
  return between && romanMonths.includes(token) ? romanMonths.indexOf(token) + 1 : monthOf(token);
}

function partsOf(tokens: readonly string[]): Parts {
  const numbers = tokens.filter((token) => /^\d+$/.test(token));
  const words = tokens.map((token, index) => ({ token, month: monthAt(tokens, index) }));
  const months = words.flatMap(({ month }) => (month === undefined ? [] : [month]));
  const known = numbers.length + months.length + tokens.filter((token) => noise.has(token)).length;
  return { numbers, months, others: tokens.length - known };
}

/**
 * Reads a date as people type it, day before month before year: "17 agt 70", "17081970", "tgl 17 bln 8 thn 1970",
 * "Semarang, Senin Legi 17-8-1970". An impossible date is a fault that says why.
 */
export function readDate(text: string, rule: DateRule): DateReading {
  const parts = partsOf(tokensOf(text));
  if (parts.others > mostOtherWords || parts.months.length > 1) return none;
  const month = parts.months[0];
  return month === undefined ? fromNumbers(parts.numbers, rule) : fromMonth(month, parts.numbers, rule);
}

function fromMonth(month: number, numbers: readonly string[], rule: DateRule): DateReading {
  const [first, second] = numbers;
  if (first === undefined || numbers.length > 2) return none;
  if (second === undefined)
    return first.length === 4 ? onlyMonth(month, first, rule) : withoutYear(first, String(month), rule);
  const [day, year] = first.length === 4 ? [second, first] : [first, second];
  return assemble({ day, month: String(month), year }, rule);
}

function fromNumbers(numbers: readonly string[], rule: DateRule): DateReading {
  const [first, second, third] = numbers;
  if (first === undefined || numbers.length > 3) return none;
  if (second === undefined) return fromRun(first, rule);
  if (third === undefined) return second.length === 4 ? noDay : withoutYear(first, second, rule);
  if (first.length === 4) return assemble({ day: third, month: second, year: first }, rule);
  return assemble({ day: first, month: second, year: third }, rule);
}

/** A day and a month alone: of something ahead the next such day, of anything else not enough. */
function withoutYear(day: string, month: string, rule: DateRule): DateReading {
  if (rule.lies !== 'ahead' || day.length > 2) return missingYear;
  const year = yearInWib(rule.now);
  const thisYear = assemble({ day, month, year: String(year) }, rule);
  return thisYear.kind === 'date' ? thisYear : assemble({ day, month, year: String(year + 1) }, rule);
}

/** Digits without gaps: 17081970, 170870, 19700817, 1781970, 1970. */
function fromRun(digits: string, rule: DateRule): DateReading {
  if (digits.length === 4 || digits.length === 2) return onlyYear(digits, rule);
  if (digits.length === 6) return assemble(cut(digits, 2, 2), rule);
  if (digits.length === 7) return fromSeven(digits, rule);
  if (digits.length !== 8) return none;
  const dayFirst = assemble(cut(digits, 2, 2), rule);
  if (dayFirst.kind === 'date') return dayFirst;
  const yearFirst = { year: digits.slice(0, 4), month: digits.slice(4, 6), day: digits.slice(6) };
  const other = assemble(yearFirst, rule);
  return other.kind === 'date' ? other : dayFirst;
}

function fromSeven(digits: string, rule: DateRule): DateReading {
  const readings = [assemble(cut(digits, 2, 1), rule), assemble(cut(digits, 1, 2), rule)];
  const dates = readings.filter((reading) => reading.kind === 'date');
  const [only] = dates;
  if (only !== undefined && dates.length === 1) return only;
  return fault('Angkanya dapat dibaca lebih dari satu cara. Mohon tulis dengan jarak, misalnya 17-8-1970.');
}

function cut(digits: string, day: number, month: number): RawDate {
  return {
    day: digits.slice(0, day),
    month: digits.slice(day, day + month),
    year: digits.slice(day + month),
  };
}

/** "0812" is the beginning of a telephone number, no year. */
function onlyYear(digits: string, rule: DateRule): DateReading {
  if (digits.length === 4 && digits.startsWith('0')) return none;
  if (!rule.yearOnly) return noDay;
  const year = yearOf(digits, rule);
  return year === undefined ? none : checked(String(year), rule);
}

function onlyMonth(month: number, digits: string, rule: DateRule): DateReading {
  const year = onlyYear(digits, rule);
  return year.kind === 'date' ? { ...year, month: `${year.iso}-${String(month).padStart(2, '0')}` } : year;
}

function yearOf(digits: string, rule: DateRule): number | undefined {
  if (digits.length === 2) return fullYear(Number(digits), rule.latestShort);
  return digits.length === 4 ? Number(digits) : undefined;
}

function assemble(raw: RawDate, rule: DateRule): DateReading {
  const year = yearOf(raw.year, rule);
  if (year === undefined)
    return fault(`Tahun ${raw.year.slice(0, 8)} belum lengkap. Mohon tulis tahunnya dengan empat angka.`);
  const [day, month] = [Number(raw.day), Number(raw.month)];
  const reason = impossible(year, month, day);
  if (reason !== null) return fault(reason);
  return checked(
    `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
    rule,
  );
}

function impossible(year: number, month: number, day: number): string | null {
  const name = monthNames[month - 1];
  if (name === undefined) return `Tidak ada bulan ke-${month}. Mohon tulis tanggal, lalu bulan, lalu tahun.`;
  const last = daysInMonth(year, month);
  if (day >= 1 && day <= last) return null;
  if (day >= 1 && day <= 31)
    return `Bulan ${name} ${year} hanya sampai tanggal ${last}. Mohon diperiksa kembali.`;
  return `Tidak ada tanggal ${day}. Mohon tulis tanggal, lalu bulan, lalu tahun.`;
}

/** A day or year as a reading, or the fault that it lies where the rule allows none. */
export function checked(iso: string, rule: DateRule): DateReading {
  const year = Number(iso.slice(0, 4));
  if (year < rule.minYear)
    return fault(`Tahun ${year} terlalu lama berlalu. Mohon diperiksa kembali tahunnya.`);
  const today = dayInWib(rule.now).slice(0, iso.length);
  const shown = `${iso.length === 4 ? 'Tahun' : 'Tanggal'} ${showDate(iso)}`;
  if (rule.lies === 'past' && iso > today) return fault(`${shown} belum terjadi. Mohon diperiksa kembali.`);
  if (rule.lies === 'ahead' && iso < today) return fault(`${shown} sudah lewat. Mohon diperiksa kembali.`);
  return { kind: 'date', iso };
}

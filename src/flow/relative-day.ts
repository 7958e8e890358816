import {
  checked,
  type DateReading,
  type DateRule,
  dayInWib,
  readDate,
  showDay,
  weekdayOf,
} from './calendar.js';
import { numbersAsDigits, smallNumbersAsDigits } from './numerals.js';
import { fold } from './text.js';
import { isFiller } from './words.js';

/** What a text says as a day: as `DateReading`, or one of a few days that only the person can choose between. */
export type DayReading =
  | DateReading
  | { readonly kind: 'unsure'; readonly isos: readonly string[]; readonly question: string };

/** One line a weekday from Sunday on, as `weekdayOf` counts. */
const weekdayLines = [
  'minggu mggu min ahad akhad ngahad',
  'senin sen senen',
  'selasa sel slasa',
  'rabu rab reb rebo',
  'kamis kam kemis',
  'jumat jum jumah jemuah jumuah',
  'sabtu sab set setu saptu',
] as const;
const weekdayByWord: ReadonlyMap<string, number> = new Map(
  weekdayLines.flatMap((line, index) => line.split(' ').map((word): [string, number] => [word, index])),
);

/** "min" and "set" are also other words, so a date is not doubted for them. */
const longestShortDay = 3;

/** Days counted from today, in Indonesian, krama and ngoko. */
const shiftByWords: ReadonlyMap<string, number> = new Map([
  ['hari ini', 0],
  ['sekarang', 0],
  ['dinten niki', 0],
  ['dinten menika', 0],
  ['kemarin', -1],
  ['kemaren', -1],
  ['wingi', -1],
  ['kala wingi', -1],
  ['kemarin lusa', -2],
  ['besok', 1],
  ['esok', 1],
  ['besuk', 1],
  ['sesuk', 1],
  ['mbenjang', 1],
  ['lusa', 2],
  ['besok lusa', 2],
  ['sesuk emben', 2],
]);

/** Words before a day that do not change it. */
const lead =
  /^(?:(?:pada|acara|acaranya|rapat|rapatnya|rakor|rakornya|pertemuan|kegiatan|insya allah|insyaallah) )+/u;
const counted =
  /^(?:(\d{1,3}) )?(hari|dinten|minggu|seminggu|pekan|sepekan) (lagi|malih|maneh|ke depan|lalu|yang lalu|kepungkur)$/u;
const dayAlone = /^(?:\p{L}+ )?(?:tgl|tanggal|tggl) (\d{1,2})(?: bulan (ini|depan))?$/u;
const pasaran = / (?:legi|manis|pahing|paing|pon|wage|kliwon)\b/u;
const named = /^(hari |dinten )?(\p{L}+)(?: (.+))?$/u;
const wholeSpan = /^(?:mgg|pekan|minggu|bulan|bln|tahun|thn) (?:depan|ini|ngarep|lalu|yang lalu)$/u;

const next: ReadonlySet<string> = new Set([
  'nanti',
  'besok',
  'besuk',
  'mendatang',
  'yad',
  'yang akan datang',
]);
const after: ReadonlySet<string> = new Set(['depan', 'ngarep', 'ngajeng']);
const before: ReadonlySet<string> = new Set(['lalu', 'yang lalu', 'kepungkur']);
const yesterday: ReadonlySet<string> = new Set(['kemarin', 'kemaren', 'wingi']);

const none: DayReading = { kind: 'none' };
const whichSpan: DayReading = {
  kind: 'fault',
  reason: 'Harinya belum kami temukan. Mohon tulis hari atau tanggalnya.',
};
const whichDay = 'Tanggal berapa yang dimaksud?';
const whichSunday =
  '“Minggu” dapat berarti hari Minggu atau satu pekan. Hari Minggu tanggal berapa yang dimaksud?';

/**
 * Reads a day as people name it: "besok", "3 hari lagi", "Kamis ini", "Senin depan", "tanggal 30", or a date in full.
 * "Minggu depan" and a weekday that can be of this week or the next are unsure; so is, of something ahead, a weekday that
 * is not that of its date.
 */
export function readDay(text: string, rule: DateRule): DayReading {
  const words = smallNumbersAsDigits(fold(text)).split(' ');
  const said = words
    .filter((word) => word === 'ini' || !isFiller(word))
    .join(' ')
    .replace(lead, '')
    .replace(pasaran, '');
  const relative = fromWords(said, rule);
  if (relative.kind !== 'none') return relative;
  const asTyped = readDate(text, rule);
  // "Tujuh belas Agustus": only when nothing else fits, for places are called "Sala Tiga".
  const reading =
    asTyped.kind === 'date' ? asTyped : better(readDate(numbersAsDigits(fold(text)), rule), asTyped);
  return withWeekday(words, reading, rule);
}

function better(one: DateReading, other: DateReading): DateReading {
  return one.kind === 'date' ? one : other;
}

function fromWords(said: string, rule: DateRule): DayReading {
  const shift = shiftByWords.get(said) ?? countedShift(said);
  if (shift !== undefined) return checked(dayInWib(rule.now, shift), rule);
  const day = dayAlone.exec(said);
  if (day !== null && rule.lies === 'ahead') return inMonth(Number(day[1]), day[2], rule);
  const weekday = fromWeekday(said, rule);
  return weekday.kind === 'none' && wholeSpan.test(said) ? whichSpan : weekday;
}

/** "3 hari lagi", "seminggu lagi", "2 minggu yang lalu" as days from today. */
function countedShift(said: string): number | undefined {
  const [, count, unit = '', direction = ''] = counted.exec(said) ?? [];
  const single = unit.startsWith('se');
  if (unit === '' || single === (count !== undefined)) return undefined;
  const days = Number(count ?? 1) * (unit === 'hari' || unit === 'dinten' ? 1 : 7);
  return before.has(direction) ? -days : days;
}

/** "tanggal 30": of this month, or of the next when it is over or has no such day. */
function inMonth(day: number, month: string | undefined, rule: DateRule): DayReading {
  const [year = 0, current = 0] = dayInWib(rule.now).split('-').map(Number);
  const inNth = (shift: number): DateReading => {
    const first = new Date(Date.UTC(year, current - 1 + shift, 1));
    return readDate(`${day}-${first.getUTCMonth() + 1}-${first.getUTCFullYear()}`, rule);
  };
  if (month !== undefined) return inNth(month === 'depan' ? 1 : 0);
  const here = inNth(0);
  return here.kind === 'date' ? here : inNth(1);
}

function fromWeekday(said: string, rule: DateRule): DayReading {
  const meant = said.replace(/^(?:besok|besuk|sesuk) (?:hari )?(\p{L}+)$/u, '$1 besok');
  const [, marked, word = '', which = ''] = named.exec(meant) ?? [];
  const weekday = weekdayByWord.get(word);
  if (weekday === undefined) return none;
  const shifts = shiftsOf(weekday, which, rule);
  const isWeek = word === 'minggu' && marked === undefined && which !== '';
  return chosen(shifts, isWeek ? whichSunday : whichDay, isWeek, rule);
}

/** How many days from today the named weekday may be; the week begins on Monday. None when the words are others. */
function shiftsOf(weekday: number, which: string, rule: DateRule): readonly number[] {
  const today = weekdayOf(dayInWib(rule.now));
  const inWeek = ((weekday + 6) % 7) - ((today + 6) % 7);
  const coming = (inWeek + 7) % 7;
  if (next.has(which)) return [coming || 7];
  if (after.has(which)) return distinct(coming || 7, inWeek + 7);
  if (before.has(which)) return distinct(coming - 7, inWeek - 7);
  if (yesterday.has(which)) return [coming - 7];
  if (which === 'ini') return inWeek >= 0 || rule.lies === 'past' ? [inWeek] : [coming, inWeek];
  if (which !== '' || rule.lies === 'past') return [];
  return coming === 0 ? [0, 7] : [coming];
}

function distinct(one: number, other: number): readonly number[] {
  return one === other ? [one] : [one, other].sort((a, b) => Math.abs(a) - Math.abs(b));
}

function chosen(shifts: readonly number[], question: string, ask: boolean, rule: DateRule): DayReading {
  const readings = shifts.map((shift) => checked(dayInWib(rule.now, shift), rule));
  const isos = readings.flatMap((reading) => (reading.kind === 'date' ? [reading.iso] : []));
  const [only] = isos;
  if (only === undefined) return readings[0] ?? none;
  const sure = shifts.length === 1 && !ask;
  return sure ? { kind: 'date', iso: only } : { kind: 'unsure', isos, question };
}

/** Whoever names a day and a date that do not fit has one of them wrong. For a day long past nobody remembers. */
function withWeekday(words: readonly string[], reading: DateReading, rule: DateRule): DayReading {
  if (reading.kind !== 'date' || rule.lies !== 'ahead') return reading;
  const whole = words.filter((word) => word.length > longestShortDay);
  const said = whole.map((word) => weekdayByWord.get(word)).find((weekday) => weekday !== undefined);
  if (said === undefined || said === weekdayOf(reading.iso)) return reading;
  const question = `Tanggal itu jatuh pada hari lain: ${showDay(reading.iso)}. Apakah itu yang dimaksud?`;
  return { kind: 'unsure', isos: [reading.iso], question };
}

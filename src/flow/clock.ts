import { smallNumbersAsDigits } from './numerals.js';
import { digitsInWords } from './text.js';

/** What a text says as a time of day: `HH:MM`, one of two times, a fault with its reason in words, or none. */
export type TimeReading =
  | { readonly kind: 'time'; readonly time: string }
  | { readonly kind: 'unsure'; readonly times: readonly string[] }
  | { readonly kind: 'fault'; readonly reason: string }
  | { readonly kind: 'none' };

/** A time found in a text, and the text without it. */
export interface TimeTaken {
  readonly reading: TimeReading;
  readonly rest: string;
}

/** Which hours a part of the day has: from, to, and what is added to make it an hour of the 24. */
type Hours = readonly (readonly [from: number, to: number, add: number])[];

/** People call 13.00 "jam 1 siang" and 19.00 "jam 7 malam"; the hours of the 24 may stand with the same words. */
const parts: readonly (readonly [words: string, hours: Hours])[] = [
  ['pagi esuk isuk enjing enjang', [[1, 11, 0]]],
  [
    'siang awan',
    [
      [9, 16, 0],
      [1, 4, 12],
    ],
  ],
  [
    'sore petang sonten',
    [
      [2, 7, 12],
      [14, 19, 0],
    ],
  ],
  [
    'malam dalu bengi wengi',
    [
      [6, 11, 12],
      [18, 23, 0],
      [1, 3, 0],
    ],
  ],
  ['subuh dini', [[1, 5, 0]]],
];
const hoursByPart: ReadonlyMap<string, Hours> = new Map(
  parts.flatMap(([words, hours]) => words.split(' ').map((word): [string, Hours] => [word, hours])),
);
const partWords = [...hoursByPart.keys()].join('|');

const mark = String.raw`\b(?:jam|pukul|pkl|pk|jm)\b\.?\s*`;
const partOfDay = String.raw`\s*(?:di )?\b(?:${partWords})\b(?: hari)?`;
const time = new RegExp(
  [
    String.raw`(?<![\d./:-])(?<!\b(?:tgl|tanggal|tggl)\.? ?)(?<mark>${mark})?`,
    String.raw`(?<half>\b(?:setengah|stengah|stgh) )?(?<hour>\d{1,2})(?:[.:](?<minute>\d{2}))?(?!\d|[./:-]\d)`,
    String.raw`(?: (?<turn>kurang|krg|lewat|lwt|lebih|lbh|langkung) (?<by>\d{1,2}|seperempat)(?: (?:menit|mnt)\b)?)?`,
    String.raw`(?:\s*(?:di )?\b(?<part>${partWords})\b(?: hari)?)?(?:\s*\b(?<zone>wib|wita|wit)\b)?`,
  ].join(''),
  'gu',
);
/** "09.00 s.d. selesai", "jam 9 - 12": what counts is when it begins. */
const end = new RegExp(
  [
    String.raw`(?<=(?:\d[.:]\d{2}|${mark}\d{1,2})(?:${partOfDay})?(?:\s*wib)?)`,
    String.raw`\s*(?:[-–]|s\/d\b|s\.\s?d\b\.?|sd\b|sampai(?: dengan)?\b|hingga\b|smp\b)\s*`,
    String.raw`(?:(?:${mark})?\d{1,2}(?:[.:]\d{2})?(?!\d|[./:-]\d)(?:${partOfDay})?|selesai|rampung)`,
  ].join(''),
  'gu',
);
const prayer =
  /\b(?:bada|bakda|badha|habis|sehabis|setelah|sesudah|selepas|sebelum)(?: (?:sh?alat|sh?olat|sembahyang))? (?:subuh|d[hz]?uhur|zuhur|lohor|luhur|as[h]?ar|ngasar|mag[h]?rib|isya|isyak|isa|ngisa|jumat|jumatan|tarawih)\b/u;
const leftOver = new RegExp(String.raw`\b(?:${partWords}|jam|pukul|pkl|wib)\b`, 'gu');

/** Before this hour a bare "jam 7" may be of the morning or of the evening; from it on an event is in the morning. */
const firstSureHour = 8;
/** "jam 5" is more likely 17.00 than 05.00, "jam 6" more likely 06.00. */
const lastLikelyAfternoon = 5;

const none: TimeReading = { kind: 'none' };
const fault = (reason: string): TimeReading => ({ kind: 'fault', reason });
const midnight = fault(
  'Tengah malam dapat berarti awal atau akhir hari itu. Mohon tulis 00.00 atau 23.59 bersama tanggalnya.',
);
const byPrayer = fault('Waktu salat berubah setiap hari. Mohon tulis jamnya, misalnya pukul 19.30.');
const otherZone = fault('Kami memakai waktu WIB. Mohon tulis jamnya dalam WIB.');
const several = fault('Kami menemukan lebih dari satu jam. Mohon tulis jam mulainya saja.');

/** A time of day as Indonesian writes it: `09:30` is "09.30". */
export function showClock(hhmm: string): string {
  return hhmm.replace(':', '.');
}

/**
 * Takes the time of day out of a text: "09.00", "pukul 13.30 WIB", "jam setengah 10 pagi" (09.30), "jam 1 siang", "jam 10
 * kurang seperempat", "09.00 s.d. selesai" (its beginning). A bare "jam 7" is unsure, a prayer time ("ba'da Isya") a fault.
 */
export function takeTime(text: string): TimeTaken {
  const plain = tidy(text).replace(end, ' ');
  const found = [...plain.matchAll(time)].filter(isTime);
  const marked = found.filter(({ groups }) => groups?.mark !== undefined);
  const [only, ...others] = marked.length > 0 ? marked : found;
  if (only === undefined) return { reading: prayer.test(plain) ? byPrayer : none, rest: cleared(plain) };
  if (others.length > 0) return { reading: several, rest: '' };
  const before = plain.slice(0, only.index);
  const rest = cleared(`${before} ${plain.slice(only.index + only[0].length)}`);
  return { reading: readingOf(only.groups ?? {}), rest };
}

function tidy(text: string): string {
  const lower = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}'’‘ʼ`´]/gu, '');
  const zeros = lower.replace(/(?<=\d[.:])[\do]{2}(?![a-z\d])/g, (minutes) => minutes.replaceAll('o', '0'));
  return smallNumbersAsDigits(digitsInWords(zeros)).replace(/\s+/gu, ' ').trim();
}

function cleared(rest: string): string {
  return rest.replace(prayer, ' ').replace(leftOver, ' ').replace(/\s+/gu, ' ').trim();
}

type Groups = Readonly<Record<string, string | undefined>>;

/** Digits are a time only when something says so; without "jam" they must also be one that exists ("30.11" is a date). */
function isTime({ groups = {} }: RegExpExecArray): boolean {
  if (groups.mark !== undefined) return true;
  const { half, hour, minute, part, zone } = groups;
  if ([half, minute, part, zone].every((each) => each === undefined)) return false;
  return Number(hour) <= 24 && Number(minute ?? 0) < 60;
}

function readingOf(groups: Groups): TimeReading {
  const hour = Number(groups.hour);
  const minute = Number(groups.minute ?? 0);
  if (groups.zone !== undefined && groups.zone !== 'wib') return otherZone;
  if (hour === 24) return midnight;
  if (hour > 24) return fault(`Tidak ada jam ${hour}. Mohon diperiksa kembali jamnya.`);
  if (minute > 59) return fault(`Tidak ada menit ke-${minute}. Mohon diperiksa kembali jamnya.`);
  const total = hour * 60 + minute + shiftOf(groups);
  // "Setengah satu" is half past twelve.
  const minutes = total < 60 && hour === 1 ? total + 720 : total;
  return placed(minutes, groups);
}

/** "Setengah 10" is half an hour before ten. */
function shiftOf({ half, turn, by }: Groups): number {
  if (half !== undefined) return -30;
  const minutes = by === 'seperempat' ? 15 : Number(by ?? 0);
  return turn === 'kurang' || turn === 'krg' ? -minutes : minutes;
}

function placed(minutes: number, { part, hour, minute }: Groups): TimeReading {
  const at = Math.floor(minutes / 60);
  if (part !== undefined) return inPart(minutes, part);
  const asClock = minute !== undefined && hour?.length === 2;
  if (asClock || at === 0 || at >= firstSureHour) return exactly(minutes);
  const both = [hhmm(minutes), hhmm(minutes + 720)];
  return { kind: 'unsure', times: at > lastLikelyAfternoon ? both : both.toReversed() };
}

function inPart(minutes: number, part: string): TimeReading {
  const at = Math.floor(minutes / 60);
  const hours = hoursByPart.get(part) ?? [];
  const fitting = hours.find(([from, to]) => at >= from && at <= to);
  if (fitting !== undefined) return exactly(minutes + fitting[2] * 60);
  if (at === 12 || at === 0) return midnight;
  return fault(`Jam ${at} ${part} belum jelas bagi kami. Mohon tulis jamnya saja, misalnya 13.30.`);
}

function exactly(minutes: number): TimeReading {
  return { kind: 'time', time: hhmm(minutes) };
}

function hhmm(minutes: number): string {
  return [Math.floor(minutes / 60) % 24, minutes % 60].map((each) => String(each).padStart(2, '0')).join(':');
}

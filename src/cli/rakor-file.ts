import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Audience, readAudience } from '../domain/audience.js';
import { type RakorDetails, type RakorTimes, rakorDetails } from '../domain/rakor.js';
import { momentInWib } from '../domain/wib.js';
import { yearInWib } from '../flow/calendar.js';
import { takeTime } from '../flow/clock.js';
import { readDay } from '../flow/relative-day.js';

/** What a file says of a rakor; `audience` null: whoever is usually meant. */
export interface RakorFile extends RakorTimes {
  readonly area: string;
  readonly audience: Audience | null;
  readonly details: RakorDetails;
  /** The official letter, where there is one already. */
  readonly letter: Uint8Array | null;
}

/** Reads the letter that a file names: its bytes, or what is wrong with it. */
export type ReadLetter = (path: string) => Uint8Array | string;

/** A fault in a file: where, what, and what to do. */
export interface FileFault {
  readonly line: number;
  readonly what: string;
}

/** How many years ahead a rakor may lie. */
const yearsAhead = 10;

/** A day with a time as it is written ("10 Desember 2026 pukul 09.00"), in WIB. */
function momentOf(now: Date) {
  const year = yearInWib(now);
  const rule = {
    now,
    latestShort: year + yearsAhead,
    minYear: year,
    lies: 'ahead',
    yearOnly: false,
  } as const;
  return z.string().transform((text, context) => {
    const { reading, rest } = takeTime(text);
    const day = readDay(rest, rule);
    if (reading.kind === 'time' && day.kind === 'date') return momentInWib(day.iso, reading.time);
    context.addIssue('Write day and time, such as "10 Desember 2026 pukul 09.00".');
    return z.NEVER;
  });
}

const audience = z.string().transform((text, context): Audience => {
  const read = readAudience(text);
  if (read.ok) return read.audience;
  context.addIssue(read.what);
  return z.NEVER;
});

function letterBy(readLetter: ReadLetter) {
  return z.string().transform((path, context): Uint8Array => {
    const read = readLetter(path);
    if (typeof read !== 'string') return read;
    context.addIssue(read);
    return z.NEVER;
  });
}

function schemaAt(now: Date, readLetter: ReadLetter) {
  const moment = momentOf(now);
  const maybe = moment.nullable().default(null);
  return rakorDetails
    .extend({
      ...{ wilayah: z.string().default('33'), peserta: audience.nullable().default(null) },
      ...{ mulai: moment, selesai: maybe, 'batas-jawaban': maybe },
      surat: letterBy(readLetter).nullable().default(null),
    })
    .superRefine((given, context) => {
      const { mulai, selesai, 'batas-jawaban': answerBy } = given;
      const fault = (key: string, message: string) =>
        context.addIssue({ code: 'custom', path: [key], message });
      if (mulai <= now) fault('mulai', 'That is over. Write a time that is yet to come.');
      if (selesai !== null && selesai <= mulai) fault('selesai', 'It must end after it begins.');
      if (answerBy !== null && answerBy > mulai)
        fault('batas-jawaban', 'Answers end when the rakor begins. Write an earlier time.');
    });
}

/** Reads a rakor from YAML: the file, or its faults with the line of each. */
export function readRakorFile(
  source: string,
  now: Date,
  readLetter: ReadLetter,
): RakorFile | readonly FileFault[] {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, schema: 'core' });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0)
    return document.errors.map(({ pos, message }) => ({
      line: lineAt(pos[0]),
      what: message.split('\n')[0] ?? '',
    }));
  const parsed = schemaAt(now, readLetter).safeParse(document.toJS());
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => {
      const node = document.getIn(path, true);
      const at = isNode(node) ? node.range?.[0] : undefined;
      return { line: at === undefined ? 1 : lineAt(at), what: `${path.join('.') || 'file'}: ${message}` };
    });
  const { wilayah, peserta, mulai, selesai, 'batas-jawaban': answerBy, surat, ...details } = parsed.data;
  const times = { startsAt: mulai, endsAt: selesai, answerBy };
  return { area: wilayah, audience: peserta, ...times, details, letter: surat };
}

import { z } from 'zod';
import { filesType, optionsType, recordType, textType } from '../../flow/types.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { type Guest, guestsOf, looksAtGuests, rakorFor } from '../attendance.js';
import { attendancePaper, attendanceSheet } from '../attendance-file.js';
import { makeFile } from '../enclosures.js';
import { viewing } from '../helpers.js';
import { pdfOf } from '../paper.js';
import { momentInWords, type Rakor } from '../rakor.js';
import type { Viewer } from '../roles.js';
import { defineAction, outcome } from './define.js';

/** As many as an old phone shows in one message. */
const mostOffered = 8;
const pageSize = 10;

const attendanceType = recordType('kehadiran', {
  id: textType,
  acara: textType,
  waktu: textType,
  undangan: textType,
  hadir: textType,
  masuk: textType,
  susulan: textType,
  belum: textType,
});

/** A rakor in the own area, by what was picked or because it is the only one, with how many said they come and how many did. */
export const findAttendance = defineAction({
  signature: {
    takes: { rakor: { type: 'picked', optional: true } },
    outcomes: { one: { kehadiran: attendanceType }, several: { daftar: optionsType }, none: {} },
  },
  args: z.object({ rakor: z.uuid().nullish() }),
  async run({ rakor }, context) {
    const viewer = await viewing(context);
    const all = await rakorFor(viewer, context);
    const meant = meantOf(all, rakor);
    if (meant === null) return whichOf(all);
    return outcome('one', { kehadiran: countsOf(meant, await guestsOf(viewer, [meant.id], context)) });
  },
});

/** The rakor that was picked, or the only one; null: it must be asked, or there is none. */
export function meantOf(all: readonly Rakor[], picked: string | null | undefined): Rakor | null {
  return all.find(({ id }) => all.length === 1 || id === picked) ?? null;
}

/** Asks which one is meant; `none` when there is none. */
export function whichOf(all: readonly Rakor[]): ActionOutcome {
  if (all.length === 0) return outcome('none');
  return outcome('several', { daftar: all.slice(0, mostOffered).map(optionOf) });
}

function optionOf({ id, details, startsAt }: Rakor) {
  return { id, label: `${details.acara}, ${momentInWords(startsAt)}` };
}

function countsOf({ id, details, startsAt }: Rakor, guests: readonly Guest[]) {
  const count = (fits: (guest: Guest) => boolean) => String(guests.filter(fits).length);
  return {
    ...{ id, acara: details.acara, waktu: momentInWords(startsAt) },
    undangan: count(({ kind }) => kind !== 'late'),
    hadir: count(isAwaited),
    masuk: count(({ checkedInAt }) => checkedInAt !== null),
    susulan: count(({ kind }) => kind === 'late'),
    belum: count((guest) => isAwaited(guest) && guest.checkedInAt === null),
  };
}

/** Who said so, or is sent by somebody and did not say no. */
function isAwaited({ kind, answer }: Guest): boolean {
  return kind !== 'late' && (answer === 'hadir' || (kind === 'delegate' && answer === null));
}

/** Which rakor an action is about. */
export const rakorTaken = { rakor: { type: 'text' } } as const;
/** The same as it is read. */
export const rakorArgs = z.object({ rakor: z.uuid() });
const pageType = recordType('halaman', { rincian: textType, jumlah: textType, sampai: textType });
/** Behind how many of a list the next page begins. */
export const pageArgs = z.object({ sesudah: z.string().regex(/^\d+$/).nullish() });
/** What comes of a page of a list. */
export const pageOutcomes = { more: { halaman: pageType }, last: { halaman: pageType }, none: {} };

/** A page of a list of guests, a line for each; the look at those on it is kept. */
export function pageOf<One extends Guest>(
  all: readonly One[],
  {
    sesudah,
    action,
    line,
  }: {
    readonly sesudah: string | null | undefined;
    readonly action: string;
    readonly line: (one: One) => string;
  },
  context: ActionContext,
): ActionOutcome {
  const from = Number(sesudah ?? 0);
  const page = all.slice(from, from + pageSize);
  if (page.length === 0) return outcome('none');
  const until = from + page.length;
  const rincian = page.map((one) => `- ${line(one)}`).join('\n');
  const halaman = { rincian, jumlah: String(all.length), sampai: String(until) };
  const looks = looksAtGuests(action, page, context);
  return outcome(until < all.length ? 'more' : 'last', { halaman }, looks);
}

/** Who said that they come and is not in yet, a few at a time; behind `sesudah` of them. */
export const listAwaited = defineAction({
  signature: {
    takes: { ...rakorTaken, sesudah: { type: 'text', optional: true } },
    outcomes: pageOutcomes,
  },
  args: rakorArgs.extend(pageArgs.shape),
  async run({ rakor, sesudah }, context) {
    const guests = await guestsOf(await viewing(context), [rakor], context);
    const awaited = guests.filter((guest) => isAwaited(guest) && guest.checkedInAt === null);
    const line = ({ name, position, place }: Guest) => `${name}, ${position}, ${place}`;
    return pageOf(awaited, { sesudah, action: 'list-attendance', line }, context);
  },
});

/** What comes of a file that is made. */
export const fileMade = { made: { berkas: filesType }, none: {} };

/** Everybody of a rakor in the own area; null when there is none of that id for this person. */
async function attendanceOf(rakor: string, viewer: Viewer, context: ActionContext) {
  const held = (await rakorFor(viewer, context)).find(({ id }) => id === rakor);
  if (held === undefined) return null;
  return { held, guests: await guestsOf(viewer, [rakor], context) };
}

/** All of it as a file of a type, made for whoever asks. */
async function made(
  rakor: string,
  { type, name, make }: Making,
  context: ActionContext,
): Promise<ActionOutcome> {
  const found = await attendanceOf(rakor, await viewing(context), context);
  if (found === null) return outcome('none');
  const bytes = await make(found.held, found.guests);
  const { kept, enclosure } = await makeFile(type, name, bytes, context);
  const looks = looksAtGuests('list-attendance', found.guests, context);
  return outcome('made', { berkas: [{ ...enclosure }] }, [kept, ...looks]);
}

interface Making {
  readonly type: 'sheet' | 'paper';
  readonly name: string;
  readonly make: (rakor: Rakor, guests: readonly Guest[]) => Promise<Uint8Array>;
}

const sheet: Making = { type: 'sheet', name: 'daftar-hadir.xlsx', make: attendanceSheet };
const paper: Making = {
  ...{ type: 'paper', name: 'daftar-hadir.pdf' },
  make: (rakor, guests) => pdfOf(attendancePaper(rakor, guests)),
};

/** All of it as a workbook. */
export const fileAttendance = defineAction({
  signature: { takes: rakorTaken, outcomes: fileMade },
  args: rakorArgs,
  run: ({ rakor }, context) => made(rakor, sheet, context),
});

/** The list to be signed, as a PDF. */
export const printAttendance = defineAction({
  signature: { takes: rakorTaken, outcomes: fileMade },
  args: rakorArgs,
  run: ({ rakor }, context) => made(rakor, paper, context),
});

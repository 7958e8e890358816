import { z } from 'zod';
import { optionsType, recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { type Audience, lackingIn, readAudience } from '../audience.js';
import { countPeople, readKnown } from '../audience-people.js';
import { withFileName } from '../broadcast-words.js';
import { viewing } from '../helpers.js';
import { placeName } from '../places.js';
import { type RakorDetails, type RakorTimes, rakorDetails } from '../rakor.js';
import { type GivenLetter, letterSentBy } from '../rakor-files.js';
import {
  callRakor,
  cancelRakor,
  type RakorDraft,
  type RakorMaking,
  type RakorWish,
  rakorsFor,
  usualAudience,
} from '../rakors.js';
import { type Area, areasFor, province, residencyIn, type Viewer } from '../roles.js';
import { momentInWib } from '../wib.js';
import { areaIn, chooseArea, making, previewOf } from './broadcast.js';
import { defineAction, outcome } from './define.js';

/** With what a rakor is made in a turn. */
export function makingRakor(context: ActionContext): RakorMaking {
  return { ...making(context), keepFile: context.keepFile };
}

const placeType = recordType('wilayah-rakor', { kode: textType, nama: textType, biasa: textType });
const placeText = `SELECT ${placeName('a.area')} AS place FROM (SELECT $1::text AS area) a`;

/** The area in which somebody calls a rakor, with whom it usually invites; `areas`: there are several, and none was picked. */
export const placeRakor = defineAction({
  signature: {
    takes: { area: { type: 'picked', optional: true } },
    outcomes: {
      one: { 'wilayah-rakor': placeType },
      areas: { 'daftar-wilayah': optionsType },
      refused: {},
    },
  },
  args: z.object({ area: z.string().nullish() }),
  async run({ area }, context) {
    const viewer = await viewing(context);
    const kode = areaIn(areasFor(viewer, 'call-rakor'), area ?? null);
    if (kode === null) return chooseArea(viewer, 'call-rakor', context);
    const nama = await placeOf(kode, context);
    return outcome('one', { 'wilayah-rakor': { kode, nama, biasa: usualWords(kode, nama) } });
  },
});

async function placeOf(area: Area, { db }: ActionContext): Promise<string> {
  const [row] = await run<{ place: string }>(db, { name: 'rakor-area', text: placeText, values: [area] });
  return row?.place ?? '';
}

/** `usualAudience` in words. */
function usualWords(area: Area, place: string): string {
  if (area === province) return 'semua ketua IPSM kabupaten/kota';
  return residencyIn(area) === null ? `semua anggota terdaftar di ${place}` : `semua ketua IPSM di ${place}`;
}

/** Day and time as a flow saves them. */
export const moment = z.object({ tanggal: z.string(), jam: z.string() });
/** An official letter that was sent, if there is one. */
export const sentLetter = z.object({ id: z.uuid() }).nullish();
/** A place on the map that was sent, if there is one. */
export const sentPoint = z.object({ lintang: z.number(), bujur: z.number() }).nullish();
const given = z.object({
  ...{ area: z.string(), acara: z.string(), tempat: z.string(), nomor: z.string() },
  ...{ mulai: moment, selesai: moment.nullish(), batas: moment.nullish() },
  ...{
    'ada-dibawa': z.boolean(),
    dibawa: z.string().nullish(),
    pakaian: z.string().nullish(),
    narahubung: z.string().nullish(),
  },
  ...{ agenda: z.string().nullish(), kepada: z.enum(['biasa', 'ketik']), tulisan: z.string().nullish() },
  ...{ surat: sentLetter, titik: sentPoint },
});
type Given = z.infer<typeof given>;

/** When that is. */
export function momentOf({ tanggal, jam }: z.infer<typeof moment>): Date {
  return momentInWib(tanggal, jam);
}

function timesOf({ mulai, selesai, batas }: Given): RakorTimes {
  return {
    startsAt: momentOf(mulai),
    endsAt: selesai == null ? null : momentOf(selesai),
    answerBy: batas == null ? null : momentOf(batas),
  };
}

/** What is wrong with the times, as a sentence; null: nothing. */
export function faultIn({ startsAt, endsAt, answerBy }: RakorTimes, now: Date): string | null {
  if (startsAt <= now) return 'Waktu mulai rakor sudah lewat.';
  if (endsAt !== null && endsAt <= startsAt) return 'Waktu selesai harus sesudah waktu mulai.';
  if (answerBy !== null && answerBy > startsAt) return 'Batas jawaban harus sebelum rakor dimulai.';
  return null;
}

function audienceOf({ kepada, tulisan, area }: Given): Audience | string {
  if (kepada === 'biasa') return usualAudience(area);
  const read = readAudience(tulisan ?? '');
  return read.ok ? read.audience : read.what;
}

function detailsOf(asked: Given, place: string): RakorDetails {
  const { acara, tempat, nomor, pakaian, narahubung, agenda } = asked;
  // What is to be brought may have been told before, and taken back.
  const dibawa = asked['ada-dibawa'] ? asked.dibawa : null;
  return rakorDetails.parse({
    ...{ nomor, acara, tempat, hal: 'Undangan Rapat Koordinasi' },
    ...{ dibawa: dibawa ?? null, pakaian: pakaian ?? null, narahubung: narahubung ?? null },
    titik: pointIn(asked.titik),
    agenda: itemsIn(agenda ?? ''),
    kota: /^(?:Kabupaten|Kota) (.+)$/.exec(place)?.[1] ?? null,
  });
}

/** The place that was sent, to a tenth of a metre: a phone gives more, which only makes the link longer. */
export function pointIn(titik: z.infer<typeof sentPoint>): RakorDetails['titik'] {
  if (titik == null) return null;
  return { lintang: Number(titik.lintang.toFixed(6)), bujur: Number(titik.bujur.toFixed(6)) };
}

/** The letter that was sent, if there is one, as a wish has it. */
export async function letterIn(
  surat: z.infer<typeof sentLetter>,
  { contactId, db }: ActionContext,
): Promise<{ readonly letter?: GivenLetter }> {
  if (surat == null) return {};
  const letter = await letterSentBy(contactId, surat.id, db);
  if (letter === null) throw new Error(`the letter ${surat.id} is not there any more`);
  return { letter };
}

/** "Pembukaan; laporan; penutup", or one item a line. */
export function itemsIn(text: string): readonly string[] {
  const items = text.split(/[;\n]/).map((item) => item.trim());
  return items.filter((item) => item !== '').slice(0, mostItems);
}

const mostItems = 30;
const faultType = recordType('salah', { sebab: textType });
const invitationType = recordType('undangan-baru', {
  rakor: textType,
  siaran: textType,
  rincian: textType,
  contoh: textType,
});
const text = { type: 'text' } as const;
/** What a flow may leave out. */
export const maybeText = { type: 'text', optional: true } as const;
/** The same of a day and time. */
export const maybeMoment = { type: 'moment', optional: true } as const;
/** The same of an official letter. */
export const maybeLetter = { type: 'document', optional: true } as const;
/** The same of a place on the map. */
export const maybePoint = { type: 'location', optional: true } as const;

/**
 * Keeps a rakor with its letter and its invitation as drafts, and shows what will be sent to whom. `unfit`: the times do not go together;
 * `unclear`: what was typed says nobody; `none`: nobody is meant.
 */
export const prepareRakor = defineAction({
  signature: {
    takes: {
      ...{ area: text, acara: text, tempat: text, nomor: text, mulai: { type: 'moment' } },
      ...{ selesai: maybeMoment, batas: maybeMoment, 'ada-dibawa': { type: 'boolean' } },
      ...{ dibawa: maybeText, pakaian: maybeText },
      ...{ narahubung: maybeText, agenda: maybeText, kepada: { type: 'choice(biasa|ketik)' } },
      ...{ surat: maybeLetter, titik: maybePoint, tulisan: maybeText },
    },
    outcomes: {
      ready: { 'undangan-baru': invitationType },
      unfit: { salah: faultType },
      unclear: { salah: faultType },
      none: {},
      refused: {},
    },
  },
  args: given,
  async run(asked, context) {
    const times = timesOf(asked);
    const fault = faultIn(times, context.now);
    if (fault !== null) return outcome('unfit', { salah: { sebab: fault } });
    const audience = audienceOf(asked);
    if (typeof audience === 'string') return outcome('unclear', { salah: { sebab: audience } });
    const details = detailsOf(asked, await placeOf(asked.area, context));
    const { area } = asked;
    const letter = await letterIn(asked.surat, context);
    return prepared({ ...times, area, details, audience, simulator: context.simulator, ...letter }, context);
  },
});

async function prepared(wish: RakorWish, context: ActionContext): Promise<ActionOutcome> {
  const viewer = await viewing(context);
  const meant = await meantBy(wish, context);
  const lack = lackingIn(wish.audience, meant.asked.known);
  if (lack !== null) return outcome('unclear', { salah: { sebab: lack } });
  if (meant.count.people === 0) return outcome('none');
  const made = await callRakor(viewer, wish, makingRakor(context));
  if (typeof made === 'string' || made.draft === null) return outcome('refused');
  const { words, looks } = await shown(viewer, made.draft, meant, context);
  return outcome('ready', { 'undangan-baru': { rakor: made.id, ...words } }, [...made.writes, ...looks]);
}

/** Whom a broadcast about a rakor is for, counted. */
export async function meantBy(
  { audience, area }: Pick<RakorWish, 'audience' | 'area'>,
  context: ActionContext,
) {
  const known = await readKnown(context.db, { ...context, area });
  const asked = { audience, area, lawful: false, known };
  return { asked, count: await countPeople(context.db, asked) };
}

/** A draft about a rakor as its maker sees it before it is sent, with what logs whom it showed. */
export async function shown(
  viewer: Viewer,
  { id, message, urgency }: RakorDraft,
  meant: Awaited<ReturnType<typeof meantBy>>,
  context: ActionContext,
) {
  const { lines, example, looks } = await previewOf(viewer, { ...meant, message, urgency }, context);
  return { words: { siaran: id, rincian: lines.join('\n'), contoh: withFileName(example, message) }, looks };
}

/** Ends a rakor that was not called yet, and its invitation; `gone`: it was called or cancelled meanwhile. */
export const dropRakor = defineAction({
  signature: { takes: { rakor: text }, outcomes: { done: {}, gone: {} } },
  args: z.object({ rakor: z.uuid() }),
  async run({ rakor }, context) {
    const viewer = await viewing(context);
    const all = await rakorsFor(viewer, context);
    const draft = all.find(({ id, state }) => id === rakor && state === 'draft');
    if (draft === undefined) return outcome('gone');
    const ended = await cancelRakor(viewer, draft, '', makingRakor(context));
    return typeof ended === 'string' ? outcome('gone') : outcome('done', {}, ended.writes);
  },
});

import { z } from 'zod';
import { optionsType, recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { type Audience, lackingIn, readAudience } from '../audience.js';
import { countPeople, readKnown } from '../audience-people.js';
import { viewing } from '../helpers.js';
import { placeName } from '../places.js';
import { type RakorDetails, type RakorTimes, rakorDetails } from '../rakor.js';
import { type GivenLetter, letterSentBy } from '../rakor-files.js';
import {
  callRakor,
  cancelRakor,
  type RakorMaking,
  type RakorWish,
  rakorsFor,
  usualAudience,
} from '../rakors.js';
import { type Area, areasFor, province, residencyIn } from '../roles.js';
import { momentInWib } from '../wib.js';
import { areaIn, chooseArea, making, previewOf } from './broadcast.js';
import { defineAction, outcome } from './define.js';

/** With what a rakor is made in a turn. */
function makingRakor(context: ActionContext): RakorMaking {
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

const moment = z.object({ tanggal: z.string(), jam: z.string() });
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
  surat: z.object({ id: z.uuid() }).nullish(),
  titik: z.object({ lintang: z.number(), bujur: z.number() }).nullish(),
});
type Given = z.infer<typeof given>;

function momentOf({ tanggal, jam }: z.infer<typeof moment>): Date {
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
function faultIn({ startsAt, endsAt, answerBy }: RakorTimes, now: Date): string | null {
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
    titik: asked.titik == null ? null : rounded(asked.titik),
    agenda: itemsIn(agenda ?? ''),
    kota: /^(?:Kabupaten|Kota) (.+)$/.exec(place)?.[1] ?? null,
  });
}

/** To a tenth of a metre: a phone gives more, which only makes the link longer. */
function rounded({ lintang, bujur }: NonNullable<RakorDetails['titik']>) {
  return { lintang: Number(lintang.toFixed(6)), bujur: Number(bujur.toFixed(6)) };
}

/** The letter that was sent, if there is one. */
async function letterIn({ surat }: Given, { contactId, db }: ActionContext): Promise<GivenLetter | null> {
  if (surat == null) return null;
  const letter = await letterSentBy(contactId, surat.id, db);
  if (letter === null) throw new Error(`the letter ${surat.id} is not there any more`);
  return letter;
}

/** "Pembukaan; laporan; penutup", or one item a line. */
function itemsIn(text: string): readonly string[] {
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
const maybeText = { type: 'text', optional: true } as const;
const maybeMoment = { type: 'moment', optional: true } as const;

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
      surat: { type: 'document', optional: true },
      titik: { type: 'location', optional: true },
      tulisan: maybeText,
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
    const letter = await letterIn(asked, context);
    const brought = letter === null ? {} : { letter };
    return prepared({ ...times, area, details, audience, simulator: context.simulator, ...brought }, context);
  },
});

async function prepared(wish: RakorWish, context: ActionContext): Promise<ActionOutcome> {
  const viewer = await viewing(context);
  const { audience, area } = wish;
  const known = await readKnown(context.db, { ...context, area });
  const lack = lackingIn(audience, known);
  if (lack !== null) return outcome('unclear', { salah: { sebab: lack } });
  const asked = { audience, area, lawful: false, known };
  const count = await countPeople(context.db, asked);
  if (count.people === 0) return outcome('none');
  const made = await callRakor(viewer, wish, makingRakor(context));
  if (typeof made === 'string' || made.message === null) return outcome('refused');
  const { message } = made;
  const seen = await previewOf(viewer, { asked, count, message, urgency: 'normal' }, context);
  const words = { rincian: seen.lines.join('\n'), contoh: seen.example };
  const values = { 'undangan-baru': { rakor: made.id, siaran: made.broadcastId, ...words } };
  return outcome('ready', values, [...made.writes, ...seen.looks]);
}

/** Ends a rakor that was not called yet, and its invitation; one that was called meanwhile stays. */
export const dropRakor = defineAction({
  signature: { takes: { rakor: text }, outcomes: { done: {} } },
  args: z.object({ rakor: z.uuid() }),
  async run({ rakor }, context) {
    const viewer = await viewing(context);
    const all = await rakorsFor(viewer, context);
    const draft = all.find(({ id, state }) => id === rakor && state === 'draft');
    if (draft === undefined) return outcome('done');
    const ended = await cancelRakor(viewer, draft, '', makingRakor(context));
    return outcome('done', {}, typeof ended === 'string' ? [] : ended.writes);
  },
});

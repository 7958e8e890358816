import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { nameKey } from '../../flow/inputs/person-name.js';
import { showPhone } from '../../flow/inputs/phone.js';
import { titleCase } from '../../flow/text.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import type { Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { findHelper, viewing } from '../helpers.js';
import { hasGuessedTooOften, noteGuess } from '../links.js';
import {
  askChange,
  type Change,
  type Claimed,
  changeAskedOf,
  claimedUnder,
  decideMs,
  doneChanges,
  moveNumber,
  numberChanging,
  numberTold,
  openChanges,
  refuseNumber,
  undoNumber,
} from '../numbers.js';
import { type Reach, sendTo, signalTo } from '../reach.js';
import { inWib, lookKept } from '../requests.js';
import { defineAction, outcome } from './define.js';

/**
 * Somebody at a new number says under which other one he is registered. Whether that is so is never told here: the other number is asked, and
 * officers of the area can decide in its place. Every try counts, right or wrong, and after some nothing is looked at for a while.
 */
export const askNumber = defineAction({
  signature: {
    takes: { nama: { type: 'person-name' }, lahir: { type: 'date' }, telepon: { type: 'phone' } },
    outcomes: { recorded: {}, 'too-many': {} },
    fixed: { recorded: 'permintaan sudah diteruskan' },
  },
  args: z.object({ nama: z.string(), lahir: z.string(), telepon: z.string() }),
  async run({ nama, lahir, telepon }, context) {
    const { reach, db, now } = context;
    if (await hasGuessedTooOften(reach.addressId, db, now)) return outcome('too-many');
    const tried = noteGuess(reach.addressId, 'number', now);
    const claimed = await claimedUnder(telepon, lahir, context);
    const one = claimed.find(({ name }) => nameKey(name) === nameKey(nama));
    const asked = one === undefined ? [] : await asking(one, context);
    return outcome('recorded', {}, [tried, ...asked]);
  },
});

async function asking(one: Claimed, context: ActionContext): Promise<readonly Statement[]> {
  const { db, simulator, contactId } = context;
  const area = one.regionCode;
  const need = { act: 'change-number', area, simulator, contactId, declined: [], above: null } as const;
  const helper = await findHelper(db, need);
  const text =
    'Seorang anggota di wilayah Bapak/Ibu ingin memakai nomor baru.\n\nKetik *GANTI NOMOR ANGGOTA* untuk memeriksanya.';
  return [
    askChange(one, context),
    signalTo(one.old, numberChanging, context),
    ...(helper === null ? [] : sendTo(helper, text, null, context)),
  ];
}

/** What the old number is asked. */
export const numberAsked = defineAction({
  signature: {
    takes: {},
    outcomes: { found: { pindah: recordType('pindah', { nama: textType, tujuan: textType }) }, none: {} },
  },
  args: z.object({}),
  async run(_, context) {
    const change = await changeAskedOf(context);
    if (change === null) return outcome('none');
    return outcome('found', { pindah: { nama: titleCase(change.name), tujuan: numberTold(change.to) } });
  },
});

function tell(to: Reach, text: string, context: ActionContext): readonly Statement[] {
  return sendTo(to, text, null, context);
}

const welcome = (change: Change) =>
  `Keanggotaan *${titleCase(change.name)}* sekarang terhubung dengan percakapan ini.\n\nKetik *DATA SAYA* untuk melihatnya.`;
const goodbye = (change: Change) =>
  `Keanggotaan *${titleCase(change.name)}* sudah dipindahkan oleh petugas ke ${numberTold(change.to)}. Bila bukan Bapak/Ibu yang memintanya, ketik *PETUGAS* dalam tujuh hari.`;

/** The old number says yes. */
export const confirmNumber = defineAction({
  signature: { takes: {}, outcomes: { done: {}, gone: {} }, fixed: { done: 'nomor sudah berganti' } },
  args: z.object({}),
  async run(_, context) {
    const change = await changeAskedOf(context);
    if (change === null) return outcome('gone');
    return outcome('done', {}, [
      ...moveNumber(change, context),
      ...tell(change.to, welcome(change), context),
    ]);
  },
});

/** The old number says no: whoever asked hears nothing, as nobody there is to know whether it was right. */
export const denyNumber = defineAction({
  signature: { takes: {}, outcomes: { done: {}, gone: {} } },
  args: z.object({}),
  async run(_, context) {
    const change = await changeAskedOf(context);
    return change === null ? outcome('gone') : outcome('done', {}, refuseNumber(change, null, context));
  },
});

const shownType = recordType('minta', {
  id: textType,
  jumlah: textType,
  nama: textType,
  lahir: textType,
  wilayah: textType,
  lama: textType,
  baru: textType,
  batas: textType,
});

function whole({ phone, ...reach }: Reach): string {
  return phone === null ? numberTold({ ...reach, phone }) : showPhone(phone);
}

/** The next request in the own area, behind the one seen last; each look is kept. */
export const nextNumber = defineAction({
  signature: {
    takes: { sesudah: { type: 'text', optional: true } },
    outcomes: { found: { minta: shownType }, none: {} },
  },
  args: z.object({ sesudah: z.uuid().nullish() }),
  async run({ sesudah }, context) {
    const open = await openChanges(await viewing(context), null, context);
    const rest = open.slice(1 + open.findIndex(({ id }) => id === sesudah));
    const [change] = rest;
    if (change === undefined) return outcome('none');
    const look = lookKept(context.contactId, 'change-number', change.memberId, context.now);
    return outcome('found', { minta: shown(change, rest.length, context.now) }, [look]);
  },
});

function shown(change: Change, count: number, now: Date) {
  const { id, name, birthDate, place, askedAt, from, to } = change;
  const due = new Date(askedAt.getTime() + decideMs);
  return {
    ...{
      id,
      jumlah: String(count),
      nama: titleCase(name),
      wilayah: place,
      lama: whole(from),
      baru: whole(to),
    },
    lahir: birthDate === null ? null : showDate(birthDate),
    batas: due <= now ? `terlambat sejak ${inWib(due)}` : `sebelum ${inWib(due)}`,
  };
}

const meantTaken = { permintaan: { type: 'text' } } as const;
const meantArgs = z.object({ permintaan: z.uuid() });

/** An officer says yes, after having talked with the person; the old number hears of it. */
export const approveNumber = defineAction({
  signature: { takes: meantTaken, outcomes: { done: {}, gone: {} }, fixed: { done: 'nomor sudah berganti' } },
  args: meantArgs,
  async run({ permintaan }, context) {
    const [change] = await openChanges(await viewing(context), permintaan, context);
    if (change === undefined) return outcome('gone');
    return outcome('done', {}, [
      ...tell(change.from, goodbye(change), context),
      ...moveNumber(change, context),
      ...tell(change.to, welcome(change), context),
    ]);
  },
});

/** An officer says no, with a reason for those who ask later. */
export const declineNumber = defineAction({
  signature: {
    takes: { ...meantTaken, alasan: { type: 'text' } },
    outcomes: { done: {}, gone: {} },
    fixed: { done: 'permintaan sudah ditutup' },
  },
  args: meantArgs.extend({ alasan: z.string() }),
  async run({ permintaan, alasan }, context) {
    const [change] = await openChanges(await viewing(context), permintaan, context);
    return change === undefined
      ? outcome('gone')
      : outcome('done', {}, refuseNumber(change, alasan, context));
  },
});

/** The changes of the last week in the own area. */
export const listNumbers = defineAction({
  signature: { takes: {}, outcomes: { some: { daftar: optionsType }, none: {} } },
  args: z.object({}),
  async run(_, context) {
    const done = await doneChanges(await viewing(context), null, context);
    const daftar = done.map((change) => ({
      id: change.id,
      label: `${titleCase(change.name)}, ke ${numberTold(change.to)}`,
    }));
    return done.length === 0 ? outcome('none') : outcome('some', { daftar });
  },
});

/** Takes a change back; both numbers hear of it. */
export const takeNumberBack = defineAction({
  signature: {
    takes: { permintaan: { type: 'picked' } },
    outcomes: { done: { hasil: recordType('hasil', { nama: textType }) }, gone: {} },
    fixed: { done: 'nomor sudah dikembalikan' },
  },
  args: meantArgs,
  async run({ permintaan }, context) {
    const [change] = await doneChanges(await viewing(context), permintaan, context);
    if (change === undefined) return outcome('gone');
    const text = `Pergantian nomor untuk keanggotaan *${titleCase(change.name)}* dibatalkan oleh petugas. Bila ada pertanyaan, ketik *PETUGAS*.`;
    return outcome('done', { hasil: { nama: titleCase(change.name) } }, [
      ...undoNumber(change, context),
      ...tell(change.from, text, context),
      ...tell(change.to, text, context),
    ]);
  },
});

import { z } from 'zod';
import { codeIn } from '../../flow/inputs/one-time-code.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import {
  addLate,
  answerTold,
  doorOf,
  doorOpens,
  enter,
  type Guest,
  guestFor,
  guestsOf,
  keeperTold,
  looksAtGuests,
  rakorFor,
  takeBack,
} from '../attendance.js';
import { meantAmong } from '../found-members.js';
import { viewing } from '../helpers.js';
import { momentInWords, type Rakor } from '../rakor.js';
import { areasFor, type Viewer } from '../roles.js';
import { ticketOfCode } from '../ticket.js';
import { clockInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';

/** As many as an old phone shows in one message. */
const mostShown = 8;

const guestType = recordType('tamu', {
  id: textType,
  nama: textType,
  jabatan: textType,
  wilayah: textType,
  acara: textType,
  jawaban: textType,
  pukul: textType,
  oleh: textType,
});
const doorType = recordType('pintu', { acara: textType, waktu: textType, buka: textType });

const shown = { one: { tamu: guestType }, in: { tamu: guestType } };
const closed = { early: { pintu: doorType }, over: { pintu: doorType }, cancelled: { pintu: doorType } };

/**
 * Who stands at the door, by the code of a ticket or a typed name. A ticket works once: who is `in` is told with when and by whom. `elsewhere`:
 * of a rakor whose door this person does not keep; `closed`: no rakor has an open door now, and so nobody is looked for by name.
 */
export const findGuest = defineAction({
  signature: {
    takes: { teks: { type: 'text' } },
    outcomes: {
      ...{
        ...shown,
        ...closed,
        several: { daftar: optionsType, temuan: recordType('temuan', { lebih: textType }) },
      },
      ...{ unknown: {}, elsewhere: {}, nobody: {}, closed: {}, refused: {} },
    },
  },
  args: z.object({ teks: z.string() }),
  async run({ teks }, context) {
    const viewer = await viewing(context);
    if (areasFor(viewer, 'check-in').length === 0) return outcome('refused');
    const code = codeIn(teks);
    const all = await rakorFor(viewer, context);
    return code === null ? byName(teks, viewer, all, context) : byCode(code, viewer, all, context);
  },
});

async function byCode(
  code: string,
  viewer: Viewer,
  all: readonly Rakor[],
  context: ActionContext,
): Promise<ActionOutcome> {
  const ticket = await ticketOfCode(code, context);
  if (ticket === null) return outcome('unknown');
  const rakor = all.find(({ id }) => id === ticket.rakorId);
  if (rakor === undefined) return outcome('elsewhere');
  const state = doorOf(rakor, context.now);
  if (state !== 'open') return outcome(state, { pintu: doorTold(rakor) });
  const guest = await guestFor(viewer, ticket.invitationId, context);
  return guest === null ? outcome('unknown') : guestFound(guest, rakor, context);
}

function doorTold(rakor: Rakor) {
  const { details, startsAt } = rakor;
  return { acara: details.acara, waktu: momentInWords(startsAt), buka: doorOpens(rakor) };
}

async function guestFound(guest: Guest, rakor: Rakor, context: ActionContext): Promise<ActionOutcome> {
  const tamu = await guestTold(guest, rakor, context);
  const looks = looksAtGuests('show-guest', [guest], context);
  return outcome(guest.checkedInAt === null ? 'one' : 'in', { tamu }, looks);
}

async function guestTold(guest: Guest, { details }: Rakor, context: ActionContext) {
  const { id, name, position, place, checkedInAt, checkedInBy } = guest;
  return {
    ...{
      id,
      nama: name,
      jabatan: position,
      wilayah: place,
      acara: details.acara,
      jawaban: answerTold(guest),
    },
    pukul: checkedInAt === null ? null : clockInWib(checkedInAt),
    oleh: checkedInBy === null ? null : await keeperTold(checkedInBy, context),
  };
}

async function byName(
  name: string,
  viewer: Viewer,
  all: readonly Rakor[],
  context: ActionContext,
): Promise<ActionOutcome> {
  const open = all.filter((one) => doorOf(one, context.now) === 'open');
  if (open.length === 0) return outcome('closed');
  const ids = open.map(({ id }) => id);
  const found = meantAmong(await guestsOf(viewer, ids, context), name);
  const [first] = found;
  const rakor = open.find(({ id }) => id === first?.rakorId);
  if (first === undefined || rakor === undefined) return outcome('nobody');
  if (found.length === 1) return guestFound(first, rakor, context);
  const some = found.slice(0, mostShown);
  const more = found.length - some.length;
  const values = { daftar: optionsOf(some, open), temuan: { lebih: more === 0 ? null : String(more) } };
  return outcome('several', values, looksAtGuests('list-guests', some, context));
}

/** Guests to pick from; of which rakor is said where several have an open door. */
function optionsOf(guests: readonly Guest[], open: readonly Rakor[]) {
  return guests.map(({ id, name, place, rakorId, checkedInAt }) => {
    const event = open.length > 1 ? `, ${open.find((one) => one.id === rakorId)?.details.acara ?? ''}` : '';
    const time = checkedInAt === null ? '' : ` (masuk ${clockInWib(checkedInAt)})`;
    return { id, label: `${name}, ${place}${event}${time}` };
  });
}

/** A guest at an open door, as this person may see them now. */
async function atOpenDoor(id: string, context: ActionContext) {
  const viewer = await viewing(context);
  const guest = await guestFor(viewer, id, context);
  const all = guest === null ? [] : await rakorFor(viewer, context);
  const rakor = all.find((one) => one.id === guest?.rakorId && doorOf(one, context.now) === 'open');
  return guest === null || rakor === undefined ? null : { guest, rakor };
}

const guestTaken = { undangan: { type: 'picked' } } as const;
const guestArgs = z.object({ undangan: z.uuid() });

/** Somebody who was picked from a list. */
export const showGuest = defineAction({
  signature: { takes: guestTaken, outcomes: { ...shown, gone: {} } },
  args: guestArgs,
  async run({ undangan }, context) {
    const found = await atOpenDoor(undangan, context);
    return found === null ? outcome('gone') : guestFound(found.guest, found.rakor, context);
  },
});

/** Lets somebody in; of two who do so at once one has done it, and the other hears that the person is in. */
export const enterGuest = defineAction({
  signature: {
    takes: { undangan: { type: 'text' } },
    outcomes: { done: { tamu: guestType }, in: { tamu: guestType }, gone: {} },
    fixed: { done: 'kehadiran sudah tercatat' },
  },
  args: guestArgs,
  async run({ undangan }, context) {
    const found = await atOpenDoor(undangan, context);
    if (found === null) return outcome('gone');
    const { guest, rakor } = found;
    const tamu = await guestTold(guest, rakor, context);
    if (guest.checkedInAt !== null) return outcome('in', { tamu });
    const entered = { ...tamu, pukul: clockInWib(context.now) };
    return outcome('done', { tamu: entered }, enter(guest, context));
  },
});

/** Lets somebody in who was not invited; where several rakor have an open door, it is asked which. */
export const addGuest = defineAction({
  signature: {
    takes: {
      nama: { type: 'person-name' },
      jabatan: { type: 'text' },
      rakor: { type: 'picked', optional: true },
    },
    outcomes: { done: { pintu: doorType }, several: { daftar: optionsType }, closed: {} },
    fixed: { done: 'peserta susulan sudah tercatat' },
  },
  args: z.object({ nama: z.string(), jabatan: z.string(), rakor: z.uuid().nullish() }),
  async run({ nama, jabatan, rakor }, context) {
    const all = await rakorFor(await viewing(context), context);
    const open = all.filter((one) => doorOf(one, context.now) === 'open');
    const meant = open.find(({ id }) => open.length === 1 || id === rakor);
    if (meant !== undefined)
      return outcome('done', { pintu: doorTold(meant) }, addLate(meant, { nama, jabatan }, context));
    if (open.length === 0) return outcome('closed');
    return outcome('several', {
      daftar: open.map(({ id, details, place }) => ({ id, label: `${details.acara}, ${place}` })),
    });
  },
});

/** Who was let in last, of the open doors this person keeps: the latest first. */
export const listEntered = defineAction({
  signature: { takes: {}, outcomes: { some: { daftar: optionsType }, none: {} } },
  args: z.object({}),
  async run(_, context) {
    const viewer = await viewing(context);
    const all = await rakorFor(viewer, context);
    const open = all.filter((one) => doorOf(one, context.now) === 'open');
    const ids = open.map(({ id }) => id);
    const entered = (await guestsOf(viewer, ids, context)).filter(({ checkedInAt }) => checkedInAt !== null);
    const latest = entered.toSorted((one, other) => at(other) - at(one)).slice(0, mostShown);
    if (latest.length === 0) return outcome('none');
    return outcome(
      'some',
      { daftar: optionsOf(latest, open) },
      looksAtGuests('list-guests', latest, context),
    );
  },
});

function at({ checkedInAt }: Guest): number {
  return checkedInAt?.getTime() ?? 0;
}

/** Takes back that somebody was let in; `gone` when another was faster. */
export const takeGuestBack = defineAction({
  signature: {
    takes: guestTaken,
    outcomes: { done: { tamu: guestType }, gone: {} },
    fixed: { done: 'kehadiran sudah dibatalkan' },
  },
  args: guestArgs,
  async run({ undangan }, context) {
    const found = await atOpenDoor(undangan, context);
    if (found === null || found.guest.checkedInAt === null) return outcome('gone');
    const { guest, rakor } = found;
    const tamu = await guestTold(guest, rakor, context);
    return outcome('done', { tamu }, takeBack(guest, context));
  },
});

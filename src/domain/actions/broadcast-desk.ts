import { z } from 'zod';
import { oneTimeCode } from '../../flow/inputs/one-time-code.js';
import { filesType, optionsType, recordType, textType } from '../../flow/types.js';
import type { BroadcastChange } from '../../store/broadcasts.js';
import type { Statement } from '../../store/statement.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import {
  broadcastsFor,
  changeByWord,
  changesFrom,
  codeFor,
  keepCodes,
  lookedAtUnreached,
  markContacted,
  openedByLink,
  type Unreached,
  unreachedOf,
  waitingBehind,
  wordChanges,
} from '../broadcast-desk.js';
import { kindNamed } from '../broadcast-kinds.js';
import { audienceLine, stateWords } from '../broadcast-words.js';
import { findBroadcast, openedMessage } from '../broadcasts.js';
import { makeFile } from '../enclosures.js';
import { viewing } from '../helpers.js';
import { hasGuessedTooOften } from '../links.js';
import { messageWord, type UnreachedWords, unreachedSheet, unreachedWords } from '../unreached-sheet.js';
import { defineAction, outcome } from './define.js';

/** The last broadcasts of the own areas, to pick one. */
export const listBroadcasts = defineAction({
  signature: { takes: {}, outcomes: { some: { daftar: optionsType }, none: {} } },
  args: z.object({}),
  async run(_, context) {
    const lines = await broadcastsFor(await viewing(context), context.db);
    if (lines.length === 0) return outcome('none');
    const daftar = lines.map(({ number, kind, state }) => ({
      id: String(number),
      label: `${kindNamed(kind).words} ${number}, ${stateWords[state] ?? state}`,
    }));
    return outcome('some', { daftar });
  },
});

const cardType = recordType('siaran', {
  id: textType,
  nomor: textType,
  jenis: textType,
  keadaan: textType,
  kepada: textType,
  isi: textType,
});

const outcomeOfState: Readonly<Record<string, 'running' | 'paused' | 'open'>> = {
  ...{ running: 'running', paused: 'paused', draft: 'open', waiting: 'open' },
};

/** One of them; what can be done with it follows from its state: running, paused, open (not sent yet), over. */
export const showBroadcast = defineAction({
  signature: {
    takes: { terpilih: { type: 'picked' } },
    outcomes: {
      ...{ running: { siaran: cardType }, paused: { siaran: cardType }, open: { siaran: cardType } },
      ...{ over: { siaran: cardType }, gone: {} },
    },
  },
  args: z.object({ terpilih: z.string() }),
  async run({ terpilih }, context) {
    const found = await findBroadcast(await viewing(context), Number(terpilih), context);
    if (found === null) return outcome('gone');
    const { id, number, kind, state, audience, message } = found.broadcast;
    const siaran = {
      ...{ id, nomor: String(number), jenis: kindNamed(kind).words, isi: message.text },
      ...{ keadaan: stateWords[state] ?? state, kepada: audienceLine(audience) },
    };
    return outcome(outcomeOfState[state] ?? 'over', { siaran });
  },
});

/** Lets a broadcast rest, go on, or end; `gone` when it is not in a state any more in which that means something. */
function changing(change: BroadcastChange) {
  return defineAction({
    signature: { takes: { siaran: { type: 'text' } }, outcomes: { done: {}, gone: {} } },
    args: z.object({ siaran: z.uuid() }),
    async run({ siaran }, context) {
      const viewer = await viewing(context);
      const found = await findBroadcast(viewer, siaran, context);
      if (found === null || !changesFrom(found.broadcast.state).includes(change)) return outcome('gone');
      return outcome('done', {}, changeByWord(siaran, change, viewer, context.now));
    },
  });
}

/** What a word in the chat does with a broadcast, by `broadcast.` and its name. */
export const broadcastMoveActions = Object.fromEntries(
  wordChanges.map((change) => [`broadcast.${change}`, changing(change)]),
);

/** A line has a link in it, so that a message holds few. */
const pageSize = 5;
const mostInFile = 3000;
const pageType = recordType('halaman', { rincian: textType, jumlah: textType, sampai: textType });
const whichTaken = { siaran: { type: 'text' }, sesudah: { type: 'text', optional: true } } as const;
const whole = z.string().regex(/^\d{1,9}$/);

/** Those of a broadcast whom Sapa cannot reach and nobody has told yet, a few at a time, behind `sesudah` of them. */
export const listUnreached = defineAction({
  signature: {
    takes: whichTaken,
    outcomes: {
      ...{
        more: { halaman: pageType, daftar: optionsType },
        last: { halaman: pageType, daftar: optionsType },
      },
      none: {},
    },
  },
  args: z.object({ siaran: whole, sesudah: whole.nullish() }),
  async run({ siaran, sesudah }, context) {
    const after = Number(sesudah ?? 0);
    const viewer = await viewing(context);
    const { count, people } = await unreachedOf(
      viewer,
      { number: Number(siaran), most: pageSize, after },
      context.db,
    );
    if (people.length === 0) return outcome('none');
    const words = await allInWords(people, context);
    const until = after + people.length;
    const halaman = { rincian: words.map(lineOf).join('\n\n'), jumlah: String(count), sampai: String(until) };
    const daftar = words.map(({ seq, name, place }) => ({ id: seq, label: `${name}, ${place}` }));
    const writes = [keepCodes(people, context.vault), ...lookedAtUnreached(viewer, people, context.now)];
    return outcome(until < count ? 'more' : 'last', { halaman, daftar }, writes);
  },
});

function allInWords(
  people: readonly Unreached[],
  context: ActionContext,
): Promise<readonly UnreachedWords[]> {
  return Promise.all(people.map((one) => inWords(one, context)));
}

async function inWords(one: Unreached, { vault, doors }: ActionContext): Promise<UnreachedWords> {
  const code = codeFor(one, vault);
  const links = one.contactedAt === null ? await doors(code, `${messageWord} ${code}`) : [];
  return unreachedWords(one, vault.open, { code, links: links.map(({ url }) => url) });
}

function lineOf({ name, place, reason, phone, links }: UnreachedWords): string {
  const line = `- ${name}, ${place}: ${reason}. Telepon: ${phone ?? 'tidak ada'}`;
  return [line, ...links].join('\n');
}

/** The same as a workbook: all of them, with those who were told already. */
export const fileUnreached = defineAction({
  signature: {
    takes: { siaran: { type: 'text' } },
    outcomes: { made: { berkas: filesType }, 'too-long': {}, none: {} },
  },
  args: z.object({ siaran: whole }),
  async run({ siaran }, context) {
    const viewer = await viewing(context);
    const wish = { number: Number(siaran), most: mostInFile, after: 0, told: true };
    const { count, people } = await unreachedOf(viewer, wish, context.db);
    if (people.length === 0) return outcome('none');
    if (count > people.length) return outcome('too-long');
    const bytes = await unreachedSheet(await allInWords(people, context));
    const { kept, enclosure } = await makeFile('sheet', `tidak-terjangkau-${siaran}.xlsx`, bytes, context);
    const writes = [
      kept,
      keepCodes(people, context.vault),
      ...lookedAtUnreached(viewer, people, context.now),
    ];
    return outcome('made', { berkas: [{ ...enclosure }] }, writes);
  },
});

/** Keeps that somebody has told one of them by hand. */
export const contactUnreached = defineAction({
  signature: {
    takes: { siaran: { type: 'text' }, orang: { type: 'picked' } },
    outcomes: { done: {}, gone: {} },
    fixed: { done: 'orang itu sudah dicatat dihubungi' },
  },
  args: z.object({ siaran: whole, orang: whole }),
  async run({ siaran, orang }, context) {
    const writes = await markContacted(await viewing(context), Number(siaran), orang, context);
    return writes === null ? outcome('gone') : outcome('done', {}, writes);
  },
});

/**
 * Opens the message that waits behind a code, once. A wrong one is written down as any other code, and after some of them nothing is looked
 * at for a while.
 */
export const openByCode = defineAction({
  signature: {
    takes: { kode: { type: oneTimeCode.type({}).name } },
    outcomes: {
      found: { pesan: recordType('pesan', { isi: textType }), berkas: filesType },
      none: {},
      'too-many': {},
    },
  },
  args: z.object({ kode: z.string() }),
  async run({ kode }, context): Promise<ActionOutcome> {
    const { db, reach, now, vault } = context;
    if (await hasGuessedTooOften(reach.addressId, db, now)) return outcome('too-many');
    const waiting = await waitingBehind(kode, context);
    if (waiting === null) return outcome('none');
    const { text, enclosure } = openedMessage(waiting.body, vault);
    const berkas = enclosure === undefined ? [] : [{ ...enclosure }];
    const writes: readonly Statement[] = [openedByLink(waiting, now)];
    return outcome('found', { pesan: { isi: text }, berkas }, writes);
  },
});

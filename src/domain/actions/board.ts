import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { nameKey } from '../../flow/inputs/person-name.js';
import { titleCase } from '../../flow/text.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { boardStanding, isToBeConfirmed, type Office, offices } from '../board.js';
import {
  type Board,
  boardOf,
  boardsOf,
  candidatesFor,
  confirmBoard,
  type Holder,
  hold,
  holderLine,
  holdersOf,
  setTerm,
  vacate,
} from '../boards.js';
import { viewerNow } from '../helpers.js';
import { lookKept } from '../requests.js';
import type { Viewer } from '../roles.js';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';

const boardType = recordType('pengurus', {
  id: textType,
  nama: textType,
  keadaan: textType,
  masa: textType,
  rincian: textType,
  dipastikan: textType,
});
const shown = { pengurus: boardType };
const boardTaken = { papan: { type: 'text' } } as const;
const fixed = { done: 'kepengurusan sudah tercatat' } as const;

/** Up to here the boards are listed; beyond that only those above the regencies, as many as fit into one message. */
const mostListed = 8;

/**
 * The board that is meant: of the regency that was told, the one that was picked, or the only one this viewer looks after. `due` when it
 * is time to ask whether it is still the same.
 */
export const findBoard = defineAction({
  signature: {
    takes: { papan: { type: 'picked', optional: true }, wilayah: { type: 'regency', optional: true } },
    outcomes: { found: shown, due: shown, several: { daftar: optionsType }, refused: {} },
  },
  args: z.object({ papan: z.string().nullish(), wilayah: z.object({ kode: z.string() }).nullish() }),
  async run({ papan, wilayah }, context) {
    const viewer = await viewerNow(context.db, context.contactId, context.simulator);
    const boards = await boardsOf(viewer, context.db);
    const meant = wilayah?.kode ?? papan ?? (boards.length === 1 ? boards[0]?.area : null) ?? null;
    const board = boards.find(({ area }) => area === meant);
    if (board !== undefined) return show(viewer, board, context);
    if (meant !== null || boards.length === 0) return outcome('refused');
    const listed = boards.length <= mostListed ? boards : boards.filter(({ isRegency }) => !isRegency);
    return outcome('several', { daftar: listed.map(({ area, place }) => ({ id: area, label: place })) });
  },
});

async function show(viewer: Viewer, board: Board, context: ActionContext): Promise<ActionOutcome> {
  const holders = await holdersOf(viewer, board, context);
  const { area, place, termFrom, termTo, confirmedAt } = board;
  const pengurus = {
    id: area,
    nama: place,
    keadaan: boardStanding(board, context.now).words,
    masa: termFrom === null || termTo === null ? null : `${termFrom}-${termTo}`,
    rincian: holders.length === 0 ? 'Belum ada pengurus yang tercatat.' : holders.map(holderLine).join('\n'),
    dipastikan: confirmedAt === null ? null : showDate(dayInWib(confirmedAt)),
  };
  const name = isToBeConfirmed(board, context.now) ? 'due' : 'found';
  return outcome(name, { pengurus }, looksAt(holders, context));
}

function looksAt(people: readonly (Holder | { readonly id: string })[], context: ActionContext) {
  const ids = people.map((one) => ('memberId' in one ? one.memberId : one.id));
  const members = [...new Set(ids)].flatMap((id) => id ?? []);
  return members.map((id) => lookKept(context.contactId, 'manage-board', id, context.now));
}

/** Does something with a board this viewer looks after; `refused` for others. */
async function onBoard(
  area: string,
  context: ActionContext,
  work: (board: Board, viewer: Viewer) => ActionOutcome | Promise<ActionOutcome>,
): Promise<ActionOutcome> {
  const viewer = await viewerNow(context.db, context.contactId, context.simulator);
  const board = await boardOf(viewer, area, context.db);
  return board === null ? outcome('refused') : work(board, viewer);
}

/** Says that a board is still the same; one without a chair (`none`) cannot be confirmed. */
export const confirm = defineAction({
  signature: { takes: boardTaken, outcomes: { done: {}, none: {}, refused: {} }, fixed },
  args: z.object({ papan: z.string() }),
  run: ({ papan }, context) =>
    onBoard(papan, context, (board) =>
      board.hasChair ? outcome('done', {}, confirmBoard(board, context)) : outcome('none'),
    ),
});

/** No board stays for longer, in years. */
const longestTerm = 10;

/** Sets the term of a board by its first and its last year; `differs` when these cannot be one. */
export const setBoardTerm = defineAction({
  signature: {
    takes: { ...boardTaken, dari: { type: 'year' }, sampai: { type: 'year' } },
    outcomes: { done: {}, differs: {}, refused: {} },
    fixed,
  },
  args: z.object({ papan: z.string(), dari: z.number().int(), sampai: z.number().int() }),
  run: ({ papan, dari, sampai }, context) =>
    onBoard(papan, context, (board) =>
      sampai > dari && sampai <= dari + longestTerm
        ? outcome('done', {}, setTerm(board, dari, sampai, context))
        : outcome('differs'),
    ),
});

/** Looks among the members in the area of a board for somebody who is to hold an office. */
export const findForOffice = defineAction({
  signature: {
    takes: { ...boardTaken, nama: { type: 'person-name' } },
    outcomes: { some: { daftar: optionsType }, none: {}, refused: {} },
  },
  args: z.object({ papan: z.string(), nama: z.string() }),
  run: ({ papan, nama }, context) =>
    onBoard(papan, context, async (board, viewer) => {
      const sought = { words: nameKey(nama).split(' '), memberId: null };
      const people = await candidatesFor(viewer, board, sought, context.db);
      if (people.length === 0) return outcome('none');
      const daftar = people.map(({ id, name, place }) => ({ id, label: `${titleCase(name)}, ${place}` }));
      return outcome('some', { daftar }, looksAt(people, context));
    }),
});

const officeNames = Object.keys(offices).filter((name): name is Office => name in offices);

/** Gives an office to a member who was picked, or to whoever has the name that was typed. `gone`: that member is not there any more. */
export const holdOffice = defineAction({
  signature: {
    takes: {
      ...boardTaken,
      jabatan: { type: `choice(${officeNames.join('|')})` },
      bidang: { type: 'text', optional: true },
      nama: { type: 'person-name' },
      anggota: { type: 'picked', optional: true },
    },
    outcomes: { done: {}, gone: {}, refused: {} },
    fixed,
  },
  args: z.object({
    papan: z.string(),
    jabatan: z.enum(officeNames),
    bidang: z.string().nullish(),
    nama: z.string(),
    anggota: z.uuid().nullish(),
  }),
  run: ({ papan, jabatan, bidang, nama, anggota }, context) =>
    onBoard(papan, context, async (board, viewer) => {
      const memberId = anggota ?? null;
      const sought = { words: [], memberId };
      const isThere =
        memberId === null || (await candidatesFor(viewer, board, sought, context.db)).length > 0;
      if (!isThere) return outcome('gone');
      const field = jabatan === 'bidang' ? (bidang ?? '') : null;
      const before = await holdersOf(viewer, board, context);
      const taking = { office: jabatan, field, memberId, name: titleCase(nama) };
      return outcome('done', {}, hold(board, taking, before, context));
    }),
});

/** Who holds an office of a board, to pick one. */
export const listHolders = defineAction({
  signature: { takes: boardTaken, outcomes: { some: { daftar: optionsType }, none: {}, refused: {} } },
  args: z.object({ papan: z.string() }),
  run: ({ papan }, context) =>
    onBoard(papan, context, async (board, viewer) => {
      const holders = await holdersOf(viewer, board, context);
      if (holders.length === 0) return outcome('none');
      const daftar = holders.map((one) => ({ id: one.id, label: holderLine(one) }));
      return outcome('some', { daftar }, looksAt(holders, context));
    }),
});

/** Takes an office from whoever was picked. */
export const vacateOffice = defineAction({
  signature: {
    takes: { ...boardTaken, pemegang: { type: 'picked' } },
    outcomes: { done: {}, gone: {}, refused: {} },
    fixed,
  },
  args: z.object({ papan: z.string(), pemegang: z.uuid() }),
  run: ({ papan, pemegang }, context) =>
    onBoard(papan, context, async (board, viewer) => {
      const holders = await holdersOf(viewer, board, context);
      const found = holders.find(({ id }) => id === pemegang);
      return found === undefined ? outcome('gone') : outcome('done', {}, vacate(board, found, context));
    }),
});

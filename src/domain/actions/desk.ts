import { z } from 'zod';
import { optionsType, recordType, textType } from '../../flow/types.js';
import type { ActionContext } from '../action.js';
import { handOn, requestChanged, requestTaken } from '../hand-on.js';
import { rightsOf } from '../helpers.js';
import { sendTo, signalTo } from '../reach.js';
import { relay, relayed, relayedTypes } from '../relay.js';
import {
  answeredRequest,
  closeRequest,
  findRequest,
  findRequests,
  lookKept,
  type Request,
  summaryOf,
  takeRequest,
} from '../requests.js';
import { defineAction, outcome } from './define.js';

const nothing = z.object({});
const own = { permintaan: recordType('permintaan', { nomor: textType }) };
/** As many as fit into one message that an old phone shows. */
const mostListed = 8;

/** The request an operator talks about at the moment, else those he may take, the longest waiting first. */
export const listRequests = defineAction({
  signature: {
    takes: {},
    outcomes: {
      talking: own,
      some: { antrian: recordType('antrian', { rincian: textType }), daftar: optionsType },
      none: {},
    },
  },
  args: nothing,
  async run(_, context) {
    const taken = await findRequest(context, 'takenBy', context.contactId);
    if (taken !== null) return outcome('talking', named(taken));
    const waiting = (await takeable(context)).slice(0, mostListed);
    if (waiting.length === 0) return outcome('none');
    const rincian = waiting.map(({ number, place }) => `Permintaan ${number}: ${place}`).join('\n');
    const daftar = waiting.map(({ number }) => ({ id: String(number), label: `Permintaan ${number}` }));
    const looks = waiting.map((one) => look('list-handovers', one, context));
    return outcome('some', { antrian: { rincian }, daftar }, looks);
  },
});

/** The requests that wait for somebody whom this person may help, the longest waiting first. */
export async function takeable(context: ActionContext): Promise<readonly Request[]> {
  const [may, open] = await Promise.all([
    rightsOf(context.db, context.contactId),
    findRequests(context, 'open', context.simulator),
  ]);
  return open.filter((one) => one.contactId !== context.contactId && may('take-handover', one));
}

function named({ number }: Request) {
  return { permintaan: { nomor: String(number) } };
}

function look(action: string, { contactId }: Request, context: ActionContext) {
  return lookKept(context.contactId, action, contactId, context.now);
}

/**
 * Takes a request: of two who want it, one gets it. What was said before comes as a message of its own, so that it is kept
 * in no session. `already`: somebody else has it, or talks with the same member; `over`: it is closed; `refused`: it is not
 * (or no more) for this operator.
 */
export const takeOver = defineAction({
  signature: {
    takes: { permintaan: { type: 'picked' } },
    outcomes: { taken: own, already: {}, over: {}, refused: {} },
  },
  args: z.object({ permintaan: z.string() }),
  async run({ permintaan }, context) {
    const mine = await findRequest(context, 'takenBy', context.contactId);
    if (mine !== null) return outcome('taken', named(mine));
    const request = await findRequest(context, 'byNumber', Number(permintaan));
    if (request === null || request.state === 'closed') return outcome('over');
    const may = await rightsOf(context.db, context.contactId);
    if (request.contactId === context.contactId || !may('take-handover', request)) return outcome('refused');
    if (await isServed(request, context)) return outcome('already');
    const reads = may('read-conversation', request);
    return outcome('taken', named(request), [
      takeRequest(request, context.contactId, context.reach, context),
      look(reads ? 'read-conversation' : 'take-handover', request, context),
      ...sendTo(context.reach, summaryOf(request, reads), request.id, context),
      signalTo(request.member, requestTaken, context),
    ]);
  },
});

async function isServed({ contactId }: Request, context: ActionContext): Promise<boolean> {
  return (await findRequest(context, 'standingOf', contactId))?.state === 'taken';
}

/** Relays what an operator wrote or sent to the member, as long as he has the request and may answer it. */
export const relayToMember = defineAction({
  signature: { takes: relayedTypes, outcomes: { sent: {}, gone: {}, refused: {} } },
  args: relayed,
  async run(given, context) {
    const request = await findRequest(context, 'takenBy', context.contactId);
    if (request === null) return outcome('gone');
    const may = await rightsOf(context.db, context.contactId);
    if (!may('take-handover', request))
      return outcome('refused', {}, (await handOn(request, context, leaving(request, false))).writes);
    const passed = relay(request.member, 'Petugas', given, request.id, context);
    return outcome('sent', {}, [answeredRequest(request, context.reach, context), ...passed]);
  },
});

function leaving(request: Request, upwards: boolean) {
  return { from: request.operatorId, upwards, tell: [request.member], unread: null };
}

/** Closes the request an operator has; the member hears of it and goes on where he was. */
export const closeOwn = defineAction({
  signature: { takes: {}, outcomes: { closed: {}, gone: {} } },
  args: nothing,
  async run(_, context) {
    const request = await findRequest(context, 'takenBy', context.contactId);
    if (request === null) return outcome('gone');
    const heard = signalTo(request.member, requestChanged, context);
    return outcome('closed', {}, [closeRequest(request, context), heard]);
  },
});

/** Hands the request an operator has to the next one further up; with `nobody` there he keeps it. */
export const passUp = defineAction({
  signature: {
    takes: {},
    outcomes: { passed: { tujuan: recordType('tujuan', { wilayah: textType }) }, nobody: {}, gone: {} },
  },
  args: nothing,
  async run(_, context) {
    const request = await findRequest(context, 'takenBy', context.contactId);
    if (request === null) return outcome('gone');
    const { helper, writes } = await handOn(request, context, leaving(request, true));
    return helper === null
      ? outcome('nobody')
      : outcome('passed', { tujuan: { wilayah: helper.place } }, writes);
  },
});

/** Gives the request an operator has back: the next one is asked, upwards or beside him. */
export const giveBack = defineAction({
  signature: { takes: {}, outcomes: { 'given-back': {}, gone: {} } },
  args: nothing,
  async run(_, context) {
    const request = await findRequest(context, 'takenBy', context.contactId);
    if (request === null) return outcome('gone');
    return outcome('given-back', {}, (await handOn(request, context, leaving(request, false))).writes);
  },
});

/** Whether an operator still has a request: it may have been closed, left or handed on meanwhile. */
export const stillMine = defineAction({
  signature: { takes: {}, outcomes: { talking: {}, gone: {} } },
  args: nothing,
  async run(_, context) {
    const request = await findRequest(context, 'takenBy', context.contactId);
    return outcome(request === null ? 'gone' : 'talking');
  },
});

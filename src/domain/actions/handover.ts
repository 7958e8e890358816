import { z } from 'zod';
import { recordType, textType } from '../../flow/types.js';
import type { Statement } from '../../store/statement.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { handOn, requestChanged, requestTaken } from '../hand-on.js';
import { findHelper, type Helper, rightsOf } from '../helpers.js';
import { sendTo, signalTo } from '../reach.js';
import { relay, relayed, relayedTypes, wordsOf } from '../relay.js';
import {
  askFor,
  closeRequest,
  findRequest,
  findRequests,
  openRequest,
  placeRequest,
  type Request,
  recentContext,
  tellHelper,
  unansweredRequest,
} from '../requests.js';
import { type Area, province } from '../roles.js';
import { defineAction, outcome } from './define.js';
import { spokenFor } from './member.js';

const officer = { petugas: recordType('petugas', { wilayah: textType }) };
const nothing = z.object({});

/**
 * Opens a request for the nearest person who can help, and tells them; `nobody` when there is no one, which `doctor` shows.
 * Asking again does not make two of it: who waits already is asked for again, who talks with somebody already goes on.
 * `laporan` is what the officer is to act on, and reaches him whole.
 */
export const openForHelp = defineAction({
  signature: {
    takes: { laporan: { type: 'text', optional: true } },
    outcomes: { opened: officer, nobody: {} },
  },
  args: z.object({ laporan: z.string().nullish() }),
  async run({ laporan }, context) {
    const report = laporan ?? null;
    const standing = await findRequests(context, 'standingOf', context.contactId);
    const [first] = standing;
    if (first?.state === 'taken') {
      const again = signalTo(context.reach, requestTaken, context);
      const told = report === null ? [] : await toldOf(first, report, context);
      return outcome('opened', { petugas: { wilayah: first.place } }, [...told, again]);
    }
    const home = await homeOf(context);
    const { simulator, contactId, db } = context;
    const helper = await findHelper(db, {
      ...{ act: 'take-handover', area: home, simulator, contactId, declined: [], above: null },
    });
    const already = standing.find((one) => one.reason === 'asked');
    const writes =
      already === undefined
        ? await firstTime(home, helper, report, context)
        : await oneMoreTime(already, home, helper, report, context);
    return opened(helper, writes);
  },
});

function opened(helper: Helper | null, writes: readonly Statement[]): ActionOutcome {
  return helper === null
    ? outcome('nobody', {}, writes)
    : outcome('opened', { petugas: { wilayah: helper.place } }, writes);
}

/** The officer has the conversation already and gets the report at once, as long as he may; else it goes on with the request. */
async function toldOf(
  request: Request,
  report: string,
  context: ActionContext,
): Promise<readonly Statement[]> {
  const { operator } = request;
  if (operator === null) return [];
  const may = await rightsOf(context.db, operator.contactId);
  if (may('take-handover', request)) {
    const relayed = sendTo(operator, `*Laporan anggota*: ${report}`, request.id, context);
    return [unansweredRequest(request, context.reach, context), ...relayed];
  }
  const reported = { ...request, context: { ...request.context, report } };
  const how = { from: operator.contactId, upwards: false, tell: [operator], unread: null };
  return (await handOn(reported, context, how)).writes;
}

/** The duty region of a contact; of several members what they have in common, of somebody who registers the one he gave, of a stranger the province. */
async function homeOf(context: ActionContext): Promise<Area> {
  const [first, ...others] = (await spokenFor(context)).map((member) => member.regionCode.split('.'));
  if (first === undefined) return context.regionCode ?? province;
  const end = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return (end < 0 ? first : first.slice(0, end)).join('.') || province;
}

/** The request waits in the area of the member, not of the helper: whoever gets a role there later is asked. */
async function firstTime(
  area: Area,
  helper: Helper | null,
  report: string | null,
  context: ActionContext,
): Promise<readonly Statement[]> {
  const recent = await recentContext(context, context.contactId, context.pendingQuestion, context);
  const request: Request = {
    ...(await placeRequest(context.db, area)),
    ...{ id: context.newId(), contactId: context.contactId, simulator: context.simulator, area },
    ...{ reason: 'asked', state: 'open', operatorId: helper?.contactId ?? null, declined: [] },
    ...{ openedAt: context.now, member: context.reach, operator: null },
    context: { ...recent, report },
  };
  const told = helper === null ? [] : await tellHelper(request, helper, context);
  return [openRequest(request, helper, context), ...told];
}

/** Who asks again this long after the first time has not been helped: the helper is told again, as of every new report. */
const tellAgainMs = 60 * 60 * 1000;

async function oneMoreTime(
  already: Request,
  area: Area,
  helper: Helper | null,
  report: string | null,
  context: ActionContext,
): Promise<readonly Statement[]> {
  const recent = await recentContext(context, context.contactId, context.pendingQuestion, context);
  const known = already.context.report;
  const now = { ...recent, report: report ?? known };
  const asking = { ...already, area, declined: [], context: now, member: context.reach };
  const changed = askFor(already, helper, asking, context);
  const isNew = already.operatorId !== (helper?.contactId ?? null);
  const isLate = context.now.getTime() - already.openedAt.getTime() >= tellAgainMs;
  const isReported = report !== null && report !== known;
  if (helper === null || !(isNew || isLate || isReported)) return [changed];
  return [changed, ...(await tellHelper(asking, helper, context))];
}

/** Whether a human has this conversation: `talking`, or the request still (or again) waits, or there is none any more. */
export const whereRequestIs = defineAction({
  signature: { takes: {}, outcomes: { talking: officer, waiting: {}, closed: {} } },
  args: nothing,
  async run(_, context) {
    const request = await findRequest(context, 'standingOf', context.contactId);
    if (request === null) return outcome('closed');
    return request.state === 'taken'
      ? outcome('talking', { petugas: { wilayah: request.place } })
      : outcome('waiting');
  },
});

/** Relays what a member wrote or sent to the operator who has taken the request, as long as he may still read it. */
export const relayToOfficer = defineAction({
  signature: { takes: relayedTypes, outcomes: { sent: {}, waiting: {}, closed: {} } },
  args: relayed,
  async run(given, context) {
    const request = await findRequest(context, 'standingOf', context.contactId);
    if (request === null) return outcome('closed');
    const { operator } = request;
    if (operator === null) return outcome('waiting');
    const may = await rightsOf(context.db, operator.contactId);
    if (!may('take-handover', request)) {
      const unread = { inboundId: context.inboundId, said: wordsOf(given) };
      const how = { from: operator.contactId, upwards: false, tell: [operator], unread };
      return outcome('waiting', {}, (await handOn(request, context, how)).writes);
    }
    const passed = relay(operator, 'Anggota', given, request.id, context);
    return outcome('sent', {}, [unansweredRequest(request, context.reach, context), ...passed]);
  },
});

/** The member goes back to the bot: the request is closed, and the operator hears of it. */
export const leaveOfficer = defineAction({
  signature: { takes: {}, outcomes: { left: {} } },
  args: nothing,
  async run(_, context) {
    const request = await findRequest(context, 'standingOf', context.contactId);
    if (request === null || request.operator === null) return outcome('left');
    const heard = signalTo(request.operator, requestChanged, context);
    return outcome('left', {}, [closeRequest(request, context), heard]);
  },
});

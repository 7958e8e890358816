import { ChangedMeanwhile, type Statement } from '../store/statement.js';
import { writeTogether } from '../store/transaction.js';
import { filtersFor, readResidencies, worldOf } from './areas.js';
import { requestChanged } from './hand-on.js';
import { maskNumbers } from './mask.js';
import { type Looking, logAccess } from './people.js';
import { sendTo, signalTo, type Tools } from './reach.js';
import type { Records } from './records.js';
import { closeRequest, findRequest, lookKept, type Request, summaryOf } from './requests.js';
import { may, seesWorld, type Viewer } from './roles.js';

/** One request for a human. */
export interface HandoverLine {
  readonly id: string;
  /** What people call it by. */
  readonly number: number;
  readonly contactId: string;
  readonly reason: string;
  readonly area: string;
  readonly state: string;
  /** The contact of whoever was asked to help or helps, or null when nobody could be asked. */
  readonly operatorId: string | null;
  readonly openedAt: Date;
}

/** Who waits for a human, or talks with one, in the areas of a viewer; the longest waiting first. Each look is kept in the audit. */
export async function listHandovers(viewer: Viewer, records: Looking): Promise<readonly HandoverLine[]> {
  const { prisma } = records;
  const areas = await filtersFor(viewer, 'take-handover', prisma);
  const rows = await prisma.handover.findMany({
    where: { closedAt: null, contact: worldOf(viewer), OR: areas.map((area) => ({ area })) },
    orderBy: [{ openedAt: 'asc' }, { number: 'asc' }],
  });
  const subjects = rows.map((row) => row.contactId);
  await logAccess(viewer, records, 'list-handovers', [...new Set(subjects)]);
  return rows.map(({ id, number, contactId, reason, area, state, operatorId, openedAt }) => ({
    ...{ id, number, contactId, reason, area, state, operatorId, openedAt },
  }));
}

/** One request with what was said before it was asked for, as far as the viewer may read that; null when it is not in reach. */
export async function showHandover(viewer: Viewer, records: Records, number: number): Promise<string | null> {
  const found = await requestFor(viewer, records, number);
  if (found === null) return null;
  const { request, reads } = found;
  await logAccess(viewer, records, reads ? 'read-conversation' : 'list-handovers', [request.contactId]);
  return summaryOf(request, reads);
}

/** Sends the member of a request an answer, numbers cut as in every relayed one; false when there is no such open request in the viewer's reach. */
export function answerHandover(
  viewer: Viewer,
  records: Records,
  number: number,
  text: string,
): Promise<boolean> {
  return settle(viewer, records, number, (request, tools) =>
    sendTo(request.member, `*Petugas*: ${maskNumbers(text)}`, request.id, tools),
  );
}

/** Closes a request; false when there is no such open request in the viewer's reach. Whoever talks about it hears of it. */
export function closeHandover(viewer: Viewer, records: Records, number: number): Promise<boolean> {
  return settle(viewer, records, number, (request, tools) => {
    const talking = request.operator === null ? [] : [request.member, request.operator];
    return [closeRequest(request, tools), ...talking.map((reach) => signalTo(reach, requestChanged, tools))];
  });
}

interface Found {
  readonly request: Request;
  readonly reads: boolean;
}

async function requestFor(viewer: Viewer, records: Records, number: number): Promise<Found | null> {
  const request = await findRequest({ db: records.pool, vault: records.vault }, 'byNumber', number);
  if (request === null || request.state === 'closed' || !seesWorld(viewer, request.simulator)) return null;
  const residencyOf = await readResidencies(records.prisma);
  if (!may(viewer, 'take-handover', request.area, residencyOf)) return null;
  return { request, reads: may(viewer, 'read-conversation', request.area, residencyOf) };
}

/** Decided anew when the conversation moved on between look and commit. */
const mostTries = 10;

async function settle(
  viewer: Viewer,
  records: Records,
  number: number,
  decide: (request: Request, tools: Tools) => readonly Statement[],
): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    const found = await requestFor(viewer, records, number);
    if (found === null) return false;
    const tools = { vault: records.vault, newId: records.newId, now: records.now() };
    const look = lookKept(viewer.id, 'answer-handover', found.request.contactId, tools.now);
    try {
      await writeTogether(records.pool, [...decide(found.request, tools), look]);
      return true;
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || tries >= mostTries) throw error;
    }
  }
}

import type pg from 'pg';
import type { Vault } from '../store/crypto.js';
import { ChangedMeanwhile, run, type Statement, type Woken } from '../store/statement.js';
import { writeTogether } from '../store/transaction.js';
import { findHelper, type Helper, helpableRequests } from './helpers.js';
import { type Reach, signalTo, type Tools } from './reach.js';
import {
  askFor,
  type Desk,
  findRequest,
  findRequests,
  type Latest,
  type Request,
  recentContext,
  tellHelper,
} from './requests.js';

/** Both sides of a conversation with a human hear under this name that something about their request has changed. */
export const requestChanged = 'handover-changed';
/** The member's conversation hears under this name that a human is there. */
export const requestTaken = 'handover-taken';

/** Who is passed over, and whether only those further up are asked. */
export interface HandingOn {
  /** Has had the request and need not be asked again; null when nobody had it. */
  readonly from: string | null;
  readonly upwards: boolean;
  /** Who hears of the change; the conversation in which it happens knows by itself. */
  readonly tell: readonly Reach[];
  /** What the member wrote last and nobody has got yet. */
  readonly unread: Latest | null;
}

/** Who is asked next, and what is written for it; nobody is asked when there is nobody left, which `doctor` shows. */
export interface HandedOn {
  readonly helper: Helper | null;
  readonly writes: readonly Statement[];
}

/** Opens a request again for the next helper, with the last messages as they are now. */
export async function handOn(request: Request, tools: Tools & Desk, how: HandingOn): Promise<HandedOn> {
  const { area, simulator, contactId } = request;
  const declined = how.from === null ? request.declined : [...request.declined, how.from];
  const above = how.upwards ? how.from : null;
  const helper = await findHelper(tools.db, {
    ...{ act: 'take-handover', area, simulator, contactId, declined, above },
  });
  const asking = { ...request, declined, context: await contextNow(request, tools, how.unread) };
  const told =
    helper === null || (await isOneOfMany(request, helper, tools))
      ? []
      : await tellHelper(asking, helper, tools);
  const heard = how.tell.map((reach) => signalTo(reach, requestChanged, tools));
  return { helper, writes: [askFor(request, helper, asking, tools), ...heard, ...told] };
}

/** A conversation that went on since has newer messages; the question that waits is still the one of the beginning. */
async function contextNow(request: Request, tools: Desk, unread: Latest | null): Promise<Request['context']> {
  if (request.state !== 'taken') return request.context;
  const { messages } = await recentContext(tools, request.contactId, null, unread);
  return { ...request.context, messages };
}

const sameFailure = `SELECT 1 FROM handover WHERE operator_id = $1 AND reason = $2 AND state = 'open' LIMIT 1`;

/** A fault of ours can stop many conversations at once: a helper who knows of one finds the others in his list. */
async function isOneOfMany({ reason }: Request, { contactId }: Helper, { db }: Desk): Promise<boolean> {
  if (reason === 'asked') return false;
  const statement = { name: 'request-same-failure', text: sameFailure, values: [contactId, reason] };
  return (await run(db, statement)).length > 0;
}

/** What requests are looked after with, outside a turn. */
export interface Office {
  readonly pool: pg.Pool;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Requests looked after in one go. */
const atOnce = 100;

/**
 * Hands on what waits: requests nobody could be asked for until somebody got a role or wrote to the bot, and those that
 * were not answered in time. Any number of processes may do it, again and again: each request is handed on once.
 */
export async function handOnWaiting(office: Office): Promise<HandedOver> {
  const { pool: db, vault } = office;
  const found: Request[] = [];
  for (const { id } of await helpableRequests(db, atOnce)) {
    const request = await findRequest({ db, vault }, 'byId', id);
    if (request?.state === 'open' && request.operatorId === null) found.push(request);
  }
  const overdue = await findRequests({ db, vault }, 'overdue', office.now());
  const written: Statement[] = [];
  let count = 0;
  for (const request of [...found, ...overdue]) {
    const writes = await handOnOne(request, office);
    written.push(...writes);
    if (writes.length > 0) count += 1;
  }
  return { count, rows: written.flatMap(({ wakes }) => (typeof wakes === 'object' ? [wakes] : [])) };
}

/** How many requests were handed on, and the messages about it that can be sent now. */
export interface HandedOver {
  readonly count: number;
  readonly rows: readonly Woken[];
}

async function handOnOne(request: Request, office: Office): Promise<readonly Statement[]> {
  const { pool: db, vault, newId } = office;
  const tell = request.operator === null ? [] : [request.member, request.operator];
  const how = { from: request.operatorId, upwards: false, tell, unread: null };
  const { writes } = await handOn(request, { db, vault, newId, now: office.now() }, how);
  try {
    await writeTogether(office.pool, writes);
    return writes;
  } catch (error) {
    if (error instanceof ChangedMeanwhile) return [];
    throw error;
  }
}

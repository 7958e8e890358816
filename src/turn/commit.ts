import { sealReach } from '../domain/reach.js';
import { saying } from '../flow/message.js';
import { idleSession } from '../flow/session.js';
import { indonesian } from '../flow/wording.js';
import { isOutage, isUniqueViolation } from '../store/outage.js';
import { ChangedMeanwhile } from '../store/statement.js';
import { failTurn } from '../store/turn-failure.js';
import { writeTurns, writeTurnWith } from '../store/turn-write.js';
import { sealInbound } from './inbound.js';
import type { Item, Ready, Workshop } from './options.js';
import { asJson, deliveryOf } from './prepare.js';
import type { Verdict } from './queue.js';

/** A message whose turn failed this often is parked, so that the next one is served. */
const parkAfter = 3;
/** Races for a session end some time; more lost ones than this are a fault. */
const mostTries = 50;

type Judged = readonly [Ready, Verdict];

/**
 * Writes turns: all in one statement, but for those that bring domain statements or finish a stored message; they have a
 * transaction of their own. Of two turns of one contact, through two of its addresses, the second waits for the first.
 */
export async function commit(
  options: Workshop,
  ready: readonly Ready[],
): Promise<ReadonlyMap<Ready, Verdict>> {
  const first = firstOfEach(ready);
  const plain = first.filter((one) => one.writes.length === 0 && !one.write.stored);
  const alone = first.filter((one) => !plain.includes(one));
  const [together, ...singly] = await Promise.all([
    commitTogether(options, plain),
    ...alone.map((one) => commitAlone(options, one)),
  ]);
  return new Map([...together, ...singly]);
}

/** The first turn of each contact; what is left out has no verdict, and so comes again. */
function firstOfEach(ready: readonly Ready[]): readonly Ready[] {
  return [...new Map(ready.toReversed().map((one) => [one.write.contactId, one])).values()];
}

/** Commits a failed turn as a failure; it is tried again until it is parked. Rejects when the database is out of reach. */
export async function commitFailure(
  options: Workshop,
  item: Item,
  to: { readonly contactId: string; readonly addressId: string; readonly inboundId: string },
  error: unknown,
): Promise<Verdict> {
  const { pool, vault, newId, now, onFailure, wake } = options;
  const { account, dedupeKey, writtenAt } = item.message;
  const { contactId, addressId, inboundId } = to;
  onFailure(error, inboundId);
  const apology = deliveryOf(options, saying(indonesian.stuck));
  const state = await failTurn(pool, {
    ...{ contactId, addressId, inboundId, account, dedupeKey, writtenAt, now: now(), parkAfter, apology },
    body: sealInbound(vault, item.message),
    handoverId: newId(),
    reach: sealReach(vault, { ...item.message, contactId, addressId }),
    idleState: vault.sealJson(asJson(idleSession)),
    code: error instanceof Error ? error.name : 'error',
  });
  wake([{ id: apology.id, account, lane: 'reply' }]);
  return state === 'failed' ? again(item) : { kind: 'done' };
}

async function commitTogether(options: Workshop, ready: readonly Ready[]): Promise<readonly Judged[]> {
  if (ready.length === 0) return [];
  try {
    const writes = ready.map((one) => one.write);
    const won = await writeTurns(options.pool, writes);
    return ready.map((one) => [one, judge(options, one, won.has(one.write.contactId))]);
  } catch (error) {
    const [only, ...others] = ready;
    if (only !== undefined && others.length === 0) return [[only, await notWritten(options, only, error)]];
    if (isOutage(error)) return ready.map((one) => [one, { kind: 'failed', error }]);
    return await Promise.all(ready.map((one) => commitAlone(options, one)));
  }
}

async function commitAlone(options: Workshop, one: Ready): Promise<Judged> {
  try {
    return [one, judge(options, one, await writeTurnWith(options.pool, one.write, one.writes))];
  } catch (error) {
    return [one, await notWritten(options, one, error)];
  }
}

/** What an action looked at has changed between its look and the commit. */
function isOutdated(error: unknown): boolean {
  return error instanceof ChangedMeanwhile || isUniqueViolation(error);
}

function judge({ wake, signalled, memory }: Workshop, one: Ready, won: boolean): Verdict {
  if (!won) return again(one.item);
  memory.keep(one.item.line, one.after);
  const { account, deliveries } = one.write;
  const forOthers = one.writes.flatMap(({ wakes }) => (wakes === undefined ? [] : [wakes]));
  const rows = forOthers.filter((woken) => woken !== 'conversation');
  wake([...deliveries.map(({ id }) => ({ id, account, lane: 'reply' as const })), ...rows]);
  if (rows.length < forOthers.length) signalled();
  return { kind: 'done' };
}

/** What was told twice, lost a race for something unique, or rests on what has changed, is thought again from a read; only a fault of ours is a failure. */
async function notWritten(options: Workshop, one: Ready, error: unknown): Promise<Verdict> {
  if (isOutdated(error)) return again(one.item);
  return isOutage(error) ? { kind: 'failed', error } : commitFailure(options, one.item, one.write, error);
}

/** A turn that lost the race for its session, or one whose failure was kept, starts again from its read. */
function again(item: Item): Verdict {
  item.tries += 1;
  return item.tries < mostTries
    ? { kind: 'again' }
    : { kind: 'failed', error: new Error('lost every race for the session') };
}

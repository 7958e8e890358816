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
/** Races end some time; a turn that has lost this many is a failure, like one with a bug. */
const mostTries = 50;

/** A turn that is never written, because whatever it rests on has always changed meanwhile. */
class LostEveryRace extends Error {
  override readonly name = 'LostEveryRace';
}

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
  to: { readonly addressId: string; readonly inboundId: string },
  error: unknown,
): Promise<Verdict> {
  const { pool, vault, newId, now, onFailure, wake } = options;
  const { account, dedupeKey, writtenAt } = item.message;
  const { addressId, inboundId } = to;
  onFailure(error, inboundId);
  const apology = deliveryOf(options, saying(indonesian.stuck));
  const state = await failTurn(pool, {
    ...{ addressId, inboundId, account, dedupeKey, writtenAt, now: now(), parkAfter, apology },
    body: sealInbound(vault, item.message),
    handoverId: newId(),
    reach: sealReach(vault, { ...item.message, addressId }),
    idleState: vault.sealJson(asJson(idleSession)),
    code: error instanceof Error ? error.name : 'error',
  });
  wake([{ id: apology.id, account, lane: 'reply' }]);
  if (state !== 'failed') return { kind: 'done' };
  item.tries += 1;
  return { kind: 'again' };
}

async function commitTogether(options: Workshop, ready: readonly Ready[]): Promise<readonly Judged[]> {
  if (ready.length === 0) return [];
  const writes = ready.map((one) => one.write);
  const won = await writeTurns(options.pool, writes).catch((error: unknown) => ({ error }));
  if (!('error' in won)) return all(ready, (one) => judge(options, one, won.has(one.write.contactId)));
  const { error } = won;
  if (ready.length === 1) return all(ready, (one) => notWritten(options, one, error));
  if (isOutage(error)) return ready.map((one) => [one, { kind: 'failed', error }]);
  return Promise.all(ready.map((one) => commitAlone(options, one)));
}

async function commitAlone(options: Workshop, one: Ready): Promise<Judged> {
  const { write, writes } = one;
  const won = await writeTurnWith(options.pool, write, writes).catch((error: unknown) => ({ error }));
  const verdict = typeof won === 'boolean' ? judge(options, one, won) : notWritten(options, one, won.error);
  return [one, await verdict];
}

function all(ready: readonly Ready[], judged: (one: Ready) => Promise<Verdict>): Promise<readonly Judged[]> {
  return Promise.all(ready.map(async (one): Promise<Judged> => [one, await judged(one)]));
}

/** What an action looked at has changed between its look and the commit. */
function isOutdated(error: unknown): boolean {
  return error instanceof ChangedMeanwhile || isUniqueViolation(error);
}

async function judge(options: Workshop, one: Ready, won: boolean): Promise<Verdict> {
  if (!won) return lost(options, one);
  const { wake, signalled, memory } = options;
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
  if (isOutdated(error)) return lost(options, one, error);
  return isOutage(error) ? { kind: 'failed', error } : commitFailure(options, one.item, one.write, error);
}

/** A turn that lost a race starts again from its read; one that loses every race is a failure, so that it is parked some time. */
async function lost(options: Workshop, { item, write }: Ready, cause?: unknown): Promise<Verdict> {
  item.tries += 1;
  if (item.tries < mostTries) return { kind: 'again' };
  const error = new LostEveryRace(`a turn was thought ${item.tries} times and never written`, { cause });
  return commitFailure(options, item, write, error);
}

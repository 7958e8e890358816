import { saying } from '../flow/message.js';
import { idleSession } from '../flow/session.js';
import { indonesian } from '../flow/wording.js';
import { isOutage, isUniqueViolation } from '../store/outage.js';
import { failTurn, writeTurns, writeTurnWith } from '../store/turns.js';
import { encodeInbound } from './inbound.js';
import type { Item, Ready, Workshop } from './options.js';
import { asJson, deliveryOf } from './prepare.js';
import type { Verdict } from './queue.js';

/** A message whose turn failed this often is parked, so that the next one is served. */
const parkAfter = 3;
/** Races for a session end some time; more lost ones than this are a fault. */
const mostTries = 50;

type Judged = readonly [Ready, Verdict];

/** Writes turns: those that bring domain statements in a transaction of their own, all others in one statement. */
export async function commit(
  options: Workshop,
  ready: readonly Ready[],
): Promise<ReadonlyMap<Ready, Verdict>> {
  const plain = ready.filter((one) => one.writes.length === 0);
  const alone = ready.filter((one) => one.writes.length > 0);
  const [together, ...singly] = await Promise.all([
    commitTogether(options, plain),
    ...alone.map(async (one): Promise<readonly Judged[]> => [await commitAlone(options, one)]),
  ]);
  return new Map([...together, ...singly.flat()]);
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
    body: vault.sealJson(encodeInbound(item.message)),
    handoverId: newId(),
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
    return [one, isUniqueViolation(error) ? again(one.item) : await notWritten(options, one, error)];
  }
}

function judge({ wake, memory }: Workshop, one: Ready, won: boolean): Verdict {
  if (!won) return again(one.item);
  memory.keep(one.item.line, one.after);
  const { account, deliveries } = one.write;
  wake(deliveries.map(({ id }) => ({ id, account, lane: 'reply' as const })));
  return { kind: 'done' };
}

async function notWritten(options: Workshop, one: Ready, error: unknown): Promise<Verdict> {
  return isOutage(error) ? { kind: 'failed', error } : commitFailure(options, one.item, one.write, error);
}

/** A turn that lost the race for its session, or one whose failure was kept, starts again from its read. */
function again(item: Item): Verdict {
  item.tries += 1;
  return item.tries < mostTries
    ? { kind: 'again' }
    : { kind: 'failed', error: new Error('lost every race for the session') };
}

import { excluded } from '../domain/audience-people.js';
import type { Abandoned } from '../store/deliveries.js';
import type { Account, Workshop } from './account.js';
import { openMessage } from './bodies.js';
import { outcomeOf } from './outcome.js';
import type { LaneName, Queues } from './queue.js';
import { endingOf } from './sequel.js';
import type { Lane } from './states.js';
import { wakeUps } from './wake.js';
import type { Window } from './window.js';

/** What a sweep works on. */
export interface Sweep {
  readonly shop: Workshop;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly windows: ReadonlyMap<string, Window>;
  readonly queues: Queues;
}

/** Most replies queued again for one account in one sweep. */
const REPLIES = 1_000;

/**
 * Repairs whatever a crash, a lost queue or a lost answer left behind. Every step can be repeated and run by several
 * processes at once; one that fails does not keep the others from running.
 */
export async function sweep(work: Sweep): Promise<void> {
  const { shop, accounts } = work;
  const now = shop.now();
  const steps = [
    () => shop.store.releaseExpired(now),
    () => recover(work),
    () => untilNone(() => shop.store.expire(now), shop.signal),
    () => untilNone(() => shop.store.tidyBroadcasts(now), shop.signal),
    () => shop.store.finishBroadcasts(now, excluded),
    ...[...accounts.values()].flatMap((account) => accountSteps(work, account)),
  ];
  for (const step of steps) {
    if (shop.signal.aborted) return;
    await step().catch((error: unknown) => shop.outage.failed(error));
  }
}

/** The part of a sweep that concerns one account alone, for when this process has just become able to send over it. */
export async function sweepAccount(work: Sweep, account: Account): Promise<void> {
  for (const step of accountSteps(work, account))
    await step().catch((error: unknown) => work.shop.outage.failed(error));
}

function accountSteps(work: Sweep, account: Account): readonly (() => Promise<unknown>)[] {
  if (!account.isAble()) return [];
  return [
    () => tryAgain(work, account),
    () => requeue(work, account, 'reply', REPLIES),
    () => requeue(work, account, 'bulk', work.shop.profile.windowRows),
    () => work.windows.get(account.channel.account)?.fill() ?? Promise.resolve(),
  ];
}

async function untilNone(step: () => Promise<number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await step()) > 0);
}

/** Decides the rows whose sender fell silent after it said that it would send. */
async function recover({ shop, accounts }: Sweep): Promise<void> {
  const found = await shop.store.abandoned(shop.now(), [...accounts.keys()], shop.profile.leaseMs);
  await Promise.all(found.map((row) => decide(shop, accounts.get(row.account), row)));
}

async function decide(shop: Workshop, account: Account | undefined, row: Abandoned): Promise<void> {
  if (account === undefined) return;
  const { sameIdIsOneMessage, capabilities } = account.channel;
  const { maxAttempts } = shop.profile;
  const attempt = { sameIdIsOneMessage, attempts: row.attempts, maxAttempts, now: shop.now() };
  const outcome = outcomeOf({ kind: 'ambiguous', code: 'interrupted' }, attempt);
  if (outcome.alarm !== null) await shop.alarms.raise(row.account, outcome.alarm, outcome.code);
  const ended = { ...row, message: openMessage(shop.vault, row.bodySealed) };
  // The time since the lease was long enough a pause: it is sent again at once.
  const soon = outcome.again === 'backoff' ? { ...outcome, again: shop.now() } : outcome;
  await shop.settle(endingOf(ended, soon, capabilities, true, shop));
}

/**
 * A stopped account is asked, not tried with a message: some providers punish those who go on sending. What another process has
 * stopped, or this one before it began anew, is known by its alarm.
 */
async function tryAgain({ shop }: Sweep, { channel, gates }: Account): Promise<void> {
  if (!gates.reply.isStopped && !(await shop.alarms.stands(channel.account, 'stopped'))) return;
  const health = await channel.health();
  if (!health.ok) return;
  gates.reply.reopen();
  gates.bulk.reopen();
  await shop.alarms.clear(channel.account, 'stopped');
}

async function requeue({ shop, queues }: Sweep, account: Account, lane: Lane, limit: number): Promise<void> {
  const { account: name, pace } = account.channel;
  const where: LaneName = { account: name, lane };
  if (account.gates[lane].isStopped) return;
  const before = new Date(shop.now().getTime() - shop.profile.settleMs);
  const forgotten = await shop.store.forgotten(name, lane, before, limit);
  const batch = lane === 'bulk' ? pace.bulkBatch : 1;
  // A broadcast's rows wait long behind their pace: while there are jobs enough for all of them, none were lost.
  const waiting = await queues.waiting(where);
  const covered = (waiting + pace.concurrency) * batch;
  if (forgotten.length === 0 || (lane === 'bulk' && waiting > 0 && covered >= forgotten.length)) return;
  // Its own key: a job that a dead worker still holds must not stand in the way of this one.
  await queues.add(where, wakeUps(forgotten, batch, '-again'));
}

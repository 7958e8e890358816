import { setMaxListeners } from 'node:events';
import type { Pool } from 'pg';
import type { Channel, Receipt } from '../channels/contract.js';
import type { Vault } from '../store/crypto.js';
import { createDeliveryStore, type RowRef } from '../store/deliveries.js';
import type { FileStore } from '../store/files.js';
import { isOutage } from '../store/outage.js';
import { type Account, createAccount, createWorkshop } from './account.js';
import { createLane } from './lane.js';
import { createOutage, type Logger } from './log.js';
import { pause } from './pause.js';
import type { Profile } from './profile.js';
import { type LaneName, type LaneWork, QueueAway, type Queues, type Tempo } from './queue.js';
import { createReceipts } from './receipts.js';
import { type Lane, machine } from './states.js';
import { type Sweep, sweep, sweepAccount } from './sweeper.js';
import { createWake } from './wake.js';
import { createWindow } from './window.js';

/** What the delivery needs. */
export interface DeliveryOptions {
  readonly pool: Pool;
  readonly vault: Vault;
  readonly fileStore: FileStore;
  readonly channels: readonly Channel[];
  readonly queues: Queues;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly log: Logger;
  readonly profile: Profile;
  /** Whether this process sends for all accounts; otherwise only for those where nobody but the receiver can. */
  readonly workers: boolean;
}

/** The outbox at work. */
export interface Delivery {
  /** Begins to send, and sweeps up what an earlier process left. */
  start(): void;
  /** Finishes what is being sent; what is left stays in the table. The queues and the pool stay their owner's. */
  stop(): Promise<void>;
  /** Tells the senders of rows that were committed. Not to be waited for; what is lost here the sweeper finds. */
  wake(rows: readonly RowRef[]): void;
  /** Moves a row on as its provider reports. */
  receipt(receipt: Receipt): Promise<void>;
}

/** Builds the delivery; nothing runs before `start`. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { profile } = options;
  const parts = assemble(options);
  const { work, ending, receipts } = parts;
  const jobs = new Set<Promise<void>>();
  let ends: readonly (() => void)[] = [];
  let sweeping: Promise<void> = Promise.resolve();
  return {
    start() {
      if (work.accounts.size === 0) return;
      ends = [...work.accounts.values()].map((account) => startAccount(parts, jobs, account));
      sweeping = sweepUntilEnd(work, profile.sweepMs);
    },
    async stop() {
      for (const end of ends) end();
      ending.abort();
      await Promise.all([sweeping, ...jobs]);
      work.shop.leases.stop();
    },
    wake: parts.wake,
    receipt: (receipt) => receipts(receipt),
  };
}

type Parts = ReturnType<typeof assemble>;

/** Everything a delivery consists of, put together and at rest. */
function assemble(options: DeliveryOptions) {
  const { pool, channels, queues, now, log, workers } = options;
  const ending = new AbortController();
  const { signal } = ending;
  // Each send on its way listens for the end.
  setMaxListeners(0, signal);
  const notOurs = (error: unknown) => isOutage(error) || error instanceof QueueAway;
  const outage = createOutage(log, 'delivery', { notOurs });
  const store = createDeliveryStore(pool, machine);
  const batches = new Map(channels.map((channel) => [channel.account, channel.pace.bulkBatch]));
  const batchOf = ({ account, lane }: LaneName) => (lane === 'bulk' ? (batches.get(account) ?? 1) : 1);
  const wake = createWake(queues, batchOf);
  const names = channels.map((channel) => channel.account);
  const shop = createWorkshop({ ...options, store, outage, wake, signal, accounts: names });
  const ours = channels.filter(({ sending }) => workers || sending !== undefined);
  const accounts = new Map(
    ours.map((channel) => {
      const hold = (until: Date) => holdBulk(options, channel, until);
      return [channel.account, createAccount(channel, { now, signal, hold })];
    }),
  );
  const windows = new Map(
    [...accounts].map(([name, account]) => [name, createWindow(shop, account, queues)]),
  );
  const work: Sweep = { shop, accounts, windows, queues };
  return { ending, outage, wake, work, receipts: createReceipts({ shop, names, accounts, wake }) };
}

/** Not to be waited for: who did not hear of it hears the same from the provider. */
function holdBulk({ queues, now }: DeliveryOptions, { account }: Channel, until: Date): void {
  const ms = until.getTime() - now().getTime();
  if (ms > 0) queues.hold({ account, lane: 'bulk' }, ms).catch(() => {}); // the queue reports its own outage
}

const lanes: readonly Lane[] = ['reply', 'bulk'];

/** Works both lanes of an account whenever this process can send over it; gives the function that ends that. */
function startAccount(parts: Parts, jobs: Set<Promise<void>>, account: Account): () => void {
  const { signal } = parts.ending;
  let works: readonly LaneWork[] | null = null;
  const goOn = () => {
    if (works === null) works = lanes.map((lane) => startLane(parts, jobs, account, lane));
    else for (const work of works) work.goOn();
    if (account.channel.sending !== undefined) remember(jobs, sweepAccount(parts.work, account));
  };
  const rest = () => {
    for (const work of works ?? []) work.rest();
  };
  account.follow((able) => {
    if (able && !signal.aborted) goOn();
    else rest();
  });
  return rest;
}

/** Begins to work one lane of one account. */
function startLane(
  { work, outage }: Parts,
  jobs: Set<Promise<void>>,
  account: Account,
  lane: Lane,
): LaneWork {
  const name = account.channel.account;
  const workLane = createLane(work.shop, account, lane);
  const doJob = async (ids: readonly string[]) => {
    const ended = await workLane(ids);
    outage.worked();
    if (lane === 'bulk') work.windows.get(name)?.used(ended);
  };
  const quietly = (ids: readonly string[]) => doJob(ids).catch((error: unknown) => outage.failed(error));
  return work.queues.work({ account: name, lane }, tempoOf(account.channel, lane), (ids) =>
    remember(jobs, quietly(ids)),
  );
}

/** The bulk lane keeps its pace over all processes; where one alone sends, its gate is enough. */
function tempoOf({ pace, sending }: Channel, lane: Lane): Tempo {
  if (lane === 'reply') return { atOnce: pace.concurrency, perSecond: null };
  const { bulkGapMs, bulkBatch, bulkConcurrency } = pace;
  const isPaced = bulkGapMs > 0 && sending === undefined;
  return { atOnce: bulkConcurrency, perSecond: isPaced ? 1_000 / (bulkGapMs * bulkBatch) : null };
}

async function sweepUntilEnd(work: Sweep, everyMs: number): Promise<void> {
  while (!work.shop.signal.aborted) {
    await sweep(work);
    await pause(everyMs, work.shop.signal);
  }
}

function remember(jobs: Set<Promise<void>>, job: Promise<void>): Promise<void> {
  jobs.add(job);
  return job.finally(() => jobs.delete(job));
}

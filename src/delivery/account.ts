import type { Channel } from '../channels/contract.js';
import type { Vault } from '../store/crypto.js';
import type { DeliveryStore, Ending, RowRef } from '../store/deliveries.js';
import type { FileStore } from '../store/files.js';
import { isOutage } from '../store/outage.js';
import type { Queryable } from '../store/statement.js';
import { type Alarms, createAlarms } from './alarms.js';
import { type Bodies, createBodies } from './bodies.js';
import { createFiles, type Files } from './files.js';
import { createGate, type Gate } from './gate.js';
import { createGather, type Gather } from './gather.js';
import { createLeases, type Leases } from './leases.js';
import type { Outage } from './log.js';
import type { Outcome } from './outcome.js';
import { pause } from './pause.js';
import type { Profile } from './profile.js';
import type { Lane } from './states.js';

/** What `createWorkshop` is made of. */
export interface WorkshopOptions {
  readonly pool: Queryable;
  readonly store: DeliveryStore;
  readonly vault: Vault;
  readonly fileStore: FileStore;
  readonly profile: Profile;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly outage: Outage;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  readonly accounts: readonly string[];
  readonly wake: (rows: readonly RowRef[]) => void;
}

/** What all senders of this process share. */
export interface Workshop extends Omit<WorkshopOptions, 'accounts' | 'wake' | 'pool' | 'fileStore'> {
  readonly bodies: Bodies;
  readonly files: Files;
  readonly leases: Leases;
  readonly alarms: Alarms;
  /** Writes what became of rows, together with what others write at the same time. */
  readonly settle: Gather<Ending>;
}

/** One account with the gates of its lanes. */
export interface Account {
  readonly channel: Channel;
  readonly gates: Readonly<Record<Lane, Gate>>;
  /** Keeps the account's broadcasts back until a time, in every process that sends for it. */
  readonly hold: (until: Date) => void;
  /** Whether this process can send over it just now. */
  readonly isAble: () => boolean;
  /** Hears at once and from then on whether it can; only one listener at a time. */
  follow(listener: (able: boolean) => void): void;
}

const SETTLE_TOGETHER = 500;
const SETTLE_TRIES = 60;
const SETTLE_TRIES_AT_END = 3;
const SETTLE_PAUSE_MS = 500;

/** Sets up what the senders share. */
export function createWorkshop(options: WorkshopOptions): Workshop {
  const { pool, store, vault, fileStore, profile, now, newId, outage, signal } = options;
  return {
    store,
    vault,
    profile,
    now,
    newId,
    outage,
    signal,
    bodies: createBodies(store, vault),
    files: createFiles({ db: pool, vault, fileStore }),
    leases: createLeases({ store, leaseMs: profile.leaseMs, now, newId, outage }),
    alarms: createAlarms(store, now, outage),
    settle: createGather((endings) => write(options, endings), SETTLE_TOGETHER),
  };
}

/** What an account needs. */
export interface AccountOptions extends Pick<WorkshopOptions, 'now' | 'signal'>, Pick<Account, 'hold'> {}

/** An account with both lanes open, as far as this process can send. */
export function createAccount(channel: Channel, { now, signal, hold }: AccountOptions): Account {
  const { sending, pace } = channel;
  let able = sending === undefined;
  const isAble = () => able;
  return {
    channel,
    hold,
    gates: {
      reply: createGate({ now, gapMs: 0, signal, isAble }),
      bulk: createGate({ now, gapMs: pace.bulkGapMs, signal, isAble }),
    },
    isAble,
    follow(listener) {
      if (sending === undefined) return listener(true);
      sending.watch((now) => {
        able = now;
        listener(now);
      });
    },
  };
}

/**
 * Lets an account feel what became of a message of this lane. Whatever has to wait, broadcasts wait with it: a provider that has had
 * enough of answers wants nothing that could wait. Answers wait only for what was said to an answer.
 */
export function obey({ gates, hold }: Account, lane: Lane, change: Outcome['account']): void {
  if (change === 'runs') return;
  if (change === 'stops') {
    gates.reply.stop();
    gates.bulk.stop();
    return;
  }
  gates.bulk.shutUntil(change.waitsUntil);
  hold(change.waitsUntil);
  if (change.lane === 'own') gates[lane].shutUntil(change.waitsUntil);
}

/** Repeats the write while the database is away: what a provider accepted must not be forgotten. */
async function write(options: WorkshopOptions, endings: readonly Ending[]): Promise<void> {
  const { store, now, accounts, outage, signal, wake } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      wake(await store.settle(endings, now(), accounts));
      return outage.worked();
    } catch (error) {
      outage.failed(error);
      // A write that is refused, not lost, must not take the others down with it.
      if (!isOutage(error) && endings.length > 1) return writeSingly(options, endings);
      if (!isOutage(error) || tries >= (signal.aborted ? SETTLE_TRIES_AT_END : SETTLE_TRIES)) throw error;
      await pause(SETTLE_PAUSE_MS, signal);
    }
  }
}

async function writeSingly(options: WorkshopOptions, endings: readonly Ending[]): Promise<void> {
  for (const ending of endings) await write(options, [ending]).catch((error) => options.outage.failed(error));
}

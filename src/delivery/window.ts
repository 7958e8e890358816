import type { Account, Workshop } from './account.js';
import type { LaneName, Queues, WakeUp } from './queue.js';
import { nextBulkTime } from './quiet.js';
import { wakeUps } from './wake.js';

/** Keeps a small window of an account's broadcast rows on their way, however many are planned. */
export interface Window {
  /** Fills the window; once at a time. */
  fill(): Promise<void>;
  /** Counts rows that ended, and fills again when a part of the window is used up. */
  used(rows: number): void;
}

/** A small part, because other processes use the window up as well and nobody counts for all. */
const PARTS = 8;

/** The window of one account. */
export function createWindow(shop: Workshop, account: Account, queues: Queues): Window {
  const part = shop.profile.windowRows / PARTS;
  const { account: name, pace } = account.channel;
  let usedRows = 0;
  let filling: Promise<void> | null = null;

  async function feed(): Promise<void> {
    usedRows = 0;
    const lane: LaneName = { account: name, lane: 'bulk' };
    const urgent = await feedOnce(shop, account, true);
    if (urgent.length > 0) await queues.add(lane, wakeUps(urgent, pace.bulkBatch).map(first));
    const fed = await feedOnce(shop, account, false);
    if (fed.length > 0) await queues.add(lane, wakeUps(fed, pace.bulkBatch));
  }

  function fill(): Promise<void> {
    filling ??= feed().finally(() => {
      filling = null;
    });
    return filling;
  }

  return {
    fill,
    used(rows) {
      usedRows += rows;
      if (usedRows < part || filling !== null || shop.signal.aborted) return;
      fill().catch((error) => shop.outage.failed(error));
    },
  };
}

/** What is urgent goes in front of all that waits in the queue. */
function first(wakeUp: WakeUp): WakeUp {
  return { ...wakeUp, first: true };
}

/** Outside the hours for broadcasts only what is urgent is fed. */
async function feedOnce(
  { store, profile, now }: Workshop,
  account: Account,
  urgent: boolean,
): Promise<readonly string[]> {
  const at = now();
  if (account.gates.bulk.isStopped || (!urgent && nextBulkTime(at, profile.bulkHours) > at)) return [];
  return store.feed(account.channel.account, profile.windowRows, at, urgent);
}

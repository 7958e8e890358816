import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { signaturesOf } from '../../src/base.js';
import { createDelivery, type Delivery } from '../../src/delivery/delivery.js';
import { openQueues } from '../../src/delivery/queue.js';
import { actions } from '../../src/domain/actions.js';
import { channelCapabilities } from '../../src/flow/capabilities.js';
import type { Sources } from '../../src/flow/compile.js';
import { buildRegionIndex } from '../../src/flow/region-index.js';
import { compileFlows } from '../../src/flows.js';
import { createLook, type TimerSchedule } from '../../src/schedule/timers.js';
import { createVault } from '../../src/store/crypto.js';
import { newId } from '../../src/store/ids.js';
import { createTimerStore } from '../../src/store/timers.js';
import { createLibrary } from '../../src/turn/library.js';
import { Turns } from '../../src/turn/turn.js';
import { type FakeChannel, type FakeOptions, fakeChannel, testProfile } from '../delivery/rig.js';
import type { Backend } from '../support/backends.js';
import { freshDatabase } from '../support/database.js';
import { ownFiles } from '../support/files.js';
import { waitFor } from '../support/wait.js';

/** A process that thinks and sends: it can die, and another one takes its place. */
export interface Bot {
  readonly turns: Turns;
  readonly schedule: TimerSchedule;
  /** Finishes what is in hand; what is queued in the database stays there. */
  stop(): Promise<void>;
}

/** The whole stack over a channel in memory, with a clock that stands still until it is moved. */
export interface Rig {
  readonly pool: pg.Pool;
  readonly channel: FakeChannel;
  readonly failures: readonly unknown[];
  now(): Date;
  /** Moves the clock to a moment, which must not lie before the present one. */
  moveTo(at: Date): void;
  /** Starts a process. */
  bot(): Promise<Bot>;
  /** A person writes, and has an answer when this resolves. */
  write(bot: Bot, person: string, text: string, phone?: string | null): Promise<void>;
  /** Waits until everything due was sent. */
  quiet(): Promise<void>;
  /** Looks for due timers until nothing is due any more. */
  look(...bots: readonly Bot[]): Promise<void>;
  rows(text: string, values?: readonly unknown[]): Promise<pg.QueryResultRow[]>;
}

/** Opens the stack on a database of its own. */
export async function openRig(
  backend: Backend,
  flows: Sources,
  begins: string,
  channelOptions: FakeOptions = {},
): Promise<Rig> {
  const database = await freshDatabase();
  const { pool } = database;
  const vault = createVault(randomBytes(32));
  const fileStore = ownFiles(vault);
  const library = createLibrary(
    { program: compileFlows(flows, signaturesOf()), at: new Date(begins) },
    async () => null,
  );
  const channel = fakeChannel(channelOptions);
  const failures: unknown[] = [];
  const redisUrl = backend === 'redis' ? inject('redisUrl') : null;
  const prefix = `test-${randomUUID()}`;
  const bots: Bot[] = [];
  let at = new Date(begins);
  const now = () => at;
  onTestFinished(async () => {
    for (const bot of bots) await bot.stop();
    await database.drop();
  });

  async function bot(): Promise<Bot> {
    const note = (_: unknown, line: string) => void failures.push(line);
    const log = { info: () => {}, warn: note, error: note };
    const queues = await openQueues({ redisUrl, databaseUrl: database.url, log, prefix });
    const delivery: Delivery = createDelivery({
      ...{ pool, vault, fileStore, queues, now, log, newId: () => newId() },
      ...{ channels: [channel], profile: testProfile, workers: true },
    });
    const turns = new Turns({
      ...{ pool, vault, fileStore, library, actions, now, newId: () => newId() },
      regions: buildRegionIndex([]),
      capabilities: () => channelCapabilities.simulator,
      doors: async () => [],
      outreach: { secondYesAbove: 50, speeds: {}, opens: (at) => at, prices: null },
      isSimulator: () => true,
      fetchFile: async () => 'gone',
      wake: (rows) => delivery.wake(rows),
      onFailure: (error) => failures.push(error),
    });
    delivery.start();
    let stopped = false;
    const made: Bot = {
      turns,
      schedule: { timers: createTimerStore(pool), fire: (timer) => turns.fire(timer), now },
      async stop() {
        if (stopped) return;
        stopped = true;
        await turns.drain();
        await delivery.stop();
        await queues.close();
      },
    };
    bots.push(made);
    return made;
  }

  const rows = async (text: string, values: readonly unknown[] = []) =>
    (await pool.query(text, [...values])).rows;
  const quiet = async () => {
    const open = `SELECT FROM delivery WHERE state IN ('leased', 'written') OR state = 'due' AND due_at <= $1`;
    await waitFor('everything to be sent', async () => (await rows(open, [now()])).length === 0);
  };
  async function look(...some: readonly Bot[]): Promise<void> {
    const found = await Promise.all(some.map((one) => createLook(one.schedule)()));
    await quiet();
    if (found.some((count) => count > 0)) await look(...some);
  }
  return {
    ...{ pool, channel, failures, now, bot, rows, quiet },
    moveTo(later) {
      if (later < at) throw new Error('time does not go back');
      at = later;
    },
    async write({ turns }, address, text, phone = null) {
      const from = { channel: 'fake', account: 'fake', address, phone };
      const content = { kind: 'text' as const, text };
      await turns.receive({ ...from, dedupeKey: randomUUID(), content, writtenAt: now() });
      await quiet();
    },
    look,
  };
}

import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { startRedis } from '../test/chaos/processes.mjs';
import { announce } from './announce.mjs';
import { memoryFigure } from './memory.mjs';
import { makePeople } from './people.mjs';
import { replyFigures } from './reply.mjs';
import { median, ratio, spread } from './rounds.mjs';
import { createDouble, startSender } from './sender.mjs';

const { openBase } = await import('../dist/base.js');
const { readConfig } = await import('../dist/config.js');
const { createLog } = await import('../dist/log.js');
const { machine } = await import('../dist/delivery/states.js');
const { cancelBroadcast, pauseBroadcast } = await import('../dist/store/broadcasts.js');

const many = 20_000;
const million = 1_000_000;
/** So many messages are sent while the memory is measured: all of the small plan, and as many of the large one. */
const small = 10_000;
const rounds = 5;
/** So many jobs at once BullMQ does the most of here; ours has as many rows in hand in one job. */
const atOnce = 100;
const lookMs = 5;
const village = '33.72.01.1001';
const nearby = '33.73.01.1001';
const elsewhere = '33.74.14.1001';

/** How fast a broadcast is sent where nothing limits it, against BullMQ alone; how soon it stops. */
export function broadcastFigures() {
  return onBase(async (base, redis) => {
    await makePeople(base, { account: 'bench', village, count: many });
    return sendingFigures(base, redis);
  });
}

/** How long answers take beside a broadcast. */
export function answeringFigures() {
  return onBase(replyFigures);
}

/** How fast a million are planned, and what memory they take while they are sent. */
export function planningFigures({ people = million } = {}) {
  return onBase(async (base, redis) => {
    const plan = await planFigure(base, people);
    await makePeople(base, { account: 'simulator', village: nearby, count: small, from: people });
    return [plan, await memoryFigure(base, redis, { few: nearby, many: elsewhere, small, people })];
  });
}

/** Works on a database and a Redis of its own. */
async function onBase(work) {
  const dir = await mkdtemp(join(tmpdir(), 'sapa-bench-'));
  await chmod(dir, 0o711); // the server may run as another user
  const redis = await startRedis();
  const base = await openBase(readConfig({ DATA_DIR: dir, REDIS_URL: redis.url }), createLog('silent'));
  try {
    return await work(base, redis.url);
  } finally {
    await base.close();
    await redis.end();
    await rm(dir, { recursive: true, force: true });
  }
}

async function sendingFigures(base, redisUrl) {
  const counter = createCounter();
  const pace = { bulkBatch: 100, concurrency: 32, bulkConcurrency: 32, bulkGapMs: 0 };
  const sender = await startSender(base, redisUrl, createDouble('bench', pace, counter.count), {
    sweepMs: 200,
  });
  const bare = await bareQueue(redisUrl);
  try {
    const rates = { ours: [], bare: [] };
    for (let round = -1; round < rounds; round += 1) {
      const bareRate = await bare.rate();
      const rate = await sendAll(base, counter);
      if (round >= 0) rates.bare.push(bareRate);
      if (round >= 0) rates.ours.push(rate);
    }
    return [...ratioFigures(rates), await pauseFigure(base, counter)];
  } finally {
    await sender.end();
    await bare.close();
  }
}

/** Counts what is sent, and when the first and the last of it was. */
function createCounter() {
  const counter = {
    ...{ total: 0, firstAt: 0, lastAt: 0 },
    count() {
      counter.lastAt = performance.now();
      if (counter.total === 0) counter.firstAt = counter.lastAt;
      counter.total += 1;
    },
    reset() {
      counter.total = 0;
    },
  };
  return counter;
}

/** BullMQ with a worker that does nothing: messages a second it could pace at most. */
async function bareQueue(url) {
  const connection = () => new Redis(url, { maxRetriesPerRequest: null });
  const [producer, consumer] = [connection(), connection()];
  const options = { prefix: 'bare' };
  const queue = new Queue('bare', { connection: producer, ...options });
  let left = 0;
  const worker = new Worker(
    'bare',
    async () => {
      left -= 1;
    },
    {
      ...{
        connection: consumer,
        ...options,
        concurrency: atOnce,
        autorun: false,
        removeOnComplete: { count: 0 },
      },
    },
  );
  await worker.waitUntilReady();
  worker.run();
  return {
    async rate() {
      await worker.pause();
      left = many;
      for (let at = 0; at < many; at += 1_000)
        await queue.addBulk(
          Array.from({ length: 1_000 }, () => ({
            ...{ name: 'wake', data: { ids: [randomUUID()] }, opts: { removeOnComplete: true } },
          })),
        );
      const begun = performance.now();
      worker.resume();
      while (left > 0) await pause(lookMs);
      return (many * 1000) / (performance.now() - begun);
    },
    async close() {
      await worker.close();
      await queue.close();
      producer.disconnect();
      consumer.disconnect();
    },
  };
}

/** Messages a second of a broadcast, from the first to the last one. */
async function sendAll(base, counter) {
  counter.reset();
  await announce(base, village);
  while (counter.total < many) await pause(lookMs);
  const seconds = (counter.lastAt - counter.firstAt) / 1000;
  await untilDone(base);
  if (counter.total !== many) throw new Error(`${counter.total} messages were sent to ${many} people`);
  return many / seconds;
}

async function untilDone({ pool }) {
  const open = "SELECT count(*)::int AS n FROM broadcast WHERE state = 'running'";
  while ((await pool.query(open)).rows[0].n > 0) await pause(50);
}

function ratioFigures({ ours, bare }) {
  const versus = { figure: 'bullmq.jobs_per_s', value: median(bare) };
  return [
    { figure: 'bullmq.jobs_per_s', value: median(bare), unit: 'jobs/s', spread: spread(bare) },
    { figure: 'broadcast.messages_per_s', value: median(ours), unit: 'messages/s', spread: spread(ours) },
    { figure: 'broadcast.ratio', value: ratio(ours, bare), unit: 'of BullMQ alone', budget: 0.7, versus },
  ];
}

/** From the order to stop until the last message that is sent all the same. */
async function pauseFigure(base, counter) {
  counter.reset();
  const id = await announce(base, village);
  while (counter.total < many / 4) await pause(lookMs);
  const ordered = performance.now();
  await pauseBroadcast(base.pool, id);
  const counted = counter.total;
  await pause(2_000);
  const late = counter.lastAt > ordered ? (counter.lastAt - ordered) / 1000 : 0;
  if (counter.total >= many) throw new Error('it was over before it could be stopped');
  const note = `${counter.total - counted} messages after it was told`;
  return { figure: 'broadcast.pause_s', value: late, unit: 's', limit: 1, note };
}

async function planFigure(base, people) {
  await makePeople(base, { account: 'simulator', village: elsewhere, count: people });
  const begun = performance.now();
  const id = await announce(base, elsewhere);
  const seconds = (performance.now() - begun) / 1000;
  const { rows } = await base.pool.query('SELECT count(*)::int AS n FROM delivery WHERE broadcast_id = $1', [
    id,
  ]);
  await cancelBroadcast(base.pool, machine, id, base.now());
  if (rows[0].n !== people) throw new Error(`${rows[0].n} of ${people} people are planned`);
  return { figure: 'broadcast.plan_million_s', value: seconds, unit: 's', limit: 60 };
}

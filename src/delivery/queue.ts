import type { JobsOptions, WorkerOptions } from 'bullmq';
import type { Health } from '../channels/contract.js';
import { isOutage } from '../store/outage.js';
import { createOutage, type Logger, type Outage } from './log.js';
import { openPostgresBackend } from './queue-postgres.js';
import { openRedisBackend } from './queue-redis.js';
import type { Lane } from './states.js';

/** The queue did not do what it was asked; who watches it has told of that. */
export class QueueAway extends Error {
  override readonly name = 'QueueAway';

  constructor(cause: unknown) {
    super('the queue is out of reach', { cause });
  }
}

/** A wake-up: row ids and nothing else. `key` makes equal wake-ups one while they wait; `first` puts it in front of all that wait. */
export interface WakeUp {
  readonly ids: readonly string[];
  readonly key?: string;
  readonly first?: true;
}

/** Where a wake-up goes. */
export interface LaneName {
  readonly account: string;
  readonly lane: Lane;
}

/** One process at work on a lane's wake-ups. */
export interface LaneWork {
  /** Takes no more of them; those in hand are finished. */
  rest(): void;
  goOn(): void;
}

/** How fast wake-ups are taken. */
export interface Tempo {
  /** Worked on at once by this process. */
  readonly atOnce: number;
  /** Most in a second by all processes together; null: as many as there are. */
  readonly perSecond: number | null;
}

/** The queues of all accounts. Losing what is in them costs seconds, because the sweeper adds it again. */
export interface Queues {
  /** Adds wake-ups; rejects at once while the queue is away. */
  add(lane: LaneName, wakeUps: readonly WakeUp[]): Promise<void>;
  /** How many wake-ups wait in a lane. */
  waiting(lane: LaneName): Promise<number>;
  /** Begins to work a lane's wake-ups; `work` must not reject. */
  work(lane: LaneName, tempo: Tempo, work: (ids: readonly string[]) => Promise<void>): LaneWork;
  /** Lets no process take a wake-up of a lane for a time, if it is one that has a `perSecond`. */
  hold(lane: LaneName, ms: number): Promise<void>;
  /** Stops taking wake-ups, waits for those at work and leaves nothing open. */
  close(): Promise<void>;
  health(): Promise<Health>;
}

/** What the queues need: Redis when there is one, else the database itself. */
export interface QueuesOptions {
  readonly redisUrl: string | null;
  readonly databaseUrl: string;
  readonly log: Logger;
  /** Keeps apart what shares one Redis; `sapa` unless a test says otherwise. */
  readonly prefix?: string;
}

/** What differs between Redis and PostgreSQL, and nothing more. */
export interface Backend {
  readonly what: string;
  queue(name: string): JobQueue;
  worker(
    name: string,
    processor: (job: { readonly data: JobData }) => Promise<void>,
    options: BackendWorkerOptions,
  ): JobWorker;
  /** Throws when the server is known to be away. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** What we use of a BullMQ queue. */
export interface JobQueue extends Closable {
  add(name: string, data: JobData, options: JobsOptions): Promise<unknown>;
  addBulk(jobs: { name: string; data: JobData; opts: JobsOptions }[]): Promise<unknown>;
  getWaitingCount(): Promise<number>;
  rateLimit(ms: number): Promise<void>;
}

/** What we use of a BullMQ worker. */
export interface JobWorker extends Closable {
  pause(doNotWaitActive: boolean): Promise<void>;
  resume(): void;
}

/** What both have. */
export interface Closable {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
  disconnect(): Promise<unknown>;
}

/** A job's data. */
export interface JobData {
  readonly ids: readonly string[];
}

/** Worker options that are the same for both backends. */
export type BackendWorkerOptions = Omit<WorkerOptions, 'connection' | 'prefix'>;

const LOCK_MS = 10_000;
const STALLED_MS = 10_000;
const RETRY_MS = 500;
const ANSWER_MS = 5_000;
/** How long closing may take; who closes has waited for the jobs in hand before. */
const CLOSE_MS = 2_000;
/** And where the server is known to be away. */
const CLOSE_AWAY_MS = 100;
/** From here on `addBulk` is faster than single adds. */
const MANY = 10;
const CHUNK = 1_000;

/** Opens the queues over Redis, or over the database when there is no Redis. */
export async function openQueues(options: QueuesOptions): Promise<Queues> {
  const { redisUrl, databaseUrl, prefix = 'sapa', log } = options;
  if (redisUrl !== null) {
    const outage = createOutage(log, 'Redis', { mend: 'Check the Redis server and REDIS_URL.' });
    return createQueues(await openRedisBackend(redisUrl, prefix, outage), outage);
  }
  // Whoever watches the database reports its outage; the queue in it has nothing to add.
  const outage = createOutage(log, 'the queue in PostgreSQL', { notOurs: isOutage });
  return createQueues(await openPostgresBackend(databaseUrl, outage), outage);
}

function createQueues(backend: Backend, outage: Outage): Queues {
  const queues = new Map<string, JobQueue>();
  const workers: JobWorker[] = [];

  function queueOf(lane: LaneName): JobQueue {
    const name = queueName(lane);
    const known = queues.get(name);
    if (known !== undefined) return known;
    const queue = backend.queue(name);
    queue.on('error', (error) => outage.failed(error));
    queues.set(name, queue);
    return queue;
  }

  async function ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    try {
      await backend.check();
      const answer = await within(ANSWER_MS, question());
      outage.worked();
      return answer;
    } catch (error) {
      outage.failed(error);
      throw isOutage(error) ? error : new QueueAway(error);
    }
  }

  return {
    add: (lane, wakeUps) => ask(() => addAll(queueOf(lane), wakeUps)),
    waiting: (lane) => ask(() => queueOf(lane).getWaitingCount()),
    hold: (lane, ms) => ask(() => queueOf(lane).rateLimit(Math.ceil(ms))),
    work(lane, tempo, work) {
      const options = { ...workerOptions, ...tempoOptions(tempo) };
      const worker = backend.worker(queueName(lane), (job) => work(job.data.ids), options);
      worker.on('error', (error) => outage.failed(error));
      workers.push(worker);
      return {
        rest: () => void worker.pause(true).catch((error) => outage.failed(error)),
        goOn: () => worker.resume(),
      };
    },
    async close() {
      const ms = await farewellMs(backend, outage);
      await Promise.all(workers.map((one) => closeInTime(one, ms)));
      await Promise.all([...queues.values()].map((one) => closeInTime(one, ms)));
      await backend.close();
    },
    health: () => healthOf(backend, () => ask(() => backend.check())),
  };
}

const workerOptions = {
  lockDuration: LOCK_MS,
  stalledInterval: STALLED_MS,
  // A job is only a hint: however often its worker died, it may be taken again.
  maxStalledCount: 1_000_000,
  runRetryDelay: RETRY_MS,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
} satisfies BackendWorkerOptions;

const SECOND_MS = 1_000;

/**
 * Counted in windows of a second, or of the time of one where that is longer. Where there are several in a window it is one more than the pace: a
 * process that sends alone is held by its own gate, and need not wait for the end of a window, which the queue hears of late.
 */
function tempoOptions({ atOnce, perSecond }: Tempo): Pick<BackendWorkerOptions, 'concurrency' | 'limiter'> {
  if (perSecond === null) return { concurrency: atOnce };
  const paced = Math.max(1, Math.round(perSecond));
  const max = paced > 1 ? paced + 1 : 1;
  return { concurrency: atOnce, limiter: { max, duration: Math.max(SECOND_MS, SECOND_MS / perSecond) } };
}

const jobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

async function addAll(queue: JobQueue, wakeUps: readonly WakeUp[]): Promise<void> {
  const jobs = wakeUps.map(({ ids, key, first = false }) => ({
    name: 'wake',
    data: { ids },
    opts: { ...jobOptions, ...(key === undefined ? {} : { jobId: key }), ...(first ? { lifo: true } : {}) },
  }));
  if (jobs.length < MANY) {
    await Promise.all(jobs.map((job) => queue.add(job.name, job.data, job.opts)));
    return;
  }
  for (let at = 0; at < jobs.length; at += CHUNK) await queue.addBulk(jobs.slice(at, at + CHUNK));
}

/** BullMQ allows no colon in a queue's name. */
function queueName({ account, lane }: LaneName): string {
  return `${account.replaceAll(':', '_')}-${lane}`;
}

async function healthOf(backend: Backend, ask: () => Promise<void>): Promise<Health> {
  try {
    await ask();
    return { ok: true };
  } catch {
    return {
      ok: false,
      what: `${backend.what} is out of reach.`,
      mend: 'Start it again; nothing is lost meanwhile.',
    };
  }
}

/** Rejects when the answer takes too long; the question itself is left to end as it will. */
async function within<Answer>(ms: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the queue did not answer in time')), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long closing may take: one that is away or did not answer just now is not waited for. */
async function farewellMs(backend: Backend, { isAway }: Outage): Promise<number> {
  if (isAway) return CLOSE_AWAY_MS;
  return backend.check().then(
    () => CLOSE_MS,
    () => CLOSE_AWAY_MS,
  );
}

/** Closing asks the server; one that is away must not keep the process. */
async function closeInTime(part: Closable, ms: number): Promise<void> {
  await within(ms, part.close()).catch(() => within(ms, part.disconnect()).catch(() => undefined));
}

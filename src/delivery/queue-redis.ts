import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Outage } from './log.js';
import { pause } from './pause.js';
import type { Backend, JobData } from './queue.js';

const RECONNECT_MS = 500;
const FIRST_WAIT_MS = 3_000;
const LOOK_MS = 20;

/** BullMQ on Redis, with connections of its own; waits a moment for the first, then goes on without. */
export async function openRedisBackend(url: string, prefix: string, outage: Outage): Promise<Backend> {
  const connect = () => connection(url, (error) => outage.failed(error));
  const producer = connect();
  const consumers: Redis[] = [];
  await ready(producer);
  return {
    what: 'Redis',
    queue: (name) => new Queue<JobData>(name, { connection: producer, prefix }),
    worker(name, processor, options) {
      const consumer = connect();
      consumers.push(consumer);
      return new Worker<JobData>(name, processor, { ...options, connection: consumer, prefix });
    },
    async check() {
      // Without this a command would wait for the server to come back, and all that called it with it.
      if (producer.status !== 'ready') throw new Error('Redis is away; it is tried again by itself');
      outage.worked();
    },
    async close() {
      for (const client of [producer, ...consumers]) client.disconnect();
    },
  };
}

function connection(url: string, onError: (error: Error) => void): Redis {
  const client = new Redis(url, {
    // BullMQ asks for it: a blocked worker waits for the server instead of failing.
    maxRetriesPerRequest: null,
    retryStrategy: () => RECONNECT_MS,
  });
  return client.on('error', onError);
}

async function ready(client: Redis): Promise<void> {
  const giveUp = AbortSignal.timeout(FIRST_WAIT_MS);
  while (client.status !== 'ready' && !giveUp.aborted) await pause(LOOK_MS, giveUp);
}

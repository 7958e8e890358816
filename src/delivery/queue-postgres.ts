import type { PgPool } from 'bullmq';
import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import { Pool } from 'pg';
import type { Outage } from './log.js';
import type { Backend, JobData } from './queue.js';

const SCHEMA = 'bullmq';
const PRODUCER_CONNECTIONS = 4;
/** One listens, the others fetch and finish jobs. */
const WORKER_CONNECTIONS = 4;
const CONNECT_MS = 5_000;

/** BullMQ on the database itself, in a schema of its own; its tables are made or renewed first. */
export async function openPostgresBackend(url: string, outage: Outage): Promise<Backend> {
  const pools: Pool[] = [];
  const open = (max: number) => {
    const pool = quietPool(url, max, (error) => outage.failed(error));
    pools.push(pool);
    return pool;
  };
  // BullMQ describes a pg.Pool by its own types, whose listener overloads TypeScript cannot compare with pg's.
  const forBullmq = (pool: Pool) => pool as unknown as PgPool;
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const producer = open(PRODUCER_CONNECTIONS);
  await migrate(producer);
  return {
    what: 'The queue in PostgreSQL',
    queue: (name) => new Queue<JobData>(name, { connection: forBullmq(producer) }),
    worker: (name, processor, options) =>
      new Worker<JobData>(name, processor, { ...options, connection: forBullmq(open(WORKER_CONNECTIONS)) }),
    async check() {
      outage.worked();
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

/** A pool whose connections may die without ending the process: `pg` emits their errors, and nobody else listens. */
function quietPool(connectionString: string, max: number, onError: (error: Error) => void): Pool {
  const pool = new Pool({
    connectionString,
    max,
    options: `-c search_path=${SCHEMA}`,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS,
  });
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

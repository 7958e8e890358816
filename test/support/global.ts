import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openPostgresBackend } from '../../src/delivery/queue-postgres.js';
import { startEmbedded } from '../../src/store/embedded.js';
import { applyMigrations } from '../../src/store/migrations.js';
import { seedRegions } from '../../src/store/regions.js';
import { databaseFolder } from './database-folder.js';
import { databaseUrl } from './database-url.js';
import { hasRedisProgram, type OwnRedis, startRedis } from './redis.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server of this test run; every test file makes databases of its own in it. */
    serverUrl: string;
    /** A Redis of this test run, or null where there is none. */
    redisUrl: string | null;
  }
}

/** No test cuts the power of this server, and nobody needs it afterwards: to wait for the disk would prove nothing. */
const settings = {
  max_connections: '300',
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
};

/** One PostgreSQL and one Redis for the whole run, both thrown away afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = databaseFolder('sapa-test-');
  const server = await startEmbedded({ dir: join(dir, 'postgres'), settings });
  await fillTemplate(server.url);
  const redis = await ownRedis();
  project.provide('serverUrl', server.url);
  project.provide('redisUrl', process.env['REDIS_URL'] ?? redis?.url ?? null);
  return async () => {
    await redis?.kill('SIGTERM');
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}

/** Makes the database all others are copied from: migrated, with the regions and the tables of the queue, and nobody connected to it. */
async function fillTemplate(serverUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query('CREATE DATABASE test_template');
  await admin.end();
  const url = databaseUrl(serverUrl, 'test_template');
  await applyMigrations(url, resolve('prisma/migrations'));
  const pool = new pg.Pool({ connectionString: url });
  await seedRegions(pool, resolve('prisma/seed/jateng-regencies.json'));
  await pool.end();
  const queue = await openPostgresBackend(url, { failed() {}, worked() {}, isAway: false });
  await queue.close();
}

async function ownRedis(): Promise<OwnRedis | null> {
  if (process.env['REDIS_URL'] !== undefined) return null;
  if (hasRedisProgram()) return startRedis();
  if (process.env['CI'] !== undefined)
    throw new Error('redis-server is missing: install it, or set REDIS_URL.');
  return null;
}

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { type App, startApp } from '../../src/app.js';
import { type Base, openBase } from '../../src/base.js';
import { type Role, readConfig } from '../../src/config.js';
import type { Sources } from '../../src/flow/compile.js';
import { createLog } from '../../src/log.js';
import { createSimulatorStore, type SimulatorStore } from '../../src/store/simulator.js';
import type { Backend } from './backends.js';
import { administer, type FreshDatabase, freshDatabase } from './database.js';

/** A whole Sapa in the process of the test, on a database of its own. */
export interface TestApp {
  readonly database: FreshDatabase;
  readonly base: Base;
  /** The phones, which go on while the bot is away. */
  readonly phones: SimulatorStore;
  /** Where its web listens; null without the role, or while it is away. */
  url(): string | null;
  /** Ends the bot. */
  stop(): Promise<void>;
  /** Starts it again. */
  start(): Promise<void>;
  /** Ends and begins it as the button of the simulator does. */
  restart(): Promise<void>;
  /** Runs a statement beside the test's own database, as its administrator. */
  admin(statement: string): Promise<void>;
  close(): Promise<void>;
}

interface TestAppOptions {
  readonly backend?: Backend;
  readonly roles?: readonly Role[];
  /** Instead of the project's own. */
  readonly flows?: Sources;
  /** More settings, as in the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the roles (bot and worker unless said) on a fresh database. */
export async function openApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { backend = 'postgres', roles = ['bot', 'worker'], flows, env = {} } = options;
  const database = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'sapa-app-'));
  const config = readConfig({
    DATABASE_URL: database.url,
    DATA_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'silent',
    PORT: '0',
    DATA_DIR: folder,
    ...env,
    ...(backend === 'redis' ? { REDIS_URL: await emptyRedis() } : {}),
  });
  const base = await openBase(config, createLog(config.logLevel));
  const { pool, url, vault } = base;
  const phones = createSimulatorStore({ pool, url, vault, account: 'simulator' });
  let app: App | null = null;
  const start = async () => {
    app = await startApp(base, roles, flows);
  };
  const stop = async () => {
    await app?.stop();
    app = null;
  };
  const close = async () => {
    await stop();
    await phones.close();
    await base.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  await start();
  const restart = async () => {
    await app?.restart();
  };
  return {
    database,
    base,
    phones,
    url: () => app?.url ?? null,
    stop,
    start,
    restart,
    close,
    admin: administer,
  };
}

/** A numbered database of the Redis of this run, emptied: each worker of the test runner has its own. */
export async function emptyRedis(): Promise<string> {
  const url = `${inject('redisUrl')}/${process.env['VITEST_POOL_ID'] ?? '1'}`;
  const redis = new Redis(url);
  await redis.flushdb();
  redis.disconnect();
  return url;
}

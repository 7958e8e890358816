import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { actions } from './domain/actions.js';
import type { Records } from './domain/records.js';
import { changeKey } from './domain/rotation.js';
import { projectRoot } from './root.js';
import type { Vault } from './store/crypto.js';
import { databaseFault } from './store/database-fault.js';
import { type EmbeddedServer, startEmbedded } from './store/embedded.js';
import { StartError } from './store/errors.js';
import { type FileStore, openFiles } from './store/files.js';
import { newId } from './store/ids.js';
import { isSealed, keptKey, loadDataKey, openVault, readOrMakeKey, replaceKey } from './store/key.js';
import { holdKey, holdKeyAlone } from './store/key-lock.js';
import { applyMigrations, refuseOccupied } from './store/migrations.js';
import { openPool } from './store/pool.js';
import { createPrisma } from './store/prisma-client.js';
import { seedRegions } from './store/regions.js';
import { refuseUnfinished } from './store/restore.js';

/** What every command stands on: the database, ready and open, and the clock. */
export interface Base {
  readonly config: Config;
  readonly log: Logger;
  readonly url: string;
  readonly pool: pg.Pool;
  readonly vault: Vault;
  readonly fileStore: FileStore;
  readonly now: () => Date;
  /** An id of this moment, or of `at` in milliseconds. */
  readonly newId: (at?: number) => string;
  /** Brings the embedded server back when it is gone; does nothing for a server of somebody else. */
  ensureServer(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database: the embedded one or the one of `DATABASE_URL`; applies migrations, checks the key, seeds the regions. */
export function openBase(config: Config, log: Logger): Promise<Base> {
  return onServer(config, (server) => openOn(config, log, server));
}

/** Changes the data key of the database, alone; the new one comes from a file, or is made there. Throws `StartError` while a Sapa uses it. */
export function changeDataKey(config: Config, log: Logger, wish: KeyWish): Promise<boolean> {
  return onServer(config, async (server) => {
    const url = await migrated(config, log, server);
    const hold = await holdKeyAlone(url);
    const pool = openPool(url);
    const changed = await changeOn(pool, config, wish).finally(async () => {
      await pool.end();
      await hold.close();
    });
    await server?.stop();
    return changed;
  });
}

/** Where the new key is or shall be, and who hears how far it came. */
export interface KeyWish {
  /** Null: beside the present one in `DATA_DIR`. */
  readonly file: string | null;
  readonly report: (table: string, rows: number) => void;
}

async function changeOn(pool: pg.Pool, config: Config, { file, report }: KeyWish): Promise<boolean> {
  const { key: from } = loadDataKey({ ...config, mayMake: false });
  const own = join(config.dataDir, 'key');
  const to = readOrMakeKey(file ?? `${own}.new`);
  const now = () => new Date(Date.now() + config.testClockMs);
  const filesFolder = join(config.dataDir, 'files');
  const changed = await changeKey({ pool, from, to, now, filesFolder, report });
  if (config.dataKey === null) replaceKey(own, to);
  if (file === null) rmSync(`${own}.new`, { force: true });
  return changed;
}

/**
 * Works on the server of the settings: the embedded one, or (null) the one of `DATABASE_URL`; stops it when the work fails. A key where
 * there is no database tells of one that was lost, unless one is to be `restored` there.
 */
export async function onServer<T>(
  config: Config,
  work: (server: EmbeddedServer | null) => Promise<T>,
  { restored = false }: { readonly restored?: boolean } = {},
): Promise<T> {
  const dir = join(config.dataDir, 'postgres');
  const proof = restored ? {} : { madeAfter: join(config.dataDir, 'key') };
  const server = config.databaseUrl === null ? await startEmbedded({ dir, ...proof }) : null;
  try {
    return await work(server);
  } catch (error) {
    await server?.stop();
    throw error;
  }
}

/**
 * Lends the database for a look when there is one at hand: the one of `DATABASE_URL`, or the embedded one while it runs. False
 * when there is none; nothing is applied to it. Rejects when it does not answer.
 */
export async function lookAtHand(config: Config, work: (pool: pg.Pool) => Promise<void>): Promise<boolean> {
  const dir = join(config.dataDir, 'postgres');
  if (config.databaseUrl === null && !existsSync(join(dir, 'data/postmaster.pid'))) return false;
  const server = config.databaseUrl === null ? await startEmbedded({ dir }) : null;
  const pool = openPool(server?.url ?? config.databaseUrl ?? '');
  try {
    await work(pool);
    return true;
  } finally {
    await pool.end();
    await server?.stop();
  }
}

async function openOn(config: Config, log: Logger, server: EmbeddedServer | null): Promise<Base> {
  const url = await migrated(config, log, server);
  const pool = openPool(url);
  const { key, where, created } = loadDataKey({ ...config, mayMake: !(await isSealed(pool)) });
  if (created)
    log.warn({ file: where }, 'a new data key was made: keep a copy, without it the data cannot be read');
  const hold = await holdKey(
    url,
    async () => (await keptKey(pool))?.keyId === vault.keyId,
    () => keyChanged(log),
  );
  const vault = await openVault(pool, key, where).catch(async (error: unknown) => {
    await hold.close();
    throw error;
  });
  await seedRegions(pool, join(projectRoot, 'prisma/seed/jateng-regencies.json'));
  const now = () => new Date(Date.now() + config.testClockMs);
  const close = async () => {
    await hold.close();
    await pool.end();
    await server?.stop();
  };
  return {
    config,
    log,
    url,
    pool,
    vault,
    fileStore: openFiles(join(config.dataDir, 'files'), vault, now),
    now,
    newId,
    ensureServer: async () => server?.ensure(),
    close,
  };
}

async function migrated(config: Config, log: Logger, server: EmbeddedServer | null): Promise<string> {
  const url = server?.url ?? config.databaseUrl ?? '';
  const pool = openPool(url);
  const look = () => refuseUnfinished(pool).then(() => refuseOccupied(pool));
  await reaching(url, look).finally(() => pool.end());
  const applied = await reaching(url, () => applyMigrations(url, join(projectRoot, 'prisma/migrations')));
  for (const migration of applied) log.info({ migration }, 'migration applied');
  return url;
}

/** Whatever this process would write now nobody could read. */
function keyChanged(log: Logger): never {
  log.fatal({}, 'the data key was changed while the database was away: start Sapa again with the new one');
  process.exit(1);
}

/** A server that cannot be used at the start is the administrator's to mend, not a bug. */
async function reaching<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StartError ? error : databaseFault(error, url);
  }
}

/** What commands and reports look things up with. */
export function recordsOf({ pool, vault, now, newId }: Base): Records {
  return { prisma: createPrisma(pool), pool, vault, now, newId };
}

const signatures = Object.fromEntries(
  Object.entries(actions).map(([name, action]) => [name, action.signature]),
);

/** The signatures of all actions, as flows see them; always the same object. */
export function signaturesOf() {
  return signatures;
}

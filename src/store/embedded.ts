import { existsSync, readdirSync, readFileSync, realpathSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from './errors.js';
import type { Serving } from './postgres-binaries.js';
import { commandOf, folderOf, withProcessLock } from './process-lock.js';
import { type EmbeddedOptions, type Home, holdsDatabase, openHome, refuseLost } from './server-home.js';
import { complaintFrom, lengthOf, notStarted, reasonOf } from './server-log.js';

/** A PostgreSQL server in a folder of ours, shared by all Sapa processes that use the folder. */
export interface EmbeddedServer {
  readonly url: string;
  /** Leaves the server; the last process to leave in order stops it. */
  stop(): Promise<void>;
  /** Whether the server answers. */
  isAlive(): Promise<boolean>;
  /** Starts the server again when it is gone; joins it when another process was first. */
  ensure(): Promise<void>;
}

const database = 'sapa';
/** Held shared by every process that uses the server, and alone by the one that stops it. */
const presenceLock = 5_277_411;
const patienceMs = 60_000;
/** How long the children of a killed server may take to let go of its shared memory. */
const launchPatienceMs = 15_000;
const retryMs = 100;

/**
 * Starts the server of a folder, or joins the one that runs there, also one that a killed process left behind. Throws
 * `StartError` when the folder cannot be used, belongs to somebody else, or does not hold a whole database of this major version.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const home = await openHome(options);
  const presence = new Presence(home);
  await presence.begin();
  return {
    url: urlOf(home, database),
    stop: () => presence.end(),
    isAlive: async () => (await ping(home, database)) === 'ready',
    ensure: () => presence.begin(),
  };
}

function urlOf(home: Home, name: string): string {
  return `postgresql://postgres@localhost/${name}?host=${encodeURIComponent(home.socket)}`;
}

/** Being one of the processes that use a server. */
class Presence {
  readonly #home: Home;
  #connection: pg.Client | null = null;
  #ended = false;
  #wasThere = false;
  #beginning: Promise<void> | null = null;

  constructor(home: Home) {
    this.#home = home;
  }

  /** Makes sure that the server runs and knows of us. */
  begin(): Promise<void> {
    this.#beginning ??= this.#beginNow().finally(() => {
      this.#beginning = null;
    });
    return this.#beginning;
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#beginning?.catch(() => {});
    await this.#connection?.end().catch(() => {});
    this.#connection = null;
    await stopWhenAlone(this.#home);
  }

  /** The server may be stopped by the last of the others at the very moment we join: then it is started again. */
  async #beginNow(): Promise<void> {
    const until = Date.now() + patienceMs;
    // A killed server's child may keep our connection open for a moment.
    if (this.#connection !== null && (await ping(this.#home, database)) === 'away') this.#leave();
    while (!this.#ended && this.#connection === null) {
      await startServer(this.#home, this.#wasThere);
      this.#wasThere = true;
      this.#connection = await this.#join();
      if (this.#connection === null && Date.now() > until) throw notStarted(this.#home, null);
      if (this.#connection === null) await pause(retryMs);
    }
  }

  async #join(): Promise<pg.Client | null> {
    const client = new pg.Client({ connectionString: urlOf(this.#home, database) });
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    try {
      await client.connect();
      await client.query('SELECT pg_advisory_lock_shared($1)', [presenceLock]);
      return client;
    } catch {
      await client.end().catch(() => {});
      return null;
    }
  }

  #leave(): void {
    void this.#connection?.end().catch(() => {});
    this.#connection = null;
  }

  #lost(client: pg.Client): void {
    if (this.#connection === client) this.#connection = null;
  }
}

async function stopWhenAlone(home: Home): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(home, database) });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ alone: boolean }>('SELECT pg_try_advisory_lock($1) AS alone', [
      presenceLock,
    ]);
    if (rows[0]?.alone === true) await stopServer(home);
  } catch {
    // A server that cannot be reached has been stopped by somebody else.
  } finally {
    await client.end().catch(() => {});
  }
}

/** Waits by itself: pg_ctl would wait for a server that another process starts in the meantime, too. */
async function stopServer(home: Home): Promise<void> {
  const pid = pidOf(home);
  const until = Date.now() + patienceMs;
  await home.binaries.run('pg_ctl', ['-D', home.data, '-W', '-m', 'fast', 'stop']);
  while (pidOf(home) === pid && Date.now() < until) await pause(retryMs / 4);
}

async function startServer(home: Home, usedHere: boolean): Promise<void> {
  if ((await ping(home, database)) === 'ready') return;
  const start = async () => {
    if (!holdsDatabase(home)) {
      refuseLost(home, usedHere);
      await initialise(home);
    }
    await bringUp(home);
    await createDatabase(home);
  };
  try {
    await withProcessLock(join(home.dir, 'starting.lock'), start, patienceMs, () => notStarted(home, null));
  } catch (error) {
    throw error instanceof StartError ? error : notStarted(home, reasonOf(error));
  }
}

/** Made aside and renamed: whoever is first has a whole folder, and an interrupted one is never taken for whole. */
async function initialise(home: Home): Promise<void> {
  for (const name of readdirSync(home.dir).filter((one) => one.startsWith('data.new')))
    rmSync(join(home.dir, name), { recursive: true, force: true });
  const draft = `${home.data}.new${process.pid}`;
  const place = ['-D', draft, '-U', 'postgres', '--auth=trust', '--data-checksums', '--encoding=UTF8'];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  try {
    await home.binaries.run('initdb', [...place, ...locale]);
  } catch (error) {
    throw initFault(home, reasonOf(error));
  }
  if (existsSync(home.data)) removeEmptyFolders(home.data);
  renameSync(draft, home.data);
}

function initFault(home: Home, reason: string): StartError {
  if (!reason.includes('look up effective user ID')) return notStarted(home, reason);
  return new StartError(
    `The user id ${home.binaries.uid} has no name on this machine, and PostgreSQL makes no database without one.`,
    'Run Sapa as a user that stands in /etc/passwd, or set DATABASE_URL.',
  );
}

/** Stops at a file, whatever was found before. */
function removeEmptyFolders(folder: string): void {
  for (const name of readdirSync(folder)) removeEmptyFolders(join(folder, name));
  rmdirSync(folder);
}

/** Launches the server when nobody answers, and waits while one that was killed recovers. */
async function bringUp(home: Home): Promise<void> {
  const until = Date.now() + patienceMs;
  const logged = lengthOf(home.log);
  for (;;) {
    const state = await ping(home, 'postgres');
    if (state === 'ready') return;
    if (state === 'away') await launch(home);
    if (Date.now() > until) throw notStarted(home, complaintFrom(home.log, logged));
    await pause(retryMs);
  }
}

async function launch(home: Home): Promise<void> {
  const until = Date.now() + launchPatienceMs;
  for (;;) {
    removeForeignPid(home);
    const logged = lengthOf(home.log);
    if (await answers(home, home.binaries.serve(['-D', home.data, ...flagsOf(home)], home.log))) return;
    const complaint = complaintFrom(home.log, logged);
    if (Date.now() > until || !mayPass(complaint)) throw notStarted(home, complaint);
    await pause(retryMs);
  }
}

/** Waits until the server says something, or is over; says whether any server answers then. */
async function answers(home: Home, server: Serving): Promise<boolean> {
  const until = Date.now() + patienceMs;
  while (!server.isOver() && Date.now() < until) {
    if ((await ping(home, 'postgres')) !== 'away') return true;
    await pause(retryMs / 4);
  }
  return (await ping(home, 'postgres')) !== 'away';
}

/** Whether a failed start is one that mends itself: what a killed or stopping server still holds. */
function mayPass(complaint: string | null): boolean {
  return /shared memory block|lock file/.test(complaint ?? '');
}

function flagsOf(home: Home): readonly string[] {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: home.socket,
    unix_socket_permissions: '0700',
    max_connections: '200',
    shared_buffers: '64MB',
    // One in 32 of the pages, as by default, is full thousands of times while a large broadcast is planned, and each time it is waited for.
    wal_buffers: '16MB',
    ...home.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * A pid file whose number now belongs to a process that is not this folder's server would keep the server from starting
 * for good. Of a dead process it stays: PostgreSQL itself then makes sure that no child of it still writes.
 */
function removeForeignPid(home: Home): void {
  const pid = pidOf(home);
  if (pid > 0 && isForeign(pid, home)) rmSync(pidFileOf(home), { force: true });
}

/** The folder a server works in says whose it is, under whatever name it was started; where nobody can say, it may be ours. */
function isForeign(pid: number, home: Home): boolean {
  const command = commandOf(pid);
  if (command === null || !command.includes('postgres')) return command !== null;
  const folder = folderOf(pid);
  return folder !== null && folder !== realpathSync(home.data);
}

function pidFileOf(home: Home): string {
  return join(home.data, 'postmaster.pid');
}

/** The pid of the server, 0 when none runs. */
function pidOf(home: Home): number {
  try {
    return Number.parseInt(readFileSync(pidFileOf(home), 'utf8'), 10) || 0;
  } catch {
    return 0;
  }
}

async function createDatabase(home: Home): Promise<void> {
  if ((await ping(home, database)) === 'ready') return;
  const client = new pg.Client({ connectionString: urlOf(home, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
  } finally {
    await client.end();
  }
}

async function ping(home: Home, name: string): Promise<'ready' | 'refused' | 'away'> {
  const client = new pg.Client({ connectionString: urlOf(home, name), connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return 'ready';
  } catch (error) {
    // The server answered, but starts, stops, or does not know the database.
    return error instanceof pg.DatabaseError ? 'refused' : 'away';
  } finally {
    await client.end().catch(() => {});
  }
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from './errors.js';
import { type Binaries, findBinaries } from './postgres-binaries.js';
import { commandOf, withProcessLock } from './process-lock.js';

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

/** Where the server lives, and settings beside our own (`shared_buffers` …). */
export interface EmbeddedOptions {
  readonly dir: string;
  readonly settings?: Readonly<Record<string, string>>;
}

interface Home {
  readonly dir: string;
  readonly data: string;
  readonly socket: string;
  readonly log: string;
  readonly binaries: Binaries;
  readonly settings: Readonly<Record<string, string>>;
}

const database = 'sapa';
/** Held shared by every process that uses the server, and alone by the one that stops it. */
const presenceLock = 5_277_411;
/** Unix socket paths end at 107 characters; the server adds its own file name. */
const longestSocketFolder = 85;
const patienceMs = 60_000;
/** How long the children of a killed server may take to let go of its shared memory. */
const launchPatienceMs = 15_000;
const retryMs = 100;

/**
 * Starts the server of a folder, or joins the one that runs there, also one that a killed process left behind. Throws
 * `StartError` when the folder cannot be used or holds another major version.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const home = makeHome(options);
  await refuseUnreachable(home);
  await refuseOtherVersion(home);
  const presence = new Presence(home);
  await presence.begin();
  return {
    url: urlOf(home, database),
    stop: () => presence.end(),
    isAlive: async () => (await ping(home, database)) === 'ready',
    ensure: () => presence.begin(),
  };
}

function makeHome({ dir, settings = {} }: EmbeddedOptions): Home {
  const binaries = findBinaries();
  const folder = resolve(dir);
  const socket = folder.length <= longestSocketFolder ? folder : shortSocketFolder(folder);
  for (const one of new Set([folder, socket])) makeFolder(one, binaries);
  return {
    dir: folder,
    data: join(folder, 'data'),
    socket,
    log: join(folder, 'postgres.log'),
    binaries,
    settings,
  };
}

function shortSocketFolder(folder: string): string {
  return join(tmpdir(), `sapa-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
}

function makeFolder(folder: string, binaries: Binaries): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.writable'), '');
    rmSync(join(folder, '.writable'));
    binaries.own(folder);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new StartError(
      `The folder ${folder} cannot be written to (${reason}).`,
      'Set DATA_DIR to a folder this user may write to.',
    );
  }
}

function urlOf(home: Home, name: string): string {
  return `postgresql://postgres@localhost/${name}?host=${encodeURIComponent(home.socket)}`;
}

async function refuseUnreachable({ dir, binaries }: Home): Promise<void> {
  if (await binaries.canWrite(dir)) return;
  throw new StartError(
    `The user PostgreSQL runs as cannot reach ${dir}, because a folder above it is private.`,
    'Set DATA_DIR to a folder outside private ones (a home folder of root), or start Sapa as an ordinary user.',
  );
}

async function refuseOtherVersion(home: Home): Promise<void> {
  const file = join(home.data, 'PG_VERSION');
  const ours = await majorVersion(home);
  const theirs = existsSync(file) ? (await readFile(file, 'utf8')).trim() : ours;
  if (theirs === ours) return;
  throw new StartError(
    `The data in ${home.data} belongs to PostgreSQL ${theirs}; this is PostgreSQL ${ours}.`,
    'With the version of Sapa that made it: npx sapa backup FILE. With this one, in an empty DATA_DIR: npx sapa restore FILE --key KEYFILE --moved.',
  );
}

async function majorVersion({ binaries }: Home): Promise<string> {
  try {
    return await binaries.majorVersion();
  } catch (error) {
    throw new StartError(
      `PostgreSQL cannot run from ${binaries.root} (${reasonOf(error)}).`,
      'Move Sapa out of a private folder (a home folder of root), or start it as an ordinary user.',
    );
  }
}

/** Being one of the processes that use a server. */
class Presence {
  readonly #home: Home;
  #connection: pg.Client | null = null;
  #ended = false;
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
      await startServer(this.#home);
      this.#connection = await this.#join();
      if (this.#connection === null && Date.now() > until) throw notStarted(this.#home);
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

async function startServer(home: Home): Promise<void> {
  if ((await ping(home, database)) === 'ready') return;
  const start = async () => {
    if (!existsSync(join(home.data, 'PG_VERSION'))) await initialise(home);
    await bringUp(home);
    await createDatabase(home);
  };
  await withProcessLock(join(home.dir, 'starting.lock'), start, patienceMs, () => notStarted(home));
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
    if (!existsSync(join(home.data, 'PG_VERSION'))) rmSync(home.data, { recursive: true, force: true });
    renameSync(draft, home.data);
  } catch (error) {
    throw notStarted(home, error);
  }
}

/** Launches the server when nobody answers, and waits while one that was killed recovers. */
async function bringUp(home: Home): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const state = await ping(home, 'postgres');
    if (state === 'ready') return;
    if (state === 'away') await launch(home);
    if (Date.now() > until) throw notStarted(home);
    await pause(retryMs);
  }
}

/** Starts the server in a session of its own, so that Ctrl-C does not reach it. */
async function launch(home: Home): Promise<void> {
  const until = Date.now() + launchPatienceMs;
  const args = ['-D', home.data, '-w', '-t', '60', '-l', home.log, '-o', flagsOf(home), 'start'];
  for (;;) {
    removeForeignPid(home);
    try {
      await home.binaries.run('pg_ctl', args);
      return;
    } catch (error) {
      if ((await ping(home, 'postgres')) !== 'away') return;
      if (Date.now() > until || !mayPass(home)) throw notStarted(home, error);
    }
    await pause(retryMs);
  }
}

/** Whether a failed start is one that mends itself: what a killed or stopping server still holds. */
function mayPass(home: Home): boolean {
  return /shared memory block|lock file/.test(lastComplaint(home.log) ?? '');
}

function flagsOf(home: Home): string {
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
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}='${value}'`)
    .join(' ');
}

/**
 * A pid file whose number now belongs to a process that is not this folder's server would keep the server from starting
 * for good. Of a dead process it stays: PostgreSQL itself then makes sure that no child of it still writes.
 */
function removeForeignPid(home: Home): void {
  const pid = pidOf(home);
  const command = pid > 0 ? commandOf(pid) : null;
  if (command === null || (command.includes('postgres') && command.includes(home.data))) return;
  rmSync(pidFileOf(home), { force: true });
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

function notStarted(home: Home, error?: unknown): StartError {
  const reason = lastComplaint(home.log) ?? (error === undefined ? null : reasonOf(error));
  return new StartError(
    `PostgreSQL did not start in ${home.dir}${reason === null ? '' : ` (${reason})`}.`,
    `Read the end of ${home.log}; is the disk full, or the folder in use by another machine?`,
  );
}

function lastComplaint(log: string): string | null {
  if (!existsSync(log)) return null;
  const lines = readFileSync(log, 'utf8').slice(-10_000).split('\n');
  return lines.findLast((line) => /FATAL|PANIC/.test(line))?.replace(/^.*?(FATAL|PANIC):\s*/, '') ?? null;
}

/** The last line a program complained with, or the first of an error of ours. */
function reasonOf(error: unknown): string {
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const text = error instanceof Error ? error.message : String(error);
  return output.split('\n').at(-1) || (text.split('\n')[0] ?? text);
}

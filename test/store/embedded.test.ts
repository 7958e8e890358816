import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedServer, startEmbedded } from '../../src/store/embedded.js';
import { StartError } from '../../src/store/errors.js';
import { databaseFolder } from '../support/database-folder.js';
import { isFull } from '../support/size.js';
import { waitFor } from '../support/wait.js';

let dir: string;
let servers: EmbeddedServer[];
let children: ChildProcess[];

beforeEach(() => {
  dir = databaseFolder('sapa-embedded-');
  servers = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of servers) await server.stop();
  killServer();
  chmodSync(dir, 0o755);
  rmSync(dir, { recursive: true, force: true });
});

/** A folder in which a server has run before, to copy: making one takes the longest, and is what only some tests are about. */
const used = databaseFolder('sapa-embedded-used-');

beforeAll(async () => {
  await (await startEmbedded({ dir: used })).stop();
});

afterAll(() => rmSync(used, { recursive: true, force: true }));

/** Lets the tests of a group begin in a folder in which a server has run before. */
function inUsedFolder(): void {
  beforeEach(() => {
    execFileSync('cp', ['-a', `${used}/.`, dir]);
  });
}

async function start(folder = dir): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dir: folder });
  servers.push(server);
  return server;
}

/** Whom a process runs as; the same user when nothing is said. */
interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** A process of its own that uses the server; ready when this resolves. */
async function startElsewhere(folder = dir, user: User = {}): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [resolve('test/support/programs/embedded.mjs'), resolve('dist/store/embedded.js'), folder],
    { stdio: ['pipe', 'pipe', 'inherit'], ...user },
  );
  children.push(child);
  let said = '';
  child.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  await waitFor('the other process to be ready', () => said.includes('ready'));
  return child;
}

function ended(child: ChildProcess): Promise<unknown> {
  return waitFor('the process to end', () => child.exitCode !== null || child.signalCode !== null);
}

const pidFile = () => join(dir, 'data/postmaster.pid');

function serverPid(): number {
  return existsSync(pidFile()) ? Number.parseInt(readFileSync(pidFile(), 'utf8'), 10) : 0;
}

function killServer(): void {
  const pid = serverPid();
  if (pid > 0 && isServer(pid)) process.kill(pid, 'SIGKILL');
}

function isServer(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && readFileSync(file, 'utf8').includes(dir);
}

async function ask<Row extends pg.QueryResultRow>(
  server: EmbeddedServer,
  text: string,
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** What a start is refused with: what happened, and how to mend it, one line each. */
async function refusal(starting: Promise<EmbeddedServer>): Promise<StartError> {
  const error = await starting.then(
    (server) => server.stop().then(() => null),
    (reason: unknown) => reason,
  );
  if (!(error instanceof StartError)) throw new Error(`not refused as it should be: ${String(error)}`);
  expect(`${error.message}${error.mend}`).not.toContain('\n');
  return error;
}

describe('a server of our own', () => {
  test('writes what it is told to disk, in UTF-8, and listens to nobody outside', async () => {
    const server = await start();
    const names = ['fsync', 'data_checksums', 'server_encoding', 'listen_addresses', 'synchronous_commit'];
    const rows = await ask(
      server,
      `SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join()}`,
    );
    expect(rows).toEqual([
      {
        fsync: 'on',
        data_checksums: 'on',
        server_encoding: 'UTF8',
        listen_addresses: '',
        synchronous_commit: 'on',
      },
    ]);
    expect(new URL(server.url).pathname).toBe('/sapa');
    expect(statSync(join(dir, 'data')).mode & 0o077).toBe(0);
  });

  test.runIf(isFull).each([
    ['too deep for a socket', `${'d'.repeat(60)}/${'e'.repeat(60)}`],
    ['too deep in bytes', 'é'.repeat(45)],
    ['with quotes', `jum'at "baru"`],
    ['with signs of a shell', '$HOME `id` \\ ;'],
    ['with a comma', 'data, baru'],
    ['with a blank at its end', 'data '],
  ])('works in a folder %s', async (_name, name) => {
    const folder = join(dir, name);
    const server = await start(folder);
    expect(await server.isAlive()).toBe(true);
    await server.stop();
    expect(await server.isAlive()).toBe(false);
    expect(await (await start(folder)).isAlive()).toBe(true);
  });

  test.runIf(isFull)('two processes that make one folder at the same moment share one server', async () => {
    const [child, server] = await Promise.all([startElsewhere(), start()]);
    expect(await server.isAlive()).toBe(true);
    child.kill('SIGKILL');
    expect(readdirSync(dir).filter((name) => name.startsWith('data'))).toEqual(['data']);
  });

  test.runIf(isFull)('makes a folder anew that a killed process had half made', async () => {
    mkdirSync(join(dir, 'data.new999999/base'), { recursive: true });
    mkdirSync(join(dir, 'data/half'), { recursive: true });
    writeFileSync(join(dir, 'starting.lock'), `${process.pid} 1`);
    expect(await (await start()).isAlive()).toBe(true);
    expect(readdirSync(dir).filter((name) => name.startsWith('data'))).toEqual(['data']);
  });
});

describe('data that is not whole is never removed', () => {
  inUsedFolder();

  const versionFile = () => join(dir, 'data/PG_VERSION');

  test.each<[string, () => void, string]>([
    ['without PG_VERSION', () => rmSync(versionFile()), 'not whole'],
    ['with an empty PG_VERSION', () => writeFileSync(versionFile(), ''), 'not whole'],
    ['a file in its place', () => replaceData((data) => writeFileSync(data, '')), 'not whole'],
    ['a link to nowhere', () => replaceData((data) => symlinkSync(join(dir, 'disk'), data)), 'is a link'],
  ])('%s', async (_name, harm, complaint) => {
    harm();
    const before = listing();
    const error = await refusal(startEmbedded({ dir }));
    expect(error.message).toContain(complaint);
    expect(listing()).toEqual(before);
  });

  function replaceData(make: (data: string) => void): void {
    rmSync(join(dir, 'data'), { recursive: true });
    make(join(dir, 'data'));
  }

  function listing(): readonly string[] {
    return readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  }

  test('one that is gone is not made anew where a key says there was one', async () => {
    const madeAfter = join(dir, 'key');
    writeFileSync(madeAfter, '');
    rmSync(join(dir, 'data'), { recursive: true });
    const error = await refusal(startEmbedded({ dir, madeAfter }));
    expect(error.message).toContain(madeAfter);
    expect(error.mend).toContain('key away');
    expect(existsSync(join(dir, 'data'))).toBe(false);
  });

  test('one that is gone while it is used is not made anew', async () => {
    const server = await start();
    killServer();
    await waitFor('the server to be gone', async () => !(await server.isAlive()));
    rmSync(join(dir, 'data'), { recursive: true, force: true, maxRetries: 5 });
    await expect(server.ensure()).rejects.toThrow('is gone');
    expect(existsSync(join(dir, 'data'))).toBe(false);
  });
});

describe.runIf(process.getuid?.() === 0)('data of another user', () => {
  /** One of no name, and one that is on every machine. */
  const nameless = 64_999;
  const daemon = 1;

  test.runIf(isFull)('is left alone by root, and its user goes on', async () => {
    const folder = join(dir, 'theirs');
    mkdirSync(folder);
    chownSync(folder, daemon, daemon);
    const user = { uid: daemon, gid: daemon };
    const child = await startElsewhere(folder, user);
    const error = await refusal(startEmbedded({ dir: folder }));
    expect(error.message).toContain('belongs to the user daemon');
    expect(error.mend).toContain('as the user daemon');
    expect(statSync(folder).uid).toBe(daemon);
    child.stdin?.write('stop\n');
    await ended(child);
    const again = await startElsewhere(folder, user);
    again.stdin?.write('stop\n');
    await ended(again);
    expect(again.exitCode).toBe(0);
  });

  test.each([
    ['of root', 0, 'chown -R postgres'],
    ['of one without a name', nameless, `the user ${nameless}`],
  ])('%s is refused before anything is changed', async (_name, uid, mend) => {
    mkdirSync(join(dir, 'data'));
    writeFileSync(join(dir, 'data/PG_VERSION'), '18\n');
    chownSync(join(dir, 'data'), uid, uid);
    expect((await refusal(startEmbedded({ dir }))).mend).toContain(mend);
    expect([statSync(dir).uid, statSync(join(dir, 'data')).uid]).toEqual([0, uid]);
  });
});

describe('the last process to leave stops the server', () => {
  inUsedFolder();

  test.runIf(isFull)('and no earlier one', async () => {
    const child = await startElsewhere();
    const server = await start();
    child.stdin?.write('stop\n');
    await ended(child);
    expect(await server.isAlive()).toBe(true);
    await server.stop();
    expect(serverPid()).toBe(0);
  });

  test.runIf(isFull)('also when both leave at the same moment', async () => {
    const child = await startElsewhere();
    const server = await start();
    child.stdin?.write('stop\n');
    await Promise.all([server.stop(), ended(child)]);
    expect(serverPid()).toBe(0);
  });

  test.runIf(isFull)('and one that comes at that moment has a server all the same', async () => {
    let last = await start();
    for (let round = 0; round < 5; round++) {
      const [, next] = await Promise.all([last.stop(), start()]);
      await next.ensure();
      expect(await next.isAlive()).toBe(true);
      last = next;
    }
  });

  test('and nothing starts it again after that', async () => {
    const server = await start();
    await server.stop();
    await server.ensure();
    expect(await server.isAlive()).toBe(false);
  });
});

describe('after a kill', () => {
  inUsedFolder();

  test('of the process, the next joins the server it left behind', async () => {
    const child = await startElsewhere();
    const before = serverPid();
    child.kill('SIGKILL');
    await ended(child);
    const server = await start();
    expect(serverPid()).toBe(before);
    await server.stop();
    expect(serverPid()).toBe(0);
  });

  test('of the server, ensure has it back with everything committed, and we are counted again', async () => {
    const server = await start();
    await ask(server, 'CREATE TABLE kept AS SELECT 1 AS n');
    killServer();
    await waitFor('the server to be gone', async () => !(await server.isAlive()));
    await server.ensure();
    expect(await ask(server, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
    const other = await start();
    await other.stop();
    expect(await server.isAlive()).toBe(true);
  });

  test.runIf(isFull)('of both, the next start recovers', async () => {
    const child = await startElsewhere();
    killServer();
    child.kill('SIGKILL');
    await ended(child);
    expect(await (await start()).isAlive()).toBe(true);
  });

  test.runIf(isFull)(
    'a pid file whose number belongs to a stranger now does not keep it from starting',
    async () => {
      const server = await start();
      const lines = readFileSync(pidFile(), 'utf8').split('\n');
      await server.stop();
      writeFileSync(pidFile(), [String(process.pid), ...lines.slice(1)].join('\n'), { mode: 0o644 });
      expect(await (await start()).isAlive()).toBe(true);
      expect(serverPid()).not.toBe(process.pid);
    },
  );

  test.runIf(isFull)('a server that runs is joined under another name of its folder', async () => {
    const deep = join(dir, 'd'.repeat(60), 'e'.repeat(60));
    const server = await start(deep);
    symlinkSync(deep, join(dir, 'name'));
    const other = await start(join(dir, 'name'));
    expect(other.url).toBe(server.url);
    expect(existsSync(join(deep, 'data/postmaster.pid'))).toBe(true);
    await other.stop();
    expect(await server.isAlive()).toBe(true);
  });
});

describe('refused in words', () => {
  test.runIf(isFull)('data of another major version', async () => {
    await (await start()).stop();
    writeFileSync(join(dir, 'data/PG_VERSION'), '15\n');
    const error = await refusal(startEmbedded({ dir }));
    expect(error.message).toContain('PostgreSQL 15');
    expect(error.mend).toContain('sapa backup');
  });

  test('a folder that cannot be written', async () => {
    writeFileSync(join(dir, 'file'), '');
    const error = await refusal(startEmbedded({ dir: join(dir, 'file/below') }));
    expect(error.message).toContain('cannot be written to');
    expect(error.mend).toContain('DATA_DIR');
  });

  test.runIf(process.getuid?.() === 0)('a folder the user of the server cannot reach', async () => {
    chmodSync(dir, 0o700);
    const error = await refusal(startEmbedded({ dir: join(dir, 'inside') }));
    expect(error.message).toContain('cannot reach');
  });

  test('a server that does not start, with its own complaint of now', async () => {
    writeFileSync(join(dir, 'postgres.log'), 'FATAL:  of yesterday\n');
    chmodSync(join(dir, 'postgres.log'), 0o666);
    const error = await refusal(startEmbedded({ dir, settings: { shared_buffers: 'a lot' } }));
    expect(error.message).toContain('shared_buffers');
  });
});

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { signaturesOf } from '../../src/base.js';
import { compileFlows, readFlows } from '../../src/flows.js';
import { createVault } from '../../src/store/crypto.js';
import { startEmbedded } from '../../src/store/embedded.js';
import { createSimulatorStore } from '../../src/store/simulator.js';
import { freshDatabase } from '../support/database.js';
import {
  isRunning,
  runSapa,
  type SapaProcess,
  sapaFolder,
  serverPid,
  serverUrl,
  startSapa,
} from '../support/process.js';
import { hasRedisProgram, startRedis } from '../support/redis.js';
import { isFull, sized } from '../support/size.js';
import { waitFor } from '../support/wait.js';
import { botTexts, type Phone, personTexts, phoneOf, play, registration } from './phone.js';

const key = randomBytes(32);
const DATA_KEY = key.toString('base64');
const quick = JSON.stringify({ leaseMs: 1_000, sweepMs: 200 });

/** What a start that fails leaves: exit 1 and one line on standard error that says what and how. */
async function refusalOf(sapa: SapaProcess): Promise<string> {
  const { code } = await sapa.ended;
  expect([code, sapa.stdout()]).toEqual([1, '']);
  const lines = sapa.stderr().trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

/** A phone on a database, played from here. */
async function phoneOn(url: string, value = '+6281234567890'): Promise<Phone & { readonly pool: pg.Pool }> {
  const pool = new pg.Pool({ connectionString: url });
  pool.on('error', () => {});
  onTestFinished(() => pool.end());
  const phones = createSimulatorStore({ pool, url, vault: createVault(key), account: 'simulator' });
  return { ...(await phoneOf(phones, value)), pool };
}

describe('a start that cannot be', () => {
  const wrongSettings: readonly (readonly [string, string, string])[] = [
    ['DATABASE_URL', 'mysql://localhost/sapa', 'postgresql://USER:PASSWORD@HOST/DATABASE'],
    ['REDIS_URL', 'localhost:6379', 'redis://HOST:PORT'],
    ['PORT', '70000', '0 to 65535'],
    ['PORT', 'http', '0 to 65535'],
    ['HOST', 'example', 'IP address'],
    ['ROLES', 'bot,boss', 'bot,worker,web'],
    ['DATA_KEY', 'c2hvcnQ=', '32 bytes in base64'],
    ['LOG_LEVEL', 'loud', 'fatal, error, warn'],
    ['SIMULATOR', 'off', 'Give on'],
    ['TEST_CLOCK', 'noon', 'milliseconds'],
    ['TEST_PROFILE', '{"sweep":1}', 'JSON'],
    ['TEST_PROFILE', 'fast', 'JSON'],
  ];
  // Every setting by itself is proved beside `readConfig`; here a process says it.
  const tried = wrongSettings.slice(0, sized(2, wrongSettings.length));
  it('names each wrong setting and how to mend it', async () => {
    const lines: string[] = [];
    for (const [name, value] of tried)
      lines.push(await refusalOf(runSapa(['start'], { env: { DATA_DIR: '/dev/null/x', [name]: value } })));
    expect(lines).toEqual(
      tried.map(([name, , mend]) =>
        expect.stringMatching(new RegExp(`^sapa: ${name}: .*${mend.replaceAll('.', '\\.')}`)),
      ),
    );
  }, 120_000);

  it.runIf(isFull)('names the port that is taken', async () => {
    const { url, drop } = await freshDatabase();
    onTestFinished(drop);
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => new Promise((closed) => void server.close(() => closed())));
    const address = server.address();
    const PORT = String(typeof address === 'object' ? address?.port : 0);
    const env = { DATABASE_URL: url, DATA_KEY, PORT, LOG_LEVEL: 'silent' };
    expect(await refusalOf(runSapa(['start'], { env }))).toMatch(/^sapa: PORT: .*taken.*another number/);
  });

  it.runIf(isFull)('names a data folder that cannot be written to', async () => {
    const file = join(sapaFolder(), 'file');
    writeFileSync(file, '');
    for (const DATA_DIR of [join(file, 'data'), '/dev/null/sapa'])
      expect(await refusalOf(runSapa(['start'], { env: { DATA_DIR } }))).toMatch(
        /^sapa: The folder .* cannot be written to \(\w+\)\. Set DATA_DIR/,
      );
  });

  it('says that the database does not answer', async () => {
    const env = { DATABASE_URL: 'postgresql://sapa@127.0.0.1:1/sapa', DATA_KEY };
    expect(await refusalOf(runSapa(['start'], { env }))).toMatch(
      /^sapa: The database cannot be used \(ECONNREFUSED\)\. Check DATABASE_URL/,
    );
  });

  it('refuses a key the database was not written with', async () => {
    const { url, pool, drop } = await freshDatabase();
    onTestFinished(drop);
    const env = { DATABASE_URL: url, LOG_LEVEL: 'silent' };
    await (await startSapa({ ...env, DATA_KEY })).kill('SIGTERM');
    const before = await pool.query('SELECT * FROM data_key');
    const other = randomBytes(32).toString('base64');
    expect(await refusalOf(runSapa(['start'], { env: { ...env, DATA_KEY: other } }))).toMatch(
      /^sapa: DATA_KEY is not the key this database was written with\. Give the key/,
    );
    expect((await pool.query('SELECT * FROM data_key')).rows).toEqual(before.rows);
  });
});

describe('a broken flow file', () => {
  const menu = readFileSync('flows/menu.yaml', 'utf8');
  const broken = menu.replace('flow: cek-sk', 'flow: tidak-ada');
  const line = broken.slice(0, broken.indexOf('flow: tidak-ada')).split('\n').length;
  const complaint = `flows/menu.yaml:${line}: `;

  it('is named with its line', () => {
    const sources = { ...readFlows('flows'), 'flows/menu.yaml': broken };
    expect(() => compileFlows(sources, signaturesOf())).toThrow(complaint);
  });

  it('keeps Sapa from starting, and nothing was published', async () => {
    const root = join(sapaFolder(), 'tree');
    mkdirSync(root);
    for (const part of ['build', 'flows', 'prisma', 'package.json'])
      cpSync(resolve(part), join(root, part), { recursive: true });
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
    writeFileSync(join(root, 'flows/menu.yaml'), broken);
    const { url, pool, drop } = await freshDatabase();
    onTestFinished(drop);
    const env = { DATABASE_URL: url, DATA_KEY, LOG_LEVEL: 'silent' };
    expect(await refusalOf(runSapa(['start'], { root, env }))).toContain(complaint);
    expect((await pool.query('SELECT * FROM flow_program')).rows).toEqual([]);
  });
});

describe('a running Sapa', () => {
  it.runIf(isFull)(
    'goes on by itself after the embedded server was killed',
    async () => {
      const DATA_DIR = sapaFolder();
      const sapa = await startSapa({ DATA_DIR, DATA_KEY, TEST_PROFILE: quick });
      const phone = await phoneOn(serverUrl(DATA_DIR));
      await play(phone, registration.slice(0, 4));
      const pid = serverPid(DATA_DIR) ?? 0;
      process.kill(pid, 'SIGKILL');
      await waitFor('the server to be gone', () => !isRunning(pid));
      await play(phone, registration.slice(4));
      expect(personTexts(await phone.screen())).toEqual(registration.map(([said]) => said));
      const { rows } = await phone.pool.query(`SELECT state FROM inbound`);
      expect(rows).toEqual(registration.map(() => ({ state: 'done' })));
      await waitFor('the good news', () => sapa.stdout().includes('The database answers again'));
      expect(linesWith(sapa, 'The database does not answer')).toHaveLength(1);
      expect(linesWith(sapa, 'The database answers again')).toHaveLength(1);
      expect(linesWith(sapa, '"level":50')).toHaveLength(1);
      expect(await sapa.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(serverPid(DATA_DIR)).toBeNull();
    },
    120_000,
  );

  it.runIf(isFull)(
    'goes on by itself after a server that is not its own was stopped and came back',
    async () => {
      const dir = sapaFolder();
      const server = await startEmbedded({ dir });
      const sapa = await startSapa({ DATABASE_URL: server.url, DATA_KEY, TEST_PROFILE: quick });
      const phone = await phoneOn(server.url);
      await play(phone, registration.slice(0, 4));
      await server.stop();
      await waitFor('the bad news', () => sapa.stdout().includes('The database does not answer'));
      await pause(5_000);
      expect(linesWith(sapa, /"level":[45]0/)).toHaveLength(1);
      const again = await startEmbedded({ dir });
      onTestFinished(() => again.stop());
      expect(again.url).toBe(server.url);
      await play(phone, registration.slice(4));
      expect(personTexts(await phone.screen())).toEqual(registration.map(([said]) => said));
      const { rows } = await phone.pool.query(`SELECT state FROM inbound`);
      expect(rows).toEqual(registration.map(() => ({ state: 'done' })));
      await waitFor('the good news', () => linesWith(sapa, 'The database answers again').length > 0);
      expect(linesWith(sapa, 'The database answers again')).toHaveLength(1);
      expect(await sapa.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    },
    120_000,
  );

  it.runIf(isFull && hasRedisProgram())(
    'goes on by itself after Redis was killed and came back empty',
    async () => {
      const redis = await startRedis();
      onTestFinished(() => redis.kill('SIGKILL'));
      const { url, pool, drop } = await freshDatabase();
      onTestFinished(drop);
      const env = { DATABASE_URL: url, DATA_KEY, REDIS_URL: redis.url, TEST_PROFILE: quick };
      const sapa = await startSapa(env);
      const phone = await phoneOn(url);
      await play(phone, registration.slice(0, 4));
      await redis.kill('SIGKILL');
      const [next, ...others] = registration.slice(4);
      await phone.send({ text: next?.[0] ?? '' });
      await waitFor('the message to be treated', async () => {
        const { rows } = await pool.query(`SELECT count(*)::int AS n FROM inbound WHERE state = 'done'`);
        return rows[0]?.n === 5;
      });
      await redis.start();
      await phone.settle();
      expect(botTexts(await phone.screen()).at(-1)).toContain(next?.[1]);
      await play(phone, others);
      expect(linesWith(sapa, 'is out of reach')).not.toEqual([]);
      await waitFor(
        'the good news',
        () => linesWith(sapa, /"msg":"[^;]* is back"/).length === linesWith(sapa, 'is out of reach').length,
      );
      expect(await sapa.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    },
    120_000,
  );

  it.runIf(isFull && hasRedisProgram())(
    'starts without Redis and sends when it comes',
    async () => {
      const redis = await startRedis();
      onTestFinished(() => redis.kill('SIGKILL'));
      await redis.kill('SIGKILL');
      const { url, drop } = await freshDatabase();
      onTestFinished(drop);
      const env = { DATABASE_URL: url, DATA_KEY, REDIS_URL: redis.url, TEST_PROFILE: quick };
      await startSapa(env);
      const phone = await phoneOn(url);
      await phone.send({ text: 'bantuan' });
      await redis.start();
      await phone.settle();
      expect(botTexts(await phone.screen())).toHaveLength(1);
    },
    120_000,
  );

  it.runIf(isFull && hasRedisProgram())(
    'ends in order and at once while Redis is away, and soon while Redis hangs',
    async () => {
      for (const [signal, withinMs] of [
        ['SIGKILL', 3_000],
        ['SIGSTOP', 9_000],
      ] as const) {
        const redis = await startRedis();
        onTestFinished(() => redis.kill('SIGKILL'));
        const DATA_DIR = sapaFolder();
        const sapa = await startSapa({ DATA_DIR, DATA_KEY, REDIS_URL: redis.url });
        if (signal === 'SIGKILL') await redis.kill(signal);
        else redis.stall();
        const asked = Date.now();
        expect(await sapa.kill('SIGTERM')).toEqual({ code: 0, signal: null });
        expect(Date.now() - asked).toBeLessThan(withinMs);
        expect(linesWith(sapa, '"msg":"ended"')).toHaveLength(1);
        expect(serverPid(DATA_DIR)).toBeNull();
      }
    },
    120_000,
  );

  it.runIf(isFull)(
    'says within seconds that the database hangs, once',
    async () => {
      const DATA_DIR = sapaFolder();
      const sapa = await startSapa({ DATA_DIR, DATA_KEY });
      const pids = childrenOf(serverPid(DATA_DIR) ?? 0);
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      onTestFinished(() => {
        for (const pid of pids.filter(isRunning)) process.kill(pid, 'SIGCONT');
      });
      const asked = Date.now();
      const answer = await fetch(`${sapa.url() ?? ''}/readyz`);
      expect([answer.status, Date.now() - asked < 8_000]).toEqual([503, true]);
      expect(await answer.text()).toContain('The database does not answer.');
      await waitFor('the bad news', () => linesWith(sapa, 'The database does not answer').length > 0);
      for (const pid of pids.filter(isRunning)) process.kill(pid, 'SIGCONT');
      await waitFor('the good news', () => linesWith(sapa, 'The database answers again').length > 0);
      expect(linesWith(sapa, 'The database does not answer')).toHaveLength(1);
      expect(linesWith(sapa, /were not/)).toEqual([]);
      expect(await sapa.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    },
    120_000,
  );

  it.runIf(isFull && canMount())(
    'says once that the disk is full, and goes on when there is room',
    async () => {
      const DATA_DIR = sapaFolder();
      mount('-t', 'tmpfs', '-o', 'size=160m,mode=755', 'tmpfs', DATA_DIR);
      onTestFinished(() => unmount(DATA_DIR));
      const sapa = await startSapa({ DATA_DIR, DATA_KEY });
      const filler = join(DATA_DIR, 'filler');
      fill(filler);
      await waitFor('the bad news', () => linesWith(sapa, 'The disk is full').length > 0);
      const answer = await fetch(`${sapa.url() ?? ''}/readyz`);
      expect([answer.status, await answer.text()]).toEqual([
        503,
        expect.stringContaining('The disk is full'),
      ]);
      const doctor = runSapa(['doctor'], { env: { DATA_DIR, DATA_KEY } });
      expect((await doctor.ended).code).toBe(1);
      expect(doctor.stdout() + doctor.stderr()).toMatch(/disk is full/i);
      rmSync(filler);
      await waitFor('the good news', () => linesWith(sapa, 'The database answers again').length > 0);
      expect(linesWith(sapa, 'The disk is full')).toHaveLength(1);
      expect(await sapa.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    },
    120_000,
  );

  it('finishes the turn in hand at SIGTERM, and ends within ten seconds', async () => {
    const { url, pool, drop } = await freshDatabase();
    onTestFinished(drop);
    const sapa = await startSapa({ DATABASE_URL: url, DATA_KEY, TEST_PROFILE: quick });
    const phone = await phoneOn(url);
    await play(phone, registration.slice(0, 3));
    const lock = await pool.connect();
    await lock.query('BEGIN');
    await lock.query('SELECT 1 FROM session FOR UPDATE');
    await phone.send({ text: 'Sri Contohwati' });
    await waitFor('the turn to be in hand', async () => {
      const text = `SELECT 1 FROM pg_locks WHERE NOT granted`;
      return (await pool.query(text)).rowCount !== 0;
    });
    const asked = Date.now();
    const ended = sapa.kill('SIGTERM');
    await waitFor('the end to begin', () => sapa.stdout().includes('ending'));
    // At Ctrl-C the terminal tells the program, and npm tells it once more.
    void sapa.kill('SIGTERM');
    void sapa.kill('SIGINT');
    await lock.query('COMMIT');
    lock.release();
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(Date.now() - asked).toBeLessThan(10_000);
    const { rows } = await pool.query('SELECT step FROM session');
    expect(rows).toEqual([{ step: 'lahir' }]);
    await startSapa({ DATABASE_URL: url, DATA_KEY, TEST_PROFILE: quick });
    await phone.settle();
    await play(phone, registration.slice(4));
  }, 120_000);
});

describe('the embedded server', () => {
  it.runIf(isFull)(
    'is shared by commands, joined after a kill, stopped by the last that ends in order; a second start seeds nothing',
    async () => {
      const DATA_DIR = sapaFolder();
      const env = { DATA_DIR, DATA_KEY, TEST_PROFILE: quick };
      const first = await startSapa(env);
      const pid = serverPid(DATA_DIR);
      const phone = await phoneOn(serverUrl(DATA_DIR));
      const seeds = async () => {
        const text = `SELECT (SELECT string_agg(xmin::text || code, ',' ORDER BY code) FROM region) AS regions,
        (SELECT string_agg(xmin::text || id, ',' ORDER BY id) FROM residency) AS residencies,
        (SELECT string_agg(xmin::text || hash, ',' ORDER BY hash) FROM flow_program) AS programs`;
        return (await phone.pool.query(text)).rows;
      };
      const seeded = await seeds();

      const chat = runSapa(['chat', '--as', '081200000009'], { env, input: 'menu\nbantuan\n' });
      expect(await chat.ended).toEqual({ code: 0, signal: null });
      expect(chat.stdout()).toContain('Kata yang selalu dapat dipakai');
      const doctor = runSapa(['doctor'], { env });
      expect((await doctor.ended).code, doctor.stdout() + doctor.stderr()).toBe(0);
      expect(doctor.stdout()).toContain(`ok   files: ${DATA_DIR}`);
      const why = runSapa(['why', '081200000009'], { env });
      expect((await why.ended).code, why.stdout() + why.stderr()).toBe(0);
      expect(serverPid(DATA_DIR)).toBe(pid);
      await play(phone, registration.slice(0, 3));

      await first.kill('SIGKILL');
      expect(serverPid(DATA_DIR), 'the orphan').toBe(pid);
      const second = await startSapa(env);
      expect(serverPid(DATA_DIR), 'the orphan, joined').toBe(pid);
      expect(await seeds()).toEqual(seeded);
      await play(phone, registration.slice(3, 5));

      const third = await startSapa(env);
      // As when the terminal it was started in is closed.
      expect(await second.kill('SIGHUP')).toEqual({ code: 0, signal: null });
      expect(serverPid(DATA_DIR), 'still used by the third').toBe(pid);
      await play(phone, registration.slice(5));
      expect(await third.kill('SIGINT')).toEqual({ code: 0, signal: null });
      expect(serverPid(DATA_DIR)).toBeNull();
    },
    180_000,
  );
});

/** A process and its children. */
function childrenOf(pid: number): readonly number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return [pid, ...stdout.split('\n').filter(Boolean).map(Number)];
}

function mount(...args: readonly string[]): boolean {
  return spawnSync('mount', args).status === 0;
}

function unmount(folder: string): void {
  spawnSync('umount', ['-l', folder]);
}

/** Whether this machine lets us have a small disk of our own. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'sapa-mount-'));
  const can = mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
  if (can) unmount(folder);
  rmSync(folder, { recursive: true, force: true });
  return can;
}

/** Writes until there is no room any more. */
function fill(file: string): void {
  const piece = Buffer.alloc(4_096);
  try {
    for (;;) appendFileSync(file, piece);
  } catch {
    // Now it is full.
  }
}

function linesWith(sapa: SapaProcess, text: string | RegExp): readonly string[] {
  return sapa
    .stdout()
    .split('\n')
    .filter((line) => line.search(text) >= 0);
}

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keepObjections } from '../../src/backups.js';
import { verifyAudit } from '../../src/domain/audit.js';
import { keepIn, openFiles } from '../../src/store/files.js';
import { openVault } from '../../src/store/key.js';
import { openApp, type TestApp } from '../support/app.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';
import { dumpOf } from '../support/dump.js';
import { runSapa, sapaFolder } from '../support/process.js';
import { waitFor } from '../support/wait.js';
import { nik, type Phone, phoneOf, play, registration } from './phone.js';

/** A database with nothing in it, not even tables. */
async function emptyDatabase(): Promise<FreshDatabase> {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  await database.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  return database;
}

/** Where Sapa is, by its settings. */
interface Place {
  readonly url: string;
  readonly folder: string;
  readonly key: Buffer | null;
}

async function sapa({ url, folder, key }: Place, ...args: readonly string[]) {
  const given = key === null ? {} : { DATA_KEY: key.toString('base64') };
  const command = runSapa(args, { env: { DATABASE_URL: url, DATA_DIR: folder, ...given } });
  const { code } = await command.ended;
  return { code, said: command.stdout() + command.stderr() };
}

async function openAt({ url, folder, key }: Place): Promise<TestApp> {
  const DATA_KEY = key?.toString('base64') ?? readFileSync(join(folder, 'key'), 'utf8').trim();
  const app = await openApp({ env: { DATABASE_URL: url, DATA_DIR: folder, DATA_KEY } });
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= app.close();
    return closing;
  };
  onTestFinished(close);
  return { ...app, close };
}

async function newPlace(key: Buffer | null = randomBytes(32)): Promise<Place> {
  return { url: (await emptyDatabase()).url, folder: sapaFolder(), key };
}

/** Somebody who has registered; only the number and the NIK differ. */
async function registered(test: TestApp, number: string, ownNik: string): Promise<Phone> {
  const phone = await phoneOf(test.phones, number);
  for (const [said] of registration) await phone.say(said === nik ? ownNik : said);
  return phone;
}

const nikOf = (n: number) => `990101570870${String(n).padStart(4, '0')}`;
const countOf = async ({ base }: TestApp, from: string) =>
  (await base.pool.query(`SELECT count(*)::int AS n FROM ${from}`)).rows[0].n as number;

describe('a backup beside a running Sapa, restored elsewhere', () => {
  it('goes on where the conversation was, and does again what people asked for since', async () => {
    const old = await newPlace();
    const test = await openAt(old);
    const phone = await phoneOf(test.phones, '+6281200000071');
    const silent = await phoneOf(test.phones, '+6281200000074');
    const stranger = await phoneOf(test.phones, '+6281200000075');
    const [erased, withdrawn] = await Promise.all([
      registered(test, '+6281200000072', nikOf(2)),
      registered(test, '+6281200000073', nikOf(3)),
      play(phone, registration.slice(0, 5)),
      silent.say('halo'),
      stranger.say('Nama saya Budi Rahasia'),
    ]);
    const name = await keepIn(test.base.fileStore, Buffer.from('foto'));
    await test.base.pool.query(
      `INSERT INTO attachment (id, contact_id, inbound_id, type, size, file, created_at)
       SELECT gen_random_uuid(), contact_id, id, 'image/jpeg', 4, $1, now() FROM inbound ORDER BY seq LIMIT 1`,
      [name],
    );

    const [file, key] = [join(old.folder, 'cadangan'), join(old.folder, 'kunci')];
    const made = await sapa(old, 'backup', file, '--key-out', key);
    expect(made).toMatchObject({ code: 0, said: expect.stringContaining('PERINGATAN: kunci data') });
    expect([statSync(file).mode & 0o777, statSync(key).mode & 0o777]).toEqual([0o600, 0o600]);
    const bytes = readFileSync(file);
    for (const secret of ['ontohwati', nik, nikOf(2), 'Rahasia']) expect(bytes.includes(secret)).toBe(false);

    const saying = async (who: Phone, ...words: readonly string[]) => {
      for (const word of words) await who.say(word);
    };
    await Promise.all([
      saying(erased, 'hapus data', 'HAPUS'),
      saying(withdrawn, 'cabut persetujuan', 'CABUT'),
      saying(silent, 'berhenti', 'ya'),
      saying(stranger, 'hapus data', 'HAPUS'),
    ]);
    expect(await countOf(test, `privacy_request WHERE kind = 'erasure'`)).toBe(2);
    expect(await countOf(test, `member WHERE standing = 'withdrawn'`)).toBe(1);
    expect(await countOf(test, 'contact WHERE opted_out_at IS NOT NULL')).toBe(1);
    await keepObjections(test.base);
    const list = join(old.folder, 'erasures.log');
    expect(readFileSync(list, 'utf8')).toMatch(/^(erased|withdrawn|opted-out) [0-9a-f]{64}\n/);

    const next = await newPlace(null);
    expect((await sapa(next, 'restore', file, '--key', key, '--moved')).said).toContain(
      'beside a running Sapa',
    );
    const back = await sapa(next, 'restore', file, '--key', key, '--erasures', list);
    expect(back.said).toContain('2 erasures, 1 withdrawn consents, 0 suspensions, 1 times BERHENTI');
    expect(back.said).toContain('The audit is whole');
    expect(back.code).toBe(0);
    expect(readFileSync(join(next.folder, 'key'), 'utf8')).toBe(readFileSync(key, 'utf8'));

    const again = await openAt(next);
    const { pool, vault, fileStore } = again.base;
    expect(String(await fileStore.read(name))).toBe('foto');
    await waitFor('erased people to be gone', async () => (await countOf(again, 'contact_leaving')) === 0);
    const left = await dumpOf(pool, { without: [/^public\.simulator_/], vault });
    for (const gone of [nikOf(2), '81200000072', 'Budi Rahasia', '81200000075'])
      expect(left).not.toContain(gone);
    expect(left).toContain(nikOf(3));
    const same = await phoneOf(again.phones, '+6281200000071');
    await play(same, registration.slice(5));
    expect(await countOf(again, 'member')).toBe(2);
    expect(await verifyAudit(again.base)).toMatchObject({ broken: null });
  });

  it('sends nothing of what was under way by itself; after a move everything goes on', async () => {
    const old = await newPlace();
    const test = await openAt(old);
    const phone = await phoneOf(test.phones, '+6281200000076');
    await play(phone, registration.slice(0, 3));
    await test.stop();
    const { pool } = test.base;
    await pool.query(
      `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, due_at)
       SELECT gen_random_uuid(), d.contact_id, d.address_id, d.account, 'reply', s.state, d.body_sealed, now()
       FROM (SELECT * FROM delivery ORDER BY seq DESC LIMIT 1) d, unnest('{due,leased,written}'::delivery_state[]) AS s(state)`,
    );
    const file = join(old.folder, 'cadangan');
    await test.close();
    expect((await sapa(old, 'backup', file)).code).toBe(0);

    const lost = await newPlace(old.key);
    const back = await sapa(lost, 'restore', file);
    expect(back.said).toContain('3 messages were under way then');
    expect(back.said).toContain('NOT applied: erasures');
    const doubtful = await openAt(lost);
    const shown = async (app: TestApp) =>
      (await (await phoneOf(app.phones, '+6281200000076')).screen()).length;
    const before = await shown(doubtful);
    await (await phoneOf(doubtful.phones, '+6281200000077')).say('halo');
    expect(await countOf(doubtful, `delivery WHERE code = 'restored' AND state = 'unknown'`)).toBe(3);
    expect(await shown(doubtful)).toBe(before);

    const moved = await newPlace(old.key);
    expect((await sapa(moved, 'restore', file, '--moved')).code).toBe(0);
    const going = await openAt(moved);
    await waitFor('what was under way to be sent', async () => (await shown(going)) > before);
    expect(await countOf(going, `delivery WHERE code = 'restored'`)).toBe(0);
  });
});

/** A backup of many rows, made by nobody's talk, and the key it is under. */
async function largeBackup(rows: number): Promise<{ readonly key: Buffer; readonly file: string }> {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const key = randomBytes(32);
  const vault = await openVault(database.pool, key);
  const folder = sapaFolder();
  await database.pool.query(
    `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, written_at, received_at)
     SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'wa', n::text, $2, 'done', now(), now() FROM generate_series(1, $1::int) n`,
    [rows, vault.seal(`NIK saya ${nik}`)],
  );
  const name = await keepIn(
    openFiles(join(folder, 'files'), vault, () => new Date()),
    Buffer.from('foto'),
  );
  await database.pool.query(
    `WITH c AS (INSERT INTO contact (id) VALUES (gen_random_uuid()) RETURNING id)
     INSERT INTO attachment (id, contact_id, inbound_id, type, size, file, created_at) SELECT gen_random_uuid(), id, id, 'image/jpeg', 4, $1, now() FROM c`,
    [name],
  );
  const file = join(folder, 'cadangan');
  expect(await sapa({ url: database.url, folder, key }, 'backup', file)).toMatchObject({ code: 0 });
  return { key, file };
}

describe('a restore', () => {
  it('that is killed leaves a place in which nothing starts until it is restored anew', async () => {
    const { key, file } = await largeBackup(20_000);
    const place = await newPlace(key);
    const { pool } = await lookAt(place.url);
    const env = { DATABASE_URL: place.url, DATA_DIR: place.folder, DATA_KEY: key.toString('base64') };
    const killed = runSapa(['restore', file], { env });
    await waitFor('rows to be loaded', async () => {
      const { rowCount } = await pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'INSERT INTO public."inbound"%'`,
      );
      return rowCount !== 0;
    });
    await killed.kill('SIGKILL');
    expect(await sapa(place, 'doctor')).toMatchObject({
      code: 1,
      said: expect.stringContaining('A restore into this place was cut off'),
    });
    expect(
      (
        await pool.query(
          `SELECT to_regclass('public.data_key') IS NOT NULL AND NOT EXISTS (SELECT FROM data_key) AS nothing`,
        )
      ).rows[0].nothing,
    ).toBe(true);
    const again = await sapa(place, 'restore', file);
    expect([again.code, again.said]).toEqual([0, expect.stringContaining('inbound: 20000')]);
    expect((await sapa(place, 'audit', 'verify')).code).toBe(0);
  });

  it('refuses a place that is not empty, a wrong key and a damaged file, and changes nothing', async () => {
    const { key, file } = await largeBackup(10);
    const filled = await freshDatabase();
    onTestFinished(() => filled.drop());
    const full = await sapa({ url: filled.url, folder: sapaFolder(), key }, 'restore', file);
    expect(full).toMatchObject({
      code: 1,
      said: expect.stringContaining('There is something in this database'),
    });

    const place = await newPlace(key);
    const { pool } = await lookAt(place.url);
    const tables = async () =>
      (await pool.query(`SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`)).rowCount;
    mkdirSync(join(place.folder, 'files/ab'), { recursive: true });
    expect((await sapa(place, 'restore', file)).said).toContain('There are files in');
    const wrong = await sapa({ ...place, key: randomBytes(32) }, 'restore', file);
    expect(wrong).toMatchObject({ code: 1, said: expect.stringContaining('does not open the backup') });
    const broken = readFileSync(file);
    broken[broken.length >> 1] = (broken[broken.length >> 1] ?? 0) ^ 1;
    writeFileSync(`${file}.broken`, broken);
    const damaged = await sapa(place, 'restore', `${file}.broken`);
    expect(damaged).toMatchObject({ code: 1, said: expect.stringContaining('damaged or incomplete') });
    writeFileSync(`${file}.list`, 'erased somebody\n');
    const list = await sapa(place, 'restore', file, '--erasures', `${file}.list`);
    expect(list).toMatchObject({ code: 1, said: expect.stringContaining('erasures is damaged') });
    expect([await tables(), existsSync(join(place.folder, 'key'))]).toEqual([0, false]);
  });
});

async function lookAt(url: string) {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => {});
  onTestFinished(() => pool.end());
  return { pool };
}

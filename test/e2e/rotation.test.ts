import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { sealAudit, verifyAudit } from '../../src/domain/audit.js';
import { blindIndexes } from '../../src/domain/rotation.js';
import { normaliseSkNumber } from '../../src/flow/inputs/sk-number.js';
import { createVault, type Vault } from '../../src/store/crypto.js';
import { keepIn, openFiles } from '../../src/store/files.js';
import { newId } from '../../src/store/ids.js';
import { openVault } from '../../src/store/key.js';
import { createPrisma } from '../../src/store/prisma-client.js';
import {
  addAttachment,
  addInbound,
  addMember,
  addPerson,
  perform,
  registration,
  type World,
} from '../domain/world.js';
import { freshDatabase } from '../support/database.js';
import { runSapa, sapaFolder } from '../support/process.js';
import { waitFor } from '../support/wait.js';

const nik = '9901015708700001';
const whatsAppName = ['whatsapp-key', 'lid:123456'] as const;

/** A database under the key of a folder, with somebody in it and so many messages that a change of the key takes a while. */
async function lived(key: Buffer, folder: string): Promise<World & { readonly url: string }> {
  const db = await freshDatabase();
  onTestFinished(() => db.drop());
  const vault = await openVault(db.pool, key);
  const world: World = {
    db,
    fileStore: openFiles(join(folder, 'files'), vault, () => new Date()),
    pool: db.pool,
    vault,
    prisma: createPrisma(db.pool),
    now: () => new Date(),
    newId: () => newId(),
  };
  const person = await addMember(world);
  await perform(
    world,
    'problem.propose',
    { topik: 'csr', masalah: 'Jembatan roboh', 'sebut-nama': true },
    person,
  );
  await perform(world, 'handover.open', {}, person);
  await perform(world, 'link.make', {}, person);
  await addAttachment(world, person, 'foto');
  await world.db.pool.query('UPDATE attachment SET file = $1', [
    await keepIn(world.fileStore, Buffer.from('foto')),
  ]);
  await addInbound(world, person, `NIK saya ${nik}`);
  await db.pool.query(
    `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, written_at, received_at)
     SELECT gen_random_uuid(), contact_id, address_id, account, n::text, body_sealed, state, written_at, received_at
     FROM inbound, generate_series(1, 20000) n LIMIT 20000`,
  );
  await db.pool.query(
    'INSERT INTO whatsapp_key (account, kind, id_index, value_sealed) VALUES ($1, $2, $3, $4)',
    [...['wa', 'session'], vault.index(...whatsAppName), vault.seal('geheim')],
  );
  await sealAudit(world);
  return { ...world, url: db.url };
}

/** How many values of each sealed column begin with this key, without those of entries of the audit. */
async function sealedWith(pool: pg.Pool, keyId: string): Promise<number> {
  const { rows } = await pool.query(
    `SELECT table_name AS t, column_name AS c FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'bytea' AND column_name LIKE '%\\_sealed' AND table_name <> 'audit_entry'`,
  );
  const counts = rows.map(async ({ t, c }) => {
    const text = `SELECT count(*)::int AS n FROM ${t} WHERE substring(${c} FROM 1 FOR 4) = $1`;
    return (await pool.query(text, [Buffer.from(keyId, 'hex')])).rows[0].n as number;
  });
  return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
}

async function isFound(pool: pg.Pool, vault: Vault): Promise<readonly boolean[]> {
  const looks: readonly (readonly [string, Buffer])[] = [
    ['SELECT FROM member WHERE nik_index = $1', vault.index('nik', nik)],
    ['SELECT FROM member WHERE phone_index = $1', vault.index('phone', '+6281200009999')],
    [
      'SELECT FROM sk_document WHERE number_index = $1',
      vault.index('sk-number', normaliseSkNumber('141/07/2021')),
    ],
    ['SELECT FROM problem WHERE text_index = $1', vault.index('problem', 'Jembatan roboh')],
    ['SELECT FROM whatsapp_key WHERE id_index = $1', vault.index(...whatsAppName)],
  ];
  return Promise.all(looks.map(async ([text, index]) => (await pool.query(text, [index])).rowCount === 1));
}

it('a change of the key goes on after every kill, finds everybody again, and shuts the old key out', async () => {
  const folder = sapaFolder();
  const old = randomBytes(32);
  const file = join(folder, 'key');
  writeFileSync(file, `${old.toString('base64')}\n`, { mode: 0o600 });
  const world = await lived(old, folder);
  const env = { DATABASE_URL: world.url, DATA_DIR: folder };
  const rotate = () => runSapa(['keys', 'rotate'], { env });
  const left = () => sealedWith(world.pool, world.vault.keyId);
  const all = await left();
  let before = all;
  for (let kills = 0; kills < 3; kills += 1) {
    const killed = rotate();
    await waitFor('some of it to be done', async () => (await left()) < before - 1000);
    await killed.kill('SIGKILL');
    before = await left();
    expect(before).toBeGreaterThan(0);
    const doctor = runSapa(['doctor'], { env });
    expect((await doctor.ended).code).toBe(1);
    expect(doctor.stderr()).toContain('Finish it: npx sapa keys rotate');
  }
  const last = rotate();
  expect([(await last.ended).code, last.stderr()]).toEqual([0, '']);
  expect(last.stdout()).toContain('the old one opens nothing any more');

  const next = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  expect(next.equals(old)).toBe(false);
  expect([statSync(file).mode & 0o777, existsSync(`${file}.new`)]).toEqual([0o600, false]);
  const vault = await openVault(world.pool, next);
  expect(await left()).toBe(0);
  // The codes are void; the secret that lasts came to it.
  expect(await sealedWith(world.pool, vault.keyId)).toBe(all + 1);
  expect(await isFound(world.pool, vault)).toEqual([true, true, true, true, true]);
  expect((await world.pool.query('SELECT FROM link_code')).rowCount).toBe(0);
  const { rows } = await world.pool.query(
    'SELECT nik_sealed AS nik, (SELECT file FROM attachment) AS file FROM member',
  );
  expect(vault.open(rows[0].nik)).toBe(nik);
  const files = openFiles(join(folder, 'files'), vault, () => new Date());
  expect([files.nameOf(Buffer.from('foto')), String(await files.read(rows[0].file))]).toEqual([
    rows[0].file,
    'foto',
  ]);
  expect(await world.fileStore.read(rows[0].file)).toBeNull();
  await expect(openVault(world.pool, old)).rejects.toThrow('not the key this database was written with');
  await sealAudit({ pool: world.pool, vault });
  expect(await verifyAudit({ pool: world.pool, vault })).toMatchObject({ broken: null, unsealed: 0 });
  const again = await addPerson({ ...world, vault });
  expect(await perform({ ...world, vault }, 'member.register', registration(), again)).toMatchObject({
    outcome: 'nik-taken',
  });
});

it('once more keeps what outlives every key; a process killed before the file was put in place is helped on', async () => {
  const folder = sapaFolder();
  const keys = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;
  const files = keys.map((_, at) => join(folder, `key-${at}`));
  for (const [at, key] of keys.entries()) writeFileSync(files[at] ?? '', `${key.toString('base64')}\n`);
  const db = await freshDatabase();
  onTestFinished(() => db.drop());
  const first = await openVault(db.pool, keys[0]);
  const index = first.index(...whatsAppName);
  const run = async (from: Buffer | null, ...args: readonly string[]) => {
    const env = {
      DATABASE_URL: db.url,
      DATA_DIR: folder,
      ...(from === null ? {} : { DATA_KEY: from.toString('base64') }),
    };
    const sapa = runSapa(['keys', 'rotate', ...args], { env });
    return { code: (await sapa.ended).code, said: sapa.stdout() + sapa.stderr() };
  };
  expect(await run(keys[0])).toMatchObject({ code: 1, said: expect.stringContaining('--new-key-file') });
  expect(await run(keys[1], '--new-key-file', files[2] ?? '')).toMatchObject({ code: 1 });
  expect(await run(keys[0], '--new-key-file', files[1] ?? '')).toMatchObject({
    code: 0,
    said: expect.stringContaining('Set DATA_KEY'),
  });
  // As after a kill between the database and the file: the folder still holds the old key.
  writeFileSync(join(folder, 'key'), `${keys[0].toString('base64')}\n`);
  expect(await run(null, '--new-key-file', files[1] ?? '')).toMatchObject({
    code: 0,
    said: expect.stringContaining('already'),
  });
  expect(readFileSync(join(folder, 'key'), 'utf8').trim()).toBe(keys[1].toString('base64'));
  expect((await run(null, '--new-key-file', files[2] ?? '')).code).toBe(0);
  const third = await openVault(db.pool, keys[2]);
  expect(third.index(...whatsAppName).equals(index)).toBe(true);
  expect(third.index('nik', nik).equals(first.index('nik', nik))).toBe(false);
  expect(
    createVault(keys[2])
      .index(...whatsAppName)
      .equals(index),
  ).toBe(false);
  await db.pool.query(`UPDATE data_key SET next_key_id = 'abcd1234'`);
  expect(await run(keys[2], '--new-key-file', files[1] ?? '')).toMatchObject({
    code: 1,
    said: expect.stringContaining('another key'),
  });
});

it('is refused while a Sapa runs, and a Sapa is refused while it runs', async () => {
  const folder = sapaFolder();
  const { url, pool, drop } = await freshDatabase();
  onTestFinished(drop);
  const env = { DATABASE_URL: url, DATA_DIR: folder };
  const running = runSapa(['start', '--roles', 'worker'], { env });
  await waitFor('it to hold the key', async () => {
    const { rowCount } = await pool.query(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707370
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return rowCount === 1;
  });
  const refused = runSapa(['keys', 'rotate'], { env });
  expect((await refused.ended).code).toBe(1);
  expect(refused.stderr()).toContain('A Sapa is using this database');
  await running.kill('SIGTERM');
  const alone = await pool.connect();
  await alone.query('SELECT pg_advisory_lock(72707370)');
  const shut = runSapa(['doctor'], { env });
  expect((await shut.ended).code).toBe(1);
  expect(shut.stderr()).toContain('being changed just now');
  alone.release(true);
});

it('every blind index is made anew, or it is said why not', async () => {
  const { pool, drop } = await freshDatabase();
  onTestFinished(drop);
  const { rows } = await pool.query(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'bytea' AND column_name LIKE '%\\_index' ORDER BY 1`,
  );
  const made = Object.entries(blindIndexes).flatMap(([table, indexes]) =>
    indexes.map(({ column }) => `${table}.${column}`),
  );
  // Codes are void after a change; names of WhatsApp's keys are under the secret that lasts.
  const others = [
    'link_code.code_index',
    'recipient.code_index',
    'role_offer.code_index',
    'roster.file_index',
    'whatsapp_key.id_index',
  ];
  expect(rows.map(({ name }) => name)).toEqual([...made, ...others].sort());
});

import { createHash, randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StartError } from '../../src/store/errors.js';
import { applyMigrations } from '../../src/store/migrations.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

let database: FreshDatabase;
let dir: string;

beforeEach(async () => {
  database = await freshDatabase();
  await database.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  dir = mkdtempSync(join(tmpdir(), 'sapa-migrations-'));
});
afterEach(async () => {
  await database.drop();
  rmSync(dir, { recursive: true, force: true });
});

function write(name: string, sql: string): void {
  mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, name, 'migration.sql'), sql);
}

async function history(): Promise<readonly Record<string, unknown>[]> {
  const text = `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, logs,
    applied_steps_count AS steps FROM _prisma_migrations ORDER BY started_at`;
  return (await database.pool.query(text)).rows;
}

async function exists(table: string): Promise<boolean> {
  const { rows } = await database.pool.query('SELECT to_regclass($1) IS NOT NULL AS found', [table]);
  return rows[0].found;
}

describe('migrations', () => {
  test('are applied in order, once, with the bookkeeping of Prisma', async () => {
    const first = 'CREATE TABLE a (id int);';
    write('1_first', first);
    write('2_second', 'ALTER TABLE a ADD COLUMN name text');
    expect(await applyMigrations(database.url, dir)).toEqual(['1_first', '2_second']);
    expect(await applyMigrations(database.url, dir)).toEqual([]);
    const checksum = createHash('sha256').update(first).digest('hex');
    expect((await history())[0]).toEqual({ name: '1_first', checksum, finished: true, logs: null, steps: 1 });
  });

  test('of the program itself lead an empty database to the schema', async () => {
    await applyMigrations(database.url, resolve('prisma/migrations'));
    expect(await exists('region')).toBe(true);
  });

  test('the looks of before the audit become its first entries, under names of their own', async () => {
    const all = resolve('prisma/migrations');
    const names = readdirSync(all).sort();
    const audit = names.findIndex((name) => name.endsWith('_audit'));
    for (const name of names.slice(0, audit)) cpSync(join(all, name), join(dir, name), { recursive: true });
    await applyMigrations(database.url, dir);
    const [officer, member] = [randomUUID(), randomUUID()];
    await database.pool.query(
      `INSERT INTO access_log (viewer, action, subject, at) VALUES
       ($1::uuid::text, 'read-conversation', $2, '2026-11-01T00:00:00Z'), ('local:why', 'read-conversation', $2, '2026-11-02T00:00:00Z'),
       ('local:problems', 'count-problems', NULL, '2026-11-03T00:00:00Z')`,
      [officer, member],
    );
    await applyMigrations(database.url, all);
    const { rows } = await database.pool.query(
      `SELECT extract(day FROM e.at AT TIME ZONE 'UTC')::int AS day, e.kind, e.action, a.subject AS actor, e.machine, p.subject AS person, e.seq
       FROM audit_entry e LEFT JOIN person_key a ON a.id = e.actor LEFT JOIN person_key p ON p.id = e.person ORDER BY e.id`,
    );
    const look = {
      kind: 'look',
      action: 'read-conversation',
      actor: null,
      person: member,
      machine: null,
      seq: null,
    };
    expect(rows).toEqual([
      { ...look, day: 1, actor: officer },
      { ...look, day: 2, machine: 'local:why' },
      { ...look, day: 3, machine: 'local:problems', action: 'count-problems', person: null },
    ]);
    expect((await database.pool.query('SELECT FROM person_key')).rowCount).toBe(2);
    expect(await exists('access_log')).toBe(false);
  });

  test('two programs at once apply each once', async () => {
    write('1_first', 'CREATE TABLE a (id int)');
    const both = await Promise.all([applyMigrations(database.url, dir), applyMigrations(database.url, dir)]);
    expect(both.flat()).toEqual(['1_first']);
  });

  test('bodies with semicolons, and a comment at the very end, are one script', async () => {
    const body = `BEGIN RETURN 'a;b'; END`;
    write('1_f', `CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ ${body} $$; -- the end`);
    await applyMigrations(database.url, dir);
    expect((await database.pool.query('SELECT f()')).rows).toEqual([{ f: 'a;b' }]);
  });

  test('one that fails leaves nothing behind but its row, and blocks the next start', async () => {
    write('1_good', 'CREATE TABLE good (id int)');
    write('2_bad', 'CREATE TABLE half (id int); SELECT 1 / 0; CREATE TABLE rest (id int)');
    await expect(applyMigrations(database.url, dir)).rejects.toThrow(/2_bad failed: division by zero/);
    expect([await exists('good'), await exists('half'), await exists('rest')]).toEqual([true, false, false]);
    expect((await history())[1]).toMatchObject({
      name: '2_bad',
      finished: false,
      logs: 'division by zero',
      steps: 0,
    });
    write('2_bad', 'CREATE TABLE half (id int)');
    await expect(applyMigrations(database.url, dir)).rejects.toThrow(/2_bad failed earlier/);
    await database.pool.query("DELETE FROM _prisma_migrations WHERE migration_name = '2_bad'");
    expect(await applyMigrations(database.url, dir)).toEqual(['2_bad']);
  });

  test('one that failed and was marked as rolled back is tried again', async () => {
    write('1_bad', 'SELECT 1 / 0');
    await expect(applyMigrations(database.url, dir)).rejects.toThrow(StartError);
    await database.pool.query('UPDATE _prisma_migrations SET rolled_back_at = now()');
    write('1_bad', 'SELECT 1');
    expect(await applyMigrations(database.url, dir)).toEqual(['1_bad']);
  });

  test('an applied one that was edited is refused', async () => {
    write('1_first', 'CREATE TABLE a (id int)');
    await applyMigrations(database.url, dir);
    write('1_first', 'CREATE TABLE b (id int)');
    await expect(applyMigrations(database.url, dir)).rejects.toThrow(/1_first was changed/);
  });

  test('a database of a newer program is refused', async () => {
    await applyMigrations(database.url, dir);
    await database.pool.query(
      'INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ($1, $2, $3, now())',
      [randomUUID(), 'x', '9_later'],
    );
    write('1_first', 'CREATE TABLE a (id int)');
    await expect(applyMigrations(database.url, dir)).rejects.toThrow(/9_later, which this program does not/);
    expect(await exists('a')).toBe(false);
  });
});

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { databaseFault } from '../../src/store/database-fault.js';
import { applyMigrations, refuseOccupied } from '../../src/store/migrations.js';
import { administer } from '../support/database.js';
import { databaseUrl } from '../support/database-url.js';

const name = `fault_${randomUUID().slice(0, 8)}`;
const weak = `${name}_weak`;

beforeAll(async () => {
  await administer(`CREATE DATABASE ${name}`);
  await administer(`CREATE ROLE ${weak} LOGIN`);
});

afterAll(async () => {
  await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await administer(`DROP ROLE IF EXISTS ${weak}`);
});

/** The address of the database, as another user or of another name. */
function urlWith(user: string, database = name): string {
  const url = new URL(databaseUrl(inject('serverUrl'), database));
  url.username = user;
  return url.href;
}

/** What a start says of an address. */
async function faultOf(url: string) {
  const error = await applyMigrations(url, 'prisma/migrations').then(
    () => null,
    (reason: unknown) => reason,
  );
  return databaseFault(error, url);
}

describe('a database that cannot be used is told in words', () => {
  test.each<[string, () => string, string, string]>([
    [
      'one that does not exist',
      () => urlWith('postgres', 'Belum Ada'),
      'The database Belum Ada does not exist.',
      'CREATE DATABASE "Belum Ada" OWNER postgres;',
    ],
    [
      'one in which nothing may be made',
      () => urlWith(weak),
      `The user ${weak} may not make tables in the database ${name} (permission denied for schema public).`,
      `GRANT CONNECT, CREATE ON DATABASE ${name} TO ${weak};`,
    ],
    [
      'a user that does not exist',
      () => urlWith('tamu'),
      'does not let the user tamu in (role "tamu" does not exist).',
      'no such user',
    ],
    [
      'a sign in the password',
      () => 'postgresql://sapa:rahasia/1@localhost/sapa',
      'DATABASE_URL cannot be read as an address.',
      '/ is %2F',
    ],
    [
      'a percent sign in the password',
      () => 'postgresql://sapa:rahasia%ff@localhost/sapa',
      'DATABASE_URL cannot be read as an address.',
      '% is %25',
    ],
    [
      'one that does not answer',
      () => 'postgresql://sapa:rahasia@127.0.0.1:1/sapa',
      '(ECONNREFUSED)',
      'Check',
    ],
  ])('%s', async (_name, url, message, mend) => {
    const fault = await faultOf(url());
    expect(fault.message).toContain(message);
    expect(fault.mend).toContain(mend);
    expect(`${fault.message}${fault.mend}`).not.toMatch(/rahasia|\n/);
  });

  test('a wrong password', () => {
    const error = new pg.DatabaseError('password authentication failed for user "sapa"', 0, 'error');
    error.code = '28P01';
    const fault = databaseFault(error, 'postgresql://sapa:rahasia@localhost/sapa');
    expect(fault.message).toContain('does not let the user sapa in');
    expect(fault.mend).toContain('wrong password');
  });
});

test('a database in which something else lives is refused, an empty one and our own are not', async () => {
  const pool = new pg.Pool({ connectionString: urlWith('postgres') });
  try {
    await refuseOccupied(pool);
    await pool.query('CREATE TABLE orders (id int)');
    await expect(refuseOccupied(pool)).rejects.toThrow('holds nothing of Sapa (but the table orders)');
    await pool.query('CREATE TABLE _prisma_migrations (id int)');
    await refuseOccupied(pool);
  } finally {
    await pool.end();
  }
});

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { databaseUrl } from './database-url.js';

/** A database of a test file's own: migrated, with the regions. */
export interface FreshDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  drop(): Promise<void>;
}

/** Copies the template database, file by file: a third of the time that copying it through the log takes. `drop` closes the pool and removes it. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE test_template STRATEGY FILE_COPY`);
  const url = databaseUrl(inject('serverUrl'), name);
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  pool.on('error', () => {});
  const drop = async () => {
    await pool.end();
    await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  return { url, pool, drop };
}

let administrators: pg.Pool | null = null;

/** Runs a statement as the administrator of the server, over a connection that the files of a worker share. */
export async function administer(statement: string): Promise<void> {
  administrators ??= openAdministrators();
  await administrators.query(statement);
}

function openAdministrators(): pg.Pool {
  const pool = new pg.Pool({ connectionString: inject('serverUrl'), max: 2, allowExitOnIdle: true });
  pool.on('error', () => {});
  return pool;
}

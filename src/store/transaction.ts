import type pg from 'pg';
import { run, type Statement } from './statement.js';

/** Does work on one connection as one transaction, which ends well only when the work says so. What it throws undoes it. */
export async function inTransaction(
  pool: pg.Pool,
  work: (connection: pg.PoolClient) => Promise<boolean>,
): Promise<boolean> {
  const connection = await pool.connect();
  let broken = false;
  try {
    await connection.query('BEGIN');
    const done = await work(connection);
    await connection.query(done ? 'COMMIT' : 'ROLLBACK');
    return done;
  } catch (error) {
    broken = await rollback(connection);
    throw error;
  } finally {
    connection.release(broken);
  }
}

/** Writes all of these or nothing, one after the other. Throws `ChangedMeanwhile`. */
export async function writeTogether(pool: pg.Pool, statements: readonly Statement[]): Promise<void> {
  await inTransaction(pool, async (connection) => {
    for (const statement of statements) await run(connection, statement);
    return true;
  });
}

/** Undoes what a connection has begun; true when the connection itself is gone. */
async function rollback(connection: pg.PoolClient): Promise<boolean> {
  try {
    await connection.query('ROLLBACK');
    return false;
  } catch {
    return true;
  }
}

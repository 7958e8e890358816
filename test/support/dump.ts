import { Redis } from 'ioredis';
import type pg from 'pg';
import type { Vault } from '../../src/store/crypto.js';

interface DumpOptions {
  /** Tables that are left out, as `public.name`. */
  readonly without?: readonly RegExp[];
  /** Opens what is sealed as well. */
  readonly vault?: Vault;
}

/** Every row of every table of every schema, as text; bytes also as the text they may be. */
export async function dumpOf(pool: pg.Pool, { without = [], vault }: DumpOptions = {}): Promise<string> {
  const { rows: tables } = await pool.query(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    if (without.some((one) => one.test(name))) continue;
    const { rows } = await pool.query(`SELECT t.*, t::text AS "as text" FROM ${name} t`);
    for (const row of rows)
      parts.push(
        `${name} ${Object.values(row)
          .map((value) => textOf(value, vault))
          .join(' | ')}`,
      );
  }
  return parts.join('\n');
}

function textOf(value: unknown, vault?: Vault): string {
  if (Buffer.isBuffer(value))
    return `${value.toString('latin1')} ${value.toString('utf8')} ${opened(value, vault)}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What is sealed with the data key in plain words, as whoever holds the key can read it. */
function opened(value: Buffer, vault?: Vault): string {
  try {
    return vault?.openBytes(value).toString('utf8') ?? '';
  } catch {
    return '';
  }
}

/** Every key of a Redis with what it holds. */
export async function redisOf(url: string): Promise<string> {
  const redis = new Redis(url);
  const keys = await redis.keys('*');
  const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
  redis.disconnect();
  return keys.map((key, at) => `${key} ${dumps[at]?.toString('latin1')}`).join('\n');
}

import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { Vault } from './crypto.js';
import { StartError } from './errors.js';

/** The key all personal data is sealed with, and whether it was made just now. */
export interface DataKey {
  readonly key: Buffer;
  readonly created: boolean;
}

const keyBytes = 32;

/** Where the key comes from. One is made only for a database that nothing was sealed in yet. */
export interface KeySource {
  readonly dataKey: string | null;
  readonly dataDir: string;
  readonly mayMake: boolean;
}

/** Takes the key given as base64, or the one in `DATA_DIR/key` (mode 0600), which may be made when there is none. Throws `StartError`. */
export function loadDataKey(options: KeySource): DataKey {
  if (options.dataKey !== null) return { key: decode(options.dataKey, 'DATA_KEY'), created: false };
  const file = join(options.dataDir, 'key');
  const kept = readKey(file);
  if (kept !== null) return { key: decode(kept, file), created: false };
  if (!options.mayMake) throw lostKey(file);
  makeKey(file, options.dataDir);
  return { key: decode(readKey(file) ?? '', file), created: true };
}

function lostKey(file: string): StartError {
  return new StartError(
    `The key this database was written with is missing (${file}).`,
    'Put it back from your copy, or give it as DATA_KEY; a new key could not read the data.',
  );
}

function decode(text: string, where: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  // Node leaves out what is no base64, and so would make a key of a mistyped one.
  if (key.length === keyBytes && key.toString('base64') === text.trim()) return key;
  throw new StartError(
    `${where} does not hold a key of 32 bytes in base64.`,
    'Put the right key there; without it the data cannot be read.',
  );
}

function readKey(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new StartError(`The key in ${file} cannot be read.`, 'Let the user that runs Sapa read it.');
  }
}

/** Written aside and linked into place: two processes at once end up with one key, whole. */
function makeKey(file: string, dataDir: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600 });
    chmodSync(draft, 0o600);
    linkIfAbsent(draft, file);
  } catch {
    throw new StartError(
      `The folder ${dataDir} cannot be written to.`,
      'Set DATA_DIR to a folder this user may write to, or give DATA_KEY.',
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

function linkIfAbsent(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** Whether a database was already written with some key. */
export async function isSealed(pool: Pool): Promise<boolean> {
  return (await keyIdOf(pool)) !== null;
}

/** Refuses a key other than the one this database was written with. Throws `StartError`. */
export async function checkKey(pool: Pool, vault: Vault): Promise<void> {
  const known = (await keyIdOf(pool)) ?? (await claim(pool, vault.keyId));
  if (known === vault.keyId) return;
  throw new StartError(
    'DATA_KEY is not the key this database was written with.',
    'Give the key it was written with (see DATA_DIR/key or your backup); nothing was changed.',
  );
}

async function keyIdOf(db: Pick<Pool, 'query'>): Promise<string | null> {
  const { rows } = await db.query<{ key_id: string }>('SELECT key_id FROM data_key');
  return rows[0]?.key_id ?? null;
}

/** Writes the key of an empty database down; of two that start at once with different keys, one wins. */
async function claim(pool: Pool, keyId: string): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN; LOCK TABLE data_key IN SHARE ROW EXCLUSIVE MODE');
    const known = await keyIdOf(client);
    if (known === null) await client.query('INSERT INTO data_key (key_id) VALUES ($1)', [keyId]);
    await client.query('COMMIT');
    return known ?? keyId;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

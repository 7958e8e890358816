import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Pool } from 'pg';
import { createVault, type Vault } from './crypto.js';
import { StartError } from './errors.js';

/** The key all personal data is sealed with, where it stands, and whether it was made just now. */
export interface DataKey {
  readonly key: Buffer;
  readonly where: string;
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
  const file = join(options.dataDir, 'key');
  const where = options.dataKey === null ? file : 'DATA_KEY';
  const kept = options.dataKey ?? readKey(file);
  if (kept !== null) return { key: decode(kept, where), where, created: false };
  if (!options.mayMake) throw lostKey(file);
  makeKey(file, options.dataDir);
  return { key: decode(readKey(file) ?? '', file), where, created: true };
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
  return (await keptKey(pool)) !== null;
}

/** What a database says of its key. */
export interface KeptKey {
  readonly keyId: string;
  /** The key it is being changed to; null: it is not. */
  readonly nextKeyId: string | null;
  readonly lastingSealed: Buffer | null;
}

const keptText =
  'SELECT key_id AS "keyId", next_key_id AS "nextKeyId", lasting_sealed AS "lastingSealed" FROM data_key';

/** What a database says of its key; null before anything was sealed. */
export async function keptKey(db: Pick<Pool, 'query'>): Promise<KeptKey | null> {
  return (await db.query<KeptKey>(keptText)).rows[0] ?? null;
}

/** Opens the vault of a database with the key that stands `where`. Refuses a key other than the one it was written with, and one that is being changed. Throws `StartError`. */
export async function openVault(pool: Pool, key: Buffer, where = 'This'): Promise<Vault> {
  const own = createVault(key);
  const known = (await keptKey(pool)) ?? (await claim(pool, own.keyId));
  if (known.nextKeyId !== null)
    throw new StartError(
      'The data key is being changed, and that was cut off.',
      'Finish it: npx sapa keys rotate; nothing is lost.',
    );
  if (known.keyId !== own.keyId)
    throw new StartError(
      `${where} is not the key this database was written with.`,
      'Give the key it was written with (see your copy of it); nothing was changed. If a change of the key was cut off, finish it: npx sapa keys rotate.',
    );
  const { lastingSealed } = known;
  return lastingSealed === null ? own : createVault(key, own.openBytes(lastingSealed));
}

/** Writes the key of an empty database down; of two that start at once with different keys, one wins. */
async function claim(pool: Pool, keyId: string): Promise<KeptKey> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN; LOCK TABLE data_key IN SHARE ROW EXCLUSIVE MODE');
    const known = await keptKey(client);
    if (known === null) await client.query('INSERT INTO data_key (key_id) VALUES ($1)', [keyId]);
    await client.query('COMMIT');
    return known ?? { keyId, nextKeyId: null, lastingSealed: null };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/** Reads a key file, or makes one with a new key (mode 0600) where there is none; a process killed half way leaves none or a whole one. */
export function readOrMakeKey(file: string): Buffer {
  if (readKey(file) === null) makeKey(file, dirname(file));
  return decode(readKey(file) ?? '', file);
}

/** Reads a key file. Throws `StartError` where there is none. */
export function readKeyFile(file: string): Buffer {
  return decode(readKey(file) ?? '', file);
}

/** Puts a key into a file in place of another one, whole or not at all. Throws `StartError`. */
export function replaceKey(file: string, key: Buffer): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${key.toString('base64')}\n`, { mode: 0o600, flush: true });
    renameSync(draft, file);
  } catch {
    throw new StartError(
      `The key cannot be written to ${file}.`,
      'Let this user write there, and begin again: nothing is lost.',
    );
  }
}

import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { type End, type Frame, frameOf } from './backup-frames.js';
import { sealStream } from './backup-seal.js';
import { StartError } from './errors.js';
import { sealedFile, syncFolderOf } from './files.js';
import { keyHolders } from './key-lock.js';

/** What is backed up. */
export interface BackupSource {
  readonly pool: pg.Pool;
  /** Under which it is sealed; it is not in it. */
  readonly dataKey: Buffer;
  readonly filesFolder: string;
  readonly now: () => Date;
  /** Told of each table that is in, with its rows, and of the files. */
  readonly report: (what: string, count: number) => void;
}

/** Rows in one part; few where each may hold a file. */
const rowsAtOnce = 500;
const filesAtOnce = 4;

/**
 * Writes all tables as they are at one moment, and the files that their rows name, beside whoever uses them. The file comes under its name when
 * it is whole, and replaces none. Gives what is in it. Throws `StartError`.
 */
export async function writeBackup(file: string, source: BackupSource): Promise<End> {
  refuseExisting(file);
  const draft = `${file}.${process.pid}.part`;
  const connection = await source.pool.connect();
  const ends: End[] = [];
  try {
    await connection.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await pipeline(
      encoded(framesOf(connection, source), (end) => ends.push(end)),
      createGzip({ level: 1 }),
      (plain) => sealStream(source.dataKey, plain),
      createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }),
    );
    refuseExisting(file);
    await rename(draft, file);
    await syncFolderOf(file);
  } catch (error) {
    throw unwritable(error, file);
  } finally {
    await rm(draft, { force: true });
    await connection.query('ROLLBACK').catch(() => {});
    connection.release();
  }
  const [end] = ends;
  if (end === undefined) throw new Error('a backup that was written has an end');
  return end;
}

function refuseExisting(file: string): void {
  if (existsSync(file))
    throw new StartError(`${resolve(file)} is there already.`, 'Name another file; nothing was changed.');
}

/** A disk that cannot be written to is the administrator's to mend. */
function unwritable(error: unknown, file: string): unknown {
  const isOfDisk = error instanceof Error && 'syscall' in error && 'code' in error && !('severity' in error);
  if (!isOfDisk) return error;
  return new StartError(
    `The backup could not be written to ${resolve(file)} (${String(error.code)}).`,
    'Look whether the folder is there, may be written to, and has room; no part of it was left.',
  );
}

async function* encoded(frames: AsyncIterable<Frame>, ended: (end: End) => void): AsyncGenerator<Uint8Array> {
  for await (const { part, body } of frames) {
    yield frameOf(part, body);
    if (part.kind === 'end') ended(part);
  }
}

const nothing = Buffer.alloc(0);

async function* framesOf(db: pg.PoolClient, source: BackupSource): AsyncGenerator<Frame> {
  const alone = (await keyHolders(db)) === 1;
  const tables = await tablesIn(db);
  const migrations = await migrationsIn(db);
  yield { part: { kind: 'begin', madeAt: source.now().toISOString(), migrations, tables }, body: nothing };
  const rows: Record<string, number> = {};
  for (const table of tables) {
    rows[table.name] = yield* rowsOf(db, table);
    source.report(table.name, rows[table.name] ?? 0);
  }
  const files = yield* filesOf(db, source.filesFolder);
  source.report('files', files);
  const quiet = alone && (await keyHolders(db)) === 1;
  const sequences = await sequencesIn(db);
  yield { part: { kind: 'end', rows, files, sequences, quiet }, body: nothing };
}

/** A table, with its columns as they lie. */
export interface Table {
  readonly name: string;
  readonly columns: string[];
}

const tablesText = `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE '\\_%' AND a.attnum > 0 AND NOT a.attisdropped
GROUP BY c.relname ORDER BY c.relname`;
const pointersText = `SELECT c.relname AS child, p.relname AS parent FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND c.oid <> p.oid`;

/** All tables but those of the migrations, each after those it points to. */
export async function tablesIn(db: pg.ClientBase): Promise<Table[]> {
  const { rows: tables } = await db.query<Table>(tablesText);
  const { rows: pointers } = await db.query<{ child: string; parent: string }>(pointersText);
  const placed: Table[] = [];
  const isFree = ({ name }: Table) =>
    pointers.every(({ child, parent }) => child !== name || placed.some((one) => one.name === parent));
  while (placed.length < tables.length) {
    const next = tables.find((table) => !placed.includes(table) && isFree(table));
    if (next === undefined) throw new Error('tables point to each other in a circle');
    placed.push(next);
  }
  return placed;
}

async function migrationsIn(db: pg.ClientBase): Promise<{ name: string; checksum: string }[]> {
  const text = `SELECT migration_name AS name, checksum FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`;
  return (await db.query<{ name: string; checksum: string }>(text)).rows;
}

/** Each row as PostgreSQL writes it as one text, which any version reads again. */
async function* rowsOf(db: pg.ClientBase, { name, columns }: Table): AsyncGenerator<Frame, number> {
  const table = pg.escapeIdentifier(name);
  await db.query(`DECLARE backup NO SCROLL CURSOR FOR SELECT t::text AS row FROM ${table} t`);
  const limit = columns.includes('bytes_sealed') ? filesAtOnce : rowsAtOnce;
  let total = 0;
  for (let count = limit; count === limit; total += count) {
    const { rows } = await db.query<{ row: string }>(`FETCH ${limit} FROM backup`);
    count = rows.length;
    const body = Buffer.from(JSON.stringify(rows.map(({ row }) => row)));
    if (count > 0) yield { part: { kind: 'rows', table: name }, body };
  }
  await db.query('CLOSE backup');
  return total;
}

// What a row named a moment ago may have been erased since; it is missing then, as it should be.
async function* filesOf(db: pg.ClientBase, folder: string): AsyncGenerator<Frame, number> {
  const named = 'SELECT DISTINCT file AS name FROM attachment WHERE file IS NOT NULL ORDER BY file';
  let total = 0;
  for (const { name } of (await db.query<{ name: string }>(named)).rows) {
    const body = await sealedFile(folder, name);
    if (body === null) continue;
    yield { part: { kind: 'file', name }, body };
    total += 1;
  }
  return total;
}

/** Read after the rows: a sequence that is ahead of them gives no number twice. */
async function sequencesIn(db: pg.ClientBase): Promise<Record<string, string>> {
  const text = `SELECT sequencename AS name, last_value::text AS last FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY 1`;
  const { rows } = await db.query<{ name: string; last: string }>(text);
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]));
}

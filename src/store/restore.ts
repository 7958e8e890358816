import { createReadStream } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { type Table, tablesIn } from './backup.js';
import { type Begin, type End, type Frame, framesIn } from './backup-frames.js';
import { damaged, headBytes, openStream } from './backup-seal.js';
import { StartError } from './errors.js';
import { putSealed } from './files.js';
import { inTransaction } from './transaction.js';

/** A backup that was read through from its beginning to its end. */
export interface Checked {
  readonly begin: Begin;
  readonly end: End;
}

/** Reads a backup through: that the key fits, and that it is whole and as it was written. Throws `StartError`. */
export async function checkBackup(file: string, dataKey: Buffer): Promise<Checked> {
  let begin: Begin | null = null;
  let end: End | null = null;
  const rows = new Map<string, number>();
  let files = 0;
  for await (const { part, body } of partsIn(file, dataKey)) {
    if (end !== null || (begin === null) !== (part.kind === 'begin')) throw damaged();
    if (part.kind === 'begin') begin = part;
    if (part.kind === 'end') end = part;
    if (part.kind === 'file') files += 1;
    if (part.kind === 'rows') rows.set(part.table, (rows.get(part.table) ?? 0) + textsIn(body).length);
  }
  if (begin === null || end === null || files !== end.files) throw damaged();
  if (Object.entries(end.rows).some(([table, count]) => (rows.get(table) ?? 0) !== count)) throw damaged();
  return { begin, end };
}

async function* partsIn(file: string, dataKey: Buffer): AsyncGenerator<Frame> {
  const head = await headOf(file);
  const unzipped = createGunzip();
  const sealed = createReadStream(file, { start: headBytes });
  const opened = pipeline(openStream(dataKey, head, sealed), unzipped);
  // What went wrong is told by the stream itself, to whoever reads it.
  opened.catch(() => {});
  yield* framesIn(unzipped);
}

async function headOf(file: string): Promise<Buffer> {
  const opened = await open(file, 'r').catch(() => {
    throw new StartError(`${resolve(file)} cannot be read.`, 'Name the file that sapa backup has written.');
  });
  try {
    const { bytesRead, buffer } = await opened.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await opened.close();
  }
}

function textsIn(body: Buffer): readonly string[] {
  // It was written by us, and nobody can have changed it.
  return JSON.parse(body.toString()) as readonly string[];
}

const standsText = `SELECT to_regclass('public._restoring') IS NOT NULL AS unfinished,
  EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r') AS filled`;

interface Stands {
  readonly unfinished: boolean;
  readonly filled: boolean;
}

async function standsIn(pool: pg.Pool): Promise<Stands> {
  return (await pool.query<Stands>(standsText)).rows[0] ?? { unfinished: false, filled: true };
}

/** Refuses a place in which a restore was cut off. Throws `StartError`. */
export async function refuseUnfinished(pool: pg.Pool): Promise<void> {
  if ((await standsIn(pool)).unfinished)
    throw new StartError(
      'A restore into this place was cut off; what is there is not whole.',
      'Run the same sapa restore again: it begins anew.',
    );
}

/**
 * Marks an empty place as one that is being restored, which no Sapa starts in; what a restore that was cut off left there is removed. Throws
 * `StartError` for a place in which there is anything else.
 */
export async function claimPlace(pool: pg.Pool, filesFolder: string): Promise<void> {
  const { unfinished, filled } = await standsIn(pool);
  const hasFiles = (await readdir(filesFolder).catch(() => [])).length > 0;
  if (!unfinished && (filled || hasFiles))
    throw new StartError(
      filled ? 'There is something in this database already.' : `There are files in ${filesFolder} already.`,
      'Restore into an empty place only: another DATA_DIR, and with DATABASE_URL another, empty database. Nothing was changed.',
    );
  if (unfinished) await rm(filesFolder, { recursive: true, force: true });
  const emptied = unfinished ? 'DROP SCHEMA public CASCADE; CREATE SCHEMA public;' : '';
  await pool.query(`${emptied} CREATE TABLE public._restoring (begun_at timestamptz NOT NULL DEFAULT now())`);
}

/** Takes the mark away: from now on a Sapa may start here. */
export async function releasePlace(pool: pg.Pool): Promise<void> {
  await pool.query('DROP TABLE public._restoring');
}

/** Where a backup is loaded, and who hears how far it came. */
export interface Loading {
  readonly pool: pg.Pool;
  readonly filesFolder: string;
  readonly dataKey: Buffer;
  readonly now: () => Date;
  readonly report: (what: string, count: number) => void;
}

/** Loads all rows in one transaction, and the files, into tables that the same migrations have made; looks whether as many are there as there were. */
export async function loadBackup(file: string, { begin, end }: Checked, loading: Loading): Promise<void> {
  await inTransaction(loading.pool, async (db) => {
    await refuseOtherTables(db, begin.tables);
    // The audit refuses whatever is not appended one by one.
    for (const table of begin.tables) await db.query(`ALTER TABLE ${quoted(table)} DISABLE TRIGGER USER`);
    for (const table of begin.tables.toReversed()) await db.query(`DELETE FROM ${quoted(table)}`);
    for await (const frame of partsIn(file, loading.dataKey)) await loadPart(db, frame, loading);
    for (const [name, last] of Object.entries(end.sequences))
      await db.query('SELECT setval($1::regclass, $2::bigint)', [
        `public.${pg.escapeIdentifier(name)}`,
        last,
      ]);
    for (const table of begin.tables) await finishTable(db, table, end, loading);
    return true;
  });
  loading.report('files', end.files);
  // Without figures the planner reads whole tables.
  await loading.pool.query('ANALYZE');
}

function quoted({ name }: Pick<Table, 'name'>): string {
  return `public.${pg.escapeIdentifier(name)}`;
}

async function refuseOtherTables(db: pg.PoolClient, tables: readonly Table[]): Promise<void> {
  const own = await tablesIn(db);
  if (JSON.stringify(own) !== JSON.stringify(tables))
    throw new Error('the migrations of the backup have made other tables than it holds');
}

async function loadPart(
  db: pg.PoolClient,
  { part, body }: Frame,
  { filesFolder, now }: Loading,
): Promise<void> {
  if (part.kind === 'file') await putSealed(filesFolder, part.name, body, now());
  if (part.kind !== 'rows') return;
  const table = quoted({ name: part.table });
  await db.query(`INSERT INTO ${table} SELECT r.* FROM unnest($1::${table}[]) r`, [textsIn(body)]);
}

async function finishTable(db: pg.PoolClient, table: Table, end: End, { report }: Loading): Promise<void> {
  const { rows } = await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${quoted(table)}`);
  const count = rows[0]?.n ?? 0;
  if (count !== end.rows[table.name])
    throw new Error(`${table.name} has ${count} rows, and should have ${end.rows[table.name]}`);
  await db.query(`ALTER TABLE ${quoted(table)} ENABLE TRIGGER USER`);
  report(table.name, count);
}

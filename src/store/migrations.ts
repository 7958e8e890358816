import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { StartError } from './errors.js';

/** The lock Prisma's own `migrate deploy` takes, so that both never run at once. */
const prismaLock = 72707369;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** A migration that another database has. */
export type Wanted = Pick<Migration, 'name' | 'checksum'>;

interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

/**
 * Applies what is missing of `dir` with the bookkeeping of `prisma migrate deploy` (lock, table, sha-256 checksum); gives
 * the names applied. Each migration is one transaction; with `only`, no others. Throws `StartError` when the history does not fit these files.
 */
export async function applyMigrations(
  url: string,
  dir: string,
  only: readonly Wanted[] | null = null,
): Promise<readonly string[]> {
  const db = new pg.Client({ connectionString: url });
  db.on('error', () => {});
  await db.connect();
  try {
    await db.query('SELECT pg_advisory_lock($1)', [prismaLock]);
    await db.query(historyTable);
    const all = await readMigrations(dir);
    const missing = missingOf(only === null ? all : wantedOf(all, only), await readHistory(db));
    for (const migration of missing) await apply(db, migration);
    return missing.map((migration) => migration.name);
  } finally {
    await db.end();
  }
}

/** Tables of nobody's extension, where no migration was ever written down. */
const strangersText = `SELECT relname AS name FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  AND to_regclass('public._prisma_migrations') IS NULL
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
  ORDER BY relname LIMIT 1`;

/** Refuses a database in which something else lives: its tables and ours would get into each other's way. Throws `StartError`. */
export async function refuseOccupied(db: Pick<pg.Pool, 'query'>): Promise<void> {
  const [first] = (await db.query<{ name: string }>(strangersText)).rows;
  if (first === undefined) return;
  throw new StartError(
    `This database is not empty, and holds nothing of Sapa (but the table ${first.name}).`,
    'Nothing was changed. Make a database for Sapa alone, and name it in DATABASE_URL.',
  );
}

const historyTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL,
  finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

async function readMigrations(dir: string): Promise<readonly Migration[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return await Promise.all(names.sort().map((name) => readMigration(dir, name)));
}

async function readMigration(dir: string, name: string): Promise<Migration> {
  const sql = await readFile(join(dir, name, 'migration.sql'), 'utf8');
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

async function readHistory(db: pg.Client): Promise<readonly Applied[]> {
  const text =
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL';
  return (await db.query<Applied>(text)).rows;
}

function wantedOf(all: readonly Migration[], only: readonly Wanted[]): readonly Migration[] {
  return only.map(({ name, checksum }) => {
    const own = all.find((migration) => migration.name === name && migration.checksum === checksum);
    if (own !== undefined) return own;
    throw new StartError(
      `The backup was made with the migration ${name}, which this program does not have.`,
      'Use the version of Sapa that made the backup, or a newer one.',
    );
  });
}

function missingOf(migrations: readonly Migration[], history: readonly Applied[]): readonly Migration[] {
  for (const applied of history) refuseStranger(applied, migrations);
  const done = new Set(history.map((applied) => applied.migration_name));
  return migrations.filter((migration) => !done.has(migration.name));
}

function refuseStranger(applied: Applied, migrations: readonly Migration[]): void {
  const { migration_name: name, checksum, finished_at } = applied;
  const own = migrations.find((migration) => migration.name === name);
  if (finished_at === null) {
    throw new StartError(
      `The migration ${name} failed earlier.`,
      'See the column logs of _prisma_migrations, mend the cause, and delete that row.',
    );
  }
  if (own === undefined) {
    throw new StartError(
      `The database knows the migration ${name}, which this program does not.`,
      'Start the newer version of Sapa that made it.',
    );
  }
  if (own.checksum !== checksum) {
    throw new StartError(
      `The migration ${name} was changed after it had been applied.`,
      'Put its file back as it was, and make a new migration for the change.',
    );
  }
}

/** Its row is written with it, in one transaction: a process killed half way leaves neither. */
async function apply(db: pg.Client, migration: Migration): Promise<void> {
  try {
    await db.query(`BEGIN;\n${migration.sql}\n;`);
    await record(db, migration, null);
    await db.query('COMMIT');
  } catch (error) {
    await db.query('ROLLBACK');
    const reason = error instanceof Error ? error.message : String(error);
    await record(db, migration, reason);
    throw new StartError(
      `The migration ${migration.name} failed: ${reason}.`,
      'Mend the cause, delete its row in _prisma_migrations, and start again.',
    );
  }
}

async function record(db: pg.Client, { name, checksum }: Migration, fault: string | null): Promise<void> {
  await db.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, $4::text, CASE WHEN $4::text IS NULL THEN now() END, CASE WHEN $4::text IS NULL THEN 1 ELSE 0 END)`,
    [randomUUID(), checksum, name, fault],
  );
}

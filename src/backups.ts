import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type pg from 'pg';
import type { Logger } from 'pino';
import { type Base, onServer } from './base.js';
import { reportTo, tellBackup, tellRestored } from './cli/backup.js';
import { type Config, ConfigError } from './config.js';
import { sealAudit, verifyAudit } from './domain/audit.js';
import { honour, type Objections, readObjections, writtenObjections } from './domain/objections.js';
import { haltRestored, noteBackup } from './domain/restoring.js';
import { projectRoot } from './root.js';
import { writeBackup } from './store/backup.js';
import type { EmbeddedServer } from './store/embedded.js';
import { StartError } from './store/errors.js';
import { writeWhole } from './store/files.js';
import { newId } from './store/ids.js';
import { loadDataKey, openVault, readKeyFile, replaceKey } from './store/key.js';
import { holdKeyAlone } from './store/key-lock.js';
import { applyMigrations } from './store/migrations.js';
import { openPool } from './store/pool.js';
import { type Checked, checkBackup, claimPlace, loadBackup, releasePlace } from './store/restore.js';
import { idleStateOf } from './turn/turn.js';

type Print = (line: string) => void;

/** Where it stands who must be erased again in a copy of before. */
const objectionsFile = (dataDir: string) => join(dataDir, 'erasures.log');

/** Keeps that file up to date; an older one is replaced whole. */
export async function keepObjections({ config, pool, now }: Base): Promise<void> {
  const file = objectionsFile(config.dataDir);
  const text = await writtenObjections(pool);
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept === text) return;
  mkdirSync(config.dataDir, { recursive: true });
  await writeWhole(file, Buffer.from(text), now());
}

/** `sapa backup FILE`: everything at one moment, beside whoever uses it; with `keyOut`, the data key into a file of its own. */
export async function backup(
  base: Base,
  file: string,
  keyOut: string | null,
  print: Print,
): Promise<boolean> {
  const { config, pool, now } = base;
  const { key: dataKey } = loadDataKey({ ...config, mayMake: false });
  if (keyOut !== null) refuseThere(keyOut);
  await noteBackup(pool, 'made', now());
  await sealAudit(base);
  const filesFolder = join(config.dataDir, 'files');
  const { rows, files } = await writeBackup(file, {
    pool,
    dataKey,
    filesFolder,
    now,
    report: reportTo(print),
  });
  if (keyOut !== null) writeFileSync(keyOut, `${dataKey.toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
  await keepObjections(base);
  const keyPlace = config.dataKey === null ? join(config.dataDir, 'key') : 'DATA_KEY';
  tellBackup({ file, rows, files, keyOut, keyPlace, objections: objectionsFile(config.dataDir) }, print);
  return true;
}

function refuseThere(file: string): void {
  if (existsSync(file))
    throw new StartError(`${resolve(file)} is there already.`, 'Name another file for the key.');
}

/** How a backup is restored. */
export interface RestoreWish {
  /** The file with the data key; absent: DATA_KEY, or the one in `DATA_DIR`. */
  readonly key?: string;
  /** `erasures.log` of the old place. */
  readonly erasures?: string;
  /** The old place was stopped before the backup was made, and is not used any more. */
  readonly moved?: boolean;
}

/** `sapa restore FILE`: into an empty place. Cut off, it leaves a place in which nothing starts until it is restored anew. */
export async function restore(
  config: Config,
  log: Logger,
  { file, wish, print }: { readonly file: string; readonly wish: RestoreWish; readonly print: Print },
): Promise<boolean> {
  const dataKey = keyFor(config, wish);
  const objections = wish.erasures === undefined ? null : readObjections(contentOf(wish.erasures));
  const checked = await checkBackup(file, dataKey);
  print(`The backup of ${checked.begin.madeAt} is whole.`);
  if (wish.moved === true && !checked.end.quiet)
    throw new StartError(
      'The backup was made beside a running Sapa.',
      'Leave --moved away; or stop every Sapa of the old place and make another backup.',
    );
  const onto = async (server: EmbeddedServer | null) => {
    const url = server?.url ?? config.databaseUrl ?? '';
    const hold = await holdKeyAlone(url);
    const pool = openPool(url);
    const work = { config, log, url, pool, dataKey, file, checked, objections, moved: wish.moved === true };
    const done = await restoreOn(work, print).finally(async () => {
      await pool.end();
      await hold.close();
    });
    await server?.stop();
    return done;
  };
  return onServer(config, onto, { restored: true });
}

function keyFor(config: Config, { key }: RestoreWish): Buffer {
  if (key === undefined) return loadDataKey({ ...config, mayMake: false }).key;
  if (config.dataKey !== null)
    throw new ConfigError('restore', 'The key is given twice.', 'Leave --key or DATA_KEY away.');
  return readKeyFile(key);
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new StartError(
      `${resolve(file)} cannot be read.`,
      'Name the file erasures.log of the old DATA_DIR.',
    );
  }
}

interface Work {
  readonly config: Config;
  readonly log: Logger;
  readonly url: string;
  readonly pool: pg.Pool;
  readonly dataKey: Buffer;
  readonly file: string;
  readonly checked: Checked;
  readonly objections: Objections | null;
  readonly moved: boolean;
}

async function restoreOn(work: Work, print: Print): Promise<boolean> {
  const { config, url, pool, dataKey, file, checked, objections } = work;
  const { begin, end } = checked;
  const now = () => new Date(Date.now() + config.testClockMs);
  const filesFolder = join(config.dataDir, 'files');
  const migrations = join(projectRoot, 'prisma/migrations');
  await claimPlace(pool, filesFolder);
  if (config.dataKey === null) keepKey(config.dataDir, dataKey);
  await applyMigrations(url, migrations, begin.migrations);
  await loadBackup(file, checked, { pool, filesFolder, dataKey, now, report: reportTo(print) });
  await applyMigrations(url, migrations);
  const vault = await openVault(pool, dataKey);
  const halted = work.moved ? null : await haltRestored(pool, now());
  const retaining = { pool, vault, now, newId: () => newId(), idleState: idleStateOf(vault) };
  const honoured = objections === null ? null : await honour(objections, retaining);
  await noteBackup(pool, 'restored', now(), begin.madeAt);
  await sealAudit({ pool, vault });
  const audit = await verifyAudit({ pool, vault });
  await releasePlace(pool);
  const keyPlace = config.dataKey === null ? join(config.dataDir, 'key') : null;
  const { madeAt } = begin;
  return tellRestored({ madeAt, rows: end.rows, files: end.files, halted, honoured, audit, keyPlace }, print);
}

function keepKey(dataDir: string, key: Buffer): void {
  mkdirSync(dataDir, { recursive: true });
  replaceKey(join(dataDir, 'key'), key);
}

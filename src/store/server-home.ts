import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StartError } from './errors.js';
import { type Binaries, findBinaries, nameOf } from './postgres-binaries.js';
import { reasonOf } from './server-log.js';

/** Where the server lives, and settings beside our own (`shared_buffers` …). */
export interface EmbeddedOptions {
  readonly dir: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** A file that is made after the database only: where it is and the database is not, that is lost and none is made in its place. */
  readonly madeAfter?: string;
}

/** The folder of a server, by its real path, and what runs there. */
export interface Home {
  readonly dir: string;
  readonly data: string;
  readonly socket: string;
  readonly log: string;
  readonly madeAfter: string | null;
  readonly binaries: Binaries;
  readonly settings: Readonly<Record<string, string>>;
}

/** Unix socket paths end at 107 bytes; the server adds its own file name. */
const longestSocketFolder = 85;
/** PostgreSQL splits a list of folders at commas, and reads quotes and what stands at its ends in ways of its own. */
const plainPath = /^[\w./+@ -]*[\w./+@-]$/;

/** Makes the folder of a server, and finds what runs there. Throws `StartError` for a folder that cannot be used. */
export async function openHome({ dir, settings = {}, madeAfter }: EmbeddedOptions): Promise<Home> {
  const binaries = findBinaries();
  refuseOtherOwner(join(resolve(dir), 'data'), binaries);
  makeFolder(resolve(dir), binaries);
  const folder = realpathSync(dir);
  const home = {
    dir: folder,
    data: join(folder, 'data'),
    socket: socketFolder(folder),
    log: join(folder, 'postgres.log'),
    madeAfter: madeAfter ?? null,
    binaries,
    settings,
  };
  if (home.socket !== folder) makeFolder(home.socket, binaries);
  await refuseUnreachable(home);
  await refuseOtherVersion(home);
  return home;
}

function socketFolder(folder: string): string {
  if (plainPath.test(folder) && Buffer.byteLength(folder) <= longestSocketFolder) return folder;
  return join(tmpdir(), `sapa-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
}

function makeFolder(folder: string, binaries: Binaries): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.writable'), '');
    rmSync(join(folder, '.writable'));
    binaries.own(folder);
  } catch (error) {
    throw new StartError(
      `The folder ${folder} cannot be written to (${codeOf(error) ?? 'unknown reason'}).`,
      'Set DATA_DIR to a folder this user may write to.',
    );
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}

/** PostgreSQL works on data of its own user only; whoever else takes the folder over locks that user out. */
function refuseOtherOwner(data: string, binaries: Binaries): void {
  const found = statOf(data);
  if (found === null || found.uid === binaries.uid || !found.isDirectory() || !holdsFiles(data)) return;
  const owner = found.uid;
  const [theirs, ours] = [nameOf(owner), nameOf(binaries.uid)];
  throw new StartError(
    `The database in ${data} belongs to the user ${theirs}; here it would run as ${ours}.`,
    owner === 0
      ? `Nothing was changed. Give it to that user: chown -R ${ours} ${data}.`
      : `Nothing was changed. Run Sapa as whoever made it: as ${theirs === 'postgres' ? 'root' : `the user ${theirs}`}.`,
  );
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

async function refuseUnreachable({ dir, binaries }: Home): Promise<void> {
  if (await binaries.canWrite(dir)) return;
  throw new StartError(
    `The user PostgreSQL runs as cannot reach ${dir}, because a folder above it is private.`,
    'Set DATA_DIR to a folder outside private ones (a home folder of root), or start Sapa as an ordinary user.',
  );
}

async function refuseOtherVersion(home: Home): Promise<void> {
  const ours = await majorVersion(home);
  if (!holdsDatabase(home) || versionIn(home) === ours) return;
  throw new StartError(
    `The data in ${home.data} belongs to PostgreSQL ${versionIn(home)}; this is PostgreSQL ${ours}.`,
    'With the version of Sapa that made it: npx sapa backup FILE. With this one, in an empty DATA_DIR: npx sapa restore FILE --key KEYFILE --moved.',
  );
}

async function majorVersion({ binaries }: Home): Promise<string> {
  try {
    return await binaries.majorVersion();
  } catch (error) {
    throw new StartError(
      `PostgreSQL cannot run from ${binaries.root} (${reasonOf(error)}).`,
      'Move Sapa out of a private folder (a home folder of root), or start it as an ordinary user.',
    );
  }
}

/** Whether there is a database; folders without any file are none. Throws `StartError` for one that is not whole. */
export function holdsDatabase(home: Home): boolean {
  if (versionIn(home) !== null) return true;
  const found = lstatSync(home.data, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (found.isSymbolicLink())
    throw new StartError(
      `${home.data} is a link, and there is no database behind it.`,
      'Is its disk mounted? For a new database take the link away; DATA_DIR itself may be one.',
    );
  if (found.isDirectory() && !holdsFiles(home.data)) return false;
  throw new StartError(
    `The database in ${home.data} is not whole: its file PG_VERSION is missing or damaged.`,
    'Nothing was changed. Put the folder back from a whole copy, or set DATA_DIR to an empty folder and restore a backup: npx sapa restore FILE.',
  );
}

function versionIn({ data }: Home): string | null {
  try {
    return /^\d+/.exec(readFileSync(join(data, 'PG_VERSION'), 'utf8'))?.[0] ?? null;
  } catch {
    return null;
  }
}

/** What cannot be looked into may hold some. */
function holdsFiles(folder: string): boolean {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).some((one) => !one.isDirectory());
  } catch {
    return true;
  }
}

/** Refuses to make a database in place of one that is gone: `usedHere` by this process, or by one before that left what is made after it. */
export function refuseLost({ data, madeAfter }: Home, usedHere: boolean): void {
  const left = madeAfter !== null && statOf(madeAfter) !== null;
  if (!usedHere && !left) return;
  throw new StartError(
    left ? `There is a key (${madeAfter}), but no database in ${data}.` : `The database in ${data} is gone.`,
    'Is its disk mounted, and DATABASE_URL set as before? For a backup: npx sapa restore FILE. For a new, empty database move the key away first.',
  );
}

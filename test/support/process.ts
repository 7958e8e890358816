import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { databaseFolder } from './database-folder.js';
import { waitFor } from './wait.js';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A Sapa in a process of its own. */
export interface SapaProcess {
  readonly pid: number;
  /** Everything it wrote so far. */
  stdout(): string;
  stderr(): string;
  /** Where its web listens; null without the role. */
  url(): string | null;
  /** Resolves when it has ended. */
  readonly ended: Promise<Exit>;
  /** Sends a signal and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<Exit>;
}

type Env = Readonly<Record<string, string>>;

interface SpawnOptions {
  readonly env?: Env;
  /** The tree it runs from; the project itself unless said. */
  readonly root?: string;
  /** What stands on its input, which ends then. */
  readonly input?: string;
}

const readyLine = /^Sapa is ready.*$/m;
const neededVariables = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot', 'TEMP', 'TMP', 'LD_LIBRARY_PATH'];

/**
 * A folder for one test's data. When the test has ended, the server that may still run in it is ended and the folder
 * removed. The server may run as another user, who must be able to walk through.
 */
export function sapaFolder(): string {
  const folder = databaseFolder('sapa-e2e-');
  onTestFinished(async () => {
    await endServer(folder);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Runs one command of Sapa; it is killed with its test at the latest. */
export function runSapa(args: readonly string[], options: SpawnOptions = {}): SapaProcess {
  const root = options.root ?? resolve('.');
  const child = spawn(process.execPath, [join(root, 'build/main.js'), ...args], {
    cwd: root,
    env: { ...keptVariables(), PORT: '0', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const ended = new Promise<Exit>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const kill = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  endWithTest(child, () => kill('SIGKILL'));
  const url = () => /ready: .*(http:\/\/[^\s/]+)/.exec(stdout())?.[1] ?? null;
  return { pid: child.pid ?? 0, stdout, stderr, url, ended, kill };
}

/** `sapa start`, ready. Fails with what it wrote when it ends before that. */
export async function startSapa(env: Env, options: Omit<SpawnOptions, 'env'> = {}): Promise<SapaProcess> {
  const sapa = runSapa(['start'], { ...options, env });
  const over = sapa.ended.then(() => {
    throw new Error(`sapa ended instead of starting:\n${sapa.stdout()}\n${sapa.stderr()}`);
  });
  await Promise.race([waitFor('sapa to be ready', () => readyLine.test(sapa.stdout()), 60_000), over]);
  over.catch(() => {});
  return sapa;
}

/** The pid of the embedded server of a data folder, null when none runs. */
export function serverPid(dataDir: string): number | null {
  const file = join(dataDir, 'postgres/data/postmaster.pid');
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0;
  return pid > 0 && isRunning(pid) ? pid : null;
}

/** The address of the embedded server of a data folder. */
export function serverUrl(dataDir: string): string {
  return `postgresql://postgres@localhost/sapa?host=${encodeURIComponent(join(dataDir, 'postgres'))}`;
}

/** Whether a process with this pid runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function keptVariables(): Env {
  const kept = neededVariables.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function endWithTest(child: ChildProcess, end: () => Promise<Exit>): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
  onTestFinished(() => end().then(() => {}));
}

async function endServer(dataDir: string): Promise<void> {
  const pid = serverPid(dataDir);
  if (pid === null) return;
  process.kill(pid, 'SIGQUIT'); // the server's own "at once"; its children end with it
  await waitFor('the embedded server to end', () => !isRunning(pid));
}

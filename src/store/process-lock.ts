import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const retryMs = 50;

/**
 * Holds a lock file while `work` runs; one process at a time. A lock whose owner is gone is taken over, also when its
 * pid now belongs to another process. Throws what `late` gives when the lock is not free within `patienceMs`.
 */
export async function withProcessLock(
  file: string,
  work: () => Promise<void>,
  patienceMs: number,
  late: () => Error,
): Promise<void> {
  const until = Date.now() + patienceMs;
  while (!take(file)) {
    removeAbandoned(file);
    if (Date.now() > until) throw late();
    await pause(retryMs);
  }
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** The command line of a process, null when there is no such process. */
export function commandOf(pid: number): string | null {
  if (!exists(pid)) return null;
  return read(`/proc/${pid}/cmdline`) ?? askPs(pid, 'command=');
}

/** The folder a process works in; null when there is no such process, or nobody tells. */
export function folderOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

/** Written aside and linked into place, so that a lock is never seen without its owner. */
function take(file: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, identityOf(process.pid));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Of several that find the same abandoned lock only one gets to rename it. */
function removeAbandoned(file: string): void {
  const owner = read(file);
  if (owner === null || isRunning(owner)) return;
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
    if (read(aside) !== owner) linkSync(aside, file);
  } catch {
    // Another process was first.
  }
  rmSync(aside, { force: true });
}

function isRunning(identity: string): boolean {
  const pid = Number.parseInt(identity, 10);
  return pid > 0 && exists(pid) && identityOf(pid) === identity;
}

/** A pid and when its process began: pids are used again, in containers right after a restart. */
function identityOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  const began = stat === null ? askPs(pid, 'lstart=') : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return `${pid} ${began}`;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function askPs(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import { StartError } from './errors.js';

const complaint = /\b(?:error|FATAL|PANIC):\s*(.*)/;
const fullDisk = /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT|wrote only \d+ of \d+ bytes/;

/** How long a log is now: what an attempt says stands behind that. */
export function lengthOf(log: string): number {
  return existsSync(log) ? statSync(log).size : 0;
}

/** The last thing the server gave up over, of what it wrote from a place in its log on. */
export function complaintFrom(log: string, from: number): string | null {
  if (!existsSync(log)) return null;
  const lines = readFileSync(log).subarray(from).toString('utf8').split('\n');
  const last = lines.findLast((line) => /FATAL|PANIC/.test(line));
  return last?.replace(/^.*?(FATAL|PANIC):\s*/, '') ?? null;
}

/** Why a program failed: the line of its output that says so, else the last; or the first line of an error of ours. */
export function reasonOf(error: unknown): string {
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const lines = output.split('\n');
  // What fails after that, and the tidying up, is said behind the cause.
  const line = lines.find((one) => fullDisk.test(one)) ?? lines.find((one) => complaint.test(one));
  const text = error instanceof Error ? error.message : String(error);
  return complaint.exec(line ?? '')?.[1] || lines.at(-1) || (text.split('\n')[0] ?? text);
}

/** That a server did not start, why, and where to look. */
export function notStarted(home: { readonly dir: string; readonly log: string }, reason: string | null) {
  return new StartError(
    `PostgreSQL did not start in ${home.dir}${reason === null ? '' : ` (${reason})`}.`,
    mendOf(home.log, reason ?? ''),
  );
}

function mendOf(log: string, reason: string): string {
  if (fullDisk.test(reason)) return 'The disk is full: make room, and start again.';
  if (lengthOf(log) === 0) return 'Mend that, and start again; is the folder in use by another machine?';
  return `Read the end of ${log}; is the folder in use by another machine?`;
}

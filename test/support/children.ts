import { readdirSync, readFileSync } from 'node:fs';
import { isRunning } from './process.js';

/** The processes that hold a connection to WhatsApp for a process, by pid; only where there is /proc. */
export function whatsAppChildren(parent: number = process.pid): readonly number[] {
  return childrenOf(parent, 'build/whatsapp-web.js');
}

/** The processes that a process has begun, by what stands in their command; only where there is /proc. */
export function childrenOf(parent: number, command: string): readonly number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => parentOf(pid) === parent && commandOf(pid).includes(command));
}

/** Kills such a process, as a crash would. */
export function killChild(parent?: number): number {
  const [pid] = whatsAppChildren(parent);
  if (pid === undefined || !isRunning(pid)) throw new Error('there is no such process');
  process.kill(pid, 'SIGKILL');
  return pid;
}

function parentOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`);
}

/** A process may go away while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

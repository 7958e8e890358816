import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The program. */
export const main = fileURLToPath(new URL('../build/main.js', import.meta.url));

/** How long a start takes until /readyz says ok: the first one in an empty folder, and the next one in the same folder. */
export async function startFigures() {
  const dir = await mkdtemp(join(tmpdir(), 'sapa-bench-'));
  await chmod(dir, 0o711); // the server may run as another user
  try {
    const first = await timedStart(dir);
    const next = await timedStart(dir);
    return [
      { figure: 'start.first_s', value: first.seconds, unit: 's', limit: 15 },
      { figure: 'start.next_s', value: next.seconds, unit: 's', limit: 4 },
      {
        figure: 'memory.rss_mb',
        value: next.megabytes,
        unit: 'MB',
        limit: 250,
        note: 'all roles, just started',
      },
    ];
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function timedStart(dir) {
  const port = await freePort();
  const env = { ...process.env, DATA_DIR: join(dir, 'data'), PORT: String(port), LOG_LEVEL: 'error' };
  const begun = performance.now();
  const child = spawn(process.execPath, [main, 'start'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    while (!(await isReady(port))) await pause(20);
    const seconds = (performance.now() - begun) / 1000;
    return { seconds, megabytes: await memoryOf(child.pid) };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** Whether a process says that it is ready. */
export async function isReady(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** Resident memory of a process in MB, as Linux tells it. */
export async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** A port nobody listens at. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../build/main.js', import.meta.url));
/** How long a service manager lets a process rest that ended by itself. */
const restMs = 500;
const patienceMs = 12_000;

/** A Sapa process that is started again whenever it ends, as a service manager would. */
export function keepRunning(name, role, env, complaints) {
  let closing = false;
  let ready = false;
  let child = start();
  let killed = false;
  let unasked = 0;

  function start() {
    ready = false;
    const one = spawn(process.execPath, [main, 'start', '--roles', role], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    complaints.hear(name, one.stdout).on('line', (line) => {
      if (one === child && line.startsWith('Sapa is ready')) ready = true;
    });
    complaints.hear(name, one.stderr);
    one.once('exit', (code, signal) => void ended(code, signal));
    return one;
  }

  async function ended(code, signal) {
    if (closing) return;
    if (!killed) {
      unasked += 1;
      complaints.add(name, `ended by itself (${signal ?? code})`);
      await pause(restMs);
    }
    killed = false;
    if (!closing) child = start();
  }

  return {
    name,
    unasked: () => unasked,
    isReady: () => ready && isRunning(child),
    async kill() {
      if (!isRunning(child) || child.killed) return false;
      killed = true;
      return child.kill('SIGKILL');
    },
    async end() {
      closing = true;
      if (!isRunning(child)) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await gone;
      clearTimeout(late);
    },
  };
}

/** A Redis that keeps nothing, on a free port; after a kill it is back there, empty. */
export async function startRedis() {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const start = () => spawn('redis-server', args, { stdio: 'ignore' });
  let child = start();
  const killNow = async () => {
    if (!isRunning(child)) return false;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    return true;
  };
  return {
    name: 'redis',
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      const done = await killNow();
      child = start();
      return done;
    },
    end: killNow,
  };
}

/** Whether this machine can start a Redis. */
export function hasRedis() {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** The embedded server of a data folder, which the Sapa processes bring back. */
export function postmasterOf(dataDir) {
  const data = join(dataDir, 'postgres', 'data');
  const pid = () => ownPid(join(data, 'postmaster.pid'), data);
  return {
    name: 'postgres',
    isRunning: () => pid() !== null,
    async kill() {
      const until = Date.now() + patienceMs;
      while (pid() === null && Date.now() < until) await pause(20);
      const found = pid();
      if (found === null) return false;
      process.kill(found, 'SIGKILL');
      return true;
    },
  };
}

/** The pid in the file, when it is this folder's server and not another process that got its number. */
function ownPid(file, data) {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    process.kill(pid, 0);
    const asked = spawnSync('ps', ['-o', 'stat=,command=', '-p', String(pid)], { encoding: 'utf8' });
    return !asked.stdout.startsWith('Z') && asked.stdout.includes(data) ? pid : null;
  } catch {
    return null;
  }
}

function isRunning(child) {
  return child.exitCode === null && child.signalCode === null;
}

/** A port nobody listens at. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

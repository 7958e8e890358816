import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { announce } from './announce.mjs';
import { median } from './rounds.mjs';
import { freePort, isReady, main, memoryOf } from './start.mjs';

const lookMs = 100;

/** What a process with all roles needs more while it sends a broadcast to the people of a large village than to the `small` number in `few`. */
export async function memoryFigure(base, redisUrl, { few, many, small, people }) {
  const port = await freePort();
  const env = {
    ...process.env,
    ...{ DATABASE_URL: base.url, DATA_DIR: base.config.dataDir, REDIS_URL: redisUrl, PORT: String(port) },
    ...{ LOG_LEVEL: 'error', TEST_PROFILE: '{"quietHours":"ignored"}' },
  };
  const child = spawn(process.execPath, [main, 'start'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    while (!(await isReady(port))) await pause(lookMs);
    await memoryWhile(base, child, few, small); // warms up
    const before = await memoryWhile(base, child, few, small);
    const after = await memoryWhile(base, child, many, small);
    const versus = { figure: `memory.rss_mb.plan_${small}`, value: before };
    const note = `${people} people planned`;
    return { figure: 'memory.growth', value: after / before - 1, unit: 'of it', limit: 0.1, versus, note };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** The middle of what is resident while so many messages of a broadcast are sent, in MB. */
async function memoryWhile(base, child, village, messages) {
  const id = await announce(base, village);
  const samples = [];
  const text =
    "SELECT count(*)::int AS n FROM delivery WHERE broadcast_id = $1 AND state NOT IN ('planned', 'due')";
  while ((await base.pool.query(text, [id])).rows[0].n < messages) {
    samples.push(await memoryOf(child.pid));
    await pause(lookMs);
  }
  return median(samples.slice(Math.floor(samples.length / 2)));
}

import { setTimeout as pause } from 'node:timers/promises';
import { isQuiet, progressOf } from './count.mjs';
import { persist } from './people.mjs';

const lookMs = 100;
/** When nothing has moved for so long, what is left is lost. */
const stalledMs = 60_000;

/**
 * How many seconds after the last kill every process serves again: all of them said that they are ready, members were answered, and a
 * message of the broadcast went out, as far as any were left. Null when that does not come.
 */
export async function servesAgain(world, load, signal) {
  const from = Date.now();
  const at = { answers: load.answers(), sent: (await progress(world, signal)).sent };
  while (Date.now() - from < stalledMs) {
    if (world.processes.every((one) => one.isReady()) && (await hasServed(world, load, at, signal)))
      return (Date.now() - from) / 1000;
    await pause(lookMs, undefined, { signal });
  }
  return null;
}

async function hasServed(world, load, at, signal) {
  const { sent, unsent } = await progress(world, signal);
  const isAnswered = load.answers() > at.answers || load.isDone();
  return isAnswered && (sent > at.sent || unsent === 0);
}

function progress({ base }, signal) {
  return persist(signal, () => progressOf(base.pool));
}

/** Waits until all members have finished and nothing is on its way; what does not move any more is given up. */
export async function finished(world, load, signal) {
  let last = '';
  let movedAt = Date.now();
  while (!load.isDone() || !(await persist(signal, () => isQuiet(world.base.pool, world.channel)))) {
    const now = JSON.stringify([load.answers(), await progress(world, signal)]);
    if (now !== last) movedAt = Date.now();
    last = now;
    if (Date.now() - movedAt > stalledMs) return load.giveUp();
    await pause(lookMs, undefined, { signal });
  }
}

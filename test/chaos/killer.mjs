import { setTimeout as pause } from 'node:timers/promises';

/** The last kill falls while this part of the answers is still to come, so that recovery has something to recover. */
const lastAt = 0.97;
const longestDelayMs = 300;
/** So often a kill follows the one before into its recovery, instead of waiting for members to get on. */
const doubleBlow = 0.25;
const longestBreathMs = 3_000;
/** A kill does not wait longer than this for members to get on. */
const stallMs = 20_000;

/** Every kill of a run: whom, after how many answers, and how long after; decided by the seed alone. */
export function scheduleOf(random, kills, victims, answers) {
  const marks = Array.from({ length: kills }, () => Math.floor(random.upTo(lastAt) * answers)).sort(
    (a, b) => a - b,
  );
  const decks = Array.from({ length: Math.ceil(kills / victims.length) }, () => random.shuffled(victims));
  return marks.map((mark, at) => ({
    victim: decks.flat()[at],
    mark,
    isBlow: at > 0 && random.next() < doubleBlow,
    breathMs: random.upTo(longestBreathMs),
    delayMs: random.upTo(longestDelayMs),
  }));
}

/** Carries the schedule out; `before` is called shortly before each kill. Gives how many of each kind were killed. */
export async function killAll(schedule, { progress, before, signal, report }) {
  const killed = new Map();
  for (const [at, { victim, mark, isBlow, breathMs, delayMs }] of schedule.entries()) {
    if (isBlow) await pause(breathMs, undefined, { signal });
    else await reached(progress, mark, signal);
    before(at);
    await pause(delayMs, undefined, { signal });
    while (!(await victim.kill())) await pause(100, undefined, { signal });
    killed.set(victim.name, (killed.get(victim.name) ?? 0) + 1);
    report(`${String(at + 1).padStart(3)}. ${victim.name}, after ${progress()} answers`);
  }
  return killed;
}

async function reached(progress, mark, signal) {
  const until = Date.now() + stallMs;
  while (progress() < mark) {
    if (Date.now() > until) return;
    await pause(20, undefined, { signal });
  }
}

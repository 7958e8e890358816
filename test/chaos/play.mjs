// Kills what Sapa consists of while members register over one channel and a broadcast is on its way, and counts what became of them.
import { setMaxListeners } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openBase } from '../../dist/base.js';
import { readConfig } from '../../dist/config.js';
import { createLog } from '../../dist/log.js';
import { channels } from './channels/index.mjs';
import { createComplaints } from './complaints.mjs';
import { countAll, sum } from './count.mjs';
import { killAll, scheduleOf } from './killer.mjs';
import { answersEach, register } from './member.mjs';
import { readOptions } from './options.mjs';
import { makeRecipients, persist, planWave } from './people.mjs';
import { freePort, hasRedis, keepRunning, postmasterOf, startRedis } from './processes.mjs';
import { createRandom } from './random.mjs';
import { finished, servesAgain } from './recovery.mjs';

const atOnce = 50;
const recoveryBudgetS = 60;
const complaintsShown = 20;
const profile = { leaseMs: 3_000, sweepMs: 500, windowRows: 1_000, quietHours: 'ignored' };

const [options] = readOptions(process.argv.slice(2));
const stopping = new AbortController();
let interrupted = false;
let trouble = null;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    interrupted = true;
    stopping.abort();
  });
const cleanups = [];
const complaints = createComplaints();
let failed = true;
try {
  failed = await run();
} catch (error) {
  if (!interrupted) console.error(trouble ?? error, complaints.list());
} finally {
  stopping.abort();
  for (const clean of cleanups.reverse())
    await clean().catch((error) => console.error(`chaos: ${error.message}`));
}
process.exit(interrupted ? 130 : failed ? 1 : 0);

async function run() {
  const world = await build();
  const schedule = scheduleOf(
    createRandom(options.seed),
    options.kills,
    world.victims,
    options.registrations * answersEach,
  );
  const recipients = await makeRecipients(world.base, world.channel, options.broadcast);
  const names = world.victims.map(({ name }) => name).join(', ');
  console.log(`seed ${options.seed}, ${options.channel}: ${options.kills} kills of ${names}`);
  console.log(`${options.registrations} registrations, a broadcast to ${options.broadcast}`);

  const began = Date.now();
  const load = startLoad(world, wavesOf(recipients, options.kills));
  const killed = await killAll(schedule, {
    progress: load.answers,
    before: (at) => load.plan(at + 1),
    signal: stopping.signal,
    report: (line) => console.log(`${seconds(began).padStart(6)} s ${line}`),
  });
  const recoveryS = await servesAgain(world, load, stopping.signal);
  await finished(world, load, stopping.signal);
  await settle(world.base.pool, stopping.signal);
  const { registrations } = options;
  const counts = await persist(stopping.signal, () =>
    countAll(world.base, world.channel, {
      members: load.known,
      registrations,
      recipients: options.broadcast,
    }),
  );
  return report({ counts, killed, recoveryS, took: seconds(began), world, answers: load.answers() });
}

/** Members begin to register and the first half of the broadcast is planned; `plan` adds one more part of it. */
function startLoad(world, waves) {
  const late = new AbortController();
  const signal = AbortSignal.any([stopping.signal, late.signal]);
  setMaxListeners(0, stopping.signal, signal); // each member who pauses listens
  let answers = 0;
  const heard = () => {
    answers += 1;
  };
  const random = createRandom(options.seed + 1);
  const known = [];
  let busy = 0;
  const begin = (work) => {
    busy += 1;
    void guarded(work).finally(() => {
      busy -= 1;
    });
  };
  const plan = (at) => begin(planWave(world.base, world.channel, waves[at], stopping.signal));
  begin(registerAll({ channel: world.channel, random, signal, heard, known }));
  plan(0);
  return {
    ...{ known, plan, answers: () => answers, isDone: () => busy === 0, giveUp: () => late.abort() },
  };
}

/** What goes wrong beside the kills ends the run at once. */
function guarded(work) {
  return work.catch((error) => {
    trouble ??= error;
    stopping.abort();
  });
}

/** A broadcast is marked as done one sweep after its last row. */
async function settle(pool, signal) {
  const until = Date.now() + 10_000;
  const running = "SELECT count(*)::int AS n FROM broadcast WHERE state = 'running'";
  while (Date.now() < until && (await persist(signal, () => pool.query(running))).rows[0].n > 0)
    await pause(100, undefined, { signal });
}

/** A folder, a server, a Redis, the processes, and who of them may be killed. */
async function build() {
  const dataDir = mkdtempSync(join(tmpdir(), 'sapa-chaos-'));
  chmodSync(dataDir, 0o711); // the server may run as another user
  cleanups.push(async () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  const postmaster = postmasterOf(dataDir);
  cleanups.push(async () => void (postmaster.isRunning() && (await postmaster.kill())));
  const base = await openBase(readConfig({ DATA_DIR: dataDir }), createLog('silent'));
  cleanups.push(() => base.close());
  const channel = await channels[options.channel](base);
  cleanups.push(() => channel.end());
  const redis = await redisIfWanted();
  const env = {
    DATA_DIR: dataDir,
    REDIS_URL: redis?.url ?? '',
    DATABASE_URL: '',
    DATA_KEY: '',
    TEST_CLOCK: '',
    PORT: String(await freePort()),
    LOG_LEVEL: 'error',
    TEST_PROFILE: JSON.stringify({ ...profile, ...channel.profile }),
    ...channel.env,
  };
  const workers = Array.from({ length: options.workers }, (_, at) =>
    at === 0 ? 'worker' : `worker ${at + 1}`,
  );
  const processes = [
    keepRunning('bot', 'bot', env, complaints),
    ...workers.map((name) => keepRunning(name, 'worker', env, complaints)),
    ...(channel.isCalled ? [keepRunning('web', 'web', env, complaints)] : []),
  ];
  cleanups.push(async () => void (await Promise.all(processes.map((one) => one.end()))));
  await channel.connect?.(`http://127.0.0.1:${env.PORT}`, stopping.signal);
  return {
    base,
    channel,
    processes,
    victims: [...processes, postmaster, ...(redis === null ? [] : [redis])],
  };
}

async function redisIfWanted() {
  if (!options.redis) return null;
  if (!hasRedis()) {
    console.log('chaos: there is no redis-server on this machine; the queue is in PostgreSQL (--redis off)');
    return null;
  }
  const redis = await startRedis();
  cleanups.push(async () => void (await redis.end()));
  return redis;
}

/** The first half is planned at the start; a part of the rest right before each kill, so that each kill meets it on its way. */
function wavesOf(recipients, kills) {
  const half = kills === 0 ? recipients.length : Math.ceil(recipients.length / 2);
  const rest = recipients.slice(half);
  const part = (at) =>
    rest.slice(Math.floor((at * rest.length) / kills), Math.floor(((at + 1) * rest.length) / kills));
  return [recipients.slice(0, half), ...Array.from({ length: kills }, (_, at) => part(at))];
}

/** Members that do not finish are counted afterwards, by what is known of them. */
async function registerAll(world) {
  let next = 0;
  const oneAfterTheOther = async () => {
    while (next < options.registrations && !world.signal.aborted) {
      next += 1;
      await register(world, next).catch((error) => {
        if (!world.signal.aborted) throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther));
}

function report({ counts, killed, recoveryS, took, world, answers }) {
  const names = [...killed].map(([name, times]) => `${name} ${times}`).join(', ');
  console.log(`\n${took} s, ${answers} messages of members; killed: ${names || 'nothing'}`);
  for (const part of ['lost', 'doubled', 'wrong', 'unknown', 'also']) {
    console.log(`${part}:`);
    for (const [what, value] of Object.entries(counts[part]))
      console.log(`${String(value).padStart(7)}  ${what}`);
  }
  const unasked = sum(world.processes.map((one) => one.unasked()));
  console.log(`${String(unasked).padStart(7)}  times a process ended by itself and was started again`);
  const total = (part) => sum(Object.values(counts[part]));
  const kills = sum([...killed.values()]);
  const late = kills > 0 && (recoveryS === null || recoveryS > recoveryBudgetS);
  const clean = ['lost', 'doubled', 'wrong'].every((part) => total(part) === 0);
  const bad = !clean || late || isTooUncertain(world.channel, counts.unknown, killed);
  for (const { what, lines } of counts.excerpts) console.log(`\n${what}:\n  ${lines.join('\n  ')}`);
  if (bad || unasked > 0) {
    console.log('\nwhat the processes complained of:');
    for (const line of complaints.list().slice(0, complaintsShown)) console.log(`  ${line}`);
  }
  console.log(
    `\n${bad ? 'FAILED' : 'passed'}: repeat with --seed ${options.seed} and the same other options`,
  );
  const { channel } = options;
  const figure = (name, value, unit) =>
    console.log(JSON.stringify({ figure: `chaos.${name}`, value, unit, channel }));
  figure('kills', kills, 'kills');
  for (const part of ['lost', 'doubled', 'wrong', 'unknown']) figure(part, total(part), 'messages');
  if (recoveryS !== null) figure('recovery_s', Math.round(recoveryS * 10) / 10, 's');
  return bad;
}

/** Each kill of a process that sends may leave unknown what it had in flight, and no other kill anything. */
function isTooUncertain({ inFlight }, unknown, killed) {
  const senders = sum([...killed].filter(([name]) => name.startsWith('worker')).map(([, times]) => times));
  return Object.entries(inFlight).some(([lane, most]) => unknown[lane] > senders * most);
}

function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(1);
}

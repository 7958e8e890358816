import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { loadDouble } from '../test/chaos/channels/double.mjs';
import { makeRecipients, planWave } from '../test/chaos/people.mjs';

const { startApp } = await import('../dist/app.js');
const { openBase } = await import('../dist/base.js');
const { readConfig } = await import('../dist/config.js');
const { createLog } = await import('../dist/log.js');

const recipients = 5_000;
/** Someone writes so often, in milliseconds: what Telegram lets through beside the broadcast is five a second. */
const everyMs = 500;
const idleReplies = 40;
const lookMs = 2;

/** A broadcast to five thousand over a Telegram that enforces its limits, while people write and are answered. */
export async function telegramFigures() {
  const dir = await mkdtemp(join(tmpdir(), 'sapa-bench-'));
  await chmod(dir, 0o711); // the server may run as another user
  const { startTelegram } = await loadDouble('telegram');
  const api = await startTelegram();
  const env = {
    ...{ DATA_DIR: dir, LOG_LEVEL: 'silent', TEST_PROFILE: '{"quietHours":"ignored"}' },
    ...{ TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: api.url },
  };
  const base = await openBase(readConfig(env), createLog('silent'));
  const app = await startApp(base, ['bot', 'worker']);
  try {
    return await measured(base, api);
  } finally {
    await app.stop();
    await base.close();
    await api.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function measured(base, api) {
  const writers = Array.from({ length: idleReplies }, () => api.person());
  for (const one of writers) await reply(one); // known from here on: a first message costs a contact more
  const idle = await replies(writers, (done) => done < idleReplies);
  const { people, contacts, account } = await audience(base, api);
  const begun = performance.now();
  await planWave(base, { account }, contacts, new AbortController().signal);
  const loaded = await replies(writers, () => people.some((one) => one.texts().length === 0));
  const seconds = (performance.now() - begun) / 1000;
  prove(people);
  return figuresOf({ seconds, idle, loaded, refused: refusals(api) });
}

async function audience(base, api) {
  const people = Array.from({ length: recipients }, () => api.person());
  const account = `telegram-${api.token.split(':')[0]}`;
  const channel = { channel: 'telegram', account, simulator: false, welcome: async () => {} };
  const newcomers = () => people.map(({ address }) => address);
  const contacts = await makeRecipients(base, { ...channel, newcomers }, recipients);
  return { people, contacts, account };
}

/** Milliseconds that answers took: one person writes after the other, as long as it goes on. */
async function replies(writers, goesOn) {
  const took = [];
  for (let at = 0; goesOn(at); at += 1) {
    const next = pause(everyMs);
    took.push(await reply(writers[at % writers.length]));
    await next;
  }
  return took;
}

async function reply(person) {
  const before = person.texts().length;
  const begun = performance.now();
  person.write('menu');
  while (person.texts().length === before) await pause(lookMs);
  return performance.now() - begun;
}

/** Everybody has it once, or the figure means nothing. */
function prove(people) {
  const odd = people.filter((one) => one.texts().length !== 1).length;
  if (odd > 0) throw new Error(`${odd} of ${people.length} people have not got the broadcast once`);
}

function refusals(api) {
  return api.calls('sendMessage').filter(({ status }) => status === 429).length;
}

function figuresOf({ seconds, idle, loaded, refused }) {
  const reply = (what, took) => ({
    figure: `broadcast.telegram_reply_p99_ms.${what}`,
    value: p99(took),
    unit: 'ms',
  });
  return [
    { figure: 'broadcast.telegram_5000_s', value: seconds, unit: 's', limit: 240, note: 'at 30/s enforced' },
    { figure: 'broadcast.telegram_429s', value: refused, unit: 'refusals', limit: 5 },
    reply('idle', idle),
    { ...reply('loaded', loaded), note: `${loaded.length} answers beside it` },
  ];
}

function p99(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1];
}

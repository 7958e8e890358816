import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { saying } from '../../src/flow/message.js';
import { planBroadcast } from '../../src/store/broadcasts.js';
import { createVault } from '../../src/store/crypto.js';
import { call } from '../doubles/telegram/call.js';
import { startTelegram } from '../doubles/telegram/double.js';
import { freshDatabase } from '../support/database.js';
import { runSapa, startSapa } from '../support/process.js';
import { waitFor } from '../support/wait.js';
import { isDone } from './telegram-phone.js';

const invitation = 'Undangan rakor.';

it('killed between send and answer: a broadcast is unknown and shown, an answer is followed up once, nothing is lost', async () => {
  const api = await startTelegram({ limits: { chatBurst: 1_000 } });
  onTestFinished(() => api.close());
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const { pool } = database;
  const key = randomBytes(32);
  const vault = createVault(key);
  const secret = api.token.slice(api.token.indexOf(':') + 1);
  const env = {
    ...{ DATABASE_URL: database.url, DATA_KEY: key.toString('base64'), LOG_LEVEL: 'trace' },
    ...{ TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: api.url },
    TEST_PROFILE: '{"leaseMs":1000,"sweepMs":200,"telegramChatMs":1,"quietHours":"ignored","stillMs":0}',
    DEBUG: '*', // what the client library itself would tell
  };
  const rows = async (text: string) => (await pool.query(text)).rows;
  const [asking, invited] = [api.person(), api.person()];
  const first = await startSapa(env);
  invited.write('menu');
  await waitFor('the menu', () => invited.texts().length === 1);
  const [{ id: contact }] = await rows('SELECT id FROM contact');

  // Telegram takes two messages and the answers never come: one of a broadcast, and one to somebody who asked.
  api.faults.next('sendMessage', { kind: 'slow', until: new Promise(() => {}) }, 2);
  await planBroadcast(pool, vault, {
    ...{ id: randomUUID(), message: saying(invitation), contacts: [contact], createdBy: 'test' },
    ...{ account: `telegram-${api.token.split(':')[0]}`, now: new Date(), expiresAt: null },
  });
  await waitFor('the invitation', () => invited.texts().at(-1)?.endsWith(invitation));
  asking.write('menu');
  await waitFor('the answer', () => asking.texts().length === 1);
  await first.kill('SIGKILL');
  invited.write('bantuan');

  const second = await startSapa(env);
  await waitFor('the verdicts', async () => {
    const states = await rows('SELECT state FROM delivery ORDER BY seq, id');
    return states.filter(({ state }) => state === 'unknown').length === 2;
  });
  // Whoever has answered meanwhile is not asked again: nobody answers before it is followed up.
  await waitFor('what follows the answer', () => asking.texts().length === 2);
  const pressed = asking.press(asking.buttons()[0] ?? '');
  asking.write('batal');
  await waitFor('the bot to be done', () => isDone(api, pool));
  const [menu] = asking.texts();
  expect(asking.texts().filter((text) => text.startsWith('Maaf, sempat terputus.'))).toEqual([
    `Maaf, sempat terputus.\n\n${menu}`,
  ]);
  expect(pressed).not.toBeNull();
  expect(asking.texts().length).toBeGreaterThan(3);
  expect(await rows("SELECT DISTINCT state FROM inbound WHERE state <> 'done'")).toEqual([]);
  expect(
    await rows("SELECT lane, state, code, attempts FROM delivery WHERE state <> 'accepted' ORDER BY seq, id"),
  ).toEqual([
    { lane: 'bulk', state: 'unknown', code: 'interrupted', attempts: 1 },
    { lane: 'reply', state: 'unknown', code: 'interrupted', attempts: 1 },
  ]);
  expect((await fetch(`${second.url()}/simulator`)).status).toBe(404);
  const ready = await fetch(`${second.url()}/readyz`);
  expect(await ready.json()).toMatchObject({ ok: true, checks: { telegram: { ok: true } } });
  await api.goAway();
  await waitFor('the trouble', () => second.stdout().includes('Telegram: getUpdates failed'));
  const doctor = runSapa(['doctor'], { env });
  expect((await doctor.ended).code).toBe(1);
  expect(doctor.stdout()).toContain('MEND 2 messages may or may not have been sent.');
  expect(doctor.stdout()).toMatch(
    /MEND telegram: fetches its messages Telegram cannot be reached \(ECONNREFUSED\)/,
  );
  await second.kill('SIGTERM');
  expect(invited.texts().filter((text) => text.endsWith(invitation))).toHaveLength(1);
  for (const one of [first, second, doctor]) {
    expect(one.stdout()).not.toContain(secret);
    expect(one.stderr()).not.toContain(secret);
  }
});

it('the doctor says how the bot and the clock are, and a command takes away a webhook that stands in the way', async () => {
  const [api, database] = [await startTelegram(), await freshDatabase()];
  onTestFinished(async () => {
    await api.close();
    await database.drop();
  });
  const env = {
    ...{ DATABASE_URL: database.url, DATA_KEY: randomBytes(32).toString('base64') },
    ...{ TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: api.url },
  };
  await call(api, 'setWebhook', { url: 'https://lain.test/hook', secret_token: 'x' });
  const forget = runSapa(['telegram', 'forget-webhook'], { env });
  expect((await forget.ended).code).toBe(0);
  expect(forget.stdout()).toContain('The webhook at lain.test is gone');
  const doctor = runSapa(['doctor'], { env });
  await doctor.ended;
  expect(doctor.stdout()).toMatch(/ok {3}telegram: fetches its messages \(answers as @contoh_bot\)/);
  expect(doctor.stdout()).toMatch(/ok {3}telegram clock: compared with that of Telegram \(\d+ s apart\)/);
  const own = runSapa(['telegram', 'forget-webhook'], {
    env: {
      ...env,
      TELEGRAM_WEBHOOK_URL: 'https://bot.test/telegram/webhook',
      TELEGRAM_WEBHOOK_SECRET: 'contoh-rahasia-0001',
    },
  });
  expect((await own.ended).code).toBe(1);
  expect(own.stderr()).toContain('The webhook is Sapa’s own.');
  for (const one of [forget, doctor, own]) expect(`${one.stdout()}${one.stderr()}`).not.toContain(api.token);
});

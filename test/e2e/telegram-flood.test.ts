import { randomUUID } from 'node:crypto';
import type { Update } from 'grammy/types';
import { expect, it, onTestFinished } from 'vitest';
import { saying } from '../../src/flow/message.js';
import { planBroadcast } from '../../src/store/broadcasts.js';
import { type DoubleOptions, startTelegram, type TelegramDouble } from '../doubles/telegram/double.js';
import { tooMany } from '../doubles/telegram/refusal.js';
import { openApp, type TestApp } from '../support/app.js';
import { everythingIn } from '../support/everything.js';
import { drawn } from '../support/shuffled.js';
import { waitFor } from '../support/wait.js';
import { isDone, telegramPhone } from './telegram-phone.js';

/** A bot on a double; one person answers faster here than anybody types. */
async function running(options: DoubleOptions = {}) {
  const api = await startTelegram({ limits: { chatBurst: 1_000 }, ...options });
  const TEST_PROFILE = JSON.stringify({ telegramChatMs: 1, sweepMs: 200, quietHours: 'ignored', stillMs: 0 });
  const env = { TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: api.url, TEST_PROFILE };
  const test = await openApp({ env });
  onTestFinished(async () => {
    await test.close();
    await api.close();
  });
  const { pool } = test.database;
  return { api, test, pool, phone: () => telegramPhone(api, pool) };
}

const invitation = 'Undangan rakor.';

async function invite(api: TelegramDouble, { base }: TestApp): Promise<void> {
  const { rows } = await base.pool.query('SELECT id FROM contact');
  await planBroadcast(base.pool, base.vault, {
    ...{
      id: randomUUID(),
      message: saying(invitation),
      contacts: rows.map(({ id }) => id),
      createdBy: 'test',
    },
    ...{ account: `telegram-${api.token.split(':')[0]}`, now: base.now(), expiresAt: null },
  });
}

const invitations = (api: TelegramDouble) =>
  api.accepted.filter(({ text }) => text?.endsWith(invitation)).length;
const refusals = (api: TelegramDouble) =>
  api.calls('sendMessage').filter(({ status }) => status === 429).length;

it('a 429 to a broadcast keeps it back, spends no attempt, and answers go on', async () => {
  const { api, test, pool, phone } = await running();
  const phones = [phone(), phone(), phone()];
  for (const one of phones) await one.say('menu');
  api.faults.next('sendMessage', { kind: 'refuse', refusal: tooMany(3) });
  await invite(api, test);
  await waitFor('the refusal', () => refusals(api) === 1);
  const refusedAt = Date.now();
  for (const { person } of phones) {
    const before = person.texts().length;
    person.write('bantuan');
    await waitFor('the answer', () => person.texts().length > before);
  }
  expect(invitations(api)).toBe(0);
  await waitFor('the invitations', () => invitations(api) === 3);
  expect(Date.now() - refusedAt).toBeGreaterThan(2_900);
  await waitFor('the bot to be done', () => isDone(api, pool));
  expect(refusals(api)).toBe(1);
  const { rows } = await pool.query('SELECT DISTINCT state, code, attempts FROM delivery');
  expect(rows).toEqual([{ state: 'accepted', code: null, attempts: 1 }]);
});

it('a 429 to an answer keeps the whole bot back, broadcasts too', async () => {
  const { api, test, pool, phone } = await running();
  const { person, say } = phone();
  await say('menu');
  api.faults.next('sendMessage', { kind: 'refuse', refusal: tooMany(2) });
  person.write('menu');
  await waitFor('the refusal', () => refusals(api) === 1);
  const refusedAt = Date.now();
  await invite(api, test);
  await waitFor('the invitation', () => invitations(api) === 1);
  expect(Date.now() - refusedAt).toBeGreaterThan(1_900);
  await waitFor('the bot to be done', () => isDone(api, pool));
  expect([refusals(api), person.texts().length]).toEqual([1, 3]);
  const { rows } = await pool.query('SELECT DISTINCT state, code, attempts FROM delivery');
  expect(rows).toEqual([{ state: 'accepted', code: null, attempts: 1 }]);
});

it('thousands of updates that come again in any order change nothing', async () => {
  let time = Date.now();
  // The double's clock runs ahead: who asks for the same updates again within half a second gets one at a time.
  const { api, pool, phone } = await running({ now: () => (time += 600) });
  const updates: Update[] = [];
  const keep = (update: Update | null) => void (update === null ? undefined : updates.push(update));
  for (const one of Array.from({ length: 10 }, phone)) {
    for (const text of ['menu', 'daftar', 'Setuju.', '081200000009', 'Sri Contohwati'])
      await one.act((person) => keep(person.write(text)));
    await one.act((person) => keep(person.shareLocation(-7.05, 110.4)));
    await one.act((person) => keep(person.block()));
    await one.act((person) => keep(person.unblock()));
  }
  const last = phone();
  await last.say('menu');
  await last.act((person) => keep(person.press(person.buttons()[0] ?? '')));
  const before = await everythingIn(pool);
  const shown = api.accepted.length;
  for (const update of drawn(updates, 10_000)) api.repeat(update);
  await waitFor('the updates', () => api.pending() === 0);
  // What one person sends is treated in order: after this, so were the repeats.
  await waitFor('the bot to be done', () => isDone(api, pool));
  expect(await everythingIn(pool)).toEqual(before);
  expect(api.accepted.length).toBe(shown);
});

import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { call } from '../doubles/telegram/call.js';
import { startTelegram } from '../doubles/telegram/double.js';
import { freshDatabase } from '../support/database.js';
import { runSapa, sapaFolder, startSapa } from '../support/process.js';
import { waitFor } from '../support/wait.js';

it('a killed Sapa loses no message of Telegram, and its token is in nothing it ever writes', async () => {
  const api = await startTelegram({ limits: { chatBurst: 1_000 } });
  onTestFinished(() => api.close());
  const secret = api.token.slice(api.token.indexOf(':') + 1);
  const env = {
    DATA_DIR: sapaFolder(),
    TELEGRAM_BOT_TOKEN: api.token,
    TELEGRAM_API_ROOT: api.url,
    LOG_LEVEL: 'trace',
    TEST_PROFILE: '{"leaseMs":1000,"sweepMs":200,"telegramChatMs":1}',
    DEBUG: '*', // what the client library itself would tell
  };
  const person = api.person();
  const first = await startSapa(env);
  person.write('menu');
  await waitFor('the menu', () => person.texts().length === 1);
  const pressed = person.press(person.buttons()[0] ?? '');
  await first.kill('SIGKILL');
  person.write('batal');
  const second = await startSapa(env);
  await waitFor('the answers', () => api.pending() === 0 && person.texts().length > 2);
  expect(pressed).not.toBeNull();
  const site = await fetch(`${second.url()}/simulator`);
  expect(site.status).toBe(404);
  const ready = await fetch(`${second.url()}/readyz`);
  expect(await ready.json()).toMatchObject({ ok: true, checks: { telegram: { ok: true } } });
  await api.goAway();
  await waitFor('the trouble', () => second.stdout().includes('Telegram: getUpdates failed'));
  const doctor = runSapa(['doctor'], { env });
  expect((await doctor.ended).code).toBe(1);
  expect(doctor.stdout()).toMatch(
    /MEND telegram: fetches its messages Telegram cannot be reached \(ECONNREFUSED\)/,
  );
  await second.kill('SIGTERM');
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

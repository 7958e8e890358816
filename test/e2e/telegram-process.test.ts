import { expect, it, onTestFinished } from 'vitest';
import { startTelegram } from '../doubles/telegram/double.js';
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

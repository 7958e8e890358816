import { afterAll, beforeAll, expect, it } from 'vitest';
import { backends, openApp, type TestApp } from '../support/app.js';
import { botTexts, phoneOf, play, registration } from './phone.js';

it.each(backends)(
  '"restart the bot now" loses no conversation, however often it is pressed (%s)',
  async (backend) => {
    const test = await openApp({ backend });
    try {
      const phone = await phoneOf(test.phones, '+6281200000031');
      await play(phone, registration.slice(0, 4));
      await Promise.all([test.restart(), test.restart(), test.restart()]);
      await play(phone, registration.slice(4));
      const registered = await test.database.pool.query('SELECT name FROM member');
      expect(registered.rows).toEqual([{ name: 'Sri Contohwati' }]);
      const texts = botTexts(await phone.screen());
      expect(new Set(texts).size).toBe(texts.length);
    } finally {
      await test.close();
    }
  },
);

let test: TestApp;
beforeAll(async () => {
  test = await openApp();
});
afterAll(() => test?.close());

it('begins again by itself when the database was away at the restart', async () => {
  const phone = await phoneOf(test.phones, '+6281200000032');
  await play(phone, registration.slice(0, 2));
  const name = new URL(test.database.url).pathname.slice(1);
  await test.admin(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await test.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
  const restarted = test.restart();
  await test.admin(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await restarted;
  await play(phone, registration.slice(2, 4));
});

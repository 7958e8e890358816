import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openApp, type TestApp } from '../support/app.js';
import { backendsOr } from '../support/backends.js';
import { botTexts, phoneOf, play, registration } from './phone.js';

it.each(backendsOr('redis'))(
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

/** How many connections there are to the queue's server, beside those that belong to the test. */
async function connections({ base, database }: TestApp): Promise<number> {
  if (base.config.redisUrl === null) {
    const { rows } = await database.pool.query(
      'SELECT FROM pg_stat_activity WHERE datname = current_database()',
    );
    return rows.length - base.pool.totalCount - database.pool.totalCount;
  }
  const redis = new Redis(base.config.redisUrl);
  const listed = String(await redis.client('LIST'));
  redis.disconnect();
  const number = new URL(base.config.redisUrl).pathname.slice(1);
  return listed.split('\n').filter((line) => line.includes(` db=${number} `)).length;
}

const away = 'ALTER TABLE inbound RENAME TO elsewhere';
const back = 'ALTER TABLE elsewhere RENAME TO inbound';
const otherwise = 'ALTER TABLE inbound RENAME state TO stage';
const whole = 'ALTER TABLE inbound RENAME stage TO state';

it.each(backendsOr('redis'))('leaves nothing behind of beginnings that failed (%s)', async (backend) => {
  const test = await openApp({ backend });
  const { pool } = test.database;
  const isQuiet = (idle: number) =>
    vi.waitFor(async () => expect(await connections(test)).toBeLessThanOrEqual(idle), { timeout: 10_000 });
  try {
    const phone = await phoneOf(test.phones, '+6281200000033');
    await play(phone, registration.slice(0, 2));
    await test.stop();
    const idle = await connections(test);

    await pool.query(away);
    await expect(test.start()).rejects.toThrow('inbound');
    await isQuiet(idle);

    await pool.query(back);
    await test.start();
    const told = vi.spyOn(test.base.log, 'error');
    await pool.query(away);
    const restarted = test.restart();
    const failed = 'the bot could not begin again; it is tried until it can';
    const failures = () => told.mock.calls.filter(([, line]) => line === failed).length;
    // The same reason is told once: that it was tried once more is seen by another one.
    await vi.waitFor(() => expect(failures()).toBe(1), { timeout: 30_000 });
    await pool.query(`${back}; ${otherwise}`);
    await vi.waitFor(() => expect(failures()).toBe(2), { timeout: 30_000 });
    await pool.query(whole);
    await restarted;
    await play(phone, registration.slice(2, 4));
    await test.stop();
    await isQuiet(idle);
  } finally {
    await test.close();
  }
});

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

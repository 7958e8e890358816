import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { saying } from '../../src/flow/message.js';
import { planBroadcast } from '../../src/store/broadcasts.js';
import { type CloudDouble, startCloud } from '../doubles/whatsapp-cloud/double.js';
import { openApp, type TestApp } from '../support/app.js';
import { waitFor } from '../support/wait.js';
import { cloudEnv } from './cloud-phone.js';

/** Makes people who wrote a moment ago, at the double and in the database. */
async function peopleWhoWrote(api: CloudDouble, test: TestApp, count: number): Promise<readonly string[]> {
  const { pool } = test.database;
  const { vault, now } = test.base;
  const account = `whatsapp-cloud-${api.phoneId}`;
  const people = Array.from({ length: count }, () => ({ id: randomUUID(), address: api.person().address }));
  for (const { id, address } of people) {
    const values = [id, randomUUID(), account, vault.seal(address), vault.index('address', address), now()];
    await pool.query(
      `WITH c AS (INSERT INTO contact (id) VALUES ($1::uuid)), i AS (
         INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, state, written_at, received_at)
         SELECT $2::uuid, $1::uuid, $2::uuid, $3, $2::uuid::text, 'done', $6::timestamptz, $6::timestamptz)
       INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index)
       VALUES ($2::uuid, $1::uuid, 'whatsapp-cloud', $3, $4, $5)`,
      values,
    );
  }
  return people.map(({ id }) => id);
}

it('a broadcast keeps within what the number may send: nobody is refused, and everybody is sent it once', async () => {
  const api = await startCloud();
  const env = { ...cloudEnv(api), TEST_PROFILE: '{"sweepMs":200,"quietHours":"ignored"}' };
  const test = await openApp({ env });
  onTestFinished(async () => {
    await test.close();
    await api.close();
  });
  const contacts = await peopleWhoWrote(api, test, 300);
  await planBroadcast(test.database.pool, test.base.vault, {
    ...{ id: randomUUID(), message: saying('Undangan rakor.'), contacts, createdBy: 'test' },
    ...{ account: `whatsapp-cloud-${api.phoneId}`, now: test.base.now(), expiresAt: null },
  });
  const began = Date.now();
  await waitFor('everybody', () => api.accepted.length === 300, 60_000);
  // Eighty at once and eighty a second is the least time in which the double takes them.
  expect(Date.now() - began).toBeGreaterThan(((300 - 80) / 80) * 1_000);
  await waitFor('the rows', async () => {
    const { rows } = await test.database.pool.query(
      'SELECT state, count(*)::int FROM delivery GROUP BY state',
    );
    return rows.length === 1 && rows[0].state === 'accepted' && rows[0].count === 300;
  });
  expect(new Set(api.calls('send').map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(api.accepted.map(({ profile }) => profile)).size).toBe(300);
});

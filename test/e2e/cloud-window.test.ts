import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { compileApproved } from '../../src/flow/approved-file.js';
import { saying } from '../../src/flow/message.js';
import { projectTemplates } from '../../src/programs.js';
import { planBroadcast } from '../../src/store/broadcasts.js';
import { startCloud } from '../doubles/whatsapp-cloud/double.js';
import { openApp } from '../support/app.js';
import { waitFor } from '../support/wait.js';
import { cloudEnv, cloudPhone } from './cloud-phone.js';

const dayMs = 24 * 3_600_000;

/** What must be added to the time for it to be ten in the morning in Semarang, when reminders may go out. */
function untilMorning(): number {
  const morning = 3 * 3_600_000;
  return (((morning - (Date.now() % dayMs)) % dayMs) + dayMs) % dayMs;
}

it('a reminder after a day goes out by its template, and what has none fails and says why', async () => {
  const ahead = untilMorning();
  const api = await startCloud({ now: () => Date.now() + ahead });
  const env = {
    ...cloudEnv(api),
    TEST_CLOCK: String(ahead),
    TEST_PROFILE: '{"sweepMs":200,"quietHours":"ignored","stillMs":0}',
  };
  const test = await openApp({ roles: ['bot', 'worker', 'web'], env });
  onTestFinished(async () => {
    await test.close();
    await api.close();
  });
  await api.subscribe(`${test.url()}/whatsapp/webhook`);
  for (const text of compileApproved(projectTemplates(), null))
    api.approve({ name: text.name, body: text.body });
  const { pool } = test.database;
  const phone = cloudPhone(api, pool);
  await phone.say('daftar');
  await phone.say('Setuju.');

  // A day and an hour later, as far as anybody can tell.
  phone.person.profile.wroteAt = Date.now() + ahead - dayMs - 3_600_000;
  await pool.query(`UPDATE inbound SET written_at = written_at - interval '25 hours'`);
  await pool.query(`UPDATE timer SET due_at = due_at - interval '25 hours'`);
  await waitFor('the reminder', () => phone.person.shown().at(-1)?.category === 'utility');
  expect(phone.person.texts().at(-1)).toMatch(/^Pendaftaran Bapak\/Ibu .* belum selesai\..*\*ULANG\*/);
  const [contact] = (await pool.query('SELECT id FROM contact')).rows;
  await planBroadcast(pool, test.base.vault, {
    ...{ id: randomUUID(), message: saying('Tanpa templat.'), contacts: [contact.id], createdBy: 'test' },
    ...{ account: `whatsapp-cloud-${api.phoneId}`, now: test.base.now(), expiresAt: null },
  });
  const bulk = async () => (await pool.query(`SELECT state, code FROM delivery WHERE lane = 'bulk'`)).rows[0];
  await waitFor('the broadcast', async () => (await bulk()).state === 'failed');
  expect(await bulk()).toEqual({ state: 'failed', code: 'window-closed' });

  // With the next word the window is open again.
  expect(await phone.say('ulang')).toEqual([expect.stringContaining('Langkah 1 dari 9.')]);
  expect(phone.person.shown().at(-1)?.category).toBe('service');
  expect(api.calls('send').every(({ status }) => status === 200)).toBe(true);
});

import { expect, it, onTestFinished } from 'vitest';
import { raiseAlarm } from '../../src/store/alarms.js';
import { run } from '../../src/store/statement.js';
import { openApp } from '../support/app.js';
import { backendsOr } from '../support/backends.js';
import { waitFor } from '../support/wait.js';
import { botTexts, phoneOf } from './phone.js';

const number = '+6281200000077';

it.each(backendsOr('postgres'))(
  'an alarm reaches the administrator once, and /readyz shows it (%s)',
  async (backend) => {
    const test = await openApp({ backend, roles: ['bot', 'worker', 'web'] });
    onTestFinished(() => test.close());
    const { pool, vault } = test.base;
    const phone = await phoneOf(test.phones, number);
    await phone.say('menu');
    await pool.query(
      `INSERT INTO role_grant (id, phone_sealed, phone_index, role, area, simulator, granted_by)
     VALUES (gen_random_uuid(), $1, $2, 'province-admin', '33', true, 'test')`,
      [vault.seal(number), vault.index('phone', number)],
    );
    const alarm = { kind: 'delivery-stopped-nomor', account: 'nomor', message: 'stopped', at: new Date() };
    await run(pool, raiseAlarm(alarm));
    const heard = async () =>
      botTexts(await phone.screen()).filter((text) => text.startsWith('*Perlu diperiksa.*'));
    await waitFor('the message', async () => (await heard()).length > 0);
    const ready = await fetch(`${test.url()}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { checks: { alarms: { ok: true, note: 'delivery-stopped-nomor; see: sapa doctor' } } },
    ]);
    await test.restart();
    await phone.say('bantuan');
    expect(await heard()).toHaveLength(1);
  },
);

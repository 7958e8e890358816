import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { createVault } from '../../src/store/crypto.js';
import { createWhatsAppStore } from '../../src/store/whatsapp-web.js';
import { startWhatsAppWeb } from '../doubles/whatsapp-web/double.js';
import { whatsAppChildren } from '../support/children.js';
import { freshDatabase } from '../support/database.js';
import { isRunning, runSapa, startSapa } from '../support/process.js';
import { waitFor } from '../support/wait.js';
import { whatsAppEnv } from './whatsapp-phone.js';

it('a killed Sapa sends again under the same id, and no key of the number is in anything it ever writes', async () => {
  const api = await startWhatsAppWeb({ fewKeys: true });
  onTestFinished(() => api.close());
  const dataKey = randomBytes(32);
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const env = {
    ...whatsAppEnv(api),
    ...{ DATABASE_URL: database.url, DATA_KEY: dataKey.toString('base64'), LOG_LEVEL: 'trace' },
    DEBUG: '*', // what the client library itself would tell
  };
  const first = await startSapa(env);
  const { pool } = database;
  const vault = createVault(dataKey);
  const store = createWhatsAppStore({
    ...{ pool, vault, account: 'whatsapp-web' },
    ...{ now: () => new Date(), textOf: async () => null },
  });
  const qr = await waitFor('a QR', async () => (await store.status()).pairing?.text);
  const page = await fetch(`${first.url()}/whatsapp/pair`);
  expect(await page.text()).toContain('<svg');
  api.scan(qr);
  await waitFor('the login', async () => (await store.status()).state === 'open');
  const { rows } = await pool.query("SELECT value_sealed FROM whatsapp_key WHERE kind = 'creds'");
  const creds = vault.open(rows[0].value_sealed);
  const person = api.person();
  const [child] = whatsAppChildren(first.pid);

  api.faults.nextSend({ kind: 'late-ack', until: new Promise(() => {}) }, { to: person.pn });
  person.write('menu');
  const stanza = await waitFor('the message', () => api.stanzas(person.pn)[0]);
  await first.kill('SIGKILL');
  await waitFor('its child to end', () => child === undefined || !isRunning(child));
  const second = await startSapa(env);
  await waitFor('the message again', () => api.stanzas(person.pn).length === 2);
  expect(api.stanzas(person.pn).map(({ id }) => id)).toEqual([stanza.id, stanza.id]);
  expect(person.shown()).toHaveLength(1);

  const ready = await fetch(`${second.url()}/readyz`);
  expect(await ready.json()).toMatchObject({ ok: true, checks: { 'whatsapp-web': { ok: true } } });
  await api.goAway();
  await waitFor('the end of the connection', async () => (await store.status()).state === 'waiting');
  const doctor = runSapa(['doctor'], { env });
  expect((await doctor.ended).code).toBe(1);
  expect(doctor.stdout()).toMatch(
    /MEND whatsapp-web: a linked device of a number WhatsApp is not connected just now/,
  );
  await second.kill('SIGTERM');
  const secrets = [...secretsIn(creds), qr, person.digits, api.phone.digits];
  expect(secrets.length).toBeGreaterThan(8);
  for (const { stdout, stderr } of [first, second, doctor])
    for (const secret of [...secrets, 'privKey'])
      expect(`${stdout()}${stderr()}`.includes(secret), secret.slice(0, 6)).toBe(false);
});

/** Every long value of the credentials, as it stands and in hexadecimal digits. */
function secretsIn(creds: string): readonly string[] {
  const values = [...creds.matchAll(/"([A-Za-z0-9+/=]{40,})"/g)].map(([, value = '']) => value);
  return values.flatMap((value) => [value, Buffer.from(value, 'base64').toString('hex')]);
}

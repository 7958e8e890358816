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
    ...{ now: () => new Date(), sentAs: async () => null },
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
  // Shown as one message that took two attempts; nobody is told that it is unknown.
  await waitFor('the verdict', async () => {
    const states = await pool.query('SELECT state, code, attempts, provider_id AS id FROM delivery');
    return states.rows.length === 1 && states.rows[0].state === 'accepted' ? states.rows[0] : null;
  }).then((row) => expect(row).toEqual({ state: 'accepted', code: null, attempts: 2, id: stanza.id }));

  const ready = await fetch(`${second.url()}/readyz`);
  expect(await ready.json()).toMatchObject({ ok: true, checks: { 'whatsapp-web': { ok: true } } });
  await second.kill('SIGTERM');
  const secrets = [...secretsIn(creds), qr, person.digits, api.phone.digits];
  expect(secrets.length).toBeGreaterThan(8);
  for (const { stdout, stderr } of [first, second])
    for (const secret of [...secrets, 'privKey'])
      expect(`${stdout()}${stderr()}`.includes(secret), secret.slice(0, 6)).toBe(false);
});

it('the doctor says of a number that nothing holds its connection, and of one that is stopped what to do', async () => {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const env = {
    ...{ DATABASE_URL: database.url, DATA_KEY: randomBytes(32).toString('base64'), WHATSAPP_WEB: 'on' },
    // Nobody listens there: the doctor asks WhatsApp itself for the time.
    WHATSAPP_WEB_SOCKET_URL: 'ws://127.0.0.1:1/ws/chat',
  };
  const first = runSapa(['doctor'], { env });
  expect((await first.ended).code).toBe(1);
  expect(first.stdout()).toMatch(/MEND whatsapp-web: .*Nothing holds the connection to WhatsApp. Start Sapa/);
  await database.pool.query(
    "INSERT INTO whatsapp_account (account, state, code) VALUES ('whatsapp-web', 'stopped', 'replaced')",
  );
  const second = runSapa(['doctor'], { env });
  await second.ended;
  expect(second.stdout()).toMatch(/MEND whatsapp-web: .*took over .*npx sapa whatsapp connect/);
  const connect = runSapa(['whatsapp', 'connect'], { env });
  expect((await connect.ended).code).toBe(0);
  expect(connect.stdout()).toContain('connects again within seconds');
  const { rows } = await database.pool.query('SELECT state FROM whatsapp_account');
  expect(rows).toEqual([{ state: 'new' }]);
});

/** Every long value of the credentials, as it stands and in hexadecimal digits. */
function secretsIn(creds: string): readonly string[] {
  const values = [...creds.matchAll(/"([A-Za-z0-9+/=]{40,})"/g)].map(([, value = '']) => value);
  return values.flatMap((value) => [value, Buffer.from(value, 'base64').toString('hex')]);
}

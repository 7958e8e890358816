import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { saying } from '../../src/flow/message.js';
import { planBroadcast } from '../../src/store/broadcasts.js';
import { createVault } from '../../src/store/crypto.js';
import { startCloud } from '../doubles/whatsapp-cloud/double.js';
import { freshDatabase } from '../support/database.js';
import { runSapa, type SapaProcess, startSapa } from '../support/process.js';
import { waitFor } from '../support/wait.js';
import { cloudEnv } from './cloud-phone.js';

/** A number with a process behind it that can be killed, and a person who has written. */
async function world() {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const api = await startCloud({ limits: { pairBurst: 1_000 } });
  onTestFinished(() => api.close());
  const key = randomBytes(32);
  const env = {
    ...cloudEnv(api),
    DATABASE_URL: database.url,
    DATA_KEY: key.toString('base64'),
    LOG_LEVEL: 'trace',
    TEST_PROFILE: '{"leaseMs":1000,"sweepMs":200,"quietHours":"ignored"}',
    NODE_DEBUG: 'http,fetch,undici', // what the platform itself would tell
  };
  const processes: SapaProcess[] = [];
  const start = async () => {
    const sapa = await startSapa(env);
    processes.push(sapa);
    expect(await api.subscribe(`${sapa.url()}/whatsapp/webhook`)).toBe(true);
    return sapa;
  };
  const doctor = async () => {
    const asked = runSapa(['doctor'], { env });
    processes.push(asked);
    await asked.ended;
    return asked.stdout();
  };
  const rows = async (text: string) => (await database.pool.query(text)).rows;
  return { api, pool: database.pool, vault: createVault(key), start, doctor, rows, processes };
}

/** The number takes the next message and its answer never comes. */
function hold(api: Awaited<ReturnType<typeof world>>['api']): void {
  api.faults.next('send', { kind: 'slow', until: new Promise(() => {}) });
}

it('killed between send and answer: a broadcast is unknown and shown, a reply is followed up, and nothing is doubled', async () => {
  const { api, pool, vault, start, doctor, rows, processes } = await world();
  const person = api.person();
  const first = await start();
  person.write('menu');
  await waitFor('the menu', () => person.texts().length === 1);
  const [{ id: contact }] = await rows('SELECT id FROM contact');
  hold(api);
  await planBroadcast(pool, vault, {
    ...{ id: randomUUID(), message: saying('Undangan rakor.'), contacts: [contact], createdBy: 'test' },
    ...{ account: `whatsapp-cloud-${api.phoneId}`, now: new Date(), expiresAt: null },
  });
  await waitFor('the invitation', () => person.texts().at(-1) === 'Undangan rakor.');
  await first.kill('SIGKILL');

  const second = await start();
  const bulk = async () => (await rows(`SELECT state, code FROM delivery WHERE lane = 'bulk'`))[0];
  await waitFor('the verdict', async () => (await bulk()).state === 'unknown');
  expect(await bulk()).toEqual({ state: 'unknown', code: 'interrupted' });
  expect(await doctor()).toContain('MEND 1 messages may or may not have been sent.');
  hold(api);
  person.write('menu');
  await waitFor('the menu again', () => person.texts().length === 3);
  await second.kill('SIGKILL');

  const third = await start();
  await waitFor('the follow-up', () => person.texts().length === 4);
  const [, invitation, menu, again] = person.texts();
  expect(again).toBe(`Maaf, sempat terputus.\n\n${menu}`);
  // The provider tells what became of the invitation: then it is known.
  const taken = api.accepted.find(({ text }) => text === invitation);
  if (taken !== undefined) api.report(taken, 'read');
  await waitFor('the status', async () => (await bulk()).state === 'read');
  expect(await doctor()).toMatch(/ok {3}whatsapp-cloud: is called at \/whatsapp\/webhook .*quality green/);
  await api.goAway();
  expect(await doctor()).toMatch(/MEND whatsapp-cloud: .*WhatsApp cannot be reached \(ECONNREFUSED\)/);
  await third.kill('SIGTERM');
  expect(person.texts()).toHaveLength(4);
  for (const { stdout, stderr } of processes) {
    for (const secret of [api.token, api.appSecret, api.verifyToken]) {
      expect(stdout()).not.toContain(secret);
      expect(stderr()).not.toContain(secret);
    }
  }
});

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
    TEST_PROFILE: '{"leaseMs":1000,"sweepMs":200,"quietHours":"ignored","stillMs":0}',
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

/** What a process told must hold nothing that lets others speak as the number, or to us as Meta. */
function expectNoSecrets({ api, processes }: Awaited<ReturnType<typeof world>>): void {
  expect(processes.length).toBeGreaterThan(1);
  for (const { stdout, stderr } of processes) {
    for (const secret of [api.token, api.appSecret, api.verifyToken]) {
      expect(stdout()).not.toContain(secret);
      expect(stderr()).not.toContain(secret);
    }
  }
}

it('killed between send and answer: a broadcast is unknown, shown, and known when Meta tells; an answer is followed up once', async () => {
  const here = await world();
  const { api, pool, vault, start, doctor, rows } = here;
  const [asking, invited] = [api.person(), api.person()];
  const first = await start();
  invited.write('menu');
  await waitFor('the menu', () => invited.texts().length === 1);
  const [{ id: contact }] = await rows('SELECT id FROM contact');
  hold(api);
  await planBroadcast(pool, vault, {
    ...{ id: randomUUID(), message: saying('Undangan rakor.'), contacts: [contact], createdBy: 'test' },
    ...{ account: `whatsapp-cloud-${api.phoneId}`, now: new Date(), expiresAt: null },
  });
  await waitFor('the invitation', () => invited.texts().at(-1)?.endsWith('Undangan rakor.'));
  hold(api);
  asking.write('menu');
  await waitFor('the answer', () => asking.texts().length === 1);
  await first.kill('SIGKILL');

  const second = await start();
  await waitFor('the follow-up', () => asking.texts().length === 2);
  const [menu, again] = asking.texts();
  expect(again).toBe(`Maaf, sempat terputus.\n\n${menu}`);
  const states = async () =>
    (await rows('SELECT lane, state, code FROM delivery ORDER BY seq, id')).map((row) =>
      Object.values(row).join(' '),
    );
  await waitFor('the verdicts', async () => (await states()).at(-1) === 'reply accepted ');
  expect(await states()).toEqual([
    'reply accepted ',
    'bulk unknown interrupted',
    'reply unknown interrupted',
    'reply accepted ',
  ]);
  const told = await doctor();
  expect(told).toContain('MEND 2 messages may or may not have been sent.');
  expect(told).toMatch(/ok {3}whatsapp-cloud: is called at \/whatsapp\/webhook .*quality green/);
  const taken = api.accepted.find(({ text }) => text.endsWith('Undangan rakor.'));
  if (taken === undefined) return expect.fail('nothing was taken');
  api.report(taken, 'read');
  await waitFor('the status', async () => (await states())[1]?.startsWith('bulk read'));
  await api.goAway();
  expect(await doctor()).toMatch(/MEND whatsapp-cloud: .*WhatsApp cannot be reached \(ECONNREFUSED\)/);
  await second.kill('SIGTERM');
  expect([asking.texts().length, invited.texts().length]).toEqual([2, 2]);
  expectNoSecrets(here);
});

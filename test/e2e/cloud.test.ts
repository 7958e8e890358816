import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type CloudDouble, startCloud } from '../doubles/whatsapp-cloud/double.js';
import { refuse } from '../doubles/whatsapp-cloud/refusal.js';
import { openApp, type TestApp } from '../support/app.js';
import { type Backend, backendsOr } from '../support/backends.js';
import { everythingIn } from '../support/everything.js';
import { drawn } from '../support/shuffled.js';
import { isFull, sized } from '../support/size.js';
import { waitFor } from '../support/wait.js';
import { type CloudPhone, cloudEnv, cloudPhone, isDone } from './cloud-phone.js';
import { play, registration } from './phone.js';

/** One person answers faster here than anybody types: the provider of a test lends more. */
const limits = { pairBurst: 1_000 };

async function numberOn(api: CloudDouble, backend: Backend = 'postgres'): Promise<TestApp> {
  const env = { ...cloudEnv(api), TEST_PROFILE: '{"sweepMs":200}' };
  const test = await openApp({ backend, roles: ['bot', 'worker', 'web'], env });
  await subscribe(api, test);
  return test;
}

async function subscribe(api: CloudDouble, test: TestApp): Promise<void> {
  expect(await api.subscribe(`${test.url()}/whatsapp/webhook`)).toBe(true);
}

describe.each(backendsOr('postgres'))('a registration by the Cloud API, with the queue in %s', (backend) => {
  let api: CloudDouble;
  let test: TestApp;
  let phone: CloudPhone;
  const rows = async (text: string) => (await test.database.pool.query(text)).rows;

  beforeAll(async () => {
    api = await startCloud({ limits });
    test = await numberOn(api, backend);
    phone = cloudPhone(api, test.database.pool);
  });
  afterAll(async () => {
    await test?.close();
    await api?.close();
  });

  it('goes from the first word to the end, by words, buttons and lists', async () => {
    await play(phone, registration.slice(0, 5));
    expect(phone.person.buttons()).toEqual(['Laki-laki', 'Perempuan']);
    expect(await phone.act((one) => one.press('Perempuan'))).toEqual([
      expect.stringContaining('Langkah 5 dari 9'),
    ]);
    await play(phone, registration.slice(6, 8));
    expect(phone.person.shown().at(-1)?.taps[0]?.kind).toBe('row');
    expect(await phone.act((one) => one.press('SMA atau SMK'))).toEqual([
      expect.stringContaining('Langkah 8 dari 9'),
    ]);
    await play(phone, registration.slice(9, -1));
    expect(phone.person.buttons()).toEqual(['Ya, sudah benar', 'Ada yang salah']);
    expect(await phone.act((one) => one.press('Ya, sudah benar'))).toEqual([
      expect.stringContaining('Terima kasih, Ibu *Sri Contohwati*'),
    ]);
  });

  it('leaves a member with a proved number, and every message once', async () => {
    expect(await rows('SELECT name, simulator, phone_proved FROM member')).toEqual([
      { name: 'Sri Contohwati', simulator: false, phone_proved: true },
    ]);
    const [address, ...others] = await rows(
      'SELECT channel, account, value_sealed, phone_sealed FROM address',
    );
    expect(others).toEqual([]);
    expect(address).toMatchObject({ channel: 'whatsapp-cloud', account: `whatsapp-cloud-${api.phoneId}` });
    const { vault } = test.base;
    expect([vault.open(address.value_sealed), vault.open(address.phone_sealed)]).toEqual([
      phone.person.address,
      phone.person.phone,
    ]);
    const [{ count }] = await rows('SELECT count(*)::int FROM delivery');
    expect(phone.person.shown()).toHaveLength(count);
    expect(await rows('SELECT DISTINCT state FROM delivery')).toEqual([{ state: 'accepted' }]);
    expect(await rows('SELECT * FROM alarm')).toEqual([]);
  });

  it('learns what became of its messages, in any order and twice', async () => {
    for (const shown of api.accepted) {
      for (const status of ['read', 'sent', 'delivered', 'read'] as const) api.report(shown, status);
    }
    await waitFor('the statuses', () => isDone(api, test.database.pool));
    expect(await rows('SELECT DISTINCT state FROM delivery')).toEqual([{ state: 'read' }]);
  });

  // What is sent again says nothing of queues.
  it.runIf(backend === 'postgres')(
    'thousands of notices that come again in any order change nothing',
    async () => {
      const { pool } = test.database;
      const before = await everythingIn(pool);
      const { given } = api.webhook;
      const [calls, shown] = [given.length, phone.person.shown().length];
      const entries = drawn(given, sized(1_000, 10_000)).map((body) => JSON.parse(body).entry[0]);
      for (let at = 0; at < entries.length; at += 100) {
        const entry = entries.slice(at, at + 100);
        api.webhook.repeat(JSON.stringify({ object: 'whatsapp_business_account', entry }));
        // Not more at once than a provider has connections.
        await waitFor('the calls', () => api.webhook.pending < 10);
      }
      await waitFor('the calls', () => api.webhook.pending === 0);
      expect(await everythingIn(pool)).toEqual(before);
      expect([calls, phone.person.shown().length]).toEqual([api.webhook.given.length, shown]);
    },
  );

  it('keeps no id from which the number could be read', async () => {
    const ids = await rows('SELECT dedupe_key AS id FROM inbound UNION SELECT provider_id FROM delivery');
    const digits = phone.person.phone?.slice(1) ?? '';
    const spelled = ids.map(({ id }) => `${id} ${Buffer.from(id, 'base64').toString('latin1')}`).join('\n');
    expect(ids.length).toBeGreaterThan(20);
    expect(spelled).not.toContain(digits);
  });
});

describe('what goes wrong', () => {
  async function running() {
    const api = await startCloud({ limits });
    const test = await numberOn(api);
    onTestFinished(async () => {
      await test.close();
      await api.close();
    });
    return { api, test, pool: test.database.pool };
  }
  const deliveries = async ({ database }: TestApp) =>
    (await database.pool.query('SELECT state, code, attempts FROM delivery ORDER BY seq, id')).rows;

  it.runIf(isFull)('too much for one person delays that person alone, and spends no attempt', async () => {
    const { api, test, pool } = await running();
    const [slow, quick] = [cloudPhone(api, pool), cloudPhone(api, pool)];
    api.faults.next('send', { kind: 'refuse', refusal: refuse(131056) });
    slow.person.write('menu');
    await waitFor('the refusal', () => api.calls('send').length === 1);
    quick.person.write('menu');
    await waitFor('the other answer', () => quick.person.texts().length === 1);
    expect(slow.person.texts()).toEqual([]);
    await waitFor('the late answer', () => slow.person.texts().length === 1);
    expect(await deliveries(test)).toEqual([
      { state: 'accepted', code: null, attempts: 1 },
      { state: 'accepted', code: null, attempts: 1 },
    ]);
  });

  it('a connection cut after the message was taken: the row is unknown, and the question comes once more', async () => {
    const { api, test, pool } = await running();
    api.faults.next('send', { kind: 'reset', when: 'after' });
    const phone = cloudPhone(api, pool);
    const [first, second, ...others] = await phone.say('menu');
    expect(others).toEqual([]);
    expect(second).toContain('Maaf, sempat terputus.');
    expect(second).toContain(first?.split('\n')[0]);
    expect(await deliveries(test)).toMatchObject([{ state: 'unknown' }, { state: 'accepted' }]);
    const [taken] = api.accepted;
    if (taken === undefined) return expect.fail('nothing was taken');
    api.report(taken, 'delivered');
    await waitFor('the status', () => isDone(api, pool));
    expect(await deliveries(test)).toMatchObject([{ state: 'delivered' }, { state: 'accepted' }]);
    expect(api.accepted).toHaveLength(2);
  });

  it.runIf(isFull)(
    'a message taken and reported as failed: fails for good, once, or comes again, once',
    async () => {
      const { api, test, pool } = await running();
      const [gone, later] = [cloudPhone(api, pool), cloudPhone(api, pool)];
      await gone.say('menu');
      await later.say('menu');
      const [toGone, toLater] = api.accepted;
      if (toGone === undefined || toLater === undefined) return expect.fail('nothing was taken');
      for (const _ of ['once', 'again']) {
        api.report(toGone, 'failed', { error: 131026 });
        api.report(toLater, 'failed', { error: 131056 });
      }
      await waitFor('the second try', () => later.person.texts().length === 2);
      await waitFor('the rest', () => isDone(api, pool));
      expect(await deliveries(test)).toEqual([
        { state: 'failed', code: 'undeliverable', attempts: 1 },
        { state: 'failed', code: 'pair-rate', attempts: 1 },
        { state: 'accepted', code: null, attempts: 1 },
      ]);
      expect(gone.person.texts()).toHaveLength(1);
    },
  );

  it('messages come twice, late and while Sapa is away: each is treated once, in its order', async () => {
    const { api, test, pool } = await running();
    const phone = cloudPhone(api, pool);
    await phone.say('menu');
    await test.stop();
    const ids = ['daftar', 'Setuju.'].map((text) => phone.person.write(text));
    await test.start();
    await subscribe(api, test);
    await waitFor('the bot to be done', () => isDone(api, pool));
    for (const [at, id] of ids.entries()) phone.person.write(['daftar', 'Setuju.'][at] ?? '', { id });
    await waitFor('the bot to be done', () => isDone(api, pool));
    const { rows } = await pool.query('SELECT state FROM inbound ORDER BY seq');
    expect(rows.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    const texts = phone.person.texts();
    expect(texts.filter((text) => text.includes('Sebelum mendaftar'))).toHaveLength(1);
  });

  it.runIf(isFull)('the service goes away and comes back: the answer comes then, once', async () => {
    const { api, test, pool } = await running();
    const phone = cloudPhone(api, pool);
    await api.goAway();
    phone.person.write('menu');
    const waiting = async () => (await deliveries(test))[0]?.code === 'ECONNREFUSED';
    await waitFor('the first try', waiting);
    await api.comeBack();
    await waitFor('the answer', () => isDone(api, pool));
    expect(phone.person.texts()).toHaveLength(1);
    expect(await deliveries(test)).toEqual([{ state: 'accepted', code: null, attempts: 1 }]);
  });

  it('who turns advertising off is remembered so', async () => {
    const { api, pool } = await running();
    const phone = cloudPhone(api, pool);
    await phone.say('menu');
    const off = async () =>
      (await pool.query('SELECT marketing_off_at FROM address')).rows[0].marketing_off_at;
    phone.person.setMarketing(false);
    await waitFor('the notice', async () => (await off()) !== null);
    phone.person.setMarketing(true);
    await waitFor('the other notice', async () => (await off()) === null);
  });

  it('whom the provider calls otherwise stays who they are', async () => {
    const { api, pool, test } = await running();
    const phone = cloudPhone(api, pool);
    await phone.say('daftar');
    // User ids come into use: with the next message comes one, and later the number is kept from us.
    phone.person.profile.userId = 'ID.990000000001';
    expect(await phone.say('Setuju.')).toEqual([expect.stringContaining('Langkah 1 dari 9')]);
    phone.person.profile.hidesNumber = true;
    expect(await phone.say('ya')).toEqual([expect.stringContaining('Langkah 2 dari 9')]);
    phone.person.changeNumber('6281200029999', 'ID.990000000002');
    expect(await phone.say('Sri Contohwati')).toEqual([expect.stringContaining('Langkah 3 dari 9')]);
    const { rows } = await pool.query('SELECT value_sealed, phone_sealed FROM address');
    expect(rows).toHaveLength(1);
    expect(test.base.vault.open(rows[0].value_sealed)).toBe('ID.990000000002');
    // The old number is proved no more, and the new one is not told.
    expect(rows[0].phone_sealed).toBeNull();
  });
});

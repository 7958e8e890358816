import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startApp } from '../../src/app.js';
import { startTelegram, type TelegramDouble } from '../doubles/telegram/double.js';
import { refuse, tooMany } from '../doubles/telegram/refusal.js';
import { openApp, type TestApp } from '../support/app.js';
import { type Backend, backendsOr } from '../support/backends.js';
import { waitFor } from '../support/wait.js';
import { play, registration } from './phone.js';
import { isDone, shownPlain, type TelegramPhone, telegramPhone } from './telegram-phone.js';

/** One person answers faster here than anybody types, so the limit of one chat is wide. */
const limits = { chatBurst: 1_000 };

async function botOn(api: TelegramDouble, backend: Backend = 'postgres'): Promise<TestApp> {
  const TEST_PROFILE = JSON.stringify({ telegramChatMs: 1 });
  const env = { TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: api.url, TEST_PROFILE };
  return openApp({ backend, env });
}

describe.each(backendsOr('redis'))('a registration by Telegram, with the queue in %s', (backend) => {
  let api: TelegramDouble;
  let test: TestApp;
  let phone: TelegramPhone;
  const rows = async (text: string) => (await test.database.pool.query(text)).rows;

  beforeAll(async () => {
    api = await startTelegram({ limits });
    test = await botOn(api, backend);
    phone = telegramPhone(api, test.database.pool);
  });
  afterAll(async () => {
    await test?.close();
    await api?.close();
  });

  it('goes from Start to the end, by words and buttons', async () => {
    expect((await phone.act((one) => one.start())).at(-1)).toContain('1. ');
    expect(phone.person.buttons().length).toBeGreaterThan(1);
    const steps = shownPlain(registration);
    await play(phone, steps.slice(0, 2));
    expect(await phone.act((one) => one.tapKey('📱 Bagikan nomor saya'))).toEqual([
      expect.stringContaining('Langkah 2 dari 9'),
    ]);
    await play(phone, steps.slice(3, 5));
    expect(await phone.act((one) => one.press('Perempuan'))).toEqual([
      expect.stringContaining('Langkah 5 dari 9'),
    ]);
    await play(phone, steps.slice(6, -1));
    const [summary] = phone.person.shown().slice(-1);
    expect(phone.person.buttons()).toEqual(['Ya, sudah benar', 'Ada yang salah']);
    expect(summary?.text).toContain('NIK: 9901••••••••0001');
    const end = await phone.act((one) => one.press('Ya, sudah benar'));
    expect(end).toEqual([expect.stringContaining('Terima kasih, Ibu Sri Contohwati')]);
  });

  it('leaves a member, an address that is no simulator’s, and every message once', async () => {
    // The number was shared some turns before the end, and is the sender's own.
    expect(await rows('SELECT name, simulator, phone_proved FROM member')).toEqual([
      { name: 'Sri Contohwati', simulator: false, phone_proved: true },
    ]);
    const addresses = await rows('SELECT channel, account, value_sealed FROM address');
    expect(addresses).toMatchObject([
      { channel: 'telegram', account: `telegram-${api.token.split(':')[0]}` },
    ]);
    expect(test.base.vault.open(addresses[0]?.value_sealed)).toBe(phone.person.address);
    const states = await rows('SELECT DISTINCT state FROM delivery');
    expect(states).toEqual([{ state: 'accepted' }]);
    const [{ count }] = await rows('SELECT count(*)::int FROM delivery');
    expect(phone.person.shown()).toHaveLength(count);
    expect(await rows('SELECT * FROM alarm')).toEqual([]);
  });

  it('marks names in bold and leaves no star behind', () => {
    const thanks = phone.person.shown().at(-1);
    expect(thanks?.entities?.length).toBeGreaterThan(0);
    expect(phone.person.texts().join('')).not.toMatch(/\*\S[^*\n]*\*/);
  });

  it('knows the number from then on, and gives the roles that hang on it', async () => {
    const { vault } = test.base;
    const index = vault.index('phone', phone.person.phone);
    const [address] = await rows('SELECT phone_index, phone_sealed FROM address');
    expect([address?.phone_index, vault.open(address?.phone_sealed)]).toEqual([index, phone.person.phone]);
    await phone.act((one) => one.shareContact({ phone: '+6281200099999', userId: one.user.id + 1 }));
    expect((await rows('SELECT phone_index FROM address'))[0]?.phone_index).toEqual(index);
    await test.database.pool.query(
      `INSERT INTO role_grant (id, phone_sealed, phone_index, role, area, granted_by)
       VALUES (gen_random_uuid(), $1, $2, 'operator', '33.22', 'test')`,
      [vault.seal('+6281200077777'), vault.index('phone', '+6281200077777')],
    );
    const second = telegramPhone(api, test.database.pool);
    const atWork = 'tidak ada permintaan yang menunggu';
    expect((await second.say('layani')).join('')).not.toContain(atWork);
    await second.act((one) => one.shareContact({ phone: '6281200077777', userId: one.user.id }));
    expect((await second.say('layani')).join('')).toContain(atWork);
  });

  it('remembers who blocks the bot and who lets it in again', async () => {
    const blocked = async () =>
      (await rows('SELECT blocked_at FROM address ORDER BY created_at'))[0]?.blocked_at;
    phone.person.block();
    await waitFor('the block', async () => (await blocked()) !== null);
    phone.person.unblock();
    await waitFor('the end of it', async () => (await blocked()) === null);
  });
});

describe('what goes wrong', () => {
  async function running() {
    const api = await startTelegram({ limits });
    const test = await botOn(api);
    onTestFinished(async () => {
      await test.close();
      await api.close();
    });
    return { api, test, pool: test.database.pool };
  }
  const deliveries = async ({ database }: TestApp) =>
    (await database.pool.query('SELECT state, code, attempts FROM delivery ORDER BY seq, id')).rows;

  it('a 429 spends no attempt and the answer comes when Telegram lets it', async () => {
    const { api, test, pool } = await running();
    api.faults.next('sendMessage', { kind: 'refuse', refusal: tooMany(1) });
    const phone = telegramPhone(api, pool);
    expect(await phone.say('menu')).toHaveLength(1);
    expect(await deliveries(test)).toEqual([{ state: 'accepted', code: null, attempts: 1 }]);
  });

  it('a connection cut after the message was taken: the row is unknown, and the question comes once more', async () => {
    const { api, test, pool } = await running();
    api.faults.next('sendMessage', { kind: 'reset', when: 'after' });
    const phone = telegramPhone(api, pool);
    const [first, second, ...others] = await phone.say('menu');
    expect(others).toEqual([]);
    expect(second).toContain('Maaf, sempat terputus.');
    expect(second).toContain(first?.split('\n')[0]);
    expect(await deliveries(test)).toMatchObject([{ state: 'unknown' }, { state: 'accepted' }]);
  });

  it('one who has blocked the bot costs one call and nobody else anything', async () => {
    const { api, test, pool } = await running();
    const [gone, there] = [telegramPhone(api, pool), telegramPhone(api, pool)];
    api.faults.next('sendMessage', { kind: 'refuse', refusal: refuse(403, 'bot was blocked by the user') });
    expect(await gone.say('menu')).toEqual([]);
    expect(await there.say('menu')).toHaveLength(1);
    expect(await deliveries(test)).toEqual([
      { state: 'failed', code: 'blocked', attempts: 1 },
      { state: 'accepted', code: null, attempts: 1 },
    ]);
    expect(api.calls('sendMessage')).toHaveLength(2);
  });

  it('Telegram gives messages twice, late and while Sapa is away: each is treated once, in its order', async () => {
    const { api, test, pool } = await running();
    const phone = telegramPhone(api, pool);
    await phone.say('menu');
    await test.stop();
    const updates = ['daftar', 'Setuju.'].map((text) => phone.person.write(text));
    await test.start();
    await waitFor('the bot to be done', () => isDone(api, pool));
    for (const update of updates) if (update !== null) api.repeat(update);
    await waitFor('the bot to be done', () => isDone(api, pool));
    const { rows } = await pool.query('SELECT dedupe_key, state FROM inbound ORDER BY seq');
    expect(rows.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(rows.map(({ dedupe_key }) => Number(dedupe_key))).toEqual(
      [...rows.keys()].map((at) => 500_001 + at),
    );
    const texts = phone.person.texts();
    expect(texts.filter((text) => text.includes('Sebelum mendaftar'))).toHaveLength(1);
  });

  it('two processes with one token: one fetches, and the other takes over when it ends', async () => {
    const { api, test, pool } = await running();
    const second = await startApp(test.base, ['bot', 'worker']);
    onTestFinished(() => second.stop());
    const phone = telegramPhone(api, pool);
    await phone.say('menu');
    expect(api.calls('getUpdates').filter(({ status }) => status === 409)).toEqual([]);
    await test.stop();
    expect(await phone.say('bantuan')).not.toEqual([]);
    expect(api.calls('getUpdates').filter(({ status }) => status === 409)).toEqual([]);
  });
});

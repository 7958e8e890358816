import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp } from '../../src/app.js';
import type { WhatsAppStore } from '../../src/channels/whatsapp-web/port.js';
import { saying } from '../../src/flow/message.js';
import { whatsAppStore } from '../../src/live.js';
import { planBroadcast } from '../../src/store/broadcasts.js';
import { startWhatsAppWeb, type WhatsAppWebDouble } from '../doubles/whatsapp-web/double.js';
import type { TestApp } from '../support/app.js';
import { killChild } from '../support/children.js';
import { waitFor } from '../support/wait.js';
import { isDone, isOpen, isTreated, linkedApp, type WhatsAppPhone, whatsAppPhone } from './whatsapp-phone.js';

const never = new Promise<never>(() => {});

/** One linked number for all: what is tried here, it must survive. */
describe('what goes wrong', () => {
  let api: WhatsAppWebDouble;
  let test: TestApp;
  let store: WhatsAppStore;
  const rows = async (text: string) => (await test.database.pool.query(text)).rows;
  const newPhone = (): WhatsAppPhone => whatsAppPhone(api, test);
  const state = async () => (await store.status()).state;
  const deliveriesTo = async (phone: WhatsAppPhone) => {
    const index = test.base.vault.index('address', phone.person.pn);
    const text = `SELECT d.state, d.code, d.attempts, d.provider_id AS id FROM delivery d
      JOIN address a ON a.id = d.address_id WHERE a.value_index = $1 ORDER BY d.seq`;
    return (await test.database.pool.query(text, [index])).rows;
  };
  const alarm = async (kind: string) =>
    (await rows(`SELECT message FROM alarm WHERE kind = '${kind}' AND cleared_at IS NULL`))[0]?.message;
  const idsTo = (phone: WhatsAppPhone) => api.stanzas(phone.person.pn).map(({ id }) => id);

  beforeAll(async () => {
    api = await startWhatsAppWeb({ fewKeys: true });
    test = await linkedApp(api);
    store = whatsAppStore(test.base);
  });
  afterAll(async () => {
    await test?.close();
    await api?.close();
  });

  it('a wire that is cut between the message and its acknowledgement: sent again under the same id, shown once', async () => {
    const phone = newPhone();
    api.faults.nextSend({ kind: 'cut', when: 'after' }, { to: phone.person.pn });
    expect(await phone.say('menu')).toHaveLength(1);
    const [first, second, ...others] = idsTo(phone);
    expect(first).toBe(second);
    expect(others).toEqual([]);
    expect(await deliveriesTo(phone)).toEqual([{ state: 'accepted', code: null, attempts: 2, id: first }]);
  });

  it('a message that is never acknowledged: the promise of the client proves nothing', async () => {
    const phone = newPhone();
    api.faults.nextSend({ kind: 'drop-ack' }, { to: phone.person.pn });
    expect(await phone.say('menu')).toHaveLength(1);
    expect(new Set(idsTo(phone)).size).toBe(1);
    expect(idsTo(phone)).toHaveLength(2);
    expect(await deliveriesTo(phone)).toMatchObject([{ state: 'accepted', attempts: 2 }]);
  });

  it('the process of the connection is killed between the message and its acknowledgement', async () => {
    const phone = newPhone();
    api.faults.nextSend({ kind: 'late-ack', until: never }, { to: phone.person.pn });
    const written = phone.person.write('menu');
    await waitFor('the message', () => idsTo(phone).length === 1);
    killChild();
    await isTreated(test, phone.person, written);
    await waitFor('the bot to be done', () => isDone(api, test));
    expect(new Set(idsTo(phone)).size).toBe(1);
    expect(phone.person.shown()).toHaveLength(1);
    expect(await deliveriesTo(phone)).toMatchObject([{ state: 'accepted', attempts: 2 }]);
    expect(await phone.say('bantuan')).not.toEqual([]);
  });

  it('the server asks for a restart (515), and what is written meanwhile is answered', async () => {
    const phone = newPhone();
    api.end(515);
    expect(await phone.say('menu')).toHaveLength(1);
    expect(await state()).toBe('open');
  });

  it('the double goes away and comes back; each message is treated once, however often it comes', async () => {
    const phone = newPhone();
    await phone.say('menu');
    await api.goAway();
    await waitFor('the end of the connection', async () => (await state()) === 'waiting');
    const ids = ['daftar', 'Setuju.'].map((text) => phone.person.write(text));
    await api.comeBack();
    for (const id of ids) await isTreated(test, phone.person, id);
    await waitFor('the bot to be done', () => isDone(api, test));
    const texts = phone.person.shown().map(({ text }) => text);
    expect(texts.filter((text) => text.includes('Sebelum mendaftar'))).toHaveLength(1);
    for (const id of ids) phone.person.repeat(id);
    // What one person sends is treated in order: after this, so were the repeats.
    expect(await phone.say('batal')).toHaveLength(1);
    const turns = await rows(`SELECT count(*)::int FROM inbound i JOIN address a ON a.id = i.address_id
      WHERE a.value_index = '\\x${test.base.vault.index('address', phone.person.pn).toString('hex')}'`);
    expect(turns).toEqual([{ count: 4 }]);
  });

  it('the database goes away in the middle: the number is let go, and taken up again with what was written', async () => {
    const phone = newPhone();
    await phone.say('menu');
    const name = new URL(test.database.url).pathname.slice(1);
    const written = phone.person.write('bantuan');
    await test.admin(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
    );
    await waitFor('the turn', () => isTreated(test, phone.person, written).catch(() => null));
    await waitFor('the bot to be done', () => isDone(api, test).catch(() => false));
    expect(new Set(idsTo(phone)).size).toBe(phone.person.shown().length);
    expect(await phone.say('menu')).toHaveLength(1);
  });

  it('463 stops what the bot begins and lets answers pass, and no restart forgets it', async () => {
    const phones = [newPhone(), newPhone(), newPhone()];
    for (const phone of phones) await phone.say('menu');
    const { pool, vault, now } = test.base;
    const contacts = (
      await test.database.pool.query('SELECT contact_id FROM address WHERE value_index = ANY($1)', [
        phones.map(({ person }) => vault.index('address', person.pn)),
      ])
    ).rows.map(({ contact_id }) => contact_id);
    api.faults.restriction = 'all';
    const id = randomUUID();
    await planBroadcast(pool, vault, {
      ...{ id, message: saying('Undangan rakor.'), contacts, account: 'whatsapp-web', createdBy: 'test' },
      ...{ now: now(), expiresAt: null },
    });
    const states = async () =>
      (
        await rows(`SELECT state, code FROM delivery WHERE broadcast_id = '${id}' ORDER BY state DESC, seq`)
      ).map(({ state, code }) => [state, code]);
    await waitFor('the refusal', async () => (await states()).some(([one]) => one === 'failed'));
    await waitFor('the alarm', () => alarm('whatsapp-web-locked'));
    api.faults.restriction = 'none';
    await test.stop();
    await test.start();
    await isOpen(test);
    await waitFor(
      'the others to wait',
      async () => (await states()).filter(([, code]) => code === 'new-chats-locked').length >= 1,
    );
    for (const phone of phones) expect(await sayOnly(phone, 'bantuan')).not.toEqual([]);
    expect((await states()).filter(([one]) => one === 'failed')).toEqual([['failed', 'ack-463']]);
    await waitFor(
      'both to wait',
      async () => (await states()).filter(([one]) => one === 'due' || one === 'planned').length === 2,
    );
    const shown = phones.flatMap(({ person }) => person.shown().map(({ text }) => text));
    expect(shown.filter((text) => text.includes('Undangan'))).toEqual([]);
    await rows(
      `UPDATE delivery SET state = 'cancelled', ended_at = now() WHERE broadcast_id = '${id}' AND ended_at IS NULL`,
    );
  });

  it('440: another has the credentials; nothing connects until a person asks, and what is to be sent waits', async () => {
    const phone = newPhone();
    await phone.say('menu');
    api.end(440);
    await waitFor('the stop', async () => (await state()) === 'stopped');
    expect(await store.status()).toMatchObject({ code: 'replaced' });
    expect(await alarm('whatsapp-web-stopped')).toContain('took over');
    // Neither the same process nor a new one connects by itself.
    await test.stop();
    await test.start();
    const written = phone.person.write('bantuan');
    const before = api.queries('encrypt');
    await waitFor(
      'some sweeps',
      async () =>
        (await rows("SELECT now() > alive_at + interval '1 s' AS over FROM whatsapp_account"))[0].over,
    );
    expect([api.isOnline(), api.queries('encrypt')]).toEqual([false, before]);
    await store.ask();
    await isOpen(test);
    await isTreated(test, phone.person, written);
    await waitFor('the bot to be done', () => isDone(api, test));
    expect(phone.person.shown().length).toBeGreaterThan(1);
    await waitFor('the alarm to be cleared', async () => (await alarm('whatsapp-web-stopped')) === undefined);
  });

  it('two processes: one is connected, and the other takes over when it ends', async () => {
    const second = await startApp(test.base, ['bot', 'worker']);
    const phone = newPhone();
    expect(await phone.say('menu')).toHaveLength(1);
    await test.stop();
    await waitFor('the other to be connected', async () => api.isOnline() && (await state()) === 'open');
    expect(await phone.say('bantuan')).not.toEqual([]);
    await second.stop();
    await test.start();
    await isOpen(test);
  });

  it('401: unlinked; the keys are gone, an alarm is raised, and after another pairing all goes on', async () => {
    const phone = newPhone();
    await phone.say('menu');
    api.unlink();
    await waitFor('the stop', async () => (await state()) === 'stopped');
    expect(await store.status()).toMatchObject({ code: 'logged-out' });
    expect(await rows('SELECT count(*)::int FROM whatsapp_key')).toEqual([{ count: 0 }]);
    expect(await alarm('whatsapp-web-stopped')).toContain('unlinked');
    await store.ask();
    const { text } = await waitFor('a QR', async () => (await store.status()).pairing);
    api.scan(text);
    await isOpen(test);
    expect(await phone.say('bantuan')).not.toEqual([]);
  });

  it('403: the number is blocked; nothing is tried again by itself', async () => {
    api.end(403);
    await waitFor('the stop', async () => (await state()) === 'stopped');
    expect(await store.status()).toMatchObject({ code: 'forbidden' });
    expect(await alarm('whatsapp-web-stopped')).toContain('blocked');
    expect(await rows('SELECT count(*)::int > 0 AS kept FROM whatsapp_key')).toEqual([{ kept: true }]);
  });

  /** As `say`, where rows of a broadcast wait all the while. */
  async function sayOnly({ person }: WhatsAppPhone, text: string): Promise<readonly string[]> {
    const before = person.shown().length;
    person.write(text);
    await waitFor('an answer', () => person.shown().length > before);
    return person
      .shown()
      .slice(before)
      .map((one) => one.text);
  }
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWhatsAppWeb, type WhatsAppWebDouble } from '../doubles/whatsapp-web/double.js';
import type { TestApp } from '../support/app.js';
import { backendsOr } from '../support/backends.js';
import { waitFor } from '../support/wait.js';
import { play, registration } from './phone.js';
import { linkedApp, type WhatsAppPhone, whatsAppPhone } from './whatsapp-phone.js';

describe.each(backendsOr('postgres'))('a registration by WhatsApp Web, with the queue in %s', (backend) => {
  let api: WhatsAppWebDouble;
  let test: TestApp;
  let phone: WhatsAppPhone;
  const rows = async (text: string) => (await test.database.pool.query(text)).rows;

  beforeAll(async () => {
    api = await startWhatsAppWeb({ sealed: true, fewKeys: true });
    test = await linkedApp(api, { backend });
    phone = whatsAppPhone(api, test);
  });
  afterAll(async () => {
    await test?.close();
    await api?.close();
  });

  it('goes from the first word to the end, in numbered text', async () => {
    const [menu] = await phone.say('menu');
    expect(menu).toContain('1. ');
    await play(phone, registration);
  });

  it('leaves a member whose number is proved, one address, and every message once', async () => {
    const { person } = phone;
    expect(await rows('SELECT name, simulator, phone_proved FROM member')).toEqual([
      { name: 'Sri Contohwati', simulator: false, phone_proved: true },
    ]);
    const addresses = await rows(
      'SELECT channel, account, contact_id, value_sealed, phone_sealed FROM address ORDER BY created_at',
    );
    const { vault } = test.base;
    expect(new Set(addresses.map(({ contact_id }) => contact_id)).size).toBe(1);
    expect(addresses.map((one) => vault.open(one.value_sealed))).toEqual([person.pn, person.lid]);
    expect(addresses.map((one) => vault.open(one.phone_sealed))).toEqual(Array(2).fill(`+${person.digits}`));
    expect(await rows('SELECT DISTINCT state FROM delivery')).toEqual([{ state: 'accepted' }]);
    const [{ count }] = await rows('SELECT count(*)::int FROM delivery');
    expect(person.shown()).toHaveLength(count);
    expect(api.stanzas(person.pn)).toHaveLength(count);
    expect(await rows('SELECT * FROM alarm')).toEqual([]);
  });

  it('leaves no number and no key readable in the database', async () => {
    const { person } = phone;
    const tables = await rows(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    for (const { name } of tables) {
      const [{ dump }] = await rows(`SELECT coalesce(string_agg(t::text, ' '), '') AS dump FROM "${name}" t`);
      for (const digits of [person.digits, person.lid.split('@')[0] ?? '', api.phone.digits])
        expect(dump.includes(digits), `${digits} in ${name}`).toBe(false);
    }
  });

  it('goes on in one conversation when a person is first seen by privacy address and then by number', async () => {
    const stranger = whatsAppPhone(api, test);
    const { person } = stranger;
    person.naming = 'lid-only';
    expect(await stranger.say('daftar')).toHaveLength(2);
    const contactOf = async (address: string) => {
      const index = test.base.vault.index('address', address);
      const text = 'SELECT contact_id FROM address WHERE value_index = $1';
      return (await test.database.pool.query(text, [index])).rows[0]?.contact_id;
    };
    const before = await contactOf(person.lid);
    expect([before === undefined, await contactOf(person.pn)]).toEqual([false, undefined]);
    person.naming = 'lid';
    expect(await stranger.say('Setuju.')).toEqual([expect.stringContaining('Langkah 1 dari 9')]);
    expect([await contactOf(person.lid), await contactOf(person.pn)]).toEqual([before, before]);
    person.naming = 'pn';
    expect(await stranger.say('ya')).toEqual([expect.stringContaining('Langkah 2 dari 9')]);
  });

  it('answers nothing that is not said to it: groups, status, signs to a message', async () => {
    const other = whatsAppPhone(api, test);
    const { person } = other;
    const [first] = await other.say('menu').then(() => person.shown());
    const inbound = async () => (await rows('SELECT count(*)::int AS turns FROM inbound'))[0].turns;
    const before = await inbound();
    person.react(first?.id ?? '', '👍');
    person.postStatus('Selamat pagi semua');
    person.write('menu', { group: api.group([person]) });
    expect(await other.say('bantuan')).not.toEqual([]);
    expect(await inbound()).toBe(before + 1);
  });

  it('takes a photo as an answer that cannot be used here, and says so', async () => {
    const other = whatsAppPhone(api, test);
    await other.say('menu');
    const before = other.person.shown().length;
    await other.person.sendImage({ bytes: Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]) });
    await waitFor('an answer', () => other.person.shown().length > before);
    const [{ kinds }] = await rows('SELECT kinds FROM inbound ORDER BY seq DESC LIMIT 1');
    expect(kinds).not.toContain('failed');
  });

  it('hears how far an answer got', async () => {
    const last = phone.person.shown().at(-1);
    phone.person.reads(last?.id ?? '');
    await expect
      .poll(() => rows(`SELECT state FROM delivery WHERE provider_id = '${last?.id}'`), { timeout: 20_000 })
      .toEqual([{ state: 'read' }]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWhatsAppWeb, type WhatsAppWebDouble } from '../doubles/whatsapp-web/double.js';
import { backends, type TestApp } from '../support/app.js';
import { play, registration } from './phone.js';
import { linkedApp, type WhatsAppPhone, whatsAppPhone } from './whatsapp-phone.js';

describe.each(backends)('a registration by WhatsApp Web, with the queue in %s', (backend) => {
  let api: WhatsAppWebDouble;
  let test: TestApp;
  let phone: WhatsAppPhone;
  const rows = async (text: string) => (await test.database.pool.query(text)).rows;

  beforeAll(async () => {
    api = await startWhatsAppWeb();
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

  it('hears how far an answer got', async () => {
    const last = phone.person.shown().at(-1);
    phone.person.reads(last?.id ?? '');
    await expect
      .poll(() => rows(`SELECT state FROM delivery WHERE provider_id = '${last?.id}'`), { timeout: 20_000 })
      .toEqual([{ state: 'read' }]);
  });
});

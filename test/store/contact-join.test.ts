import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WhatsAppStore } from '../../src/channels/whatsapp-web/port.js';
import { createVault, type Vault } from '../../src/store/crypto.js';
import { addContact } from '../../src/store/turns.js';
import { createWhatsAppStore } from '../../src/store/whatsapp-web.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

let database: FreshDatabase;
let vault: Vault;
let store: WhatsAppStore;
let people = 0;
const account = 'whatsapp-web';
const rows = async (text: string, values: readonly unknown[] = []) =>
  (await database.pool.query(text, [...values])).rows;

beforeAll(async () => {
  database = await freshDatabase();
  vault = createVault(randomBytes(32));
  const now = () => new Date();
  store = createWhatsAppStore({ pool: database.pool, vault, account, now, sentAs: async () => null });
});
afterAll(() => database.drop());

/** Addresses of a person nobody has heard of. */
function somebody() {
  people += 1;
  const digits = String(6281200000000 + people);
  return { phone: `+${digits}`, pn: `${digits}@s.whatsapp.net`, lid: `${99000000000000 + people}@lid` };
}

async function contactAt(value: string, phone: string | null = null): Promise<string> {
  const contactId = randomUUID();
  await addContact(database.pool, {
    ...{ contactId, addressId: randomUUID(), simulator: false, channel: 'whatsapp-web', account },
    ...{ value: vault.seal(value), valueIndex: vault.index('address', value), state: vault.sealJson({}) },
    phone: phone === null ? null : { sealed: vault.seal(phone), index: vault.index('phone', phone) },
  });
  return contactId;
}

async function addressesOf(contactId: string) {
  const found = await rows(
    'SELECT value_sealed, phone_sealed FROM address WHERE contact_id = $1 ORDER BY created_at, id',
    [contactId],
  );
  return found.map((one) => [vault.open(one.value_sealed), one.phone_sealed && vault.open(one.phone_sealed)]);
}

const sorted = (addresses: readonly unknown[]) =>
  addresses.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));

it('leaves strangers alone', async () => {
  const { pn, lid } = somebody();
  await store.join({ pn, lid });
  expect(await rows('SELECT FROM address WHERE value_index = $1', [vault.index('address', pn)])).toEqual([]);
});

it.each(['pn', 'lid'] as const)(
  'gives a contact known by its %s the other address, and the number as proved',
  async (known) => {
    const { pn, lid, phone } = somebody();
    const contact = await contactAt(known === 'pn' ? pn : lid, known === 'pn' ? phone : null);
    for (const _ of ['once', 'again']) await store.join({ pn, lid });
    expect(sorted(await addressesOf(contact))).toEqual(
      sorted([
        [pn, phone],
        [lid, phone],
      ]),
    );
  },
);

it('makes one contact of two, with the conversation, the members and everything of both', async () => {
  const { pn, lid, phone } = somebody();
  const [kept, merged] = [await contactAt(pn, phone), await contactAt(lid)];
  const [member, handover, question] = [randomUUID(), randomUUID(), randomUUID()];
  const [{ region }] = await rows("SELECT code AS region FROM region WHERE level = 'village' LIMIT 1");
  await rows(
    `INSERT INTO member (id, name, birth_date, sex, region_code, education) VALUES ($1, 'Contoh', '1970-08-17', 'P', $2, 'SMA')`,
    [member, region],
  );
  await rows('INSERT INTO member_contact (member_id, contact_id) VALUES ($1, $2)', [member, merged]);
  await rows(
    "UPDATE session SET flow = 'daftar', step = 'nama', question = $2, version = 7, state_sealed = $3 WHERE contact_id = $1",
    [merged, question, vault.sealJson({ open: true })],
  );
  await rows('UPDATE contact SET opted_out_at = now(), language = $2 WHERE id = $1', [merged, 'jv']);
  await rows(
    `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, question, due_at)
     SELECT $1, contact_id, id, account, 'reply', 'accepted', $1, now() FROM address WHERE contact_id = $2`,
    [question, merged],
  );
  await rows(
    `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, state, written_at, received_at)
     SELECT gen_random_uuid(), contact_id, id, account, 'x', 'done', now(), now() FROM address WHERE contact_id = $1`,
    [merged],
  );
  const reach = { contactId: merged, address: lid };
  await rows(
    `INSERT INTO handover (id, contact_id, member_sealed, reason, area, opened_at) VALUES ($1, $2, $3, 'asked', '33', now())`,
    [handover, merged, vault.sealJson(reach)],
  );

  await store.join({ pn, lid });

  expect(await rows('SELECT id FROM contact WHERE id = ANY($1)', [[kept, merged]])).toEqual([{ id: kept }]);
  expect(sorted(await addressesOf(kept))).toEqual(
    sorted([
      [pn, phone],
      [lid, phone],
    ]),
  );
  const [session] = await rows(
    'SELECT flow, question, version, state_sealed FROM session WHERE contact_id = $1',
    [kept],
  );
  expect(session).toMatchObject({ flow: 'daftar', question, version: 8 });
  expect(vault.openJson(session.state_sealed)).toEqual({ open: true });
  for (const table of ['member_contact', 'delivery', 'inbound', 'handover'])
    expect(
      await rows(`SELECT contact_id FROM ${table} WHERE contact_id = ANY($1)`, [[kept, merged]]),
    ).toEqual([{ contact_id: kept }]);
  const [request] = await rows('SELECT member_sealed FROM handover WHERE id = $1', [handover]);
  expect(vault.openJson(request.member_sealed)).toEqual({ ...reach, contactId: kept });
  const [contact] = await rows(
    'SELECT opted_out_at IS NOT NULL AS out, language FROM contact WHERE id = $1',
    [kept],
  );
  expect(contact).toEqual({ out: true, language: 'jv' });
  expect(await rows('SELECT kept_id, reason FROM contact_merge WHERE merged_id = $1', [merged])).toEqual([
    { kept_id: kept, reason: 'one person: pn and lid' },
  ]);
  expect(await store.wroteFirst(pn)).toBe(true);
});

it('keeps the open conversation of the kept contact before an idle one, and sends one invitation, not two', async () => {
  const { pn, lid, phone } = somebody();
  const [kept, merged] = [await contactAt(pn, phone), await contactAt(lid)];
  await rows("UPDATE session SET flow = 'daftar', version = 3 WHERE contact_id = $1", [kept]);
  await rows("UPDATE session SET version = 9, updated_at = now() + interval '1 hour' WHERE contact_id = $1", [
    merged,
  ]);
  const broadcast = randomUUID();
  await rows(
    "INSERT INTO broadcast (id, state, body_sealed, created_by) VALUES ($1, 'running', '\\x00', 'test')",
    [broadcast],
  );
  await rows(
    `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, broadcast_id, due_at)
     SELECT gen_random_uuid(), contact_id, id, account, 'bulk', 'planned', $1, now() FROM address WHERE contact_id = ANY($2)`,
    [broadcast, [kept, merged]],
  );
  await store.join({ pn, lid });
  expect(await rows('SELECT flow, version FROM session WHERE contact_id = $1', [kept])).toEqual([
    { flow: 'daftar', version: 10 },
  ]);
  expect(
    await rows('SELECT state FROM delivery WHERE broadcast_id = $1 ORDER BY state', [broadcast]),
  ).toEqual([{ state: 'planned' }, { state: 'cancelled' }]);
});

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

it('where both have a contact it leaves a wish, once, and proves both; whose conversation goes on is not decided here', async () => {
  const { pn, lid, phone } = somebody();
  const [ofPn, ofLid] = [await contactAt(pn), await contactAt(lid)];
  await Promise.all([store.join({ pn, lid }), store.join({ pn, lid })]);
  await store.join({ pn, lid });
  expect(await addressesOf(ofPn)).toEqual([[pn, phone]]);
  expect(await addressesOf(ofLid)).toEqual([[lid, phone]]);
  const wishes = await rows(
    `SELECT w.reason, a.contact_id AS here, b.contact_id AS there FROM link_wish w
     JOIN address a ON a.id = w.address_id JOIN address b ON b.id = w.other_id WHERE a.contact_id = $1`,
    [ofPn],
  );
  expect(wishes).toEqual([{ reason: 'one person: pn and lid', here: ofPn, there: ofLid }]);
});

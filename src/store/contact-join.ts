import type { PoolClient } from 'pg';
import type { Pair } from '../channels/whatsapp-web/port.js';
import { lockMerging } from './contact-merge.js';
import { newId } from './ids.js';
import { run } from './statement.js';
import { inTransaction } from './transaction.js';
import type { AccountStore } from './whatsapp-account.js';

interface AddressRow {
  readonly id: string;
  readonly contactId: string;
  readonly index: Buffer;
  readonly hasPhone: boolean;
}

const findText = `
SELECT id, contact_id AS "contactId", value_index AS index, phone_index IS NOT NULL AS "hasPhone"
FROM address WHERE account = $1 AND value_index = ANY($2::bytea[])`;

const addText = `
INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index, phone_sealed, phone_index, phone_news)
SELECT $1, contact_id, channel, account, $3, $4, $5, $6, true FROM address WHERE id = $2`;

const proveText =
  'UPDATE address SET phone_sealed = $2, phone_index = $3, phone_news = true WHERE id = ANY($1::uuid[])';

/** Why two contacts are one whom WhatsApp itself calls by two addresses: nobody was asked. */
export const pnAndLid = 'one person: pn and lid';

const wishText = `
INSERT INTO link_wish (id, address_id, other_id, reason, asked_at) SELECT $1, $2, $3, $4, $5
WHERE NOT EXISTS (SELECT FROM link_wish WHERE address_id = $2 AND other_id = $3)`;

/**
 * Makes two addresses of one person, by phone number and by privacy id, addresses of one contact, both with the number as proved.
 * Strangers are left alone. Where each has a contact already, it is left as a wish that the two become one: which of two
 * conversations goes on is not the store's to decide.
 */
export async function joinAddresses(store: AccountStore, pair: Pair): Promise<void> {
  if (isJoined(await rowsOf(store, store.pool, pair))) return;
  await inTransaction(store.pool, async (connection) => {
    await lockMerging(connection);
    const { pn, lid } = await rowsOf(store, connection, pair);
    if (pn !== null && lid !== null && pn.contactId !== lid.contactId)
      await wish(store, connection, [pn, lid]);
    const [known] = [pn, lid].filter((row) => row !== null);
    if (known !== undefined && pn === null) await add(store, connection, known, pair, pair.pn);
    if (known !== undefined && lid === null) await add(store, connection, known, pair, pair.lid);
    await prove(store, connection, pair, [pn, lid]);
    return true;
  });
}

interface Rows {
  readonly pn: AddressRow | null;
  readonly lid: AddressRow | null;
}

function isJoined({ pn, lid }: Rows): boolean {
  if (pn === null && lid === null) return true;
  return pn !== null && lid !== null && pn.contactId === lid.contactId && pn.hasPhone && lid.hasPhone;
}

async function rowsOf(
  { vault, account }: AccountStore,
  db: Pick<PoolClient, 'query'>,
  { pn, lid }: Pair,
): Promise<Rows> {
  const indexes = [vault.index('address', pn), vault.index('address', lid)];
  const statement = { name: 'address-pair', text: findText, values: [account, indexes] };
  const rows = await run<AddressRow & { index: Buffer }>(db, statement);
  const [ofPn, ofLid] = indexes.map((wanted) => rows.find(({ index }) => index.equals(wanted)) ?? null);
  return { pn: ofPn ?? null, lid: ofLid ?? null };
}

async function wish(
  { now }: AccountStore,
  db: PoolClient,
  [pn, lid]: readonly [AddressRow, AddressRow],
): Promise<void> {
  await run(db, { name: 'address-wish', text: wishText, values: [newId(), pn.id, lid.id, pnAndLid, now()] });
}

async function add(
  { vault }: AccountStore,
  db: PoolClient,
  known: AddressRow,
  { pn }: Pair,
  value: string,
): Promise<void> {
  const phone = phoneIn(pn);
  const sealed = [
    vault.seal(value),
    vault.index('address', value),
    vault.seal(phone),
    vault.index('phone', phone),
  ];
  await run(db, { name: 'address-beside', text: addText, values: [newId(), known.id, ...sealed] });
}

async function prove(
  { vault }: AccountStore,
  db: PoolClient,
  { pn }: Pair,
  rows: readonly (AddressRow | null)[],
): Promise<void> {
  const ids = rows.flatMap((row) => (row === null || row.hasPhone ? [] : [row.id]));
  const phone = phoneIn(pn);
  const values = [ids, vault.seal(phone), vault.index('phone', phone)];
  if (ids.length > 0) await run(db, { name: 'address-prove', text: proveText, values });
}

/** The number (E.164) that a phone address is made of. */
function phoneIn(pn: string): string {
  return `+${pn.slice(0, pn.indexOf('@'))}`;
}

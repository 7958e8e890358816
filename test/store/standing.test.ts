import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVault } from '../../src/store/crypto.js';
import { moveAddress, recordPreference, recordStanding } from '../../src/store/standing.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

const vault = createVault(randomBytes(32));
const account = 'nomor';
const at = new Date(Date.UTC(2026, 10, 25, 1));
let database: FreshDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  pool = database.pool;
});
afterAll(() => database?.drop());

/** A contact with this address, and a number proved for it. */
async function known(value: string, phone: string | null, on = account): Promise<string> {
  const id = randomUUID();
  await pool.query('INSERT INTO contact (id) VALUES ($1)', [id]);
  await pool.query(
    `INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index, phone_sealed, phone_index)
     VALUES (gen_random_uuid(), $1, 'x', $2, $3, $4, $5, $6)`,
    [
      ...[id, on, vault.seal(value), vault.index('address', value)],
      ...(phone === null ? [null, null] : [vault.seal(phone), vault.index('phone', phone)]),
    ],
  );
  return id;
}

async function addressesOf(contactId: string) {
  const { rows } = await pool.query('SELECT * FROM address WHERE contact_id = $1', [contactId]);
  return rows.map((row) => ({
    value: vault.open(row.value_sealed),
    found: vault.index('address', vault.open(row.value_sealed)).equals(row.value_index),
    phone: row.phone_sealed === null ? null : vault.open(row.phone_sealed),
    phoneIndex: row.phone_index,
    ...{ blocked: row.blocked_at, marketingOff: row.marketing_off_at },
  }));
}

describe('a person whom the provider calls otherwise', () => {
  it('keeps contact and address under the new name, with the number proved for that', async () => {
    const contact = await known('6281200020001', '+6281200020001');
    const move = { account, from: '6281200020001', to: 'ID.A', phone: '+6281200020001' };
    expect(await moveAddress({ pool, vault }, move)).toBe(contact);
    const [moved] = await addressesOf(contact);
    expect(moved).toMatchObject({ value: 'ID.A', found: true, phone: '+6281200020001' });
    expect(moved?.phoneIndex).toEqual(vault.index('phone', '+6281200020001'));
    // Told once more there is nobody left to move.
    expect(await moveAddress({ pool, vault }, move)).toBeNull();
  });

  it('loses the proof of the old number when the new one is not shown', async () => {
    const contact = await known('ID.B', '+6281200020002');
    await moveAddress({ pool, vault }, { account, from: 'ID.B', to: 'ID.C', phone: null });
    expect(await addressesOf(contact)).toMatchObject([{ value: 'ID.C', phone: null, phoneIndex: null }]);
  });

  it('is merged with nobody: who is known by the new name stays apart', async () => {
    const [one, other] = [await known('ID.D', null), await known('ID.E', null)];
    expect(await moveAddress({ pool, vault }, { account, from: 'ID.D', to: 'ID.E', phone: null })).toBeNull();
    expect(await addressesOf(one)).toMatchObject([{ value: 'ID.D' }]);
    expect(await addressesOf(other)).toMatchObject([{ value: 'ID.E' }]);
  });

  it('is nobody of another account', async () => {
    const contact = await known('ID.F', null, 'lain');
    expect(await moveAddress({ pool, vault }, { account, from: 'ID.F', to: 'ID.G', phone: null })).toBeNull();
    expect(await addressesOf(contact)).toMatchObject([{ value: 'ID.F' }]);
  });
});

it('remembers what a person takes and whom they shut out, each by the first time it was said', async () => {
  const contact = await known('ID.H', null);
  const later = new Date(at.getTime() + 1_000);
  const person = { account, address: 'ID.H' };
  for (const when of [at, later]) {
    await recordPreference({ pool, vault }, { ...person, takesMarketing: false, at: when });
    await recordStanding({ pool, vault }, { ...person, blocked: true, at: when });
  }
  expect(await addressesOf(contact)).toMatchObject([{ blocked: at, marketingOff: at }]);
  await recordPreference({ pool, vault }, { ...person, takesMarketing: true, at: later });
  await recordStanding({ pool, vault }, { ...person, blocked: false, at: later });
  expect(await addressesOf(contact)).toMatchObject([{ blocked: null, marketingOff: null }]);
});

it('goes by what was said last, in whatever order it is told', async () => {
  const contact = await known('ID.I', null);
  const person = { account, address: 'ID.I' };
  const [before, after] = [at, new Date(at.getTime() + 1_000)];
  for (const _ of ['once', 'again']) {
    await recordPreference({ pool, vault }, { ...person, takesMarketing: false, at: after });
    await recordPreference({ pool, vault }, { ...person, takesMarketing: true, at: before });
    await recordStanding({ pool, vault }, { ...person, blocked: false, at: after });
    await recordStanding({ pool, vault }, { ...person, blocked: true, at: before });
  }
  expect(await addressesOf(contact)).toMatchObject([{ blocked: null, marketingOff: after }]);
});

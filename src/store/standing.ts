import type { Standing } from '../channels/contract.js';
import type { Vault } from './crypto.js';
import { type Queryable, run } from './statement.js';

/** Where standings are kept. */
interface StandingStore {
  readonly pool: Queryable;
  readonly vault: Vault;
}

const text = `
UPDATE address SET blocked_at = CASE WHEN $3::boolean THEN $4::timestamptz END
WHERE account = $1 AND value_index = $2 AND (blocked_at IS NOT NULL) <> $3::boolean`;

/** Remembers that a person shut an account out, or let it in again; of a stranger there is nothing to remember. */
export async function recordStanding({ pool, vault }: StandingStore, standing: Standing): Promise<void> {
  const { account, address, blocked, at } = standing;
  const values = [account, vault.index('address', address), blocked, at];
  await run(pool, { name: 'address-standing', text, values });
}

import type { Move, Preference, Standing } from '../channels/contract.js';
import type { Vault } from './crypto.js';
import { type Queryable, run } from './statement.js';

/** Where it is kept how people stand to an account. */
interface StandingStore {
  readonly pool: Queryable;
  readonly vault: Vault;
}

const blockText = `
UPDATE address SET blocked_at = CASE WHEN $3::boolean THEN COALESCE(blocked_at, $4::timestamptz) END, standing_at = $4::timestamptz
WHERE account = $1 AND value_index = $2 AND (standing_at IS NULL OR standing_at <= $4::timestamptz)`;

/**
 * Remembers that a person shut an account out, or let it in again; of a stranger there is nothing to remember. What comes late
 * and was said before is no news.
 */
export async function recordStanding({ pool, vault }: StandingStore, standing: Standing): Promise<void> {
  const { account, address, blocked, at } = standing;
  const values = [account, vault.index('address', address), blocked, at];
  await run(pool, { name: 'address-standing', text: blockText, values });
}

const preferText = `
UPDATE address SET preference_at = $4::timestamptz,
  marketing_off_at = CASE WHEN NOT $3::boolean THEN COALESCE(marketing_off_at, $4::timestamptz) END
WHERE account = $1 AND value_index = $2 AND (preference_at IS NULL OR preference_at <= $4::timestamptz)`;

/** Remembers that a person takes no advertising over an account, or takes it again; by the time it was said, as above. */
export async function recordPreference(
  { pool, vault }: StandingStore,
  preference: Preference,
): Promise<void> {
  const { account, address, takesMarketing, at } = preference;
  const values = [account, vault.index('address', address), takesMarketing, at];
  await run(pool, { name: 'address-preference', text: preferText, values });
}

// Nobody is merged here: where the new address is known as well, both stay as they are.
const moveText = `
UPDATE address old SET value_sealed = $3, value_index = $4, phone_sealed = $5, phone_index = $6
WHERE old.account = $1 AND old.value_index = $2
  AND NOT EXISTS (SELECT FROM address new WHERE new.account = $1 AND new.value_index = $4)
RETURNING old.contact_id AS "contactId"`;

/** Gives an address its new name, and the number proved for that; null when there is nobody to move, or the new one is taken. */
export async function moveAddress({ pool, vault }: StandingStore, move: Move): Promise<string | null> {
  const { account, from, to, phone } = move;
  const proof = phone === null ? [null, null] : [vault.seal(phone), vault.index('phone', phone)];
  const names = [vault.index('address', from), vault.seal(to), vault.index('address', to)];
  const values = [account, ...names, ...proof];
  const [moved] = await run<{ contactId: string }>(pool, { name: 'address-move', text: moveText, values });
  return moved?.contactId ?? null;
}

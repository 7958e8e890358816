import { type Queryable, run, type Statement } from './statement.js';

/** Which conversation a message belongs to, and whether it was treated before. */
export interface TurnKey {
  readonly account: string;
  readonly valueIndex: Buffer;
  readonly dedupeKey: string;
}

/** What one turn needs to know, read in one go. `questionSeenAt` is when the pending question was accepted by the provider. */
export interface TurnRow {
  readonly at: number;
  readonly contactId: string;
  readonly addressId: string;
  readonly simulator: boolean;
  readonly version: number;
  readonly state: Buffer;
  readonly question: string | null;
  readonly questionSeenAt: Date | null;
  readonly inboundId: string | null;
  readonly inboundState: string | null;
  readonly attempts: number;
  readonly roles: readonly string[];
  /** The number that the channel proved at some time; null: none. */
  readonly phoneSealed: Buffer | null;
  /** The language the person chose; null: Indonesian. */
  readonly language: string | null;
}

/**
 * When the pending question of a session was accepted by the provider. A question is sent under its own id; one that had to
 * be sent once more is another row of the same contact, in its place or behind it.
 */
export const acceptedAt = `(SELECT coalesce(d.accepted_at, (
    SELECT later.accepted_at FROM delivery later WHERE later.contact_id = s.contact_id AND later.seq >= d.seq
      AND later.id <> d.id AND later.question = d.question ORDER BY later.seq DESC, later.created_at DESC LIMIT 1))
  FROM delivery d WHERE d.id = s.question)`;

const readTurnsText = `
SELECT (q.at - 1)::int AS at, a.contact_id AS "contactId", a.id AS "addressId", c.simulator, c.language, s.version,
  s.state_sealed AS state, s.question, a.phone_sealed AS "phoneSealed", i.id AS "inboundId", i.state AS "inboundState", coalesce(i.attempts, 0) AS attempts,
  ${acceptedAt} AS "questionSeenAt",
  ARRAY(SELECT g.role FROM address n JOIN role_grant g ON g.phone_index = n.phone_index AND g.revoked_at IS NULL
    AND g.simulator = c.simulator WHERE n.contact_id = c.id) AS roles
FROM unnest($1::text[], $2::bytea[], $3::text[]) WITH ORDINALITY AS q(account, value_index, dedupe_key, at)
JOIN address a ON a.account = q.account AND a.value_index = q.value_index
JOIN contact c ON c.id = a.contact_id
JOIN session s ON s.contact_id = c.id
LEFT JOIN inbound i ON i.account = q.account AND i.dedupe_key = q.dedupe_key`;

/** Reads the conversations of several messages at once; `at` is the position of the key. Unknown addresses are left out. */
export function readTurns(db: Queryable, keys: readonly TurnKey[]): Promise<readonly TurnRow[]> {
  const columns = [
    keys.map((key) => key.account),
    keys.map((key) => key.valueIndex),
    keys.map((key) => key.dedupeKey),
  ];
  return run<TurnRow>(db, { name: 'turn-read', text: readTurnsText, values: columns });
}

/** A number as it is kept: to be read, and to be found. */
export interface SealedPhone {
  readonly sealed: Buffer;
  readonly index: Buffer;
}

/** Keeps the number that the channel proved for an address. */
export function keepPhone(addressId: string, { sealed, index }: SealedPhone): Statement {
  const text = 'UPDATE address SET phone_sealed = $2, phone_index = $3, phone_news = true WHERE id = $1';
  return { name: 'address-phone', text, values: [addressId, sealed, index] };
}

/** A contact to be known from now on. */
export interface NewContact {
  readonly contactId: string;
  readonly addressId: string;
  readonly simulator: boolean;
  readonly channel: string;
  readonly account: string;
  readonly value: Buffer;
  readonly valueIndex: Buffer;
  readonly phone: SealedPhone | null;
  readonly state: Buffer;
}

const addContactText = `
WITH c AS (INSERT INTO contact (id, simulator) VALUES ($1, $2)),
a AS (INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index, phone_index, phone_sealed, phone_news)
  VALUES ($3, $1, $4, $5, $6, $7, $8, $10, $8::bytea IS NOT NULL AND NOT $2::boolean))
INSERT INTO session (contact_id, state_sealed) VALUES ($1, $9)`;

/** Makes a contact with its first address and an idle session. Fails with a unique violation when another process was first. */
export async function addContact(db: Queryable, one: NewContact): Promise<void> {
  const { contactId, simulator, addressId, channel, account, value, valueIndex, phone, state } = one;
  const address = [addressId, channel, account, value, valueIndex, phone?.index ?? null];
  const values = [contactId, simulator, ...address, state, phone?.sealed ?? null];
  await run(db, { name: 'contact-add', text: addContactText, values });
}

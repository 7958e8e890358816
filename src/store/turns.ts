import type pg from 'pg';
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
}

const readTurnsText = `
SELECT (q.at - 1)::int AS at, a.contact_id AS "contactId", a.id AS "addressId", c.simulator, s.version,
  s.state_sealed AS state, s.question, i.id AS "inboundId", i.state AS "inboundState", coalesce(i.attempts, 0) AS attempts,
  (SELECT d.accepted_at FROM delivery d WHERE d.question = s.question ORDER BY d.accepted_at LIMIT 1) AS "questionSeenAt",
  ARRAY(SELECT g.role FROM role_grant g WHERE g.phone_index = a.phone_index AND g.revoked_at IS NULL
    AND g.simulator = c.simulator) AS roles
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

/** A contact to be known from now on. */
export interface NewContact {
  readonly contactId: string;
  readonly addressId: string;
  readonly simulator: boolean;
  readonly channel: string;
  readonly account: string;
  readonly value: Buffer;
  readonly valueIndex: Buffer;
  readonly phoneIndex: Buffer | null;
  readonly state: Buffer;
}

const addContactText = `
WITH c AS (INSERT INTO contact (id, simulator) VALUES ($1, $2)),
a AS (INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index, phone_index)
  VALUES ($3, $1, $4, $5, $6, $7, $8))
INSERT INTO session (contact_id, state_sealed) VALUES ($1, $9)`;

/** Makes a contact with its first address and an idle session. Fails with a unique violation when another process was first. */
export async function addContact(db: Queryable, one: NewContact): Promise<void> {
  const { contactId, simulator, addressId, channel, account, value, valueIndex, phoneIndex, state } = one;
  const values = [contactId, simulator, addressId, channel, account, value, valueIndex, phoneIndex, state];
  await run(db, { name: 'contact-add', text: addContactText, values });
}

/** One message to be sent in answer, in the order it is said. */
export interface NewDelivery {
  readonly id: string;
  readonly body: Buffer;
  readonly question: string | null;
}

/** One fact to be kept. `payload` is sealed; the rest says nothing about the person. */
export interface NewFact {
  readonly kind: string;
  readonly flow: string | null;
  readonly step: string | null;
  readonly outcome: string | null;
  readonly payload: Buffer | null;
}

/** Everything one turn writes, except what domain actions bring along. */
export interface TurnWrite {
  readonly contactId: string;
  readonly addressId: string;
  readonly version: number;
  readonly state: Buffer;
  readonly program: string | null;
  readonly flow: string | null;
  readonly step: string | null;
  readonly question: string | null;
  /** The question this turn takes the place of, if it was not sent yet. */
  readonly replaced: string | null;
  readonly account: string;
  readonly dedupeKey: string;
  readonly inboundId: string;
  readonly body: Buffer;
  readonly writtenAt: Date;
  readonly now: Date;
  readonly deliveries: readonly NewDelivery[];
  readonly facts: readonly NewFact[];
}

// The version test sits in the locked row: a turn that lost the race writes nothing. A repeated message writes nothing
// either, because every other part joins the inserted inbound row.
const writeTurnsText = `
WITH t AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::uuid[],
    $9::uuid[], $10::text[], $11::text[], $12::uuid[], $13::bytea[], $14::timestamptz[], $15::timestamptz[])
  AS t(contact_id, address_id, version, state, program, flow, step, question, replaced, account, dedupe_key, inbound_id, body,
    written_at, now)
), c AS MATERIALIZED (
  SELECT t.* FROM t JOIN session s ON s.contact_id = t.contact_id AND s.version = t.version
  ORDER BY t.contact_id FOR UPDATE OF s
), i AS (
  INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, attempts, written_at, received_at, processed_at)
  SELECT inbound_id, contact_id, address_id, account, dedupe_key, body, 'done', 1, written_at, now, now FROM c
  ON CONFLICT (account, dedupe_key) DO UPDATE SET state = 'done', processed_at = excluded.processed_at,
    attempts = inbound.attempts + 1 WHERE inbound.state IN ('pending', 'failed')
  RETURNING id, contact_id
), s AS (
  UPDATE session SET state_sealed = c.state, version = session.version + 1, program = c.program, flow = c.flow, step = c.step,
    question = c.question, updated_at = c.now
  FROM c JOIN i ON i.contact_id = c.contact_id WHERE session.contact_id = c.contact_id RETURNING session.contact_id
), x AS (
  UPDATE delivery d SET state = 'cancelled', code = 'replaced', ended_at = c.now
  FROM c JOIN i ON i.contact_id = c.contact_id WHERE d.question = c.replaced AND d.state IN ('planned', 'due')
), o AS (
  INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, question, cause, due_at, created_at)
  SELECT d.id, c.contact_id, c.address_id, c.account, 'reply', 'due', d.body, d.question, i.id, c.now, c.now
  FROM unnest($16::uuid[], $17::uuid[], $18::bytea[], $19::uuid[]) WITH ORDINALITY AS d(contact_id, id, body, question, at)
  JOIN c ON c.contact_id = d.contact_id JOIN i ON i.contact_id = c.contact_id ORDER BY d.at
), f AS (
  INSERT INTO fact (contact_id, inbound_id, kind, flow, step, outcome, at, payload_sealed)
  SELECT c.contact_id, i.id, f.kind, f.flow, f.step, f.outcome, c.now, f.payload
  FROM unnest($20::uuid[], $21::text[], $22::text[], $23::text[], $24::text[], $25::bytea[]) WITH ORDINALITY
    AS f(contact_id, kind, flow, step, outcome, payload, at)
  JOIN c ON c.contact_id = f.contact_id JOIN i ON i.contact_id = c.contact_id ORDER BY f.at
)
SELECT contact_id AS "contactId" FROM s`;

/**
 * Writes the turns of several contacts in one statement: inbound row, session by compare-and-set, replies and facts. Gives
 * the contacts whose turn was written; the others lost a race or were told before, and have written nothing.
 */
export async function writeTurns(db: Queryable, turns: readonly TurnWrite[]): Promise<ReadonlySet<string>> {
  const rows = await run<{ contactId: string }>(db, writeTurnsStatement(turns));
  return new Set(rows.map((row) => row.contactId));
}

function writeTurnsStatement(turns: readonly TurnWrite[]): Statement {
  const column = <K extends keyof TurnWrite>(key: K) => turns.map((turn) => turn[key]);
  const deliveries = turns.flatMap((turn) =>
    turn.deliveries.map((one) => ({ ...one, contactId: turn.contactId })),
  );
  const facts = turns.flatMap((turn) => turn.facts.map((one) => ({ ...one, contactId: turn.contactId })));
  const values = [
    ...[column('contactId'), column('addressId'), column('version'), column('state'), column('program')],
    ...[
      column('flow'),
      column('step'),
      column('question'),
      column('replaced'),
      column('account'),
      column('dedupeKey'),
    ],
    ...[column('inboundId'), column('body'), column('writtenAt'), column('now')],
    ...[
      deliveries.map((one) => one.contactId),
      deliveries.map((one) => one.id),
      deliveries.map((one) => one.body),
    ],
    deliveries.map((one) => one.question),
    ...[facts.map((one) => one.contactId), facts.map((one) => one.kind), facts.map((one) => one.flow)],
    ...[facts.map((one) => one.step), facts.map((one) => one.outcome), facts.map((one) => one.payload)],
  ];
  return { name: 'turn-write', text: writeTurnsText, values };
}

/**
 * Writes one turn with what its domain actions bring along, in one transaction. False when the turn lost; then nothing of
 * it is written. A unique violation in the actions' statements undoes all and is thrown.
 */
export async function writeTurnWith(
  pool: pg.Pool,
  turn: TurnWrite,
  writes: readonly Statement[],
): Promise<boolean> {
  const connection = await pool.connect();
  let broken = false;
  try {
    await connection.query('BEGIN');
    const won = (await writeTurns(connection, [turn])).has(turn.contactId);
    if (won) for (const statement of writes) await run(connection, statement);
    await connection.query(won ? 'COMMIT' : 'ROLLBACK');
    return won;
  } catch (error) {
    broken = await rollback(connection);
    throw error;
  } finally {
    connection.release(broken);
  }
}

/** Undoes what a connection has begun; true when the connection itself is gone. */
async function rollback(connection: pg.PoolClient): Promise<boolean> {
  try {
    await connection.query('ROLLBACK');
    return false;
  } catch {
    return true;
  }
}

/** A turn that failed, to be kept as a failure. After `attempts` it is parked and the conversation begins anew. */
export interface TurnFailure {
  readonly contactId: string;
  readonly addressId: string;
  readonly account: string;
  readonly dedupeKey: string;
  readonly inboundId: string;
  readonly body: Buffer;
  readonly writtenAt: Date;
  readonly now: Date;
  readonly parkAfter: number;
  readonly apology: NewDelivery;
  readonly handoverId: string;
  readonly idleState: Buffer;
  readonly code: string;
}

const failTurnText = `
WITH i AS (
  INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, attempts, written_at, received_at)
  VALUES ($1, $2, $3, $4, $5, $6, 'failed', 1, $7, $8)
  ON CONFLICT (account, dedupe_key) DO UPDATE SET attempts = inbound.attempts + 1,
    state = CASE WHEN inbound.attempts + 1 >= $9 THEN 'parked' ELSE 'failed' END WHERE inbound.state IN ('pending', 'failed')
  RETURNING id, state, attempts
), f AS (
  INSERT INTO fact (contact_id, inbound_id, kind, outcome, at) SELECT $2, id, 'failed', $15, $8 FROM i
), o AS (
  INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, question, cause, due_at, created_at)
  SELECT $10, $2, $3, $4, 'reply', 'due', $11, $12, i.id, $8, $8 FROM i WHERE i.attempts = 1
), h AS (
  INSERT INTO handover (id, contact_id, reason, area, opened_at) SELECT $13, $2, 'turn-failed', '33', $8 FROM i WHERE i.attempts = 1
), a AS (
  INSERT INTO alarm (kind, message, raised_at) SELECT 'turn-failed', $15, $8 FROM i
  ON CONFLICT (kind) DO UPDATE SET message = excluded.message, raised_at = excluded.raised_at, cleared_at = NULL
), s AS (
  UPDATE session SET state_sealed = $14, version = version + 1, program = NULL, flow = NULL, step = NULL, question = NULL
  FROM i WHERE session.contact_id = $2 AND i.state = 'parked'
)
SELECT state FROM i`;

/** Keeps a failed turn: one apology and one notice to a human per message; parked after the last attempt. Gives its state. */
export async function failTurn(db: Queryable, one: TurnFailure): Promise<string | null> {
  const values = [
    ...[
      one.inboundId,
      one.contactId,
      one.addressId,
      one.account,
      one.dedupeKey,
      one.body,
      one.writtenAt,
      one.now,
    ],
    ...[
      one.parkAfter,
      one.apology.id,
      one.apology.body,
      one.apology.question,
      one.handoverId,
      one.idleState,
      one.code,
    ],
  ];
  const rows = await run<{ state: string }>(db, { name: 'turn-fail', text: failTurnText, values });
  return rows[0]?.state ?? null;
}

const unfinishedText = `
SELECT id, body_sealed AS body FROM inbound WHERE state IN ('pending', 'failed') AND body_sealed IS NOT NULL
ORDER BY seq LIMIT $1`;

/** Messages that were stored but never treated to the end, oldest first. */
export function unfinishedInbound(
  db: Queryable,
  limit: number,
): Promise<readonly { id: string; body: Buffer }[]> {
  return run(db, { name: 'inbound-unfinished', text: unfinishedText, values: [limit] });
}

const alarmText = `
INSERT INTO alarm (kind, message, raised_at) VALUES ($1, $2, $3)
ON CONFLICT (kind) DO UPDATE SET message = excluded.message, raised_at = excluded.raised_at, cleared_at = NULL`;

/** Raises an alarm, or keeps it raised. `message` holds nothing about a person. */
export function alarmStatement(kind: string, message: string, at: Date): Statement {
  return { name: 'alarm-raise', text: alarmText, values: [kind, message, at] };
}

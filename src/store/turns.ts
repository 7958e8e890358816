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

/** When the pending question of a session was accepted by the provider. */
const acceptedAt = `(SELECT d.accepted_at FROM delivery d WHERE d.contact_id = s.contact_id AND d.question = s.question
    AND s.question IS NOT NULL ORDER BY d.seq DESC LIMIT 1)`;

const readTurnsText = `
SELECT (q.at - 1)::int AS at, a.contact_id AS "contactId", a.id AS "addressId", c.simulator, s.version,
  s.state_sealed AS state, s.question, i.id AS "inboundId", i.state AS "inboundState", coalesce(i.attempts, 0) AS attempts,
  ${acceptedAt} AS "questionSeenAt",
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

/** What happened in a turn, side by side; an empty text stands for none. `payload` is sealed; the rest says nothing about the person. */
export interface NewFacts {
  readonly kinds: readonly string[];
  readonly flows: readonly string[];
  readonly steps: readonly string[];
  readonly outcomes: readonly string[];
  readonly payload: Buffer | null;
}

/** Everything one turn writes, except what domain actions bring along. */
export interface TurnWrite {
  readonly contactId: string;
  readonly addressId: string;
  readonly version: number;
  /** The turn was thought in the belief that the pending question was seen; it counts only if that is so. */
  readonly seenAssumed: boolean;
  readonly state: Buffer;
  readonly program: string | null;
  readonly flow: string | null;
  readonly step: string | null;
  readonly question: string | null;
  readonly account: string;
  readonly dedupeKey: string;
  readonly inboundId: string;
  readonly body: Buffer;
  readonly writtenAt: Date;
  readonly now: Date;
  readonly deliveries: readonly NewDelivery[];
  readonly facts: NewFacts;
}

// The version test sits in the locked row: a turn that lost the race writes nothing. A repeated message writes nothing
// either, because every other part joins the inserted inbound row.
const lockSession = `SELECT t.* FROM t JOIN session s ON s.contact_id = t.contact_id AND s.version = t.version
  WHERE NOT t.seen_assumed OR s.question IS NULL OR ${acceptedAt} <= t.written_at
  ORDER BY t.contact_id FOR UPDATE OF s`;
const insertInbound = `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, attempts,
    written_at, received_at, processed_at, kinds, flows, steps, outcomes, facts_sealed)
  SELECT inbound_id, contact_id, address_id, account, dedupe_key, body, 'done', 1, written_at, now, now,
    kinds, flows, steps, outcomes, payload FROM c
  ON CONFLICT (account, dedupe_key) DO UPDATE SET state = 'done', processed_at = excluded.processed_at,
    attempts = inbound.attempts + 1, kinds = excluded.kinds, flows = excluded.flows, steps = excluded.steps,
    outcomes = excluded.outcomes, facts_sealed = excluded.facts_sealed WHERE inbound.state IN ('pending', 'failed')
  RETURNING id, contact_id`;
const updateSession = `UPDATE session SET state_sealed = c.state, version = session.version + 1, program = c.program, flow = c.flow,
    step = c.step, question = c.question, updated_at = c.now
  FROM c JOIN i ON i.contact_id = c.contact_id WHERE session.contact_id = c.contact_id RETURNING session.contact_id`;
const insertDeliveries = `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, question, cause, due_at, created_at)
  SELECT d.id, c.contact_id, c.address_id, c.account, 'reply', 'due', d.body, d.question, i.id, c.now, c.now`;

/** Columns of a turn in the order of the statement's parameters, with their types. */
const turnColumns = {
  contact_id: 'uuid',
  address_id: 'uuid',
  version: 'int',
  seen_assumed: 'boolean',
  state: 'bytea',
  program: 'text',
  flow: 'text',
  step: 'text',
  question: 'uuid',
  account: 'text',
  dedupe_key: 'text',
  inbound_id: 'uuid',
  body: 'bytea',
  written_at: 'timestamptz',
  now: 'timestamptz',
  payload: 'bytea',
} as const;
const columnNames = Object.keys(turnColumns);
const columnTypes = Object.values(turnColumns);

function turnValues(turn: TurnWrite): readonly unknown[] {
  return [
    ...[turn.contactId, turn.addressId, turn.version, turn.seenAssumed, turn.state],
    ...[turn.program, turn.flow, turn.step, turn.question],
    ...[
      turn.account,
      turn.dedupeKey,
      turn.inboundId,
      turn.body,
      turn.writtenAt,
      turn.now,
      turn.facts.payload,
    ],
  ];
}

/**
 * Writes the turns of several contacts in one statement: inbound row, session by compare-and-set, replies and facts. Gives
 * the contacts whose turn was written; the others lost a race or were told before, and have written nothing.
 */
export async function writeTurns(db: Queryable, turns: readonly TurnWrite[]): Promise<ReadonlySet<string>> {
  const [only, ...others] = turns;
  if (only === undefined) return new Set();
  const statement = others.length === 0 ? oneTurn(only) : manyTurns(turns);
  const rows = await run<{ contactId: string }>(db, statement);
  return new Set(rows.map((row) => row.contactId));
}

const lists = ['kinds', 'flows', 'steps', 'outcomes'] as const;

/** One turn goes as plain parameters: nothing is wrapped in arrays, and sealed bytes travel as bytes. */
function oneTurn(turn: TurnWrite): Statement {
  const count = turn.deliveries.length;
  const facts = lists.map((list) => turn.facts[list]);
  const deliveries = turn.deliveries.flatMap(({ id, body, question }) => [id, body, question]);
  return {
    name: `turn-write-${count}`,
    text: oneTurnText(count),
    values: [...turnValues(turn), ...facts, ...deliveries],
  };
}

const oneTurnTexts = new Map<number, string>();

function oneTurnText(deliveries: number): string {
  const known = oneTurnTexts.get(deliveries) ?? makeOneTurnText(deliveries);
  oneTurnTexts.set(deliveries, known);
  return known;
}

function makeOneTurnText(deliveries: number): string {
  const columns = columnTypes.map((type, at) => `$${at + 1}::${type} AS ${columnNames[at]}`);
  const first = columnTypes.length + 1;
  const facts = lists.map((list, at) => `$${first + at}::text[] AS ${list}`);
  const rows = Array.from({ length: deliveries }, (_, at) => {
    const next = first + lists.length + at * 3;
    return `($${next}::uuid, $${next + 1}::bytea, $${next + 2}::uuid, ${at})`;
  });
  const replies = `, o AS (${insertDeliveries}
    FROM (VALUES ${rows.join(', ')}) AS d(id, body, question, at) CROSS JOIN c JOIN i ON i.contact_id = c.contact_id ORDER BY d.at)`;
  return `WITH t AS (SELECT ${[...columns, ...facts].join(', ')}), c AS MATERIALIZED (${lockSession}), i AS (${insertInbound}),
    s AS (${updateSession})${deliveries === 0 ? '' : replies}
    SELECT contact_id AS "contactId" FROM s`;
}

// Lists of different lengths do not fit into one array of arrays: each turn's lists travel as one text, which no kind,
// flow, step or outcome can hold the separator of.
const separator = '\u001f';
/** Sealed bytes travel in one piece, which the server cuts by place and length: as a list they would go as hexadecimal text. */
const cut = (column: string) => `substring($1::bytea FROM ${column}_at FOR ${column}_length) AS ${column}`;
const sentColumns = Object.entries(turnColumns).flatMap(([name, type]) =>
  type === 'bytea'
    ? [[`${name}_at`, 'int'] as const, [`${name}_length`, 'int'] as const]
    : [[name, type] as const],
);
const sentLists = lists.map((list) => [`${list}_text`, 'text'] as const);
const sentTurns = [...sentColumns, ...sentLists];
const sentReplies = [
  ['contact_id', 'uuid'],
  ['id', 'uuid'],
  ['body_at', 'int'],
  ['body_length', 'int'],
  ['question', 'uuid'],
] as const;

/** A table made of parameters that are lists, from the given one on. */
function sent(
  columns: readonly (readonly [name: string, type: string])[],
  first: number,
  name: string,
): string {
  const parameters = columns.map(([, type], at) => `$${first + at}::${type}[]`);
  return `unnest(${parameters.join(', ')}) WITH ORDINALITY AS ${name}(${columns.map(([column]) => column).join(', ')}, at)`;
}

const manyTurnsText = `WITH t AS (
    SELECT ${Object.entries(turnColumns)
      .map(([name, type]) => (type === 'bytea' ? cut(name) : name))
      .concat(lists.map((list) => `string_to_array(${list}_text, E'\\x1f') AS ${list}`))
      .join(', ')}
    FROM ${sent(sentTurns, 2, 'u')}
  ), c AS MATERIALIZED (${lockSession}), i AS (${insertInbound}), s AS (${updateSession}),
  o AS (${insertDeliveries}
    FROM (SELECT contact_id, id, ${cut('body')}, question, at FROM ${sent(sentReplies, 2 + sentTurns.length, 'r')}) d
    JOIN c ON c.contact_id = d.contact_id JOIN i ON i.contact_id = c.contact_id ORDER BY d.at)
  SELECT contact_id AS "contactId" FROM s`;

function manyTurns(turns: readonly TurnWrite[]): Statement {
  const parcel = new Parcel();
  const rows = turns.map((turn) =>
    turnValues(turn).flatMap((value, at) => (columnTypes[at] === 'bytea' ? parcel.place(value) : [value])),
  );
  const columns = sentColumns.map((_, at) => rows.map((row) => row[at]));
  const facts = lists.map((list) => turns.map((turn) => turn.facts[list].join(separator)));
  const replies = turns.flatMap((turn) =>
    turn.deliveries.map(({ id, body, question }) => [turn.contactId, id, ...parcel.place(body), question]),
  );
  const replyColumns = sentReplies.map((_, at) => replies.map((row) => row[at]));
  return {
    name: 'turn-write-many',
    text: manyTurnsText,
    values: [parcel.bytes(), ...columns, ...facts, ...replyColumns],
  };
}

/** Bytes of many values in one piece. SQL counts places from one. */
class Parcel {
  readonly #pieces: Buffer[] = [];
  #length = 0;

  /** Puts bytes in and gives their place and length; nothing has neither. */
  place(value: unknown): readonly [number, number] | readonly [null, null] {
    if (!Buffer.isBuffer(value)) return [null, null];
    this.#pieces.push(value);
    this.#length += value.length;
    return [this.#length - value.length + 1, value.length];
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces, this.#length);
  }
}

const cancelText = `UPDATE delivery SET state = 'cancelled', code = 'replaced', ended_at = $3
WHERE contact_id = $1 AND question = $2 AND state IN ('planned', 'due')`;

/** Takes a question back that was not sent yet, because another takes its place. */
export function cancelQuestion(contactId: string, question: string, at: Date): Statement {
  return { name: 'question-cancel', text: cancelText, values: [contactId, question, at] };
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
  INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, attempts, written_at, received_at,
    kinds, flows, steps, outcomes)
  VALUES ($1, $2, $3, $4, $5, $6, 'failed', 1, $7, $8, ARRAY['failed'], ARRAY[''], ARRAY[''], ARRAY[$15::text])
  ON CONFLICT (account, dedupe_key) DO UPDATE SET attempts = inbound.attempts + 1,
    state = CASE WHEN inbound.attempts + 1 >= $9 THEN 'parked' ELSE 'failed' END WHERE inbound.state IN ('pending', 'failed')
  RETURNING id, state, attempts
), o AS (
  INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, question, cause, due_at, created_at)
  SELECT $10, $2, $3, $4, 'reply', 'due', $11, $12, i.id, $8, $8 FROM i WHERE i.state = 'parked'
), h AS (
  INSERT INTO handover (id, contact_id, reason, area, opened_at) SELECT $13, $2, 'turn-failed', '33', $8 FROM i WHERE i.state = 'parked'
), a AS (
  INSERT INTO alarm (kind, message, raised_at) SELECT 'turn-failed', $15, $8 FROM i
  ON CONFLICT (kind) DO UPDATE SET message = excluded.message, raised_at = excluded.raised_at, cleared_at = NULL
), s AS (
  UPDATE session SET state_sealed = $14, version = version + 1, program = NULL, flow = NULL, step = NULL, question = NULL
  FROM i WHERE session.contact_id = $2 AND i.state = 'parked'
)
SELECT state FROM i`;

/** Keeps a failed turn: parked after the last attempt, with one apology and one notice to a human. Gives its state. */
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

import type pg from 'pg';
import { type Queryable, run, type Statement } from './statement.js';
import { inTransaction } from './transaction.js';
import { acceptedAt } from './turns.js';

/** One message to be sent in answer, in the order it is said. */
export interface NewDelivery {
  readonly id: string;
  readonly body: Buffer;
  /** The question it asks, or is a part of; the part that is answered has the question's own id. */
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
  /** The message stands in the database already, from a turn that was not finished. */
  readonly stored: boolean;
  readonly state: Buffer;
  readonly program: string | null;
  readonly flow: string | null;
  readonly step: string | null;
  readonly question: string | null;
  readonly account: string;
  readonly dedupeKey: string;
  readonly inboundId: string;
  /** Null for what nobody typed. */
  readonly body: Buffer | null;
  readonly writtenAt: Date;
  readonly now: Date;
  readonly deliveries: readonly NewDelivery[];
  readonly facts: NewFacts;
}

interface TurnColumn {
  readonly name: string;
  readonly type: 'uuid' | 'int' | 'boolean' | 'bytea' | 'text' | 'timestamptz';
  readonly of: (turn: TurnWrite) => unknown;
}

/** Columns of a turn in the order of the statement's parameters. */
const table = [
  { name: 'contact_id', type: 'uuid', of: (turn) => turn.contactId },
  { name: 'address_id', type: 'uuid', of: (turn) => turn.addressId },
  { name: 'version', type: 'int', of: (turn) => turn.version },
  { name: 'seen_assumed', type: 'boolean', of: (turn) => turn.seenAssumed },
  { name: 'state', type: 'bytea', of: (turn) => turn.state },
  { name: 'program', type: 'text', of: (turn) => turn.program },
  { name: 'flow', type: 'text', of: (turn) => turn.flow },
  { name: 'step', type: 'text', of: (turn) => turn.step },
  { name: 'question', type: 'uuid', of: (turn) => turn.question },
  { name: 'account', type: 'text', of: (turn) => turn.account },
  { name: 'dedupe_key', type: 'text', of: (turn) => turn.dedupeKey },
  { name: 'inbound_id', type: 'uuid', of: (turn) => turn.inboundId },
  { name: 'body', type: 'bytea', of: (turn) => turn.body },
  { name: 'written_at', type: 'timestamptz', of: (turn) => turn.writtenAt },
  { name: 'now', type: 'timestamptz', of: (turn) => turn.now },
  { name: 'payload', type: 'bytea', of: (turn) => turn.facts.payload },
] as const satisfies readonly TurnColumn[];
const factLists = ['kinds', 'flows', 'steps', 'outcomes'] as const;

const turnColumns: readonly TurnColumn[] = table;

type Column = (typeof table)[number]['name'] | (typeof factLists)[number];
/** Where a statement has a column of a turn: a parameter, or a column of the table of turns. */
type Of = (column: Column) => string;

const parameters = new Map<string, string>([
  ...turnColumns.map(({ name, type }, at): [string, string] => [name, `$${at + 1}::${type}`]),
  ...factLists.map((name, at): [string, string] => [name, `$${turnColumns.length + at + 1}::text[]`]),
]);

/**
 * Writes the turns of several contacts in one statement: inbound row, session by compare-and-set, replies and facts. Gives
 * the contacts whose turn was written; the others lost a race or were told before, and have written nothing. No two of the
 * turns may be of one contact. A turn alone that repeats a message fails with a unique violation; several must be new.
 */
export async function writeTurns(db: Queryable, turns: readonly TurnWrite[]): Promise<ReadonlySet<string>> {
  const [only, ...others] = turns;
  if (only === undefined) return new Set();
  const statement = others.length === 0 ? oneTurn(only) : manyTurns(turns);
  const rows = await run<{ contactId: string }>(db, statement);
  return new Set(rows.map((row) => row.contactId));
}

const setSession = (
  of: Of,
) => `state_sealed = ${of('state')}, version = s.version + 1, program = ${of('program')},
  flow = ${of('flow')}, step = ${of('step')}, question = ${of('question')}, updated_at = ${of('now')}`;
/** Holds while nobody else has moved the conversation, and the question was seen by whoever is taken to have answered it. */
const unmoved = (of: Of) => `s.contact_id = ${of('contact_id')} AND s.version = ${of('version')}
  AND (NOT ${of('seen_assumed')} OR s.question IS NULL OR ${acceptedAt} <= ${of('written_at')})`;
const insertInbound = (
  of: Of,
) => `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state,
    attempts, written_at, received_at, processed_at, kinds, flows, steps, outcomes, facts_sealed)
  SELECT ${of('inbound_id')}, ${of('contact_id')}, ${of('address_id')}, ${of('account')}, ${of('dedupe_key')}, ${of('body')}, 'done',
    1, ${of('written_at')}, ${of('now')}, ${of('now')}, ${factLists.map(of).join(', ')}, ${of('payload')}`;
const finishInbound = (
  of: Of,
) => `UPDATE inbound SET state = 'done', processed_at = ${of('now')}, attempts = attempts + 1,
    body_sealed = ${of('body')}, ${factLists.map((list) => `${list} = ${of(list)}`).join(', ')}, facts_sealed = ${of('payload')}
  FROM s WHERE account = ${of('account')} AND dedupe_key = ${of('dedupe_key')} AND id = ${of('inbound_id')}
    AND address_id = ${of('address_id')} AND state IN ('pending', 'failed')`;
const insertDeliveries = (of: Of) => `INSERT INTO delivery
    (id, contact_id, address_id, account, lane, state, body_sealed, question, cause, due_at, created_at)
  SELECT d.id, ${of('contact_id')}, ${of('address_id')}, ${of('account')}, 'reply', 'due', d.body, d.question,
    ${of('inbound_id')}, ${of('now')}, ${of('now')}`;

/**
 * One turn goes as plain parameters and the plainest plan: what a wide or deep plan costs to set up, this statement would pay
 * at every message. A repeated message fails on the unique index and undoes all.
 */
function oneTurn(turn: TurnWrite): Statement {
  const count = turn.deliveries.length;
  const facts = factLists.map((list) => turn.facts[list]);
  const deliveries = turn.deliveries.flatMap(({ id, body, question }) => [id, body, question]);
  const name = `turn-${turn.stored ? 'finish' : 'write'}-${count}`;
  return {
    name,
    text: oneTurnText(name, turn),
    values: [...turnColumns.map(({ of }) => of(turn)), ...facts, ...deliveries],
  };
}

const oneTurnTexts = new Map<string, string>();

function oneTurnText(name: string, turn: TurnWrite): string {
  const known = oneTurnTexts.get(name) ?? makeOneTurnText(turn.deliveries.length, turn.stored);
  oneTurnTexts.set(name, known);
  return known;
}

function makeOneTurnText(deliveries: number, stored: boolean): string {
  const of: Of = (column) => parameters.get(column) ?? '';
  const inbound = stored ? finishInbound(of) : `${insertInbound(of)} FROM s`;
  const rows = Array.from({ length: deliveries }, (_, at) => {
    const next = parameters.size + at * 3 + 1;
    return `($${next}::uuid, $${next + 1}::bytea, $${next + 2}::uuid, ${at})`;
  });
  const replies = `, o AS (${insertDeliveries(of)}
    FROM s CROSS JOIN (VALUES ${rows.join(', ')}) AS d(id, body, question, at) ORDER BY d.at)`;
  return `WITH s AS (UPDATE session s SET ${setSession(of)} WHERE ${unmoved(of)} RETURNING s.contact_id), i AS (${inbound})
    ${deliveries === 0 ? '' : replies}
    SELECT contact_id AS "contactId" FROM s`;
}

// Lists of different lengths do not fit into one array of arrays: each turn's lists travel as one text, which no kind,
// flow, step or outcome can hold the separator of.
const separator = '\u001f';
/** Sealed bytes travel in one piece, which the server cuts by place and length: as a list they would go as hexadecimal text. */
const cut = (column: string) => `substring($1::bytea FROM ${column}_at FOR ${column}_length) AS ${column}`;
const sentColumns = turnColumns.flatMap(({ name, type }): (readonly [name: string, type: string])[] =>
  type === 'bytea'
    ? [
        [`${name}_at`, 'int'],
        [`${name}_length`, 'int'],
      ]
    : [[name, type]],
);
const sentLists = factLists.map((list) => [`${list}_text`, 'text'] as const);
const sentTurns = [...sentColumns, ...sentLists];
const sentReplies = [
  ['inbound_id', 'uuid'],
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

// The version test sits in the locked row: a turn that lost the race writes nothing. A repeated message writes nothing
// either, because every other part joins the inserted inbound row.
const ofTurn: Of = (column) => `c.${column}`;
const manyTurnsText = `WITH t AS (
    SELECT ${turnColumns
      .map(({ name, type }): string => (type === 'bytea' ? cut(name) : name))
      .concat(factLists.map((list) => `string_to_array(${list}_text, E'\\x1f') AS ${list}`))
      .join(', ')}
    FROM ${sent(sentTurns, 2, 'u')}
  ), c AS MATERIALIZED (
    SELECT t.* FROM t JOIN session s ON ${unmoved((column) => `t.${column}`)} ORDER BY t.contact_id FOR UPDATE OF s
  ), i AS (${insertInbound(ofTurn)} FROM c ON CONFLICT (account, dedupe_key) DO NOTHING RETURNING id
  ), s AS (UPDATE session s SET ${setSession(ofTurn)} FROM c JOIN i ON i.id = c.inbound_id
    WHERE s.contact_id = c.contact_id RETURNING s.contact_id
  ), o AS (${insertDeliveries(ofTurn)}
    FROM (SELECT inbound_id, id, ${cut('body')}, question, at FROM ${sent(sentReplies, 2 + sentTurns.length, 'r')}) d
    JOIN c ON c.inbound_id = d.inbound_id JOIN i ON i.id = c.inbound_id ORDER BY d.at)
  SELECT contact_id AS "contactId" FROM s`;

function manyTurns(turns: readonly TurnWrite[]): Statement {
  const parcel = new Parcel();
  const columns = turnColumns.flatMap(({ type, of }) => sentAs(type, turns.map(of), parcel));
  const facts = factLists.map((list) => turns.map((turn) => turn.facts[list].join(separator)));
  const replies = turns.flatMap(({ inboundId, deliveries }) =>
    deliveries.map((reply) => ({ ...reply, inboundId })),
  );
  const replyColumns = [
    ...sentAs(
      'uuid',
      replies.map(({ inboundId }) => inboundId),
      parcel,
    ),
    ...sentAs(
      'uuid',
      replies.map(({ id }) => id),
      parcel,
    ),
    ...sentAs(
      'bytea',
      replies.map(({ body }) => body),
      parcel,
    ),
    ...sentAs(
      'uuid',
      replies.map(({ question }) => question),
      parcel,
    ),
  ];
  return {
    name: 'turn-write-many',
    text: manyTurnsText,
    values: [parcel.bytes(), ...columns, ...facts, ...replyColumns],
  };
}

/** The parameters one column of many turns travels as. */
function sentAs(type: TurnColumn['type'], values: readonly unknown[], parcel: Parcel): readonly unknown[] {
  if (type === 'text') return [values];
  if (type !== 'bytea') return [listText(values)];
  const placed = values.map((value) => parcel.place(value));
  return [listText(placed.map(([at]) => at)), listText(placed.map(([, length]) => length))];
}

/** A list as the server reads it, of values in whose text nothing needs quotes: the client library looks at each for some. */
function listText(values: readonly unknown[]): string {
  const texts = values.map((value) => (value instanceof Date ? value.toISOString() : (value ?? 'NULL')));
  return `{${texts.join(',')}}`;
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

/**
 * Writes one turn with what its domain actions bring along, in one transaction. False when the turn lost; then nothing of
 * it is written. A unique violation in the actions' statements, or `ChangedMeanwhile`, undoes all and is thrown.
 */
export function writeTurnWith(
  pool: pg.Pool,
  turn: TurnWrite,
  writes: readonly Statement[],
): Promise<boolean> {
  return inTransaction(pool, async (connection) => {
    const won = (await writeTurns(connection, [turn])).has(turn.contactId);
    if (won) for (const statement of writes) await run(connection, statement);
    return won;
  });
}

const cancelText = `UPDATE delivery SET state = 'cancelled', code = 'replaced', ended_at = $3
WHERE contact_id = $1 AND question = $2 AND state IN ('planned', 'due')`;

const expireText = `UPDATE delivery SET expires_at = $3 WHERE contact_id = $1 AND cause = $2 AND state IN ('planned', 'due')`;

/** What a turn says is not sent any more after a moment. */
export function expireReplies(contactId: string, inboundId: string, at: Date): Statement {
  return { name: 'replies-expire', text: expireText, values: [contactId, inboundId, at] };
}

/** Takes back what of a question was not sent yet, because another takes its place. */
export function cancelQuestion(contactId: string, question: string, at: Date): Statement {
  return { name: 'question-cancel', text: cancelText, values: [contactId, question, at] };
}

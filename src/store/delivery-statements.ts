import type { Pool, QueryConfig, QueryResultRow } from 'pg';
import type { Lane, State, StateMachine } from '../delivery/states.js';
import { silenced } from './silenced.js';
import { untold } from './untold.js';

/** Rows one sweep statement touches at most, so that no lock is held for long. */
const CHUNK = 5_000;

type StatementName = keyof ReturnType<typeof statements>;

/** Runs one of the statements over the delivery table by its name, and gives its rows. */
export type Run = <Row extends QueryResultRow>(
  name: StatementName,
  values: readonly unknown[],
) => Promise<readonly Row[]>;

/** Makes the statements for a state machine, and what runs them on a pool. */
export function createRun(pool: Pick<Pool, 'query'>, machine: StateMachine): Run {
  const texts = statements(machine);
  return async <Row extends QueryResultRow>(name: StatementName, values: readonly unknown[]) => {
    const query: QueryConfig = { name: `delivery-${name}`, text: texts[name], values: [...values] };
    return (await pool.query<Row>(query)).rows;
  };
}

/** Ends rows of cancelled broadcasts, of one or of all; returns how many of a bounded number. */
export async function cancelRows(run: Run, now: Date, id: string | null): Promise<number> {
  return (await run('cancelDue', [now, id])).length + (await run('cancelPlanned', [now, id])).length;
}

// States stand in the text as literals: the planner can only use the partial indexes when it sees them. Where a row is
// found by its id they are hidden behind IS TRUE: few rows are due when the statistics are gathered, so the planner takes
// those indexes for empty and would read them whole instead of looking the id up.
function statements(machine: StateMachine) {
  const blocking = list(machine.blocking);
  const ended = list(machine.states.filter(machine.hasEnded));
  return {
    ...leaseStatements(blocking),
    ...settleStatements(machine, ended),
    ...sweepStatements(blocking),
    ...broadcastStatements(blocking),
    ...reportStatements(machine),
    ...personStatements,
  };
}

function list(states: readonly State[]): string {
  return states.map((state) => `'${state}'`).join(', ');
}

// SKIP LOCKED: a lease never waits, so it cannot be part of a deadlock. Whose row it is, its address says, from
// here on: the contact of the row may have become another's since. What follows goes by the row.
function leaseOf({
  lane,
  blocking,
  joins,
  state,
  dueAt = 'd.due_at',
  code = 'NULL',
}: {
  readonly lane: Lane;
  readonly blocking: string;
  readonly joins: string;
  readonly state: string;
  readonly dueAt?: string;
  readonly code?: string;
}) {
  return `
      WITH spot AS MATERIALIZED (
        SELECT DISTINCT address_id FROM delivery WHERE id = ANY($1::uuid[])
      ), head AS MATERIALIZED (
        SELECT h.id FROM spot s CROSS JOIN LATERAL (
          SELECT d.id, d.state, d.due_at FROM delivery d
          WHERE d.address_id = s.address_id AND d.lane = '${lane}' AND d.state IN (${blocking})
          ORDER BY d.seq LIMIT 1
        ) h WHERE h.state = 'due' AND h.due_at <= $2::timestamptz
      ), free AS (
        SELECT d.id, ${state} AS state, ${dueAt} AS due_at
        FROM head JOIN delivery d ON d.id = head.id ${joins}
        FOR UPDATE OF d SKIP LOCKED
      )
      UPDATE delivery d SET state = free.state, contact_id = a.contact_id, due_at = free.due_at, code = ${code},
        ended_at = CASE WHEN free.state IN ('expired', 'cancelled', 'skipped') THEN $2::timestamptz END,
        lease_token = CASE WHEN free.state = $5::delivery_state THEN $3::uuid END,
        lease_until = CASE WHEN free.state = $5::delivery_state THEN $4::timestamptz END
      FROM free, address a
      WHERE d.id = free.id AND a.id = d.address_id
      RETURNING d.id, d.state, a.value_sealed AS address_sealed, d.body_sealed, d.broadcast_id, d.attempts`;
}

// What waits is planned again, so that it holds back nobody: neither the next row to its address nor others in the window. A row that
// stands alone is fed by no broadcast and stays due.
const putOff = "CASE WHEN d.broadcast_id IS NULL THEN 'due' ELSE 'planned' END";

// Until when a row of a broadcast waits: until broadcasts may be sent ($6), or ($7 at a time) until its person has ended the conversation
// or has been still for $8. A row that would be too late after that waits no longer. What is urgent waits for neither.
const patience = `CROSS JOIN LATERAL (SELECT CASE
          WHEN b.urgency <> 'normal' THEN NULL
          WHEN $6::timestamptz > $2::timestamptz THEN $6::timestamptz
          WHEN s.updated_at + $8::interval > $2::timestamptz AND (d.expires_at > $2::timestamptz + $8::interval) IS NOT FALSE
            THEN LEAST(s.updated_at + $8::interval, $2::timestamptz + $7::interval)
          END AS until) wait`;

function leaseStatements(blocking: string) {
  return {
    leaseReply: leaseOf({
      ...{ lane: 'reply', blocking, joins: "WHERE (d.state = 'due') IS TRUE" },
      state: "CASE WHEN d.expires_at <= $2::timestamptz THEN 'expired' ELSE $5::delivery_state END",
    }),
    leaseBulk: leaseOf({
      ...{ lane: 'bulk', blocking },
      joins: `JOIN address a ON a.id = d.address_id JOIN contact c ON c.id = a.contact_id
        LEFT JOIN broadcast b ON b.id = d.broadcast_id
        LEFT JOIN session s ON s.contact_id = c.id AND s.question IS NOT NULL ${patience}
        WHERE (d.state = 'due') IS TRUE AND b.state IS DISTINCT FROM 'paused'`,
      state: `CASE
          WHEN d.expires_at <= $2::timestamptz THEN 'expired'
          WHEN b.state = 'cancelled' THEN 'cancelled'
          WHEN b.urgency IS DISTINCT FROM 'lawful' AND (c.opted_out_at IS NOT NULL OR ${silenced('c.id')}) THEN 'skipped'
          WHEN wait.until IS NOT NULL THEN (${putOff})::delivery_state
          ELSE $5::delivery_state END`,
      dueAt: 'COALESCE(wait.until, d.due_at)',
      code: "CASE WHEN free.state = 'skipped' THEN 'opted-out' END",
    }),
    markWritten: `
      UPDATE delivery SET state = 'written', lease_until = $4::timestamptz
      WHERE id = ANY($1::uuid[]) AND lease_token = $2::uuid AND lease_until > $3::timestamptz
        AND (state = 'leased') IS TRUE
      RETURNING id`,
    renew: `
      UPDATE delivery d SET lease_until = $3::timestamptz
      FROM unnest($1::uuid[], $2::uuid[]) AS held(token, id)
      WHERE d.id = held.id AND d.lease_token = held.token AND (d.state IN ('leased', 'written')) IS TRUE`,
    broadcastBody: 'SELECT body_sealed FROM broadcast WHERE id = $1::uuid',
  };
}

// A flow's timers are those of its newest question; who accepted a question twice does not start them anew.
const startTimers = `, started AS (
        INSERT INTO timer (contact_id, flow, name, question, address_id, reminder, sent_at, due_at)
        SELECT DISTINCT ON (m.contact_id, t.flow, t.name)
          m.contact_id, t.flow, t.name, m.question, m.address_id, t.reminder, $12::timestamptz, t.due_at
        FROM unnest($14::uuid[], $15::text[], $16::text[], $17::boolean[], $18::timestamptz[])
          AS t(delivery, flow, name, reminder, due_at)
        JOIN moved m ON m.id = t.delivery AND m.question IS NOT NULL
        ORDER BY m.contact_id, t.flow, t.name, m.question DESC
        ON CONFLICT (contact_id, flow, name) DO UPDATE SET question = EXCLUDED.question, address_id = EXCLUDED.address_id,
          reminder = EXCLUDED.reminder, sent_at = EXCLUDED.sent_at, due_at = EXCLUDED.due_at
        WHERE timer.question < EXCLUDED.question
      )`;

function settleStatements(machine: StateMachine, ended: string) {
  const pairs = machine.states.flatMap((to) => machine.sourcesOf(to).map((from) => `('${from}', '${to}')`));
  const settle = (timers: string) => `
      WITH result AS (
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::delivery_state[], $4::text[], $5::text[], $6::timestamptz[], $7::int[],
          $8::boolean[], $9::uuid[], $10::text[], $11::bytea[])
          AS r(id, token, state, code, provider_id, due_at, spent, stale, sequel_id, sequel, sequel_body)
      ), moved AS (
        UPDATE delivery d SET state = r.state, code = r.code,
          provider_id = COALESCE(r.provider_id, d.provider_id),
          due_at = COALESCE(r.due_at, d.due_at),
          attempts = d.attempts + r.spent,
          accepted_at = CASE WHEN r.state = 'accepted' THEN $12::timestamptz ELSE d.accepted_at END,
          ended_at = CASE WHEN r.state IN (${ended}) THEN $12::timestamptz END,
          lease_token = CASE WHEN r.state = 'unknown' THEN d.lease_token END,
          lease_until = NULL
        FROM result r
        WHERE d.id = r.id AND d.lease_token = r.token AND (d.state, r.state) IN (${pairs.join(', ')})
          AND (NOT r.stale OR d.lease_until <= $12::timestamptz)
        RETURNING d.id, d.seq, d.contact_id, d.address_id, d.lane, d.body_sealed, d.question, d.cause, d.broadcast_id,
          d.expires_at, r.sequel_id, r.sequel, r.sequel_body
      )${timers}
      ${insertSequels({ now: '$12', dueAt: '$12', accounts: '$13' })}`;
  // One statement: a row, the row that follows it and the timers it starts become visible together or not at all.
  return { settle: settle(''), settleTimed: settle(startTimers) };
}

// What follows the rows in `moved`: the same over the contact's next address, or once (not after a row that ended alike) to the
// same address again, or there without the file it could not be sent with. In a conversation it stands in the place of what it follows, before
// what was said since; a question that is not the pending one any more is not asked again.
function insertSequels({
  now,
  dueAt,
  accounts,
}: {
  readonly now: string;
  readonly dueAt: string;
  readonly accounts: string;
}) {
  return `INSERT INTO delivery
        (id, seq, contact_id, address_id, account, lane, state, body_sealed, question, cause, broadcast_id, due_at, expires_at,
          created_at)
      SELECT m.sequel_id, CASE WHEN m.lane = 'reply' THEN m.seq ELSE nextval(pg_get_serial_sequence('delivery', 'seq')) END,
        m.contact_id, next.id, next.account, m.lane, 'due', COALESCE(m.sequel_body, m.body_sealed), m.question, m.id,
        m.broadcast_id, ${dueAt}::timestamptz, m.expires_at, ${now}::timestamptz
      FROM moved m CROSS JOIN LATERAL (
        SELECT a.id, a.account FROM address a
        WHERE m.sequel IN ('follow-up', 'again', 'without-file') AND a.id = m.address_id
          AND NOT EXISTS (SELECT FROM delivery before WHERE before.id = m.cause AND before.address_id = m.address_id
            AND before.state = CASE m.sequel WHEN 'again' THEN 'failed' WHEN 'follow-up' THEN 'unknown' END::delivery_state)
          AND NOT (m.sequel = 'follow-up' AND m.question IS NOT NULL AND EXISTS (
            SELECT FROM session s WHERE s.contact_id = a.contact_id AND s.question IS DISTINCT FROM m.question))
        UNION ALL (
          WITH RECURSIVE tried AS (
            SELECT m.address_id AS address_id, m.cause AS cause
            UNION ALL
            SELECT before.address_id, before.cause FROM delivery before JOIN tried ON before.id = tried.cause
          )
          SELECT a.id, a.account FROM address a
          WHERE m.sequel = 'failover' AND a.contact_id = m.contact_id AND a.account = ANY(${accounts}::text[])
            AND a.blocked_at IS NULL
            AND a.account NOT IN (SELECT t.account FROM address t JOIN tried ON t.id = tried.address_id)
          ORDER BY a.created_at, a.id LIMIT 1
        )
      ) next
      WHERE m.sequel_id IS NOT NULL
      RETURNING id, account, lane`;
}

/**
 * Rows that a query names, which is asked once. A plan that was made while the table was empty and is remembered by a connection would ask a
 * subquery anew for each row of a table that has grown since: minutes, where it takes milliseconds.
 */
function among(rows: string): string {
  return `id = ANY(ARRAY(${rows}))`;
}

function sweepStatements(blocking: string) {
  return {
    releaseExpired: `
      UPDATE delivery SET state = 'due', lease_token = NULL, lease_until = NULL
      WHERE ${among(`SELECT id FROM delivery WHERE state = 'leased' AND lease_until <= $1::timestamptz
        LIMIT ${CHUNK} FOR UPDATE SKIP LOCKED`)} RETURNING id`,
    // Nobody could renew a lease while the server was away: so long after its start, silence means nothing.
    abandoned: `
      SELECT d.id, d.lease_token AS token, d.account, d.lane, d.attempts,
        CASE WHEN d.lane = 'reply' THEN d.body_sealed END AS "bodySealed"
      FROM delivery d
      WHERE d.state = 'written' AND d.lease_until <= $1::timestamptz AND d.account = ANY($2::text[])
        AND pg_postmaster_start_time() < clock_timestamp() - make_interval(secs => $3::float8 / 1000)
      ORDER BY d.seq LIMIT 500`,
    forgotten: `
      SELECT d.id FROM delivery d
      WHERE d.account = $1 AND d.lane = $2 AND d.state = 'due' AND d.due_at <= $3::timestamptz AND NOT EXISTS (
          SELECT FROM delivery before WHERE before.address_id = d.address_id AND before.lane = d.lane
            AND before.seq < d.seq AND before.state IN (${blocking})
        )
      ORDER BY d.seq LIMIT $4::int`,
  };
}

const cancelled = "b.state = 'cancelled' AND ($2::uuid IS NULL OR b.id = $2::uuid)";

/** Ends the rows a query names, at the time `$1`. */
function endRows(state: State, rows: string): string {
  return `UPDATE delivery SET state = '${state}', ended_at = $1::timestamptz WHERE ${among(rows)} RETURNING id`;
}

/** Rows in motion that nobody holds; `b` is their broadcast, if any. */
function dueRows(where: string): string {
  return `SELECT d.id FROM delivery d LEFT JOIN broadcast b ON b.id = d.broadcast_id
    WHERE d.state = 'due' AND ${where} LIMIT ${CHUNK} FOR UPDATE OF d SKIP LOCKED`;
}

/** Rows that wait for the window, broadcast by broadcast. */
function plannedRows(where: string): string {
  return `SELECT p.id FROM broadcast b CROSS JOIN LATERAL (
      SELECT d.id FROM delivery d WHERE d.broadcast_id = b.id AND d.state = 'planned'
      LIMIT ${CHUNK} FOR UPDATE SKIP LOCKED
    ) p WHERE ${where} LIMIT ${CHUNK}`;
}

/** Nothing is left to be sent; and who cannot be reached was told by a person, as long as there is still something to tell. */
function isOver(blocking: string): string {
  return `b.state = 'running' AND NOT EXISTS (
        SELECT FROM delivery d WHERE d.broadcast_id = b.id AND d.state = 'planned'
      ) AND NOT EXISTS (
        SELECT FROM delivery d
        WHERE d.broadcast_id = b.id AND d.state IN (${blocking})
      ) AND (b.expires_at <= $1::timestamptz OR NOT EXISTS (${untold('b.id', '$2')}))`;
}

/** What moves the rows of broadcasts as a whole. */
function broadcastStatements(blocking: string) {
  return {
    // What is urgent ($4) has a window of its own: it does not wait until the others are through. Of a window each broadcast gets as much
    // as any other, whichever came first.
    feed: `
      WITH held AS MATERIALIZED (
        SELECT d.broadcast_id, count(*)::int AS rows FROM delivery d LEFT JOIN broadcast b ON b.id = d.broadcast_id
        WHERE d.account = $1 AND d.lane = 'bulk' AND d.state IN (${blocking})
          AND (b.urgency <> 'normal') IS TRUE = $4::boolean
        GROUP BY d.broadcast_id
      ), room AS MATERIALIZED (
        SELECT GREATEST($2::int - COALESCE(sum(rows), 0), 0)::int AS rows FROM held
      ), pick AS (
        SELECT p.id, b.created_at, b.id AS broadcast_id,
          row_number() OVER (PARTITION BY b.id ORDER BY p.seq) + COALESCE(held.rows, 0) AS turn
        FROM broadcast b LEFT JOIN held ON held.broadcast_id = b.id CROSS JOIN LATERAL (
          SELECT d.id, d.seq FROM delivery d
          WHERE d.broadcast_id = b.id AND d.account = $1 AND d.state = 'planned' AND d.due_at <= $3::timestamptz
          ORDER BY d.seq LIMIT (SELECT rows FROM room) FOR UPDATE SKIP LOCKED
        ) p
        WHERE b.state = 'running' AND (b.urgency <> 'normal') = $4::boolean
      )
      UPDATE delivery SET state = 'due', due_at = $3::timestamptz
      WHERE ${among('SELECT id FROM pick ORDER BY turn, created_at, broadcast_id LIMIT (SELECT rows FROM room)')}
        AND (state = 'planned') IS TRUE
      RETURNING id`,
    expireDue: endRows('expired', dueRows('d.expires_at <= $1::timestamptz')),
    // A planned row has the expiry of its broadcast: whole broadcasts are looked at, never a million rows.
    expirePlanned: endRows(
      'expired',
      plannedRows("b.state IN ('running', 'paused') AND b.expires_at <= $1::timestamptz"),
    ),
    unfeedPaused: `
      UPDATE delivery SET state = 'planned'
      WHERE ${among(dueRows("b.state = 'paused'"))} RETURNING id`,
    cancelDue: endRows('cancelled', dueRows(cancelled)),
    cancelPlanned: endRows('cancelled', plannedRows(cancelled)),
    // Whoever plans more rows of a broadcast holds it meanwhile, and those rows are seen by a statement that begins after that only:
    // the first holds what may be over, the second looks again.
    holdFinished: `SELECT b.id FROM broadcast b WHERE ${isOver(blocking)} FOR UPDATE OF b SKIP LOCKED`,
    finishBroadcasts: `
      UPDATE broadcast b SET state = 'done', ended_at = $1::timestamptz WHERE b.id = ANY($3::uuid[]) AND ${isOver(blocking)}`,
  };
}

// A message is known by the provider's id, or by our own where the provider gives it back: that one is all there is of a row
// whose acceptance nobody heard. It is found whatever its state, so that a repeated receipt is told from one that is not ours.
const found = `found AS (
        SELECT id, state FROM delivery WHERE account = $1 AND provider_id = $2
        UNION SELECT id, state FROM delivery WHERE id = $3::uuid AND account = $1
      )`;

function reportStatements(machine: StateMachine) {
  const reported: readonly State[] = ['accepted', 'delivered', 'read'];
  const pairs = (targets: readonly State[]) =>
    targets.flatMap((to) => settledSources(machine, to).map((from) => `('${from}', '${to}')`)).join(', ');
  return {
    receipt: `
      WITH ${found}, moved AS (
        UPDATE delivery d SET state = $4::delivery_state,
          provider_id = COALESCE(d.provider_id, $2),
          accepted_at = COALESCE(d.accepted_at, $5::timestamptz),
          delivered_at = CASE WHEN $4::delivery_state = 'accepted' THEN d.delivered_at ELSE COALESCE(d.delivered_at, $5::timestamptz) END,
          read_at = CASE WHEN $4::delivery_state = 'read' THEN $5::timestamptz END
        FROM found
        WHERE d.id = found.id AND (d.state, $4::delivery_state) IN (${pairs(reported)})
      )
      SELECT id, state FROM found`,
    // A reply of which nobody knew was followed up already.
    failLate: `
      WITH ${found}, moved AS (
        UPDATE delivery d SET state = 'failed', code = $4, provider_id = COALESCE(d.provider_id, $2), ended_at = $5::timestamptz
        FROM found
        WHERE d.id = found.id AND (d.state, 'failed'::delivery_state) IN (${pairs(['failed'])})
        RETURNING d.id, d.seq, d.contact_id, d.address_id, d.lane, d.body_sealed, d.question, d.cause, d.broadcast_id,
          d.expires_at, $7::text AS sequel, NULL::bytea AS sequel_body,
          CASE WHEN found.state = 'unknown' AND d.lane = 'reply' THEN NULL ELSE $6::uuid END AS sequel_id
      ), refused AS (
        UPDATE address a SET marketing_off_at = $5::timestamptz
        FROM moved WHERE $10::boolean AND a.id = moved.address_id AND a.marketing_off_at IS NULL
      ), paused AS (
        UPDATE broadcast b SET state = 'paused' FROM moved WHERE $11::boolean AND b.id = moved.broadcast_id AND b.state = 'running'
      ), reopened AS (
        UPDATE broadcast b SET state = 'running', ended_at = NULL
        FROM moved WHERE moved.sequel_id IS NOT NULL AND NOT $11::boolean AND b.id = moved.broadcast_id AND b.state = 'done'
      ), followed AS (
        ${insertSequels({ now: '$5', dueAt: '$8', accounts: '$9' })}
      )
      SELECT found.state, moved.id IS NOT NULL AS moved, followed.id AS "nextId", followed.account AS "nextAccount",
        followed.lane AS "nextLane"
      FROM found LEFT JOIN moved ON moved.id = found.id LEFT JOIN followed ON true`,
    pauseBroadcast: `UPDATE broadcast SET state = 'paused' WHERE id = $1::uuid AND state = 'running'`,
  };
}

/** Where a row that nobody is sending any more may go from, by what its provider reports. */
function settledSources(machine: StateMachine, to: State): readonly State[] {
  return machine.sourcesOf(to).filter((from) => machine.hasEnded(from));
}

// Timers and signals are rows of the inbox that nobody wrote.
const personStatements = {
  acquaintances: `
    SELECT d.id, a.marketing_off_at IS NULL AS "takesMarketing", (
      SELECT i.written_at FROM inbound i
      WHERE i.contact_id = d.contact_id AND i.address_id = d.address_id
        AND i.dedupe_key NOT LIKE 'timer:%' AND i.dedupe_key NOT LIKE 'signal:%'
      ORDER BY i.seq DESC LIMIT 1
    ) AS "heardAt"
    FROM delivery d JOIN address a ON a.id = d.address_id WHERE d.id = ANY($1::uuid[])`,
  refuseMarketing: `
    UPDATE address a SET marketing_off_at = $2::timestamptz
    FROM delivery d WHERE d.id = $1::uuid AND a.id = d.address_id AND a.marketing_off_at IS NULL`,
};

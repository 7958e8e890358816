import type { Pool, PoolClient, QueryConfig, QueryResultRow } from 'pg';
import type { Lane, State, StateMachine } from '../delivery/states.js';
import type { Message } from '../flow/message.js';
import type { Vault } from './crypto.js';

/** A row as a wake-up names it: nothing personal. */
export interface RowRef {
  readonly id: string;
  readonly account: string;
  readonly lane: Lane;
}

/** A row that one worker holds, with what is needed to send it. */
export interface LeasedRow {
  readonly id: string;
  readonly token: string;
  readonly addressSealed: Buffer;
  /** Null for a broadcast's row: its text stands once in the broadcast. */
  readonly bodySealed: Buffer | null;
  readonly broadcastId: string | null;
  readonly attempts: number;
}

/** What a lease found: rows to send now, and rows that ended without being sent (expired, opted out, cancelled). */
export interface LeaseResult {
  readonly rows: readonly LeasedRow[];
  readonly ended: readonly string[];
}

/** How long and how firmly rows are held. */
export interface Hold {
  readonly token: string;
  readonly now: Date;
  readonly until: Date;
}

/** A row that follows an ended one, with its id made beforehand so that a repeated write cannot make two. */
export interface Sequel {
  readonly id: string;
  /** `failover`: the same to the contact's next address; `follow-up`: once more to the same address. */
  readonly kind: 'failover' | 'follow-up';
  /** Null: the body of the row it follows. */
  readonly bodySealed: Buffer | null;
}

/** A timer of an accepted question: when it is due. */
export interface RunningTimer {
  readonly flow: string;
  readonly name: string;
  readonly reminder: boolean;
  readonly dueAt: Date;
}

/** What became of one held row. It is written only while `token` still holds the row. */
export interface Ending {
  readonly id: string;
  readonly token: string;
  readonly state: State;
  readonly code: string | null;
  readonly providerId: string | null;
  /** When to try again; null leaves the time as it is. */
  readonly dueAt: Date | null;
  /** Attempts this used up. */
  readonly spent: 0 | 1;
  /** True when another than the holder writes it, because the lease ran out. */
  readonly stale: boolean;
  readonly sequel: Sequel | null;
  /** What begins to run with this row's acceptance. */
  readonly timers: readonly RunningTimer[];
}

/** A row whose holder died after it said that it would send. */
export interface Abandoned {
  readonly id: string;
  readonly token: string;
  readonly account: string;
  readonly lane: Lane;
  readonly bodySealed: Buffer | null;
  readonly attempts: number;
}

/** How a provider's receipt changes a row. */
export interface ReceiptUpdate {
  readonly account: string;
  readonly providerId: string;
  readonly kind: 'delivered' | 'read';
  readonly at: Date;
}

/** What one lane of one account holds. */
export interface LaneStats {
  readonly account: string;
  readonly lane: Lane;
  readonly due: number;
  readonly oldestDueAt: Date | null;
  readonly unknown: number;
  readonly failed: number;
}

/** The delivery table as the senders use it. Every write names the states it starts from, so a late one changes nothing. */
export interface DeliveryStore {
  /**
   * Leases the first unended row of each address and lane that `ids` belong to, when it is due. A row that must not be
   * sent any more is ended instead. `to` is the state of what is leased.
   */
  lease(ids: readonly string[], hold: Hold, to: 'leased' | 'written'): Promise<LeaseResult>;
  /** Says that these held rows are about to be sent; returns those that are still held. */
  markWritten(ids: readonly string[], hold: Hold): Promise<ReadonlySet<string>>;
  /** Writes results together; returns the rows that follow. */
  settle(endings: readonly Ending[], now: Date, accounts: readonly string[]): Promise<readonly RowRef[]>;
  /** Keeps holding rows whose sending takes long. */
  renew(tokens: readonly string[], ids: readonly string[], until: Date): Promise<void>;
  /** Gives rows back that nobody began to send; returns how many. */
  releaseExpired(now: Date): Promise<number>;
  /** Rows whose holder said that it would send and then fell silent. */
  abandoned(now: Date, accounts: readonly string[]): Promise<readonly Abandoned[]>;
  /** Due rows that are first at their address and that no job seems to have taken. */
  forgotten(account: string, lane: Lane, before: Date, limit: number): Promise<readonly string[]>;
  /** Moves planned rows of the running broadcasts into the account's window, in turn; returns them. */
  feed(account: string, window: number, now: Date): Promise<readonly string[]>;
  /** Puts due rows off, outside the hours for broadcasts. */
  postpone(ids: readonly string[], until: Date): Promise<void>;
  /** Ends unsent rows whose time has passed; returns how many of a bounded number. */
  expire(now: Date): Promise<number>;
  /** Takes the rows of paused broadcasts out of the window and ends those of cancelled ones; returns how many. */
  tidyBroadcasts(now: Date): Promise<number>;
  /** Marks broadcasts with nothing left to send as done. */
  finishBroadcasts(): Promise<void>;
  /** The sealed text of a broadcast. */
  broadcastBody(id: string): Promise<Buffer | null>;
  /** Moves an accepted row forward; false when no row has this provider id. */
  receipt(receipt: ReceiptUpdate): Promise<boolean>;
  /** Raises an alarm, or leaves the standing one as it is. */
  raiseAlarm(kind: string, message: string, now: Date): Promise<void>;
  /** Clears an alarm that stands. */
  clearAlarm(kind: string, now: Date): Promise<void>;
}

/** Rows one sweep statement touches at most, so that no lock is held for long. */
const CHUNK = 5_000;

/** Opens the delivery table. The states come from `src/delivery/states.ts`; the SQL is built from them once. */
export function createDeliveryStore(pool: Pool, machine: StateMachine): DeliveryStore {
  const run = runner(pool, statements(machine));
  return { ...sending(run), ...recovering(run), ...feeding(run), ...reporting(run) };
}

type Statements = Readonly<Record<StatementName, string>>;
type Run = <Row extends QueryResultRow>(
  name: StatementName,
  values: readonly unknown[],
) => Promise<readonly Row[]>;

function runner(pool: Pool, texts: Statements): Run {
  return async <Row extends QueryResultRow>(name: StatementName, values: readonly unknown[]) => {
    const query: QueryConfig = { name: `delivery-${name}`, text: texts[name], values: [...values] };
    return (await pool.query<Row>(query)).rows;
  };
}

function sending(
  run: Run,
): Pick<DeliveryStore, 'lease' | 'markWritten' | 'settle' | 'renew' | 'broadcastBody'> {
  return {
    lease: async (ids, hold, to) =>
      sortLease(await run<LeaseRecord>('lease', [ids, hold.now, hold.token, hold.until, to]), hold.token),
    markWritten: async (ids, hold) => {
      const rows = await run<{ id: string }>('markWritten', [ids, hold.token, hold.now, hold.until]);
      return new Set(rows.map((row) => row.id));
    },
    settle: (endings, now, accounts) => {
      const values = [...columnsOf(endings), now, accounts];
      const timers = endings.flatMap(({ id, timers }) => timers.map((timer) => ({ id, ...timer })));
      if (timers.length === 0) return run<RowRef>('settle', values);
      return run<RowRef>('settleTimed', [...values, ...timerColumns(timers)]);
    },
    renew: async (tokens, ids, until) => void (await run('renew', [tokens, ids, until])),
    broadcastBody: async (id) =>
      (await run<{ body_sealed: Buffer }>('broadcastBody', [id]))[0]?.body_sealed ?? null,
  };
}

function recovering(run: Run): Pick<DeliveryStore, 'releaseExpired' | 'abandoned' | 'forgotten' | 'expire'> {
  return {
    releaseExpired: async (now) => (await run('releaseExpired', [now])).length,
    abandoned: (now, accounts) => run<Abandoned>('abandoned', [now, accounts]),
    forgotten: async (account, lane, before, limit) =>
      (await run<{ id: string }>('forgotten', [account, lane, before, limit])).map((row) => row.id),
    expire: async (now) =>
      (await run('expireDue', [now])).length + (await run('expirePlanned', [now])).length,
  };
}

function feeding(run: Run): Pick<DeliveryStore, 'feed' | 'postpone' | 'tidyBroadcasts' | 'finishBroadcasts'> {
  return {
    feed: async (account, window, now) =>
      (await run<{ id: string }>('feed', [account, window, now])).map((row) => row.id),
    postpone: async (ids, until) => void (await run('postpone', [ids, until])),
    tidyBroadcasts: async (now) =>
      (await run('unfeedPaused', [])).length + (await cancelRows(run, now, null)),
    finishBroadcasts: async () => void (await run('finishBroadcasts', [])),
  };
}

/** Ends rows of cancelled broadcasts, of one or of all; returns how many of a bounded number. */
async function cancelRows(run: Run, now: Date, id: string | null): Promise<number> {
  return (await run('cancelDue', [now, id])).length + (await run('cancelPlanned', [now, id])).length;
}

function reporting(run: Run): Pick<DeliveryStore, 'receipt' | 'raiseAlarm' | 'clearAlarm'> {
  return {
    receipt: async (receipt) =>
      (await run('receipt', [receipt.account, receipt.providerId, receipt.kind, receipt.at])).length > 0,
    raiseAlarm: async (kind, message, now) => void (await run('raiseAlarm', [kind, message, now])),
    clearAlarm: async (kind, now) => void (await run('clearAlarm', [kind, now])),
  };
}

interface LeaseRecord {
  readonly id: string;
  readonly state: State;
  readonly address_sealed: Buffer;
  readonly body_sealed: Buffer | null;
  readonly broadcast_id: string | null;
  readonly attempts: number;
}

function sortLease(records: readonly LeaseRecord[], token: string): LeaseResult {
  const held = records.filter((record) => record.state === 'leased' || record.state === 'written');
  return {
    rows: held.map((record) => ({
      id: record.id,
      token,
      addressSealed: record.address_sealed,
      bodySealed: record.body_sealed,
      broadcastId: record.broadcast_id,
      attempts: record.attempts,
    })),
    ended: records.filter((record) => !held.includes(record)).map((record) => record.id),
  };
}

function columnsOf(endings: readonly Ending[]): readonly unknown[] {
  return [
    endings.map((ending) => ending.id),
    endings.map((ending) => ending.token),
    endings.map((ending) => ending.state),
    endings.map((ending) => ending.code),
    endings.map((ending) => ending.providerId),
    endings.map((ending) => ending.dueAt),
    endings.map((ending) => ending.spent),
    endings.map((ending) => ending.stale),
    endings.map((ending) => ending.sequel?.id ?? null),
    endings.map((ending) => ending.sequel?.kind ?? null),
    endings.map((ending) => ending.sequel?.bodySealed ?? null),
  ];
}

function timerColumns(timers: readonly (RunningTimer & { readonly id: string })[]): readonly unknown[] {
  return [
    timers.map((timer) => timer.id),
    timers.map((timer) => timer.flow),
    timers.map((timer) => timer.name),
    timers.map((timer) => timer.reminder),
    timers.map((timer) => timer.dueAt),
  ];
}

type StatementName = keyof ReturnType<typeof statements>;

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
  };
}

function list(states: readonly State[]): string {
  return states.map((state) => `'${state}'`).join(', ');
}

function leaseStatements(blocking: string) {
  return {
    // SKIP LOCKED: a lease never waits, so it cannot be part of a deadlock.
    lease: `
      WITH spot AS MATERIALIZED (
        SELECT DISTINCT address_id, lane FROM delivery WHERE id = ANY($1::uuid[])
      ), head AS MATERIALIZED (
        SELECT h.id FROM spot s CROSS JOIN LATERAL (
          SELECT d.id, d.state, d.due_at FROM delivery d
          WHERE d.address_id = s.address_id AND d.lane = s.lane AND d.state IN (${blocking})
          ORDER BY d.seq LIMIT 1
        ) h WHERE h.state = 'due' AND h.due_at <= $2::timestamptz
      ), free AS (
        SELECT d.id, CASE
          WHEN d.expires_at <= $2::timestamptz THEN 'expired'
          WHEN b.state = 'cancelled' THEN 'cancelled'
          WHEN d.lane = 'bulk' AND c.opted_out_at IS NOT NULL THEN 'skipped'
          ELSE $5::delivery_state END AS state
        FROM head JOIN delivery d ON d.id = head.id JOIN contact c ON c.id = d.contact_id
        LEFT JOIN delivery origin ON origin.id = d.cause AND d.lane = 'bulk'
        LEFT JOIN broadcast b ON b.id = COALESCE(d.broadcast_id, origin.broadcast_id)
        WHERE (d.state = 'due') IS TRUE AND b.state IS DISTINCT FROM 'paused'
        FOR UPDATE OF d SKIP LOCKED
      )
      UPDATE delivery d SET state = free.state,
        code = CASE WHEN free.state = 'skipped' THEN 'opted-out' END,
        ended_at = CASE WHEN free.state <> $5::delivery_state THEN $2::timestamptz END,
        lease_token = CASE WHEN free.state = $5::delivery_state THEN $3::uuid END,
        lease_until = CASE WHEN free.state = $5::delivery_state THEN $4::timestamptz END
      FROM free, address a
      WHERE d.id = free.id AND a.id = d.address_id
      RETURNING d.id, d.state, a.value_sealed AS address_sealed, d.body_sealed, d.broadcast_id, d.attempts`,
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
        RETURNING d.id, d.contact_id, d.address_id, d.lane, d.body_sealed, d.question, d.cause, d.broadcast_id,
          d.expires_at, r.sequel_id, r.sequel, r.sequel_body
      )${timers}
      INSERT INTO delivery
        (id, contact_id, address_id, account, lane, state, body_sealed, question, cause, due_at, expires_at, created_at)
      SELECT m.sequel_id, m.contact_id, next.id, next.account, m.lane, 'due',
        COALESCE(m.sequel_body, m.body_sealed, b.body_sealed), m.question, m.id, $12::timestamptz, m.expires_at,
        $12::timestamptz
      FROM moved m LEFT JOIN broadcast b ON b.id = m.broadcast_id CROSS JOIN LATERAL (
        SELECT a.id, a.account FROM address a
        WHERE m.sequel = 'follow-up' AND a.id = m.address_id
          AND NOT EXISTS (SELECT FROM delivery before WHERE before.id = m.cause AND before.state = 'unknown')
        UNION ALL (
          WITH RECURSIVE tried AS (
            SELECT m.address_id AS address_id, m.cause AS cause
            UNION ALL
            SELECT before.address_id, before.cause FROM delivery before JOIN tried ON before.id = tried.cause
          )
          SELECT a.id, a.account FROM address a
          WHERE m.sequel = 'failover' AND a.contact_id = m.contact_id AND a.account = ANY($13::text[])
            AND a.account NOT IN (SELECT t.account FROM address t JOIN tried ON t.id = tried.address_id)
          ORDER BY a.created_at, a.id LIMIT 1
        )
      ) next
      WHERE m.sequel_id IS NOT NULL
      RETURNING id, account, lane`;
  // One statement: a row, the row that follows it and the timers it starts become visible together or not at all.
  return { settle: settle(''), settleTimed: settle(startTimers) };
}

function sweepStatements(blocking: string) {
  return {
    releaseExpired: `
      UPDATE delivery SET state = 'due', lease_token = NULL, lease_until = NULL
      WHERE id IN (
        SELECT id FROM delivery WHERE state = 'leased' AND lease_until <= $1::timestamptz
        LIMIT ${CHUNK} FOR UPDATE SKIP LOCKED
      ) RETURNING id`,
    abandoned: `
      SELECT d.id, d.lease_token AS token, d.account, d.lane, d.attempts,
        CASE WHEN d.lane = 'reply' THEN d.body_sealed END AS "bodySealed"
      FROM delivery d
      WHERE d.state = 'written' AND d.lease_until <= $1::timestamptz AND d.account = ANY($2::text[])
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
  return `UPDATE delivery SET state = '${state}', ended_at = $1::timestamptz WHERE id IN (${rows}) RETURNING id`;
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

/** What moves the rows of broadcasts as a whole. */
function broadcastStatements(blocking: string) {
  return {
    feed: `
      WITH room AS (
        SELECT GREATEST($2::int - count(*), 0)::int AS rows FROM delivery
        WHERE account = $1 AND lane = 'bulk' AND state IN (${blocking})
      ), pick AS (
        SELECT p.id, b.created_at, b.id AS broadcast_id, row_number() OVER (PARTITION BY b.id ORDER BY p.seq) AS turn
        FROM broadcast b CROSS JOIN LATERAL (
          SELECT d.id, d.seq FROM delivery d
          WHERE d.broadcast_id = b.id AND d.account = $1 AND d.state = 'planned' AND d.due_at <= $3::timestamptz
          ORDER BY d.seq LIMIT (SELECT rows FROM room) FOR UPDATE SKIP LOCKED
        ) p
        WHERE b.state = 'running'
      )
      UPDATE delivery d SET state = 'due', due_at = $3::timestamptz
      FROM (SELECT id FROM pick ORDER BY turn, created_at, broadcast_id LIMIT (SELECT rows FROM room)) next
      WHERE d.id = next.id AND (d.state = 'planned') IS TRUE
      RETURNING d.id`,
    postpone: `
      UPDATE delivery SET due_at = $2::timestamptz
      WHERE id = ANY($1::uuid[]) AND (state = 'due') IS TRUE AND lane = 'bulk'`,
    expireDue: endRows('expired', dueRows('d.expires_at <= $1::timestamptz')),
    // A planned row has the expiry of its broadcast: whole broadcasts are looked at, never a million rows.
    expirePlanned: endRows(
      'expired',
      plannedRows("b.state IN ('running', 'paused') AND b.expires_at <= $1::timestamptz"),
    ),
    unfeedPaused: `
      UPDATE delivery SET state = 'planned'
      WHERE id IN (
        SELECT d.id FROM delivery d JOIN broadcast b ON b.id = d.broadcast_id
        WHERE b.state = 'paused' AND d.state = 'due' LIMIT ${CHUNK} FOR UPDATE OF d SKIP LOCKED
      ) RETURNING id`,
    cancelDue: endRows('cancelled', dueRows(cancelled)),
    cancelPlanned: endRows('cancelled', plannedRows(cancelled)),
    finishBroadcasts: `
      UPDATE broadcast b SET state = 'done'
      WHERE b.state = 'running' AND NOT EXISTS (
        SELECT FROM delivery d WHERE d.broadcast_id = b.id AND d.state = 'planned'
      ) AND NOT EXISTS (
        SELECT FROM delivery d
        WHERE d.broadcast_id = b.id AND d.state IN (${blocking})
      )`,
  };
}

function reportStatements(machine: StateMachine) {
  const targets: readonly State[] = ['delivered', 'read'];
  const pairs = targets.flatMap((to) => machine.sourcesOf(to).map((from) => `('${from}', '${to}')`));
  return {
    // The row is found whatever its state, so that a repeated receipt is told from one for a message that is not ours.
    receipt: `
      WITH found AS (
        SELECT id FROM delivery WHERE account = $1 AND provider_id = $2
      ), moved AS (
        UPDATE delivery d SET state = $3::delivery_state,
          delivered_at = COALESCE(d.delivered_at, $4::timestamptz),
          read_at = CASE WHEN $3::delivery_state = 'read' THEN $4::timestamptz END
        FROM found
        WHERE d.id = found.id AND (d.state, $3::delivery_state) IN (${pairs.join(', ')})
      )
      SELECT id FROM found`,
    raiseAlarm: `
      INSERT INTO alarm (kind, message, raised_at) VALUES ($1, $2, $3::timestamptz)
      ON CONFLICT (kind) DO UPDATE SET message = EXCLUDED.message, raised_at = EXCLUDED.raised_at, cleared_at = NULL
      WHERE alarm.cleared_at IS NOT NULL`,
    clearAlarm: 'UPDATE alarm SET cleared_at = $2::timestamptz WHERE kind = $1 AND cleared_at IS NULL',
  };
}

/** A broadcast to plan. */
export interface BroadcastPlan {
  readonly id: string;
  readonly message: Message;
  /** Contacts by id, or everybody of the simulator. */
  readonly contacts: readonly string[] | 'simulator';
  readonly account: string;
  readonly createdBy: string;
  readonly now: Date;
  readonly expiresAt: Date | null;
}

/**
 * Plans a broadcast and one row for each contact that has an address at the account, all or nothing; returns how many
 * rows it has. Planning the same id again adds nothing. The people never pass through this process.
 */
export async function planBroadcast(pool: Pool, vault: Vault, plan: BroadcastPlan): Promise<number> {
  const { text, choices, question } = plan.message;
  const body = vault.sealJson({ text, question, choices: choices.map(({ id, label }) => ({ id, label })) });
  return inTransaction(pool, async (client) => {
    const inserted = await client.query(
      `INSERT INTO broadcast (id, state, body_sealed, created_by, created_at, expires_at)
       VALUES ($1, 'running', $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
      [plan.id, body, plan.createdBy, plan.now, plan.expiresAt],
    );
    if (inserted.rowCount === 1) await planRows(client, plan);
    const planned = await client.query('SELECT count(*)::int AS rows FROM delivery WHERE broadcast_id = $1', [
      plan.id,
    ]);
    return planned.rows[0].rows;
  });
}

async function planRows(client: PoolClient, plan: BroadcastPlan): Promise<void> {
  const everybody = plan.contacts === 'simulator';
  await client.query(
    `INSERT INTO delivery
       (id, contact_id, address_id, account, lane, state, question, broadcast_id, due_at, expires_at, created_at)
     SELECT gen_random_uuid(), contact_id, id, account, 'bulk', 'planned', $2::uuid, $1::uuid, $3, $4, $3
     FROM (
       SELECT DISTINCT ON (a.contact_id) a.contact_id, a.id, a.account
       FROM address a JOIN contact c ON c.id = a.contact_id
       WHERE a.account = $5 AND ((c.simulator AND $6::boolean) OR c.id = ANY($7::uuid[]))
       ORDER BY a.contact_id, a.created_at, a.id
     ) recipient`,
    [
      plan.id,
      plan.message.question,
      plan.now,
      plan.expiresAt,
      plan.account,
      everybody,
      everybody ? [] : plan.contacts,
    ],
  );
}

/** Stops a running broadcast: once this returns, no further row of it is taken up. False when it was not running. */
export async function pauseBroadcast(pool: Pool, id: string): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    if (!(await changeBroadcast(client, id, ['running'], 'paused'))) return false;
    await client.query(
      `UPDATE delivery SET state = 'planned' WHERE id IN (
         SELECT id FROM delivery WHERE broadcast_id = $1 AND state = 'due' ORDER BY id FOR UPDATE)`,
      [id],
    );
    return true;
  });
}

/** Goes on with a paused broadcast. False when it was not paused. */
export async function resumeBroadcast(pool: Pool, id: string): Promise<boolean> {
  return inTransaction(pool, (client) => changeBroadcast(client, id, ['paused'], 'running'));
}

/** Ends a broadcast: once this returns, no further row of it is taken up, and those not sent are cancelled. */
export async function cancelBroadcast(
  pool: Pool,
  machine: StateMachine,
  id: string,
  now: Date,
): Promise<boolean> {
  const changed = await inTransaction(pool, (client) =>
    changeBroadcast(client, id, ['running', 'paused'], 'cancelled'),
  );
  const run = runner(pool, statements(machine));
  while ((await cancelRows(run, now, id)) > 0);
  return changed;
}

async function changeBroadcast(
  client: PoolClient,
  id: string,
  from: readonly string[],
  to: string,
): Promise<boolean> {
  const changed = await client.query(
    'UPDATE broadcast SET state = $3 WHERE id = $1 AND state = ANY($2::text[])',
    [id, from, to],
  );
  return changed.rowCount === 1;
}

/** What waits and what went wrong, by account and lane, for `/readyz` and the doctor. */
export async function laneStats(pool: Pool): Promise<readonly LaneStats[]> {
  const stats = await pool.query<LaneStats>(
    `SELECT account, lane, count(*) FILTER (WHERE state = 'due')::int AS due,
       min(due_at) FILTER (WHERE state = 'due') AS "oldestDueAt",
       count(*) FILTER (WHERE state = 'unknown')::int AS unknown,
       count(*) FILTER (WHERE state = 'failed')::int AS failed
     FROM delivery WHERE state IN ('due', 'unknown', 'failed') GROUP BY account, lane ORDER BY account, lane`,
  );
  return stats.rows;
}

async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    broken = false;
    return result;
  } finally {
    // A client whose transaction failed is thrown away: closing it is the rollback that cannot fail.
    client.release(broken);
  }
}

import type { Pool, PoolClient } from 'pg';
import type { StateMachine } from '../delivery/states.js';
import type { Message } from '../flow/message.js';
import { followMerges } from './contact-merge.js';
import type { Vault } from './crypto.js';
import { cancelRows, createRun } from './delivery-statements.js';
import { run, type Statement } from './statement.js';

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
 * Plans a broadcast and one row for each contact that can be reached at the account, all or nothing; returns how many
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
       WHERE a.account = $5 AND a.blocked_at IS NULL AND ((c.simulator AND $6::boolean) OR c.id = ANY($7::uuid[]))
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
  await followMerges(client, plan.id, plan.now);
}

/** What can be done with a broadcast as a whole; each from the states in which it means something. */
export const broadcastChanges = {
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  cancel: { from: ['draft', 'waiting', 'running', 'paused'], to: 'cancelled' },
} as const satisfies Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>>;

/** The name of one. */
export type BroadcastChange = keyof typeof broadcastChanges;

const changeText = `UPDATE broadcast SET state = $3, ended_at = coalesce($4::timestamptz, ended_at)
WHERE id = $1 AND state = ANY($2::text[]) RETURNING id`;

/**
 * Changes a broadcast as a whole; `endedAt` where that ends it. Once it is committed a paused or cancelled one has no
 * row taken up any more, and the sweeper puts its rows right. Who comes second finds nothing.
 */
export function changeBroadcast(id: string, change: BroadcastChange, endedAt: Date | null): Statement {
  const { from, to } = broadcastChanges[change];
  return { name: 'broadcast-move', text: changeText, values: [id, from, to, endedAt], mustFind: true };
}

/** Stops a running broadcast: once this returns, no further row of it is taken up. False when it was not running. */
export async function pauseBroadcast(pool: Pool, id: string, also?: Statement): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    if (!(await changed(client, changeBroadcast(id, 'pause', null), also))) return false;
    await client.query(
      `UPDATE delivery SET state = 'planned' WHERE id IN (
         SELECT id FROM delivery WHERE broadcast_id = $1 AND state = 'due' ORDER BY id FOR UPDATE)`,
      [id],
    );
    return true;
  });
}

/** Goes on with a paused broadcast. False when it was not paused. */
export async function resumeBroadcast(pool: Pool, id: string, also?: Statement): Promise<boolean> {
  return inTransaction(pool, (client) => changed(client, changeBroadcast(id, 'resume', null), also));
}

/** Ends a broadcast: once this returns, no further row of it is taken up, and those not sent are cancelled. */
export async function cancelBroadcast(
  pool: Pool,
  machine: StateMachine,
  id: string,
  now: Date,
  also?: Statement,
): Promise<boolean> {
  const isCancelled = await inTransaction(pool, (client) =>
    changed(client, changeBroadcast(id, 'cancel', now), also),
  );
  const onDeliveries = createRun(pool, machine);
  while ((await cancelRows(onDeliveries, now, id)) > 0);
  return isCancelled;
}

/** What is tried once more, by a person's choice: what has surely not arrived, or what perhaps has not. */
export type Retried = 'failed' | 'unknown';

// Nobody gets it who has it already or will, over another address or as another contact before both became one; nobody who blocked us.
// What perhaps arrived is sent once more and never a third time.
const retryText = `
  INSERT INTO delivery
    (id, contact_id, address_id, account, lane, state, body_sealed, question, cause, broadcast_id, due_at, expires_at, created_at)
  SELECT gen_random_uuid(), a.contact_id, a.id, a.account, 'bulk', 'planned', d.body_sealed, d.question, d.id, d.broadcast_id, $3,
    d.expires_at, $3
  FROM delivery d JOIN address a ON a.id = d.address_id
  WHERE d.broadcast_id = $1 AND d.state = $2::delivery_state AND a.blocked_at IS NULL AND a.marketing_off_at IS NULL
    AND (d.expires_at > $3::timestamptz) IS NOT FALSE
    AND NOT EXISTS (SELECT FROM delivery next WHERE next.broadcast_id = $1 AND next.cause = d.id)
    AND NOT EXISTS (
      SELECT FROM delivery other WHERE other.contact_id = a.contact_id AND other.broadcast_id = $1 AND other.id <> d.id
        AND other.state IN ('planned', 'due', 'leased', 'written', 'accepted', 'delivered', 'read', 'unknown')
    )
  ON CONFLICT DO NOTHING`;

/**
 * Tries once more to send what failed, or what perhaps did not arrive; a broadcast that was done goes on. Gives how many rows are sent
 * again, null where the broadcast is no longer to be sent.
 */
export async function retryBroadcast(
  pool: Pool,
  id: string,
  what: Retried,
  now: Date,
  also?: Statement,
): Promise<number | null> {
  return inTransaction(pool, async (client) => {
    const text =
      "SELECT state FROM broadcast WHERE id = $1 AND state IN ('running', 'paused', 'done') FOR UPDATE";
    if ((await client.query(text, [id])).rowCount === 0) return null;
    const rows = (await client.query(retryText, [id, what, now])).rowCount ?? 0;
    const again = "UPDATE broadcast SET state = 'running', ended_at = NULL WHERE id = $1 AND state = 'done'";
    if (rows > 0) await client.query(again, [id]);
    if (rows > 0 && also !== undefined) await run(client, also);
    return rows;
  });
}

/** Ends a broadcast of which nothing is left to be sent, though not everybody was reached. False where there is something left. */
export async function closeBroadcast(pool: Pool, id: string, now: Date, also?: Statement): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    // What somebody plans more of it just now is seen by the statement that begins after that.
    await client.query('SELECT FROM broadcast WHERE id = $1 FOR UPDATE', [id]);
    const closed = await client.query(
      `UPDATE broadcast b SET state = 'done', ended_at = $2 WHERE id = $1 AND state = 'running' AND NOT EXISTS (
         SELECT FROM delivery d WHERE d.broadcast_id = b.id AND d.state IN ('planned', 'due', 'leased', 'written'))`,
      [id, now],
    );
    if (closed.rowCount === 1 && also !== undefined) await run(client, also);
    return closed.rowCount === 1;
  });
}

async function changed(client: PoolClient, change: Statement, also: Statement | undefined): Promise<boolean> {
  if ((await run(client, { ...change, mustFind: false })).length === 0) return false;
  if (also !== undefined) await run(client, also);
  return true;
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

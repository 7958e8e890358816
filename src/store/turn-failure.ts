import { raisedAgain } from './alarms.js';
import { type Queryable, run, type Statement } from './statement.js';
import type { NewDelivery } from './turn-write.js';

/** A turn that failed, to be kept as a failure. After `attempts` it is parked and the conversation begins anew. */
export interface TurnFailure {
  readonly addressId: string;
  readonly account: string;
  readonly dedupeKey: string;
  readonly inboundId: string;
  readonly body: Buffer | null;
  readonly writtenAt: Date;
  readonly now: Date;
  readonly parkAfter: number;
  readonly apology: NewDelivery;
  readonly handoverId: string;
  /** Where the person is reached, sealed, for whoever takes over. */
  readonly reach: Buffer;
  readonly idleState: Buffer;
  readonly code: string;
}

// One failure of a kind waits for a human at a time, however many messages fail.
const insertRequest = 'INSERT INTO handover (id, contact_id, member_sealed, reason, area, opened_at)';
const noneYet = (contact: string, reason: string) =>
  `NOT EXISTS (SELECT FROM handover o WHERE o.contact_id = ${contact} AND o.state <> 'closed' AND o.reason = ${reason})`;

/** Whoever's conversation begins anew talks with nobody any more: on both sides the request is open again. */
const giveBack = `UPDATE handover SET state = 'open', operator_id = NULL, operator_sealed = NULL, due_at = NULL`;

// Whose conversation it is, its address says: what was read before the turn was thought may have become another's since.
const failTurnText = `
WITH w AS MATERIALIZED (
  SELECT contact_id FROM address WHERE id = $2 FOR SHARE
), i AS (
  INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, attempts, written_at, received_at,
    kinds, flows, steps, outcomes)
  SELECT $1, w.contact_id, $2, $3, $4, $5, 'failed', 1, $6, $7, ARRAY['failed'], ARRAY[''], ARRAY[''], ARRAY[$14::text] FROM w
  ON CONFLICT (account, dedupe_key) DO UPDATE SET attempts = inbound.attempts + 1,
    state = CASE WHEN inbound.attempts + 1 >= $8 THEN 'parked'::inbound_state ELSE 'failed' END WHERE inbound.state IN ('pending', 'failed')
  RETURNING id, state, attempts
), o AS (
  INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, question, cause, due_at, created_at)
  SELECT $9, w.contact_id, $2, $3, 'reply', 'due', $10, $11, i.id, $7, $7 FROM i, w WHERE i.state = 'parked'
), a AS (
  INSERT INTO alarm (kind, message, raised_at) SELECT 'turn-failed', $14, $7 FROM i
  ${raisedAgain}
), s AS (
  UPDATE session SET state_sealed = $13, version = version + 1, program = NULL, flow = NULL, step = NULL, question = NULL
  FROM i, w WHERE session.contact_id = w.contact_id AND i.state = 'parked' RETURNING session.contact_id
), r AS (
  ${giveBack} FROM s WHERE handover.state = 'taken' AND s.contact_id IN (handover.contact_id, handover.operator_id)
), h AS (
  ${insertRequest} SELECT $12, s.contact_id, $15, 'turn-failed', '33', $7 FROM s WHERE ${noneYet('s.contact_id', "'turn-failed'")}
)
SELECT state FROM i`;

/** Keeps a failed turn: parked after the last attempt, with one apology and one request that waits for a human. Gives its state. */
export async function failTurn(db: Queryable, one: TurnFailure): Promise<string | null> {
  const values = [
    ...[one.inboundId, one.addressId, one.account, one.dedupeKey, one.body, one.writtenAt, one.now],
    ...[
      one.parkAfter,
      one.apology.id,
      one.apology.body,
      one.apology.question,
      one.handoverId,
      one.idleState,
      one.code,
      one.reach,
    ],
  ];
  const rows = await run<{ state: string }>(db, { name: 'turn-fail', text: failTurnText, values });
  return rows[0]?.state ?? null;
}

const unfinishedText = `
SELECT id, seq, body_sealed AS body FROM inbound WHERE state IN ('pending', 'failed') AND body_sealed IS NOT NULL AND seq > $1
ORDER BY seq LIMIT $2`;

/** A message that was stored but never treated to the end; `seq` is its place among all. */
export interface Unfinished {
  readonly id: string;
  readonly seq: string;
  readonly body: Buffer;
}

/** Messages that were stored but never treated to the end and stand behind a place, oldest first. */
export function unfinishedInbound(
  db: Queryable,
  after: string,
  limit: number,
): Promise<readonly Unfinished[]> {
  return run(db, { name: 'inbound-unfinished', text: unfinishedText, values: [after, limit] });
}

const requestText = `WITH r AS (${giveBack} WHERE state = 'taken' AND $2::uuid IN (contact_id, operator_id))
${insertRequest} SELECT $1, $2::uuid, $3, $4::text, '33', $5 WHERE ${noneYet('$2::uuid', '$4::text')}`;

/** A person whose conversation had to be given up. `reach` is where he is, sealed. */
export interface Stranded {
  readonly contactId: string;
  readonly reach: Buffer;
  readonly reason: 'turn-failed' | 'flows-unreadable';
}

/** Lets a human of the province look after them, unless one was asked to for the same reason and has not yet. */
export function requestAfterFailure(id: string, { contactId, reach, reason }: Stranded, at: Date): Statement {
  return { name: 'handover-failed', text: requestText, values: [id, contactId, reach, reason, at] };
}

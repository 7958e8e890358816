import { type Queryable, run } from '../store/statement.js';
import { readResidencies } from './areas.js';
import { excluded } from './audience-people.js';
import type { Records } from './records.js';
import { type Area, may, type Viewer } from './roles.js';

/** What becomes of a message, as far as it matters to whoever watches a broadcast. */
export type MessageState =
  | 'planned'
  | 'due'
  | 'leased'
  | 'written'
  | 'accepted'
  | 'delivered'
  | 'read'
  | 'unknown'
  | 'skipped'
  | 'failed'
  | 'cancelled'
  | 'expired';

/** How far a broadcast has come: each message once, in the state of the last try; and the people who get none. */
export interface Progress {
  readonly id: string;
  readonly number: number;
  readonly kind: string;
  readonly urgency: string;
  readonly area: Area;
  readonly simulator: boolean;
  readonly state: string;
  readonly messages: Readonly<Partial<Record<MessageState, number>>>;
  /** Who has no usable address and was not told by anybody yet. */
  readonly unreachable: number;
  readonly contacted: number;
  /** Who is not to be told by anybody: BERHENTI, deceased … */
  readonly excluded: number;
}

// A message that was followed by another try counts by that one. Both parts are read from indexes alone.
const text = `
SELECT b.id, b.number, b.kind, b.urgency, b.area, b.simulator, b.state, m.messages, p.unreachable, p.contacted, p.excluded
FROM broadcast b CROSS JOIN LATERAL (
  SELECT coalesce(jsonb_object_agg(state, n), '{}') AS messages FROM (
    SELECT state, sum(n)::int AS n FROM (
      SELECT d.state, count(*) AS n FROM delivery d WHERE d.broadcast_id = b.id GROUP BY d.state
      UNION ALL
      SELECT before.state, -count(*) FROM delivery d JOIN delivery before ON before.id = d.cause
      WHERE d.broadcast_id = b.id AND d.cause IS NOT NULL GROUP BY before.state
    ) part GROUP BY state HAVING sum(n) > 0
  ) total
) m CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE r.contacted_at IS NULL AND r.reason <> ALL($2::text[]))::int AS unreachable,
    count(r.contacted_at)::int AS contacted, count(*) FILTER (WHERE r.contacted_at IS NULL AND r.reason = ANY($2::text[]))::int AS excluded
  FROM recipient r WHERE r.broadcast_id = b.id AND r.reason IS NOT NULL
) p
WHERE b.id = ANY($1::uuid[]) ORDER BY b.number DESC`;

/** How far these broadcasts have come; who may look is decided by who names them. */
export async function progressOf(db: Queryable, ids: readonly string[]): Promise<readonly Progress[]> {
  return run<Progress>(db, { name: 'broadcast-progress', text, values: [ids, excluded] });
}

const waiting = ['planned', 'due', 'leased', 'written'] as const;
const arrived = ['accepted', 'delivered', 'read'] as const;

/** How many messages there are, how many of them have come to an end, and how many of these were taken by the provider. */
export function sumsOf({ messages }: Pick<Progress, 'messages'>): {
  readonly all: number;
  readonly ended: number;
  readonly sent: number;
} {
  const sum = (states: readonly MessageState[]) =>
    states.reduce((total, state) => total + (messages[state] ?? 0), 0);
  const all = Object.values(messages).reduce((total, count) => total + count, 0);
  return { all, ended: all - sum(waiting), sent: sum(arrived) };
}

const latest = 200;
const approvedText = `SELECT id, area, number FROM broadcast
WHERE state NOT IN ('draft', 'waiting') AND ($1::boolean IS NULL OR simulator = $1) AND ($2::int IS NULL OR number = $2)
ORDER BY number DESC LIMIT ${latest}`;

type InReach = Pick<Progress, 'id' | 'area' | 'number'>;

/** The latest broadcasts that were approved, or the one of a number, as far as the viewer may make or approve one in their area. */
export async function broadcastsInReach(
  viewer: Viewer,
  number: number | null,
  { pool, prisma }: Pick<Records, 'pool' | 'prisma'>,
): Promise<readonly InReach[]> {
  const values = [viewer.simulator === 'both' ? null : viewer.simulator, number];
  const rows = await run<InReach>(pool, { name: 'broadcasts-approved', text: approvedText, values });
  const residencyOf = await readResidencies(prisma);
  const acts = ['broadcast', 'approve-broadcast'] as const;
  return rows.filter(({ area }) => acts.some((act) => may(viewer, act, area, residencyOf)));
}

/** How far each of them has come. */
export async function listBroadcasts(
  viewer: Viewer,
  records: Pick<Records, 'pool' | 'prisma'>,
  number: number | null = null,
): Promise<readonly Progress[]> {
  const found = await broadcastsInReach(viewer, number, records);
  return progressOf(
    records.pool,
    found.map(({ id }) => id),
  );
}

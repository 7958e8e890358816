import type { PoolClient } from 'pg';
import type { Vault } from './crypto.js';
import { run, type Statement } from './statement.js';

/** Two contacts that are one person: what is `merged` goes on as what is `kept`. */
export interface Merge {
  readonly kept: string;
  readonly merged: string;
  /** Why they are known to be one, without a word about the person. */
  readonly reason: string;
  readonly at: Date;
  /** Whose conversation goes on; absent: see below. */
  readonly ahead?: string;
}

/**
 * What belongs to the merged contact becomes the kept one's, in this order. Unless it is said which conversation goes on, it
 * is the one that was moved last, an open one before an idle one. Where both have what may be there once, the kept one's stays.
 */
const moves: Readonly<Record<string, string>> = {
  // First of all, so that no turn of either is written meanwhile.
  lock: 'SELECT contact_id FROM session WHERE contact_id IN (:kept, :merged) ORDER BY contact_id FOR UPDATE',
  session: `
    UPDATE session s SET state_sealed = o.state_sealed, program = o.program, flow = o.flow, step = o.step,
      question = o.question, updated_at = o.updated_at FROM session o
    WHERE s.contact_id = :kept AND o.contact_id = :merged
      AND CASE WHEN :ahead IS NULL THEN (o.flow IS NOT NULL, o.updated_at) > (s.flow IS NOT NULL, s.updated_at)
        ELSE o.contact_id = :ahead END`,
  // Before the addresses move, while it can be told who had which role.
  audit: `
    INSERT INTO contact_merge (merged_id, kept_id, reason, at, roles) SELECT :merged, :kept, :reason, :at, ARRAY(
      SELECT g.role || ' ' || g.area FROM address a JOIN contact c ON c.id = a.contact_id
        JOIN role_grant g ON g.phone_index = a.phone_index AND g.simulator = c.simulator AND g.revoked_at IS NULL
      WHERE a.contact_id IN (:kept, :merged) GROUP BY g.role, g.area HAVING count(DISTINCT a.contact_id) = 1 ORDER BY 1)`,
  version: `
    UPDATE session SET version = 1 + (SELECT max(version) FROM session WHERE contact_id IN (:kept, :merged)) WHERE contact_id = :kept`,
  endSession: 'DELETE FROM session WHERE contact_id = :merged',
  contact: `
    UPDATE contact c SET opted_out_at = coalesce(c.opted_out_at, o.opted_out_at), language = coalesce(c.language, o.language),
      created_at = least(c.created_at, o.created_at) FROM contact o WHERE c.id = :kept AND o.id = :merged`,
  address: 'UPDATE address SET contact_id = :kept WHERE contact_id = :merged',
  inbound: 'UPDATE inbound SET contact_id = :kept WHERE contact_id = :merged',
  // One person gets one invitation: of two rows of a broadcast the one not sent yet is not sent.
  twice: `
    UPDATE delivery d SET state = 'cancelled', code = 'merged', ended_at = :at FROM delivery o
    WHERE d.contact_id = :merged AND d.state IN ('planned', 'due') AND o.contact_id = :kept AND o.broadcast_id = d.broadcast_id`,
  delivery: `
    UPDATE delivery d SET contact_id = :kept WHERE d.contact_id = :merged AND NOT EXISTS (
      SELECT FROM delivery o WHERE o.contact_id = :kept AND o.broadcast_id = d.broadcast_id)`,
  timer: `
    UPDATE timer t SET contact_id = :kept WHERE t.contact_id = :merged AND NOT EXISTS (
      SELECT FROM timer o WHERE o.contact_id = :kept AND o.flow = t.flow AND o.name = t.name)`,
  endTimer: 'DELETE FROM timer WHERE contact_id = :merged',
  member: `
    INSERT INTO member_contact (member_id, contact_id, linked_at)
    SELECT member_id, :kept, linked_at FROM member_contact WHERE contact_id = :merged ON CONFLICT DO NOTHING`,
  endMember: 'DELETE FROM member_contact WHERE contact_id = :merged',
  change: 'UPDATE member_change SET contact_id = :kept WHERE contact_id = :merged',
  problem: `
    UPDATE problem p SET contact_id = :kept WHERE p.contact_id = :merged AND NOT EXISTS (
      SELECT FROM problem o WHERE o.contact_id = :kept AND o.topic = p.topic AND o.text_index = p.text_index)`,
  endProblem: 'DELETE FROM problem WHERE contact_id = :merged',
  consent: 'UPDATE consent SET contact_id = :kept WHERE contact_id = :merged',
  attachment: 'UPDATE attachment SET contact_id = :kept WHERE contact_id = :merged',
  // Who talks with a human twice goes on with the one talk; the other request is open again.
  talk: `
    UPDATE handover h SET state = 'open', operator_id = NULL, operator_sealed = NULL, due_at = NULL
    WHERE h.state = 'taken' AND ((h.contact_id = :merged AND EXISTS (
        SELECT FROM handover o WHERE o.state = 'taken' AND o.contact_id = :kept))
      OR (h.operator_id = :merged AND EXISTS (SELECT FROM handover o WHERE o.state = 'taken' AND o.operator_id = :kept)))`,
  request: 'UPDATE handover SET contact_id = :kept WHERE contact_id = :merged',
  operator: 'UPDATE handover SET operator_id = :kept WHERE operator_id = :merged',
  declined:
    'UPDATE handover SET declined = array_replace(declined, :merged, :kept) WHERE declined @> ARRAY[:merged]',
  look: 'UPDATE access_log SET subject = :kept WHERE subject = :merged',
  looked: 'UPDATE access_log SET viewer = (:kept)::text WHERE viewer = (:merged)::text',
  end: 'DELETE FROM contact WHERE id = :merged',
};

const types = { kept: 'uuid', merged: 'uuid', ahead: 'uuid', at: 'timestamptz', reason: 'text' } as const;

const lockText = "SELECT pg_advisory_xact_lock(hashtext('sapa: contacts merge'))";

/**
 * Makes the caller's transaction the only one that merges, until its end. To be taken before it is looked who is whose
 * contact: of two merges with a contact in common, the second must see what the first has made.
 */
export async function lockMerging(connection: PoolClient): Promise<void> {
  await run(connection, { name: 'merge-alone', text: lockText, values: [] });
}

/** Makes one contact of two, with everything of both, and writes it down. To be called inside a transaction. */
export async function mergeContacts(connection: PoolClient, vault: Vault, merge: Merge): Promise<void> {
  for (const [name, text] of Object.entries(moves))
    await run(connection, named(`merge-${name}`, text, merge));
  await rewriteReach(connection, vault, merge);
}

/** A statement with its parameters by name: most use few of them, and PostgreSQL wants none that is not used. */
function named(name: string, text: string, given: Merge): Statement {
  const values: unknown[] = [];
  const numbered = text.replace(/:(kept|merged|ahead|at|reason)\b/g, (_, key: keyof Merge) => {
    values.push(given[key] ?? null);
    return `$${values.length}::${types[key]}`;
  });
  return { name, text: numbered, values };
}

const reachText = `
SELECT id, member_sealed AS member, operator_sealed AS operator FROM handover
WHERE :kept IN (contact_id, operator_id) AND state <> 'closed'`;

interface ReachRow {
  readonly id: string;
  readonly member: Buffer;
  readonly operator: Buffer | null;
}

/** Requests remember, sealed, how each side is reached: by the contact that goes on. */
async function rewriteReach(connection: PoolClient, vault: Vault, merge: Merge): Promise<void> {
  const rows = await run<ReachRow>(connection, named('merge-reach', reachText, merge));
  const text = 'UPDATE handover SET member_sealed = $2, operator_sealed = $3 WHERE id = $1';
  for (const { id, member, operator } of rows) {
    const values = [id, rewritten(vault, member, merge), operator && rewritten(vault, operator, merge)];
    await run(connection, { name: 'merge-reach-write', text, values });
  }
}

function rewritten(vault: Vault, sealed: Buffer, { kept, merged }: Merge): Buffer {
  // An id is the same text wherever it stands, and stands nowhere else in it.
  const reach = vault.open(sealed);
  return reach.includes(merged) ? vault.seal(reach.replaceAll(merged, kept)) : sealed;
}

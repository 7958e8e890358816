import type { PoolClient } from 'pg';
import { run, type Statement } from './statement.js';

/** Two contacts that are one person: what is `merged` goes on as what is `kept`. */
export interface Merge {
  readonly kept: string;
  readonly merged: string;
  /** Why they are known to be one, without a word about the person. */
  readonly reason: string;
  readonly at: Date;
  /** Whose conversation goes on: the other one ends here, with its timers and its talk with a human. */
  readonly ahead: string;
}

// Where a row is still to be sent, or may be sent once more.
const unfinished = "('due', 'leased', 'written', 'accepted', 'unknown')";

/**
 * One person gets one invitation: of the rows of one broadcast, with what followed each over another address, the one that came
 * furthest stays; what was not said to be sent yet is cancelled. A row that ended without a message (failed, expired, skipped,
 * cancelled) stands in nobody's way. `unknown` may have arrived, so that nothing more is sent.
 */
const twice = `
  WITH standing AS (
    SELECT id, row_number() OVER (PARTITION BY broadcast_id ORDER BY state DESC, seq) AS place FROM delivery
    WHERE contact_id IN (:kept, :merged) AND broadcast_id IS NOT NULL
      AND state IN ('planned', 'due', 'leased', 'written', 'accepted', 'delivered', 'read', 'unknown')
  )
  UPDATE delivery d SET state = 'cancelled', code = 'merged', ended_at = :at, lease_token = NULL, lease_until = NULL
  FROM standing s WHERE d.id = s.id AND s.place > 1 AND d.state IN ('planned', 'due', 'leased')`;

const delivery = 'UPDATE delivery SET contact_id = :kept WHERE contact_id = :merged';

/**
 * What belongs to the merged contact becomes the kept one's, in this order. Rows are locked in one order everywhere (conversation,
 * request, delivery, address), so that nobody waits in a circle. Where both have what may be there once, the kept one's stays.
 */
const moves: Readonly<Record<string, string>> = {
  // First of all, so that no turn of either is written meanwhile.
  lock: 'SELECT contact_id FROM session WHERE contact_id IN (:kept, :merged) ORDER BY contact_id FOR UPDATE',
  lockRequests: `
    SELECT id FROM handover WHERE contact_id IN (:kept, :merged) OR operator_id IN (:kept, :merged) ORDER BY id FOR UPDATE`,
  // From here on nothing follows a row of the merged contact: what has followed already is seen by the statements below.
  lockDeliveries: `
    SELECT id FROM delivery WHERE contact_id = :merged OR contact_id = :kept AND lane = 'bulk' ORDER BY id FOR UPDATE`,
  session: `
    UPDATE session s SET state_sealed = o.state_sealed, program = o.program, flow = o.flow, step = o.step,
      question = o.question, updated_at = o.updated_at FROM session o
    WHERE s.contact_id = :kept AND o.contact_id = :merged AND o.contact_id = :ahead`,
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
  twice,
  // The conversation that ended waits for nothing: neither what runs nor what its questions would start when they are accepted.
  endTimer: 'DELETE FROM timer WHERE contact_id IN (:kept, :merged) AND contact_id <> :ahead',
  endQuestion: `
    UPDATE delivery SET question = NULL WHERE contact_id IN (:kept, :merged) AND contact_id <> :ahead AND question IS NOT NULL
      AND lane = 'reply' AND state IN ${unfinished}`,
  timer: 'UPDATE timer SET contact_id = :kept WHERE contact_id = :merged',
  delivery,
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
  // Whose conversation ended talks with nobody any more: on both sides the request is open again.
  endTalk: `
    UPDATE handover SET state = 'open', operator_id = NULL, operator_sealed = NULL, due_at = NULL
    WHERE state = 'taken' AND (contact_id IN (:kept, :merged) AND contact_id <> :ahead
      OR operator_id IN (:kept, :merged) AND operator_id <> :ahead)`,
  request: 'UPDATE handover SET contact_id = :kept WHERE contact_id = :merged',
  operator: 'UPDATE handover SET operator_id = :kept WHERE operator_id = :merged',
  declined:
    'UPDATE handover SET declined = array_replace(declined, :merged, :kept) WHERE declined @> ARRAY[:merged]',
  skMove: 'UPDATE sk_move SET who = (:kept)::text WHERE who = (:merged)::text',
  listed: 'UPDATE roster SET made_by = (:kept)::text WHERE made_by = (:merged)::text',
  listing: `
    UPDATE roster_job SET contact_id = :kept WHERE contact_id = :merged AND NOT EXISTS (SELECT FROM roster_job WHERE contact_id = :kept)`,
  endListing: 'DELETE FROM roster_job WHERE contact_id = :merged',
  twins: 'UPDATE member_twin SET decided_by = (:kept)::text WHERE decided_by = (:merged)::text',
  joins: 'UPDATE member_join SET joined_by = (:kept)::text WHERE joined_by = (:merged)::text',
  skHeld: 'UPDATE sk_member SET held_by = :kept WHERE held_by = :merged',
  // What either was told is told; of two that were told something on one day, the kept one's day stands.
  told: `
    UPDATE reminder k SET state = 'told', at = m.at FROM reminder m WHERE k.contact_id = :kept AND m.contact_id = :merged
      AND (k.rule, k.about, k.due_at) = (m.rule, m.about, m.due_at) AND m.state = 'told' AND k.state <> 'told'`,
  reminder: `
    UPDATE reminder r SET contact_id = :kept, told_on = CASE WHEN r.urgent OR NOT EXISTS (
        SELECT FROM reminder o WHERE o.contact_id = :kept AND o.told_on = r.told_on) THEN r.told_on END
    WHERE r.contact_id = :merged AND NOT EXISTS (
      SELECT FROM reminder o WHERE o.contact_id = :kept AND (o.rule, o.about, o.due_at) = (r.rule, r.about, r.due_at))`,
  endReminder: 'DELETE FROM reminder WHERE contact_id = :merged',
  // Whoever is made one with another has come back.
  stay: 'DELETE FROM contact_leaving WHERE contact_id IN (:kept, :merged)',
  news: 'DELETE FROM consent_news WHERE contact_id = :merged',
  asking: 'UPDATE privacy_request SET contact_id = :kept WHERE contact_id = :merged',
  offered: 'UPDATE role_offer SET contact_id = :kept WHERE contact_id = :merged',
  // In the audit they go on under all the names they had.
  names: 'UPDATE person_key SET subject = :kept WHERE subject = :merged',
  entry: `
    INSERT INTO audit_entry (at, kind, action, detail, person)
    VALUES (:at, 'merge', 'made-one', :reason, audit_name(:kept, NULL))`,
  granted: 'UPDATE role_grant SET granted_by = (:kept)::text WHERE granted_by = (:merged)::text',
  planned: 'UPDATE broadcast SET created_by = (:kept)::text WHERE created_by = (:merged)::text',
  named: 'UPDATE named_list SET made_by = (:kept)::text WHERE made_by = (:merged)::text',
  called: 'UPDATE rakor SET created_by = (:kept)::text WHERE created_by = (:merged)::text',
  invitation: 'UPDATE invitation SET contact_id = :kept WHERE contact_id = :merged',
  checkedIn: 'UPDATE invitation SET checked_in_by = (:kept)::text WHERE checked_in_by = (:merged)::text',
  approved: 'UPDATE broadcast SET approved_by = (:kept)::text WHERE approved_by = (:merged)::text',
  recipient: 'UPDATE recipient SET contact_id = :kept WHERE contact_id = :merged',
  contacted: 'UPDATE recipient SET contacted_by = (:kept)::text WHERE contacted_by = (:merged)::text',
  end: 'DELETE FROM contact WHERE id = :merged',
};

const types = { kept: 'uuid', merged: 'uuid', ahead: 'uuid', at: 'timestamptz', reason: 'text' } as const;

const key = "hashtext('sapa: contacts merge')";
const lockText = `SELECT pg_advisory_xact_lock(${key})`;

/** Keeps merges out from here until the caller's transaction ends. */
export const withoutMerges: Statement = {
  name: 'merge-none',
  text: `SELECT pg_advisory_xact_lock_shared(${key})`,
  values: [],
};

/**
 * Makes the caller's transaction the only one that merges, until its end. To be taken before it is looked who is whose
 * contact: of two merges with a contact in common, the second must see what the first has made.
 */
export async function lockMerging(connection: PoolClient): Promise<void> {
  await run(connection, { name: 'merge-alone', text: lockText, values: [] });
}

/** Makes one contact of two, with everything of both, and writes it down. To be called inside a transaction, alone (`lockMerging`). */
export async function mergeContacts(connection: PoolClient, merge: Merge): Promise<void> {
  for (const [name, text] of Object.entries(moves))
    await run(connection, named(`merge-${name}`, text, merge));
}

const strayText = `
  SELECT DISTINCT m.merged_id AS merged, a.contact_id AS kept FROM contact_merge m
  JOIN delivery d ON d.contact_id = m.merged_id AND d.broadcast_id = $1 JOIN address a ON a.id = d.address_id`;

/**
 * Lets the rows of a broadcast that is being planned follow the merges that came between its look at the contacts and now. None
 * comes after this until the caller's transaction ends. Called last in it, so that nobody waits long for a large plan.
 */
export async function followMerges(connection: PoolClient, broadcast: string, at: Date): Promise<void> {
  await run(connection, withoutMerges);
  const stray = { name: 'merge-stray', text: strayText, values: [broadcast] };
  for (const pair of await run<Pick<Merge, 'kept' | 'merged'>>(connection, stray)) {
    const merge = { ...pair, ahead: pair.kept, reason: '', at };
    await run(connection, named('merge-twice', twice, merge));
    await run(connection, named('merge-delivery', delivery, merge));
  }
}

/** A statement with its parameters by name: most use few of them, and PostgreSQL wants none that is not used. */
function named(name: string, text: string, given: Merge): Statement {
  const values: unknown[] = [];
  const numbered = text.replace(/:(kept|merged|ahead|at|reason)\b/g, (_, parameter: keyof Merge) => {
    values.push(given[parameter]);
    return `$${values.length}::${types[parameter]}`;
  });
  return { name, text: numbered, values };
}

import type pg from 'pg';
import { type Queryable, run } from '../store/statement.js';
import { inTransaction } from '../store/transaction.js';

/** A last word that could not be sent for so long is not waited for any more, in milliseconds. */
const patienceMs = 24 * 60 * 60 * 1000;
const atOnce = 100;

// Whoever wrote since, or has become a member again, is somebody new, with whom nothing of before is kept.
const staysText = `DELETE FROM contact_leaving l WHERE EXISTS (
    SELECT FROM inbound i WHERE i.contact_id = l.contact_id AND i.received_at > l.since)
  OR EXISTS (SELECT FROM member_contact m WHERE m.contact_id = l.contact_id)`;
const readyText = `SELECT l.contact_id AS id FROM contact_leaving l WHERE l.since <= $1 OR NOT EXISTS (
    SELECT FROM delivery d WHERE d.contact_id = l.contact_id AND d.state IN ('planned', 'due', 'leased', 'written'))
  ORDER BY l.since LIMIT ${atOnce}`;

/**
 * Removes the contacts of erased members whose last word was sent: addresses, numbers, shells of messages, everything. One who has written
 * since stays, as a stranger. Gives how many are gone. Any number of processes may do it.
 */
export async function removeLeft(pool: pg.Pool, now: Date): Promise<number> {
  await run(pool, { name: 'leaving-stays', text: staysText, values: [] });
  const before = new Date(now.getTime() - patienceMs);
  const ready = await run<{ id: string }>(pool, { name: 'leaving-ready', text: readyText, values: [before] });
  let gone = 0;
  for (const { id } of ready)
    if (await inTransaction(pool, (connection) => remove(connection, id))) gone += 1;
  return gone;
}

const addresses = 'SELECT id FROM address WHERE contact_id = $1';
/** Roles that were taken back: those that stand keep their holder from leaving. */
const grants = `SELECT g.id FROM role_grant g JOIN address a ON a.phone_index = g.phone_index JOIN contact c ON c.id = a.contact_id
  WHERE a.contact_id = $1 AND c.simulator = g.simulator`;

/** In the order in which rows are locked everywhere: conversation, request, delivery, address. */
const removals: Readonly<Record<string, string>> = {
  operator: `UPDATE handover SET operator_id = NULL, operator_sealed = NULL, due_at = NULL,
    state = CASE WHEN state = 'taken' THEN 'open' ELSE state END WHERE operator_id = $1`,
  declined:
    'UPDATE handover SET declined = array_remove(declined, $1::uuid) WHERE declined @> ARRAY[$1::uuid]',
  'sk-open': `UPDATE sk_member SET status = held_from, held_by = NULL, held_until = NULL, held_from = NULL WHERE held_by = $1`,
  'sk-moved': `UPDATE sk_move SET who = 'erased' WHERE who = ($1::uuid)::text`,
  listed: `UPDATE roster SET made_by = 'erased' WHERE made_by = ($1::uuid)::text`,
  twins: `UPDATE member_twin SET decided_by = 'erased' WHERE decided_by = ($1::uuid)::text`,
  joins: `UPDATE member_join SET joined_by = 'erased' WHERE joined_by = ($1::uuid)::text`,
  reminder: 'DELETE FROM reminder WHERE contact_id = $1',
  request: 'DELETE FROM handover WHERE contact_id = $1',
  delivery: 'DELETE FROM delivery WHERE contact_id = $1',
  inbound: 'DELETE FROM inbound WHERE contact_id = $1',
  timer: 'DELETE FROM timer WHERE contact_id = $1',
  attachment: 'DELETE FROM attachment WHERE contact_id = $1',
  problem: 'DELETE FROM problem WHERE contact_id = $1',
  consent: 'DELETE FROM consent WHERE contact_id = $1',
  news: 'DELETE FROM consent_news WHERE contact_id = $1',
  offer: `DELETE FROM link_offer WHERE address_id IN (${addresses}) OR other_id IN (${addresses})`,
  wish: `DELETE FROM link_wish WHERE address_id IN (${addresses}) OR other_id IN (${addresses})`,
  number: `DELETE FROM number_change WHERE address_id IN (${addresses}) OR other_id IN (${addresses})`,
  guess: `DELETE FROM link_guess WHERE address_id IN (${addresses})`,
  code: `DELETE FROM link_code WHERE address_id IN (${addresses})`,
  offered: 'DELETE FROM role_offer WHERE contact_id = $1',
  names: `DELETE FROM person_key WHERE subject = $1 OR subject IN (${grants})`,
  'recipient-grant': `UPDATE recipient SET grant_id = NULL WHERE grant_id IN (${grants})`,
  grant: `DELETE FROM role_grant WHERE id IN (${grants})`,
  granted: `UPDATE role_grant SET granted_by = 'erased' WHERE granted_by = ($1::uuid)::text`,
  planned: `UPDATE broadcast SET created_by = 'erased' WHERE created_by = ($1::uuid)::text`,
  named: `UPDATE named_list SET made_by = 'erased' WHERE made_by = ($1::uuid)::text`,
  called: `UPDATE rakor SET created_by = 'erased' WHERE created_by = ($1::uuid)::text`,
  // Whoever was sent by another one is kept by name in that row.
  invitation: 'UPDATE invitation SET contact_id = NULL, delegate_sealed = NULL WHERE contact_id = $1',
  'checked-in': `UPDATE invitation SET checked_in_by = 'erased' WHERE checked_in_by = ($1::uuid)::text`,
  approved: `UPDATE broadcast SET approved_by = 'erased' WHERE approved_by = ($1::uuid)::text`,
  recipient: 'UPDATE recipient SET contact_id = NULL WHERE contact_id = $1',
  contacted: `UPDATE recipient SET contacted_by = 'erased' WHERE contacted_by = ($1::uuid)::text`,
  asked:
    'UPDATE privacy_request SET contact_id = NULL, member_sealed = NULL, detail_sealed = NULL WHERE contact_id = $1',
  merge: 'DELETE FROM contact_merge WHERE merged_id = $1 OR kept_id = $1',
  address: 'DELETE FROM address WHERE contact_id = $1',
  session: 'DELETE FROM session WHERE contact_id = $1',
  leaving: 'DELETE FROM contact_leaving WHERE contact_id = $1',
  contact: 'DELETE FROM contact WHERE id = $1',
};

const holdText = 'SELECT version FROM session WHERE contact_id = $1 FOR UPDATE';
const stillText = `SELECT FROM contact_leaving l WHERE l.contact_id = $1 AND NOT EXISTS (
  SELECT FROM inbound i WHERE i.contact_id = l.contact_id AND i.received_at > l.since)`;

async function remove(connection: pg.PoolClient, id: string): Promise<boolean> {
  // From here on no turn of this contact is written; one that was written just now keeps it.
  await run(connection, { name: 'leaving-hold', text: holdText, values: [id] });
  if (!(await isLeaving(connection, id))) return false;
  for (const [name, text] of Object.entries(removals))
    await run(connection, { name: `leaving-${name}`, text, values: [id] });
  return true;
}

async function isLeaving(db: Queryable, id: string): Promise<boolean> {
  return (await run(db, { name: 'leaving-still', text: stillText, values: [id] })).length > 0;
}

import { type Queryable, run } from '../store/statement.js';
import type { Mailbox } from './reach.js';

/** Where a contact can be written to. */
export interface ContactMailbox extends Mailbox {
  readonly contactId: string;
}

// Of each the address where they wrote last; one that the person has blocked is none.
const mailboxesText = `
SELECT DISTINCT ON (a.contact_id) a.contact_id AS "contactId", a.id AS "addressId", a.channel, a.account
FROM address a LEFT JOIN LATERAL (
  SELECT i.seq FROM inbound i WHERE i.contact_id = a.contact_id AND i.address_id = a.id
    AND i.dedupe_key NOT LIKE 'timer:%' AND i.dedupe_key NOT LIKE 'signal:%' ORDER BY i.seq DESC LIMIT 1) heard ON true
WHERE a.contact_id = ANY($1::uuid[]) AND a.blocked_at IS NULL
ORDER BY a.contact_id, heard.seq DESC NULLS LAST, a.created_at DESC, a.id`;

/** Where these contacts are written to: one address each, or none. */
export function mailboxesOf(
  db: Queryable,
  contactIds: readonly string[],
): Promise<readonly ContactMailbox[]> {
  return run(db, { name: 'mailboxes', text: mailboxesText, values: [contactIds] });
}

const contactsText = 'SELECT contact_id AS id FROM member_contact WHERE member_id = $1 ORDER BY contact_id';

const everText = `SELECT contact_id AS id FROM member_contact WHERE member_id = $1
UNION SELECT a.contact_id FROM number_change c JOIN address a ON a.id IN (c.address_id, c.other_id) WHERE c.member_id = $1 ORDER BY 1`;

/** The contacts that speak for a member, did so before the number changed, or asked to: what is erased with it was said there. */
export async function contactsEver(db: Queryable, memberId: string): Promise<readonly string[]> {
  const statement = { name: 'contacts-ever', text: everText, values: [memberId] };
  return (await run<{ id: string }>(db, statement)).map(({ id }) => id);
}

/** The contacts that speak for a member. */
export async function contactsOf(db: Queryable, memberId: string): Promise<readonly string[]> {
  const statement = { name: 'contacts-of-member', text: contactsText, values: [memberId] };
  return (await run<{ id: string }>(db, statement)).map(({ id }) => id);
}

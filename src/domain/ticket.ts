import { codeLength, codeSigns, isCode } from '../flow/inputs/one-time-code.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run } from '../store/statement.js';
import { type Guest, type GuestRow, guestColumns, guestOf, guestTables, whoIs } from './attendance.js';
import { openDetails } from './rakor.js';
import { roleNames } from './roles.js';

/** Whose ticket it is, and of which rakor. */
export interface Ticket {
  readonly invitationId: string;
  readonly rakorId: string;
}

/** The word that stands before the code of a ticket, in a link or typed. */
export const doorWord = 'HADIRKAN';

/**
 * The code of a ticket: eight signs of a keyed hash of the invitation and its rakor. It is kept nowhere and nobody without the data key
 * can make one; that it works once is a matter of the invitation.
 */
export function codeOfTicket(ticket: Ticket, vault: Vault): string {
  return nextCode(ticket, vault, 0);
}

function nextCode(ticket: Ticket, vault: Vault, attempt: number): string {
  const { rakorId, invitationId } = ticket;
  const hash = vault.index('ticket', `${rakorId} ${invitationId} ${attempt}`).subarray(0, codeLength);
  const code = Array.from(hash, (byte) => codeSigns.charAt(byte % codeSigns.length)).join('');
  return isCode(code) ? code : nextCode(ticket, vault, attempt + 1);
}

// Those of today first: at a door nearly every code is one of them.
const ticketsText = `
SELECT i.id AS "invitationId", i.rakor_id AS "rakorId" FROM invitation i JOIN rakor k ON k.id = i.rakor_id
WHERE k.simulator = $2 AND k.state <> 'draft' AND k.starts_at BETWEEN $1::timestamptz - interval '30 days' AND $1::timestamptz + interval '120 days'
ORDER BY abs(extract(epoch FROM k.starts_at - $1::timestamptz))`;

interface Looking {
  readonly db: Queryable;
  readonly vault: Vault;
  readonly now: Date;
  readonly simulator: boolean;
}

/** The ticket of a code, among those of rakor that are near; null when it is of none. */
export async function ticketOfCode(
  code: string,
  { db, vault, now, simulator }: Looking,
): Promise<Ticket | null> {
  const tickets = await run<Ticket>(db, {
    ...{ name: 'tickets-near', text: ticketsText, values: [now, simulator] },
  });
  return tickets.find((ticket) => codeOfTicket(ticket, vault) === code) ?? null;
}

/** Who is sent: how they are called, and as what. */
export type Sent = Pick<Guest, 'name' | 'position'>;

/** A ticket that somebody may ask for: of a rakor that was called and is not over. */
export interface HeldTicket extends Ticket, Sent, Pick<Guest, 'place' | 'answer' | 'checkedInAt'> {
  readonly isDelegate: boolean;
  /** Who comes in place of this one. */
  readonly instead: Sent | null;
  readonly startsAt: Date;
  readonly title: string;
  readonly venue: string;
}

interface HeldRow extends GuestRow {
  readonly instead: Buffer | null;
  readonly startsAt: Date;
  readonly details: Buffer;
}

// Invited is whoever was written to, whom the phone speaks for, or who holds the role by a number it proves.
const heldText = `
SELECT ${guestColumns('$3')}, d.delegate_sealed AS instead, k.starts_at AS "startsAt", k.details_sealed AS details
FROM ${guestTables} LEFT JOIN invitation d ON d.delegate_of_id = i.id
WHERE k.state = 'called' AND coalesce(k.ends_at, k.starts_at + interval '8 hours') > $2 AND (m.id IS NULL OR m.standing = 'active')
  AND (i.contact_id = $1 OR i.member_id IN (SELECT l.member_id FROM member_contact l WHERE l.contact_id = $1)
    OR i.grant_id IN (SELECT o.id FROM address a JOIN contact c ON c.id = a.contact_id
      JOIN role_grant o ON o.phone_index = a.phone_index AND o.simulator = c.simulator AND o.revoked_at IS NULL WHERE a.contact_id = $1))
ORDER BY k.starts_at, m.name, i.id`;

/** The tickets of the person whose turn it is, the next rakor first. */
export async function ticketsHeld({
  db,
  vault,
  now,
  contactId,
}: Omit<Looking, 'simulator'> & { readonly contactId: string }): Promise<readonly HeldTicket[]> {
  const values = [contactId, now, roleNames];
  const rows = await run<HeldRow>(db, { name: 'tickets-held', text: heldText, values });
  return rows.map((row) => heldOf(row, vault));
}

function heldOf({ instead, startsAt, details, ...row }: HeldRow, vault: Vault): HeldTicket {
  const { id: invitationId, rakorId, kind, name, position, place, answer, checkedInAt } = guestOf(row, vault);
  const { acara, tempat } = openDetails(details, vault);
  return {
    ...{ invitationId, rakorId, name, position, place, answer, checkedInAt, startsAt },
    ...{ isDelegate: kind === 'delegate', title: acara, venue: tempat },
    instead: instead === null ? null : whoIs({ member: null, role: null, delegate: instead }, vault),
  };
}

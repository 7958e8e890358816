import { titleCase } from '../flow/text.js';
import { audited } from '../store/audit.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { type Delegate, openDelegate } from './invitations.js';
import { type Rakor, type RakorRow, rakorColumns, rakorOf } from './rakor.js';
import { type RsvpAnswer, rsvpAnswers } from './rsvp-words.js';

/** An invitation of somebody, with its rakor. */
export interface Invited {
  readonly id: string;
  readonly memberId: string | null;
  /** Whom it invites, when a phone speaks for several; null for the holder of a role. */
  readonly name: string | null;
  readonly answer: RsvpAnswer | null;
  readonly reason: string | null;
  readonly delegate: Delegate | null;
  /** Over which contact the delegate is reached; null: nobody, or nobody yet. */
  readonly delegateContactId: string | null;
  readonly rakor: Rakor;
}

interface Row extends RakorRow {
  readonly invitationId: string;
  readonly memberId: string | null;
  readonly name: string | null;
  readonly answer: string | null;
  readonly reason: Buffer | null;
  readonly delegate: Buffer | null;
  readonly delegateContactId: string | null;
}

/** A condition on an invitation `i` in a statement: of this contact ($1), as a member, as the holder of a role, or by name of another. */
const isOfContact = `(i.contact_id = $1 OR i.member_id IN (SELECT member_id FROM member_contact WHERE contact_id = $1)
  OR i.grant_id IN (SELECT g.id FROM address a JOIN contact c ON c.id = a.contact_id JOIN role_grant g
    ON g.phone_index = a.phone_index AND g.simulator = c.simulator AND g.revoked_at IS NULL WHERE a.contact_id = $1))`;

const ownText = `
SELECT i.id AS "invitationId", i.member_id AS "memberId", m.name, i.answer, i.reason_sealed AS reason,
  d.delegate_sealed AS delegate, d.contact_id AS "delegateContactId", ${rakorColumns}
FROM invitation i JOIN rakor k ON k.id = i.rakor_id LEFT JOIN member m ON m.id = i.member_id
  LEFT JOIN invitation d ON d.delegate_of_id = i.id
WHERE ${isOfContact} AND k.simulator = $3 AND k.state <> 'draft' AND k.starts_at > $2::timestamptz - interval '1 day'
ORDER BY k.starts_at, k.number, m.name NULLS FIRST, i.id`;

/** Whose invitations are looked for, and when. */
export interface InvitedReading {
  readonly db: Queryable;
  readonly vault: Vault;
  readonly now: Date;
  readonly contactId: string;
  readonly simulator: boolean;
}

/** The invitations of whoever speaks over a contact, to what is yet to come or began within a day; the next one first. */
export async function invitationsOf(reading: InvitedReading): Promise<readonly Invited[]> {
  const { db, vault, now, contactId, simulator } = reading;
  const values = [contactId, now, simulator];
  const rows = await run<Row>(db, { name: 'invitations-own', text: ownText, values });
  return rows.map(
    ({ invitationId: id, memberId, name, answer, reason, delegate, delegateContactId, ...rakor }) => ({
      ...{ id, memberId, delegateContactId, name: name === null ? null : titleCase(name) },
      answer: answerNamed(answer),
      reason: reason === null ? null : vault.open(reason),
      delegate: delegate === null ? null : openDelegate(delegate, vault),
      rakor: rakorOf(rakor, vault),
    }),
  );
}

const someText = `SELECT EXISTS (SELECT FROM invitation i JOIN rakor k ON k.id = i.rakor_id
  WHERE ${isOfContact} AND k.state <> 'draft' AND k.starts_at > $2::timestamptz - interval '1 day') AS some`;

/** Whether whoever speaks over a contact is invited to something that is yet to come or began within a day. */
export async function hasInvitations(
  db: Queryable,
  { contactId, now }: Pick<InvitedReading, 'contactId' | 'now'>,
): Promise<boolean> {
  const statement = { name: 'invitations-some', text: someText, values: [contactId, now] };
  return (await run<{ some: boolean }>(db, statement))[0]?.some ?? false;
}

/** An answer by its name in a row; null for none. */
export function answerNamed(name: string | null): RsvpAnswer | null {
  const found = Object.keys(rsvpAnswers).find((one) => one === name);
  // The keys of a table of answers are answers.
  return (found as RsvpAnswer | undefined) ?? null;
}

/** What is answered, with a reason if one was told. */
export interface Answering {
  readonly answer: RsvpAnswer;
  readonly reason: string | null;
}

const answerText = `UPDATE invitation i SET answer = $2, reason_sealed = $3, answered_at = $4
FROM rakor k WHERE i.id = $1 AND k.id = i.rakor_id AND k.state = 'called' AND k.starts_at > $4 RETURNING i.id`;
const dropText = 'DELETE FROM invitation WHERE delegate_of_id = $1 AND checked_in_at IS NULL';

/**
 * Keeps an answer; the same again writes nothing. Whoever comes after all, or not at all, sends nobody any more. Must find the rakor
 * as it was seen: not begun, not cancelled.
 */
export function answered(
  invited: Invited,
  { answer, reason }: Answering,
  { vault, now, contactId }: Pick<InvitedReading, 'vault' | 'now' | 'contactId'>,
): readonly Statement[] {
  if (invited.answer === answer && invited.reason === reason && answer !== 'diwakilkan') return [];
  const sealed = reason === null ? null : vault.seal(reason);
  const subjects = invited.memberId === null ? [] : [invited.memberId];
  return [
    {
      ...{ name: 'invitation-answer', text: answerText, values: [invited.id, answer, sealed, now] },
      mustFind: true,
    },
    ...(answer === 'diwakilkan' ? [] : [{ name: 'invitation-alone', text: dropText, values: [invited.id] }]),
    audited({ kind: 'rakor', action: 'answered', detail: answer, actor: contactId, subjects, at: now }),
  ];
}

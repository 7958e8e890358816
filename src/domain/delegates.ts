import type { Vault } from '../store/crypto.js';
import { silenced } from '../store/silenced.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { type Delegate, sealDelegate } from './invitations.js';
import { mailboxesOf } from './mailboxes.js';
import { letterOfRakor } from './rakor-files.js';
import { told } from './rakor-message.js';
import { type Mailbox, sendTo, type Tools } from './reach.js';
import type { Invited } from './rsvp.js';

/** Under what the code of a link for a delegate is found. */
function indexOf(code: string, vault: Vault): Buffer {
  return vault.index('invitation-code', code);
}

const knownText = `SELECT a.id AS "addressId", a.contact_id AS "contactId", a.channel, a.account FROM address a JOIN contact c ON c.id = a.contact_id
WHERE a.phone_index = $1 AND c.simulator = $2 AND c.opted_out_at IS NULL AND a.blocked_at IS NULL AND NOT ${silenced('c.id')}
ORDER BY a.created_at DESC LIMIT 1`;

/** Whoever has proved a number and may be written to; null: nobody. */
export async function ownerOf(
  phone: string,
  simulator: boolean,
  { db, vault }: { readonly db: Queryable; readonly vault: Vault },
): Promise<(Mailbox & { readonly contactId: string }) | null> {
  const statement = {
    name: 'delegate-known',
    text: knownText,
    values: [vault.index('phone', phone), simulator],
  };
  const [found] = await run<Mailbox & { contactId: string }>(db, statement);
  return found ?? null;
}

const insertText = `INSERT INTO invitation (id, rakor_id, contact_id, delegate_of_id, delegate_sealed, code_sealed, code_index, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
const dropText = 'DELETE FROM invitation WHERE delegate_of_id = $1 AND checked_in_at IS NULL';

/** Puts somebody in the place of whoever is invited, reached over a contact or by the code of a link; another one before is not sent any more. */
export function sendInstead(
  invited: Invited,
  {
    delegate,
    contactId,
    code,
  }: { readonly delegate: Delegate; readonly contactId: string | null; readonly code: string | null },
  { vault, newId, now }: Tools,
): readonly Statement[] {
  const sealed = sealDelegate(delegate, vault);
  const link = code === null ? [null, null] : [vault.seal(code), indexOf(code, vault)];
  const values = [newId(), invited.rakor.id, contactId, invited.id, sealed, ...link, now];
  return [
    { name: 'delegate-before', text: dropText, values: [invited.id] },
    { name: 'delegate-insert', text: insertText, values },
  ];
}

/** What a delegate is told who has written to the bot before, with the letter. */
export async function tellDelegate(
  { rakor }: Invited,
  { nama }: Delegate,
  to: Mailbox,
  { db, ...tools }: Tools & { readonly db: Queryable },
): Promise<readonly Statement[]> {
  const letter = await letterOfRakor(rakor, { db, vault: tools.vault });
  const text = `Bapak/Ibu *${nama}* diminta mewakili undangan rapat koordinasi IPSM ${rakor.place}:

${told(rakor)}

Mohon ketik *UNDANGAN* untuk menjawab hadir atau tidak.`;
  return sendTo(to, text, null, tools, letter?.enclosure);
}

/** Tells somebody who was to come instead that this is not so any more. */
export async function recallDelegate(
  { rakor, delegateContactId }: Invited,
  { db, ...tools }: Tools & { readonly db: Queryable },
): Promise<readonly Statement[]> {
  if (delegateContactId === null) return [];
  const text = `Bapak/Ibu tidak lagi diminta mewakili undangan rakor *${rakor.details.acara}*. Terima kasih atas kesediaannya.`;
  const boxes = await mailboxesOf(db, [delegateContactId]);
  return boxes.flatMap((box) => sendTo(box, text, null, tools));
}

interface Opened {
  readonly id: string;
  readonly rakorId: string;
  readonly delegate: Buffer;
  readonly inviter: string | null;
}

const byCodeText = `SELECT d.id, d.rakor_id AS "rakorId", d.delegate_sealed AS delegate, coalesce(i.contact_id,
    (SELECT l.contact_id FROM member_contact l WHERE l.member_id = i.member_id ORDER BY l.linked_at LIMIT 1)) AS inviter
FROM invitation d JOIN invitation i ON i.id = d.delegate_of_id JOIN rakor k ON k.id = d.rakor_id
WHERE d.code_index = $1 AND k.simulator = $2 AND k.state = 'called' AND k.starts_at > $3`;

/** The place that waits under a code for a rakor that has not begun; null: none. */
export async function placeOf(
  code: string,
  {
    db,
    vault,
    simulator,
    now,
  }: { readonly db: Queryable; readonly vault: Vault; readonly simulator: boolean; readonly now: Date },
): Promise<Opened | null> {
  const values = [indexOf(code, vault), simulator, now];
  const [found] = await run<Opened>(db, { name: 'delegate-by-code', text: byCodeText, values });
  return found ?? null;
}

const takeText =
  'UPDATE invitation SET contact_id = $2, code_sealed = NULL, code_index = NULL WHERE id = $1 AND code_index IS NOT NULL RETURNING id';

/** Takes the place of a code, once; whoever invited is told. */
export async function takePlace(
  { id, inviter }: Opened,
  nama: string,
  contactId: string,
  { db, ...tools }: Tools & { readonly db: Queryable },
): Promise<readonly Statement[]> {
  const boxes = inviter === null ? [] : await mailboxesOf(db, [inviter]);
  const text = `Undangan rakor yang Bapak/Ibu wakilkan sudah dibuka oleh *${nama}*.`;
  return [
    { name: 'delegate-take', text: takeText, values: [id, contactId], mustFind: true },
    ...boxes.flatMap((box) => sendTo(box, text, null, tools)),
  ];
}

import { titleOfChannel } from '../flow/capabilities.js';
import { audited } from '../store/audit.js';
import type { Vault } from '../store/crypto.js';
import { run, type Statement } from '../store/statement.js';
import type { ActionContext } from './action.js';
import { inReach } from './areas.js';
import { placeName } from './places.js';
import type { Mailbox, Reach } from './reach.js';
import { areasFor, type Viewer } from './roles.js';

/** The conversation of the number a member is registered under hears under this name that it is asked about another one. */
export const numberChanging = 'number-changing';

/** For so long a change can be taken back, and who was refused need not ask again, in milliseconds. */
const weekMs = 7 * 24 * 60 * 60 * 1000;
/** Until when a request is to be decided, in milliseconds. */
export const decideMs = 3 * 24 * 60 * 60 * 1000;

interface AddressRow extends Mailbox {
  readonly valueSealed: Buffer;
  readonly phoneSealed: Buffer | null;
}

function reachOf({ addressId, channel, account, valueSealed, phoneSealed }: AddressRow, vault: Vault): Reach {
  const phone = phoneSealed === null ? null : vault.open(phoneSealed);
  return { addressId, channel, account, address: vault.open(valueSealed), phone };
}

/** A member who is registered under another number, and where that one is reached. */
export interface Claimed {
  readonly memberId: string;
  readonly name: string;
  readonly regionCode: string;
  readonly old: Reach;
}

// The number is the one the member gave, or one that a channel has proved for whoever speaks for the member.
const claimedText = `
SELECT m.id AS "memberId", m.name, m.region_code AS "regionCode", a.id AS "addressId", a.channel, a.account,
  a.value_sealed AS "valueSealed", a.phone_sealed AS "phoneSealed"
FROM member m JOIN member_contact l ON l.member_id = m.id JOIN address a ON a.contact_id = l.contact_id
WHERE m.simulator = $1 AND m.birth_date = $2 AND m.standing = 'active' AND l.contact_id <> $4::uuid
  AND (m.phone_index = $3 OR EXISTS (SELECT FROM address o WHERE o.contact_id = l.contact_id AND o.phone_index = $3))
  AND NOT EXISTS (SELECT FROM number_change c WHERE c.member_id = m.id
    AND (c.closed_at IS NULL OR c.result = 'refused' AND c.address_id = $5 AND c.closed_at > $6))
ORDER BY a.phone_index IS NOT DISTINCT FROM $3 DESC, a.created_at DESC, a.id`;

/**
 * The members of a birth date that are registered under a number, by somebody else than who asks; without those of whom that is asked already, or was
 * refused to who asks within a week.
 */
export async function claimedUnder(
  phone: string,
  birthDate: string,
  { db, vault, simulator, contactId, reach, now }: ActionContext,
): Promise<readonly Claimed[]> {
  const values = [
    ...[simulator, birthDate, vault.index('phone', phone), contactId, reach.addressId],
    new Date(now.getTime() - weekMs),
  ];
  const rows = await run<Omit<Claimed, 'old'> & AddressRow>(db, {
    ...{ name: 'number-claimed', text: claimedText, values },
  });
  return rows.map((row) => ({ ...row, old: reachOf(row, vault) }));
}

const askText = `INSERT INTO number_change (id, member_id, address_id, other_id, asked_at) VALUES ($1, $2, $3, $4, $5)`;

/** Keeps that a member is to go on under the number of who asks. Asked twice at once, the second finds it asked. */
export function askChange({ memberId, old }: Claimed, { newId, reach, now }: ActionContext): Statement {
  const values = [newId(), memberId, reach.addressId, old.addressId, now];
  return { name: 'number-ask', text: askText, values };
}

/** A change of number: who, from where to where. */
export interface Change {
  readonly id: string;
  readonly memberId: string;
  readonly name: string;
  readonly birthDate: string | null;
  readonly place: string;
  readonly askedAt: Date;
  readonly from: Reach;
  readonly to: Reach;
}

const end = (
  alias: string,
  side: string,
) => `${alias}.id AS "${side}AddressId", ${alias}.channel AS "${side}Channel",
  ${alias}.account AS "${side}Account", ${alias}.value_sealed AS "${side}Value", ${alias}.phone_sealed AS "${side}Phone"`;
const changes = `
SELECT c.id, m.id AS "memberId", m.name, m.birth_date AS "birthDate", ${placeName('m.region_code')} AS place, c.asked_at AS "askedAt",
  ${end('t', 'to')}, ${end('f', 'from')}
FROM number_change c JOIN member m ON m.id = c.member_id JOIN address t ON t.id = c.address_id JOIN address f ON f.id = c.other_id`;
// Contacts may have been made one, or parted, since.
const speaks = (alias: string) => `t.contact_id <> f.contact_id
  AND EXISTS (SELECT FROM member_contact l WHERE l.member_id = m.id AND l.contact_id = ${alias}.contact_id)`;
const openText = `${changes} WHERE c.closed_at IS NULL AND ${speaks('f')} AND ${inReach('m')} AND ($4::uuid IS NULL OR c.id = $4)
  AND t.contact_id <> $3 ORDER BY c.asked_at, c.id LIMIT 100`;
const doneText = `${changes} WHERE c.result = 'moved' AND c.closed_at > $5 AND ${speaks('t')} AND ${inReach('m')} AND ($4::uuid IS NULL OR c.id = $4)
  AND t.contact_id <> $3 AND f.contact_id <> $3 ORDER BY c.closed_at DESC, c.id LIMIT 8`;
const mineText = `${changes} WHERE c.closed_at IS NULL AND ${speaks('f')} AND m.standing = 'active' AND f.contact_id = $1 ORDER BY c.asked_at, c.id`;

type Side = 'to' | 'from';
type ChangeRow = Omit<Change, Side> &
  Readonly<Record<`${Side}AddressId` | `${Side}Channel` | `${Side}Account`, string>> &
  Readonly<Record<`${Side}Value`, Buffer>> &
  Readonly<Record<`${Side}Phone`, Buffer | null>>;

function changeOf(row: ChangeRow, vault: Vault): Change {
  const side = (of: Side) =>
    reachOf(
      {
        ...{ addressId: row[`${of}AddressId`], channel: row[`${of}Channel`], account: row[`${of}Account`] },
        ...{ valueSealed: row[`${of}Value`], phoneSealed: row[`${of}Phone`] },
      },
      vault,
    );
  return { ...row, from: side('from'), to: side('to') };
}

type Reading = Pick<ActionContext, 'db' | 'vault' | 'now'>;

function inReachOf(viewer: Viewer): readonly unknown[] {
  return [areasFor(viewer, 'change-number'), viewer.simulator === true, viewer.id];
}

/** The open requests in the areas of a viewer (who writes to the bot), the longest waiting first: all, or this one. */
export async function openChanges(
  viewer: Viewer,
  id: string | null,
  { db, vault }: Omit<Reading, 'now'>,
): Promise<readonly Change[]> {
  const values = [...inReachOf(viewer), id];
  const rows = await run<ChangeRow>(db, { name: 'number-open', text: openText, values });
  return rows.map((row) => changeOf(row, vault));
}

/** The changes of the last week in those areas, the latest first: all, or this one. */
export async function doneChanges(
  viewer: Viewer,
  id: string | null,
  { db, vault, now }: Reading,
): Promise<readonly Change[]> {
  const values = [...inReachOf(viewer), id, new Date(now.getTime() - weekMs)];
  const rows = await run<ChangeRow>(db, { name: 'number-done', text: doneText, values });
  return rows.map((row) => changeOf(row, vault));
}

/** The request that is asked of this contact, as it speaks for the member; null: none is. */
export async function changeAskedOf({ db, contactId, vault }: ActionContext): Promise<Change | null> {
  const [row] = await run<ChangeRow>(db, { name: 'number-mine', text: mineText, values: [contactId] });
  return row === undefined ? null : changeOf(row, vault);
}

const closeText = `UPDATE number_change SET closed_at = $2, result = $3, reason_sealed = $4
WHERE id = $1 AND closed_at IS NULL RETURNING id`;
const undoText = `UPDATE number_change SET closed_at = $2, result = 'undone' WHERE id = $1 AND result = 'moved' RETURNING id`;
// Whoever the addresses belong to by now: contacts may have been made one since.
const linkText = `INSERT INTO member_contact (member_id, contact_id, linked_at)
SELECT $1, contact_id, $3 FROM address WHERE id = $2 ON CONFLICT DO NOTHING`;
const unlinkText = `DELETE FROM member_contact WHERE member_id = $1 AND contact_id = (SELECT contact_id FROM address WHERE id = $2)
  AND contact_id <> (SELECT contact_id FROM address WHERE id = $3) RETURNING member_id`;
const phoneText = `UPDATE member m SET phone_sealed = a.phone_sealed, phone_index = a.phone_index, phone_proved = true
FROM address a WHERE m.id = $1 AND a.id = $2 AND a.phone_index IS NOT NULL`;

const move = (memberId: string, from: Reach, to: Reach, now: Date): readonly Statement[] => [
  { name: 'number-link', text: linkText, values: [memberId, to.addressId, now] },
  {
    name: 'number-unlink',
    text: unlinkText,
    values: [memberId, from.addressId, to.addressId],
    mustFind: true,
  },
  { name: 'number-phone', text: phoneText, values: [memberId, to.addressId] },
];

function told(action: string, { memberId }: Change, { contactId, now }: ActionContext): Statement {
  return audited({ kind: 'number', action, actor: contactId, subjects: [memberId], at: now });
}

/** The member goes on under the new number, and the old one speaks for others only, if for anybody. Who decides second finds it decided. */
export function moveNumber(change: Change, context: ActionContext): readonly Statement[] {
  const { id, memberId, from, to } = change;
  const { now } = context;
  const close = { name: 'number-close', text: closeText, values: [id, now, 'moved', null] };
  return [{ ...close, mustFind: true }, ...move(memberId, from, to, now), told('moved', change, context)];
}

/** It stays as it is, for a reason that is kept sealed. */
export function refuseNumber(
  change: Change,
  reason: string | null,
  context: ActionContext,
): readonly Statement[] {
  const why = reason === null ? null : context.vault.seal(reason);
  const close = { name: 'number-close', text: closeText, values: [change.id, context.now, 'refused', why] };
  return [{ ...close, mustFind: true }, told('refused', change, context)];
}

/** The old number speaks for the member again, and the new one does not. */
export function undoNumber(change: Change, context: ActionContext): readonly Statement[] {
  const { id, memberId, from, to } = change;
  const undo = { name: 'number-undo', text: undoText, values: [id, context.now], mustFind: true };
  return [undo, ...move(memberId, to, from, context.now), told('undone', change, context)];
}

/** A number as far as somebody else may see it. */
export function numberTold({ channel, phone }: Reach): string {
  return phone === null ? `akun ${titleOfChannel(channel)}` : `nomor berakhiran ${phone.slice(-2)}`;
}

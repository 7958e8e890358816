import { audited, sealPersonal } from '../store/audit.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { grantEnded, grantKept } from './grants.js';
import { viewerNow } from './helpers.js';
import { codeIndexOf } from './links.js';
import { mailboxesOf } from './mailboxes.js';
import { placeName } from './places.js';
import { sendTo, type Tools } from './reach.js';
import { type Area, may, type RoleName, residencyArea, roleNames, roleWords, type Viewer } from './roles.js';

/** How long a role can be taken by its code, in milliseconds. */
export const offerLastsMs = 3 * 24 * 60 * 60 * 1000;

/** What is offered, and by whom. */
export interface Offering {
  readonly role: RoleName;
  readonly area: Area;
  readonly simulator: boolean;
  readonly contactId: string;
}

const keepText = `INSERT INTO role_offer (id, code_index, role, area, simulator, contact_id, made_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** Keeps an offer under the index of its code; that it was made is an entry of the audit. */
export function keepOffer(
  code: string,
  { role, area, simulator, contactId }: Offering,
  { vault, now, newId }: Tools,
): readonly Statement[] {
  const ends = new Date(now.getTime() + offerLastsMs);
  const values = [newId(), codeIndexOf(code, vault), role, area, simulator, contactId, now, ends];
  const entry = {
    kind: 'grant',
    action: `offer ${role}`,
    detail: area,
    actor: contactId,
    subjects: [],
  } as const;
  return [{ name: 'role-offer-keep', text: keepText, values }, audited({ ...entry, at: now })];
}

/** An offer as it stands. */
export interface FoundOffer extends Offering {
  readonly id: string;
  readonly place: string;
  readonly residency: string | null;
  /** It was taken, taken back, or its time is over. */
  readonly isOver: boolean;
  /** Who holds the role by it; null: nobody yet. */
  readonly grantId: string | null;
  /** The number of whoever holds it. */
  readonly phone: Buffer | null;
}

type Row = Omit<FoundOffer, 'role'> & { readonly role: string };

const select = `
SELECT o.id, o.role, o.area, o.simulator, o.contact_id AS "contactId", o.grant_id AS "grantId", ${placeName('o.area')} AS place,
  (SELECT r.residency_id FROM region r WHERE r.code = left(o.area, 5)) AS residency, g.phone_sealed AS phone,
  (o.grant_id IS NOT NULL OR o.ends_at <= $1::timestamptz) AS "isOver"
FROM role_offer o LEFT JOIN role_grant g ON g.id = o.grant_id AND g.revoked_at IS NULL`;
const byCode = `${select} WHERE o.code_index = $2 AND o.simulator = $3`;
const standing = `${select} WHERE o.simulator = $2 AND (g.id IS NOT NULL OR o.grant_id IS NULL AND o.ends_at > $1::timestamptz)
ORDER BY o.made_at DESC, o.id`;

interface Looking extends Pick<Tools, 'vault' | 'now'> {
  readonly db: Queryable;
  readonly simulator: boolean;
}

function opened(rows: readonly Row[]): readonly FoundOffer[] {
  return rows.flatMap((row) =>
    roleNames.filter((name) => name === row.role).map((role) => ({ ...row, role })),
  );
}

/** The offer of a code; null when nobody ever made it. */
export async function findOffer(
  code: string,
  { db, vault, now, simulator }: Looking,
): Promise<FoundOffer | null> {
  const values = [now, codeIndexOf(code, vault), simulator];
  return opened(await run<Row>(db, { name: 'role-offer-find', text: byCode, values }))[0] ?? null;
}

/** Offers that can be taken yet, and roles that are held by one, which this viewer may give and so may take back; the latest first. */
export async function offersFor(
  viewer: Viewer,
  { db, now }: Pick<Looking, 'db' | 'now'>,
): Promise<readonly FoundOffer[]> {
  const values = [now, viewer.simulator === true];
  const rows = await run<Row>(db, { name: 'role-offers', text: standing, values });
  return opened(rows).filter((offer) => mayGive(viewer, offer));
}

/** Whether a viewer may give the role of an offer there. */
export function mayGive(
  viewer: Viewer,
  { role, area, residency }: Pick<FoundOffer, 'role' | 'area' | 'residency'>,
): boolean {
  return may(viewer, `grant ${role}`, area, () => (residency === null ? null : residencyArea(residency)));
}

const heldText = `SELECT id FROM role_grant WHERE phone_index = $1 AND role = $2 AND area = $3 AND simulator = $4 AND revoked_at IS NULL`;

/** Whether a number holds that very role already. */
export async function holdsRole(
  phone: string,
  { role, area, simulator }: Offering,
  { db, vault }: Looking,
): Promise<boolean> {
  const values = [vault.index('phone', phone), role, area, simulator];
  return (await run(db, { name: 'role-held', text: heldText, values })).length > 0;
}

const takeText = `UPDATE role_offer SET grant_id = $2 WHERE id = $1 AND grant_id IS NULL AND ends_at > $3::timestamptz RETURNING id`;

/** Gives the role of an offer to a proved number, once; whoever has offered it is told. */
export async function takeOffer(
  offer: FoundOffer,
  phone: string,
  { db, ...tools }: Tools & { readonly db: Queryable },
): Promise<readonly Statement[]> {
  const { id, role, area, simulator, contactId, place } = offer;
  const { vault, now, newId } = tools;
  const grantId = newId();
  const personal = sealPersonal(vault, { phone });
  const entry = { kind: 'grant', action: role, detail: area, actor: contactId, subjects: [grantId] } as const;
  const text = `Peran *${roleWords[role]} ${place}* sudah diterima oleh nomor yang berakhiran ${phone.slice(-4)}. Bila keliru, ketik *CABUT PERAN*.`;
  const boxes = await mailboxesOf(db, [contactId]);
  return [
    { name: 'role-offer-take', text: takeText, values: [id, grantId, now], mustFind: true },
    grantKept(grantId, { phone, role, area, simulator }, { vault, by: contactId, at: now }),
    audited({ ...entry, at: now, personal }),
    ...boxes.flatMap((box) => sendTo(box, text, null, tools)),
  ];
}

const endText = `UPDATE role_offer SET ends_at = $2 WHERE id = $1 AND grant_id IS NOT DISTINCT FROM $3::uuid RETURNING id`;

/** Takes an offer back, and the role of whoever took it. */
export function withdrawOffer(
  { id, grantId, role, area }: FoundOffer,
  actor: string,
  now: Date,
): readonly Statement[] {
  const entry = { kind: 'revocation', detail: area, actor, at: now } as const;
  const end = { name: 'role-offer-end', text: endText, values: [id, now, grantId], mustFind: true };
  if (grantId === null) return [end, audited({ ...entry, action: `offer ${role}`, subjects: [] })];
  return [end, grantEnded(grantId, now), audited({ ...entry, action: role, subjects: [grantId] })];
}

/** Whoever has offered a role may not be allowed to any more. */
export async function isStillOffered(offer: FoundOffer, db: Queryable): Promise<boolean> {
  return !offer.isOver && mayGive(await viewerNow(db, offer.contactId, offer.simulator), offer);
}

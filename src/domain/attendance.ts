import { z } from 'zod';
import { titleCase } from '../flow/text.js';
import { audited } from '../store/audit.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { covered } from './areas.js';
import { placeName } from './places.js';
import { momentInWords, type Rakor, type RakorRow, rakorColumns, rakorOf } from './rakor.js';
import type { Tools } from './reach.js';
import { areasFor, roleNames, roleWords, type Viewer } from './roles.js';

const hour = 60 * 60 * 1000;
const day = 24 * hour;
/** So long before the beginning people may be let in, in milliseconds. */
const opensBefore = 3 * hour;
/** So long after the end who came can still be written down. */
const closesAfter = day;

/** Whether people are let in now; if not, why. */
export type DoorState = 'open' | 'early' | 'over' | 'cancelled';

/** How the door of a rakor stands at a moment. */
export function doorOf({ state, startsAt, endsAt }: Rakor, now: Date): DoorState {
  if (state === 'cancelled') return 'cancelled';
  if (now.getTime() < startsAt.getTime() - opensBefore) return 'early';
  return now.getTime() > (endsAt ?? startsAt).getTime() + closesAfter ? 'over' : 'open';
}

/** When people are let in from ("Selasa, 24 November 2026 pukul 06.00 WIB"). */
export function doorOpens({ startsAt }: Rakor): string {
  return momentInWords(new Date(startsAt.getTime() - opensBefore));
}

interface Looking {
  readonly db: Queryable;
  readonly vault: Vault;
  readonly now: Date;
}

// Whoever may do it in the whole province may do it in an eks-karesidenan.
const watched = `($1::text[] @> ARRAY['33'] OR ${covered('k.area')}) AND ($2::boolean IS NULL OR k.simulator = $2)`;
const rakorText = `SELECT ${rakorColumns} FROM rakor k WHERE ${watched} AND k.state <> 'draft'
AND k.starts_at BETWEEN $3::timestamptz - interval '60 days' AND $3::timestamptz + interval '120 days'
ORDER BY abs(extract(epoch FROM k.starts_at - $3::timestamptz)), k.number`;

function watching(viewer: Viewer): readonly unknown[] {
  return [areasFor(viewer, 'check-in'), viewer.simulator === 'both' ? null : viewer.simulator];
}

/** The rakor whose door a viewer may keep, the nearest in time first; those of two months ago are over for good. */
export async function rakorFor(viewer: Viewer, { db, vault, now }: Looking): Promise<readonly Rakor[]> {
  const values = [...watching(viewer), now];
  const rows = await run<RakorRow>(db, { name: 'rakor-at-door', text: rakorText, values });
  return rows.map((row) => rakorOf(row, vault));
}

/** Somebody who is expected at a rakor, or came. `late`: was not invited, and was added at the door. */
export interface Guest {
  readonly id: string;
  readonly rakorId: string;
  readonly rakorNumber: number;
  /** Under what the audit knows the person; null: it does not. */
  readonly subject: string | null;
  readonly kind: 'invited' | 'delegate' | 'late';
  readonly name: string;
  readonly position: string;
  readonly place: string;
  readonly answer: string | null;
  readonly checkedInAt: Date | null;
  readonly checkedInBy: string | null;
}

/** A row of `guestColumns`. */
export interface GuestRow {
  readonly id: string;
  readonly rakorId: string;
  readonly rakorNumber: number;
  readonly subject: string | null;
  readonly name: string | null;
  readonly role: string | null;
  readonly place: string;
  readonly delegateOf: string | null;
  readonly delegate: Buffer | null;
  readonly answer: string | null;
  readonly checkedInAt: Date | null;
  readonly checkedInBy: string | null;
}

const homeOf = (area: string) =>
  `CASE WHEN ${area} LIKE 'residency/%' THEN ${area} ELSE left(${area}, 5) END`;
/** The columns of a guest out of `guestTables` in a statement, as `guestOf` reads them; `roles` is where the names of all roles are handed in. */
export const guestColumns = (
  roles: '$3' | '$4',
) => `i.id, k.id AS "rakorId", k.number AS "rakorNumber", coalesce(i.member_id, i.contact_id, i.grant_id) AS subject, m.name,
  coalesce(g.role, (SELECT o.role FROM role_grant o WHERE o.phone_index = m.phone_index AND o.simulator = m.simulator AND o.revoked_at IS NULL
    ORDER BY array_position(${roles}::text[], o.role) LIMIT 1)) AS role,
  ${placeName(homeOf('coalesce(m.region_code, g.area, n.region_code, h.area, k.area)'))} AS place,
  i.delegate_of_id AS "delegateOf", i.delegate_sealed AS delegate, i.answer, i.checked_in_at AS "checkedInAt", i.checked_in_by AS "checkedInBy"`;
/** The invitations `i` of rakor `k` in a statement, with member `m` and role `g`; of those instead of whom somebody comes `n` and `h`. */
export const guestTables = `invitation i JOIN rakor k ON k.id = i.rakor_id
LEFT JOIN member m ON m.id = i.member_id LEFT JOIN role_grant g ON g.id = i.grant_id
LEFT JOIN invitation w ON w.id = i.delegate_of_id LEFT JOIN member n ON n.id = w.member_id LEFT JOIN role_grant h ON h.id = w.grant_id`;
// Whose data may not be used now is shown to nobody.
const guestsText = `SELECT ${guestColumns('$4')} FROM ${guestTables}
WHERE ${watched} AND k.state <> 'draft' AND (m.id IS NULL OR m.standing = 'active')`;
const ofRakorText = `${guestsText} AND k.id = ANY($3::uuid[])`;
const oneText = `${guestsText} AND i.id = $3::uuid`;

/** Everybody who is expected at these rakor or came, as far as the viewer may keep their doors; by name. */
export async function guestsOf(
  viewer: Viewer,
  rakor: readonly string[],
  { db, vault }: Pick<Looking, 'db' | 'vault'>,
): Promise<readonly Guest[]> {
  const values = [...watching(viewer), rakor, roleNames];
  const rows = await run<GuestRow>(db, { name: 'guests', text: ofRakorText, values });
  return rows.map((row) => guestOf(row, vault)).toSorted(byName);
}

/** One of them; null when it is not there (any more), or not for this viewer. */
export async function guestFor(
  viewer: Viewer,
  id: string,
  { db, vault }: Pick<Looking, 'db' | 'vault'>,
): Promise<Guest | null> {
  const values = [...watching(viewer), id, roleNames];
  const [row] = await run<GuestRow>(db, { name: 'guest', text: oneText, values });
  return row === undefined ? null : guestOf(row, vault);
}

/** By name. */
export function byName(one: Guest, other: Guest): number {
  return one.name.localeCompare(other.name, 'id') || one.id.localeCompare(other.id);
}

/** A guest out of the row. */
export function guestOf({ delegateOf, ...row }: GuestRow, vault: Vault): Guest {
  const { name: member, role, delegate, ...rest } = row;
  const kind = delegateOf !== null ? 'delegate' : delegate === null ? 'invited' : 'late';
  return { ...rest, kind, ...whoIs({ member, role, delegate }, vault) };
}

// Whoever is sent need not have a position.
const person = z.looseObject({ nama: z.string(), jabatan: z.string().nullable() });

/** How somebody at a rakor is called: by the name of the member, by what was said of them, or by a role alone. */
export function whoIs(
  {
    member,
    role,
    delegate,
  }: {
    readonly member: string | null;
    readonly role: string | null;
    readonly delegate: Buffer | null;
  },
  vault: Vault,
): Pick<Guest, 'name' | 'position'> {
  if (delegate !== null) {
    const { nama, jabatan } = person.parse(vault.openJson(delegate));
    return { name: titleCase(nama), position: jabatan ?? 'Wakil yang diundang' };
  }
  const position = positionOf(role);
  return { name: member === null ? position : titleCase(member), position };
}

function positionOf(role: string | null): string {
  const known = roleNames.find((one) => one === role) ?? 'member';
  const words = known === 'member' ? 'anggota PSM' : roleWords[known];
  return words.replace(/^\p{Ll}/u, (first) => first.toUpperCase());
}

/** Who moves, and when. */
interface Mover extends Pick<Tools, 'now'> {
  readonly contactId: string;
}

function movedAt(action: string, guest: Pick<Guest, 'subject' | 'rakorNumber'>, mover: Mover): Statement {
  const { contactId: actor, now: at } = mover;
  const detail = `rakor ${guest.rakorNumber}`;
  return audited({
    kind: 'attendance',
    action,
    detail,
    actor,
    subjects: guest.subject === null ? [] : [guest.subject],
    at,
  });
}

const enterText = `UPDATE invitation SET checked_in_at = $2, checked_in_by = $3 WHERE id = $1 AND checked_in_at IS NULL RETURNING id`;

/** Writes down that somebody is in: of several who do so one has done it, and the turn of any other is thought again. */
export function enter(guest: Guest, mover: Mover): readonly Statement[] {
  const values = [guest.id, mover.now, mover.contactId];
  return [{ name: 'door-enter', text: enterText, values, mustFind: true }, movedAt('check-in', guest, mover)];
}

const leaveText = `UPDATE invitation SET checked_in_at = NULL, checked_in_by = NULL WHERE id = $1 AND checked_in_at = $2 RETURNING id`;
const removeText = 'DELETE FROM invitation WHERE id = $1 AND checked_in_at = $2 RETURNING id';

/** Takes that back; who was added at the door was not expected, and goes. */
export function takeBack(guest: Guest, mover: Mover): readonly Statement[] {
  const isLate = guest.kind === 'late';
  const [name, text] = isLate ? ['door-remove', removeText] : ['door-take-back', leaveText];
  return [
    { name, text, values: [guest.id, guest.checkedInAt], mustFind: true },
    movedAt('take-back', guest, mover),
  ];
}

const addText = `INSERT INTO invitation (id, rakor_id, delegate_sealed, answer, answered_at, checked_in_at, checked_in_by, created_at)
VALUES ($1, $2, $3, 'hadir', $4, $4, $5, $4)`;

/** Lets somebody in who was not invited. */
export function addLate(
  { id: rakorId, number: rakorNumber }: Rakor,
  who: { readonly nama: string; readonly jabatan: string },
  { vault, newId, ...mover }: Mover & Tools,
): readonly Statement[] {
  const id = newId();
  const values = [id, rakorId, vault.sealJson({ ...who, nomor: null }), mover.now, mover.contactId];
  return [
    { name: 'door-add', text: addText, values },
    movedAt('add-late', { subject: null, rakorNumber }, mover),
  ];
}

const keeperText = `SELECT g.role, ${placeName('g.area')} AS place FROM address a JOIN contact c ON c.id = a.contact_id
JOIN role_grant g ON g.phone_index = a.phone_index AND g.simulator = c.simulator AND g.revoked_at IS NULL
WHERE c.id::text = $1 ORDER BY array_position($2::text[], g.role), g.granted_at LIMIT 1`;

/** Who let somebody in, as another one at the door is told: by role, as officers are told everywhere. */
export async function keeperTold(
  id: string,
  { db, contactId }: Mover & Pick<Looking, 'db'>,
): Promise<string> {
  if (id === contactId) return 'Bapak/Ibu sendiri';
  const statement = { name: 'door-keeper', text: keeperText, values: [id, roleNames] };
  const [row] = await run<{ role: string; place: string }>(db, statement);
  const role = roleNames.find((one) => one === row?.role);
  return role === undefined ? 'petugas' : `${roleWords[role]} ${row?.place ?? ''}`;
}

const answers: Readonly<Record<string, string>> = {
  ...{ hadir: 'hadir', mungkin: 'insya Allah hadir', tidak: 'tidak hadir', diwakilkan: 'diwakilkan' },
};

/** What a guest answered, or how they came to be one. */
export function answerTold({ kind, answer }: Pick<Guest, 'kind' | 'answer'>): string {
  if (kind === 'late') return 'peserta susulan';
  if (kind === 'delegate') return 'mewakili yang diundang';
  return answers[answer ?? ''] ?? 'belum menjawab';
}

/** A look at guests, at the door or in a list; who was added at the door is known nowhere else. */
export function looksAtGuests(
  action: string,
  guests: readonly Guest[],
  { contactId: actor, now: at }: Mover,
): readonly Statement[] {
  const subjects = guests.flatMap(({ subject }) => subject ?? []);
  return subjects.length === 0 ? [] : [audited({ kind: 'look', action, actor, subjects, at })];
}

import { titleCase } from '../flow/text.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run } from '../store/statement.js';
import { covered } from './areas.js';
import { byName, type Guest, type GuestRow, guestColumns, guestOf, guestTables } from './attendance.js';
import { openDelegate } from './invitations.js';
import { momentInWords, type Rakor, type RakorRow, rakorColumns, rakorOf } from './rakor.js';
import { areasFor, roleNames, type Viewer } from './roles.js';
import { answerNamed } from './rsvp.js';
import type { RsvpAnswer } from './rsvp-words.js';
import { tableSheet } from './table-sheet.js';

/** Somebody who is invited, with what was answered. */
export interface Answerer extends Guest {
  /** Why not, if it was told. */
  readonly reason: string | null;
  /** Who comes instead. */
  readonly instead: string | null;
}

/** What people are told apart by: their answer, or that there is none yet. */
export type AnswerGroup = RsvpAnswer | 'belum';

/** Each group as it is told, in the order it is told in. */
export const answerGroups: Readonly<Record<AnswerGroup, string>> = {
  hadir: 'Hadir',
  mungkin: 'Insya Allah',
  tidak: 'Tidak hadir',
  diwakilkan: 'Diwakilkan',
  belum: 'Belum menjawab',
};

/** To which group somebody belongs. */
export function groupOf({ answer }: Pick<Guest, 'answer'>): AnswerGroup {
  return answerNamed(answer) ?? 'belum';
}

/** Somebody's answer behind the name: the reason, or who comes instead. */
export function remarkOf({ reason, instead }: Pick<Answerer, 'reason' | 'instead'>): string {
  if (instead !== null) return `diwakilkan oleh ${instead}`;
  return reason === null ? '' : `alasan: ${reason}`;
}

interface Reading {
  readonly db: Queryable;
  readonly vault: Vault;
}

// Whose area it is goes by the person, not by the rakor: of one of the province a chair sees those of the own regency. Who is sent, or came without
// an invitation, has answered nothing.
const ofArea = `($1::text[] @> ARRAY['33'] OR ${covered('coalesce(m.region_code, g.area)')}) AND ($2::boolean IS NULL OR k.simulator = $2)
  AND i.delegate_sealed IS NULL AND (m.id IS NULL OR m.standing = 'active')`;

function looking(viewer: Viewer): readonly unknown[] {
  return [areasFor(viewer, 'call-rakor'), viewer.simulator === 'both' ? null : viewer.simulator];
}

const rakorText = `SELECT ${rakorColumns} FROM rakor k WHERE k.state IN ('called', 'held')
  AND k.starts_at BETWEEN $3::timestamptz - interval '60 days' AND $3::timestamptz + interval '120 days'
  AND k.id IN (SELECT i.rakor_id FROM ${guestTables} WHERE ${ofArea})
ORDER BY abs(extract(epoch FROM k.starts_at - $3::timestamptz)), k.number`;

/** The rakor to which somebody of the viewer's area is invited, the nearest in time first; those of two months ago are over for good. */
export async function answeredRakor(
  viewer: Viewer,
  { db, vault, now }: Reading & { readonly now: Date },
): Promise<readonly Rakor[]> {
  const values = [...looking(viewer), now];
  const rows = await run<RakorRow>(db, { name: 'rakor-answered', text: rakorText, values });
  return rows.map((row) => rakorOf(row, vault));
}

interface Row extends GuestRow {
  readonly reason: Buffer | null;
  readonly instead: Buffer | null;
}

const answersText = `SELECT ${guestColumns('$4')}, i.reason_sealed AS reason, d.delegate_sealed AS instead
FROM ${guestTables} LEFT JOIN invitation d ON d.delegate_of_id = i.id
WHERE k.id = ANY($3::uuid[]) AND k.state IN ('called', 'held') AND ${ofArea}`;

/** Who of the viewer's area is invited to these rakor, and what they answered; by name. */
export async function answersOf(
  viewer: Viewer,
  rakor: readonly string[],
  { db, vault }: Reading,
): Promise<readonly Answerer[]> {
  const values = [...looking(viewer), rakor, roleNames];
  const rows = await run<Row>(db, { name: 'rakor-answers', text: answersText, values });
  return rows.map((row) => answererOf(row, vault)).toSorted(byName);
}

function answererOf({ reason, instead, ...row }: Row, vault: Vault): Answerer {
  return {
    ...guestOf(row, vault),
    reason: reason === null ? null : vault.open(reason),
    instead: instead === null ? null : insteadTold(instead, vault),
  };
}

function insteadTold(sealed: Buffer, vault: Vault): string {
  const { nama, jabatan } = openDelegate(sealed, vault);
  return jabatan === null ? titleCase(nama) : `${titleCase(nama)} (${jabatan})`;
}

const columns = [
  ['No', 6],
  ['Nama', 32],
  ['Jabatan', 26],
  ['Kabupaten/kota', 24],
  ['Jawaban', 20],
  ['Keterangan', 48],
] as const;

/** Who answered what, as a workbook, a line for each. NIK and numbers are not in it. */
export function answersSheet({ details, startsAt }: Rakor, all: readonly Answerer[]): Promise<Buffer> {
  const title = `Jawaban undangan ${details.acara}, ${momentInWords(startsAt)}`;
  const body = all.map((one, at) => [
    ...[at + 1, one.name, one.position, one.place],
    ...[answerGroups[groupOf(one)], remarkOf(one)],
  ]);
  return tableSheet({ name: 'Jawaban', title, columns, body });
}

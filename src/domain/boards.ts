import { titleCase } from '../flow/text.js';
import { audited } from '../store/audit.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { type BoardFacts, type Office, officeName, offices, sharedOffices } from './board.js';
import { placeName } from './places.js';
import { areasFor, type Viewer } from './roles.js';
import { dayInWib } from './wib.js';

/** A board as it is kept; an area of which nothing is known yet has one too. */
export interface Board extends BoardFacts {
  readonly area: string;
  /** Its area in words. */
  readonly place: string;
  readonly isRegency: boolean;
  readonly termFrom: number | null;
}

/** Every area with a board of its own: the regencies, the eks-karesidenan, the province. `above` is a residency. */
const boardAreas = `(
  SELECT code AS area, kind || ' ' || name AS place, 'residency/' || residency_id AS above, true AS regency FROM region WHERE level = 'regency'
  UNION ALL SELECT 'residency/' || id, 'Eks-karesidenan ' || name, NULL, false FROM residency
  UNION ALL SELECT '33', 'Provinsi Jawa Tengah', NULL, false)`;

/** Whether a board lies in the areas of a viewer: asked here each time, not trusted to whoever has got hold of a board. */
const isLookedAfter = (board: string, held: string) =>
  `EXISTS (SELECT FROM ${boardAreas} own JOIN unnest(${held}::text[]) AS held ON held IN (own.area, own.above, '33') WHERE own.area = ${board})`;

const boardsText = `
SELECT p.area, p.place, p.regency AS "isRegency", b.term_from AS "termFrom", b.term_to AS "termTo", b.confirmed_at AS "confirmedAt",
  EXISTS (SELECT FROM board_office o WHERE o.area = p.area AND o.simulator = $2 AND o.office = 'ketua') AS "hasChair"
FROM ${boardAreas} p LEFT JOIN board b ON b.area = p.area AND b.simulator = $2
WHERE ${isLookedAfter('p.area', '$1')} ORDER BY p.regency, p.area`;

/** The boards a viewer may look after, of the world the viewer is in. */
export function boardsOf(viewer: Viewer, db: Queryable): Promise<readonly Board[]> {
  const values = [areasFor(viewer, 'manage-board'), viewer.simulator === true];
  return run<Board>(db, { name: 'boards-of', text: boardsText, values });
}

/** The board of an area, for a viewer who may look after it; null for others. */
export async function boardOf(viewer: Viewer, area: string, db: Queryable): Promise<Board | null> {
  return (await boardsOf(viewer, db)).find((board) => board.area === area) ?? null;
}

/** Who holds an office. */
export interface Holder {
  readonly id: string;
  readonly office: string;
  readonly field: string | null;
  readonly memberId: string | null;
  readonly name: string;
}

interface HolderRow extends Omit<Holder, 'field' | 'name'> {
  readonly field: Buffer | null;
  readonly typed: Buffer | null;
  readonly member: string | null;
  readonly standing: string | null;
}

const holdersText = `
SELECT o.id, o.office, o.field_sealed AS field, o.member_id AS "memberId", o.name_sealed AS typed, m.name AS member, m.standing
FROM board_office o LEFT JOIN member m ON m.id = o.member_id WHERE o.area = $1 AND o.simulator = $2 AND ${isLookedAfter('$1', '$4')}
ORDER BY array_position($3::text[], o.office), o.id`;
const notShown = '(datanya sedang tidak digunakan)';

/** Where names are read. */
export interface Reading {
  readonly db: Queryable;
  readonly vault: Vault;
}

/** Who holds the offices of a board that this viewer looks after. Whose data may not be used now is not named. */
export async function holdersOf(
  viewer: Viewer,
  { area }: Board,
  { db, vault }: Reading,
): Promise<readonly Holder[]> {
  const held = areasFor(viewer, 'manage-board');
  const values = [area, viewer.simulator === true, Object.keys(offices), held];
  const rows = await run<HolderRow>(db, { name: 'board-holders', text: holdersText, values });
  return rows.map(({ field, typed, member, standing, ...row }) => {
    const name =
      typed === null ? (standing === 'active' ? titleCase(member ?? '') : notShown) : vault.open(typed);
    return { ...row, field: field === null ? null : vault.open(field), name };
  });
}

/** An office with its holder, in one line. */
export function holderLine({ office, field, name }: Holder): string {
  return `${officeName(office, field)}: ${name}`;
}

/** As many as fit into one message that an old phone shows; who has a common name is found by more of it. */
const mostFound = 8;
const inArea = `(m.region_code = $1 OR starts_with(m.region_code, $1 || '.')
  OR $1 = 'residency/' || (SELECT r.residency_id FROM region r WHERE r.code = left(m.region_code, 5)))`;
const candidatesText = `
SELECT m.id, m.name, (SELECT r.kind || ' ' || r.name FROM region r WHERE r.code = m.region_code) AS place FROM member m
WHERE ${inArea} AND m.simulator = $2 AND m.standing = 'active' AND lower(m.name) LIKE ALL($3::text[]) AND ($4::uuid IS NULL OR m.id = $4)
  AND ${isLookedAfter('$1', '$5')}
ORDER BY m.name, m.id LIMIT ${mostFound}`;

/** A member who could hold an office. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly place: string;
}

/** The members in the area of a board that this viewer looks after, by words of their name, or one of them by id. */
export function candidatesFor(
  viewer: Viewer,
  { area }: Board,
  { words, memberId }: { readonly words: readonly string[]; readonly memberId: string | null },
  db: Queryable,
): Promise<readonly Candidate[]> {
  const values = [
    area,
    viewer.simulator === true,
    words.map((word) => `%${word}%`),
    memberId,
    areasFor(viewer, 'manage-board'),
  ];
  return run<Candidate>(db, { name: 'board-candidates', text: candidatesText, values });
}

/** Who changes a board, and when. */
export interface Changing {
  readonly simulator: boolean;
  readonly contactId: string;
  readonly now: Date;
  readonly vault: Vault;
  readonly newId: () => string;
}

const touchText = `INSERT INTO board (area, simulator, confirmed_at) VALUES ($1, $2, $3)
ON CONFLICT (area, simulator) DO UPDATE SET confirmed_at = EXCLUDED.confirmed_at`;

/** Whoever changes a board has looked at it, so each move confirms it as well. */
function moved(
  area: string,
  move: { readonly action: string; readonly detail?: string; readonly subjects: readonly string[] },
  { simulator, contactId, now }: Changing,
): readonly Statement[] {
  const { action, subjects, detail } = move;
  const told = detail === undefined ? area : `${area} ${detail}`;
  return [
    { name: 'board-touch', text: touchText, values: [area, simulator, now] },
    audited({ kind: 'board', action, detail: told, actor: contactId, subjects, at: now }),
  ];
}

/** Says that a board is still the same. */
export function confirmBoard({ area }: Board, changing: Changing): readonly Statement[] {
  return moved(area, { action: 'confirm', subjects: [] }, changing);
}

const termText = 'UPDATE board SET term_from = $3, term_to = $4 WHERE area = $1 AND simulator = $2';

/** Sets the term of a board, by its first and last year. */
export function setTerm({ area }: Board, from: number, to: number, changing: Changing): readonly Statement[] {
  return [
    ...moved(area, { action: 'term', detail: `${from}-${to}`, subjects: [] }, changing),
    { name: 'board-term', text: termText, values: [area, changing.simulator, from, to] },
  ];
}

/** Who is to hold which office: a member, or (`memberId` null) somebody who is none, by name. */
export interface Taking {
  readonly office: Office;
  readonly field: string | null;
  readonly memberId: string | null;
  readonly name: string;
}

const holdText = `INSERT INTO board_office (id, area, simulator, office, field_sealed, member_id, name_sealed, since)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** Gives an office to somebody; whoever had it before has it no more, unless there are several of its kind. */
export function hold(
  { area }: Board,
  taking: Taking,
  before: readonly Holder[],
  changing: Changing,
): readonly Statement[] {
  const { office, field, memberId, name } = taking;
  const { simulator, vault, newId, now } = changing;
  const isShared = sharedOffices.includes(office);
  const left = isShared ? [] : before.filter((one) => one.office === office);
  const seal = (text: string | null) => (text === null ? null : vault.seal(text));
  const who = [memberId, memberId === null ? vault.seal(name) : null];
  const values = [newId(), area, simulator, office, seal(field), ...who, dayInWib(now)];
  const subjects = memberId === null ? [] : [memberId];
  return [
    ...left.flatMap((one) => leave(area, one, changing)),
    ...moved(area, { action: 'hold', detail: office, subjects }, changing),
    { name: 'board-hold', text: holdText, values },
  ];
}

const leaveText = 'DELETE FROM board_office WHERE id = $1 RETURNING id';

function leave(area: string, { id, office, memberId }: Holder, changing: Changing): readonly Statement[] {
  const subjects = memberId === null ? [] : [memberId];
  return [
    { name: 'board-leave', text: leaveText, values: [id], mustFind: true },
    ...moved(area, { action: 'leave', detail: office, subjects }, changing),
  ];
}

/** Takes an office from its holder. */
export function vacate({ area }: Board, holder: Holder, changing: Changing): readonly Statement[] {
  return leave(area, holder, changing);
}

const ofMemberText = `SELECT office, field_sealed AS field, ${placeName('b.area')} AS place FROM board_office b
WHERE member_id = $1 ORDER BY array_position($2::text[], office), id`;

interface Own {
  readonly office: string;
  readonly field: Buffer | null;
  readonly place: string;
}

const vacateText = 'DELETE FROM board_office WHERE member_id = $1';

/** Takes all offices from a member who is a PSM no longer, with the words in which that is told. Nobody has looked at the boards, so none is confirmed by it. */
export async function vacateAll(
  memberId: string,
  { db, vault, contactId, now }: Reading & Pick<Changing, 'contactId' | 'now'>,
): Promise<{ readonly told: string; readonly writes: readonly Statement[] }> {
  const offices = await officesTold(memberId, { db, vault });
  if (offices === null) return { told: '', writes: [] };
  const entry = { kind: 'board', action: 'leave', actor: contactId, subjects: [memberId], at: now } as const;
  const writes = [{ name: 'board-vacate-all', text: vacateText, values: [memberId] }, audited(entry)];
  return { told: ` Jabatan yang kosong: ${offices}.`, writes };
}

/** The offices a member holds, in words, for the member; null: none. */
export async function officesTold(memberId: string, { db, vault }: Reading): Promise<string | null> {
  const values = [memberId, Object.keys(offices)];
  const rows = await run<Own>(db, { name: 'offices-of-member', text: ofMemberText, values });
  const told = rows.map(
    ({ office, field, place }) =>
      `${officeName(office, field === null ? null : vault.open(field))} IPSM ${place}`,
  );
  return told.length === 0 ? null : told.join(', ');
}

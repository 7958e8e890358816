import { audited } from '../store/audit.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { covered } from './areas.js';
import { type Audience, audienceSchema, lackingIn, type ReadAudience, readAudience } from './audience.js';
import type { Known } from './audience-leaves.js';
import type { Chosen } from './chosen-people.js';
import type { Tools } from './reach.js';
import { type Area, areasFor, type Viewer } from './roles.js';

/** A list of people under a name, for broadcasts of its area. */
export interface NamedList {
  readonly id: string;
  readonly name: string;
  readonly area: Area;
  readonly simulator: boolean;
  /** Null: its people were chosen. */
  readonly audience: Audience | null;
  /** How many were chosen. */
  readonly people: number;
  readonly madeBy: string;
  readonly madeAt: Date;
}

const listsText = `SELECT l.id, l.name, l.area, l.simulator, l.audience, l.made_by AS "madeBy", l.made_at AS "madeAt",
  (SELECT count(*)::int FROM named_list_person p WHERE p.list_id = l.id) AS people FROM named_list l
WHERE ('33' = ANY($1::text[]) OR ${covered('l.area')}) AND l.simulator IS NOT DISTINCT FROM coalesce($2::boolean, l.simulator)
ORDER BY l.area, l.name`;

interface Row extends Omit<NamedList, 'audience'> {
  readonly audience: unknown;
}

/** The lists of the areas in which a viewer may make a broadcast. */
export async function namedListsFor(viewer: Viewer, db: Queryable): Promise<readonly NamedList[]> {
  const world = viewer.simulator === 'both' ? null : viewer.simulator;
  const values = [areasFor(viewer, 'broadcast'), world];
  const rows = await run<Row>(db, { name: 'named-lists-for', text: listsText, values });
  return rows.map(({ audience, ...row }) => ({
    ...row,
    audience: audience === null ? null : audienceSchema.parse(audience),
  }));
}

/** By what a list is picked: lists of several areas may have one name. */
export function keyOfList({ area, name }: Pick<NamedList, 'area' | 'name'>): string {
  return `${area} ${name}`;
}

/** The list that was picked. */
export function placeOfKey(key: string): Pick<NamedList, 'area' | 'name'> {
  const [area = '', name = ''] = key.split(' ');
  return { area, name };
}

/** Reads the query that is to be a list. One that names another list would have to be followed, and could name itself. */
export function readListQuery(typed: string, known: Known): ReadAudience {
  const read = readAudience(typed);
  if (!read.ok || lackingIn(read.audience, { ...known, lists: new Map() }) === null) return read;
  return { ok: false, what: 'Sebuah daftar tidak dapat berisi daftar lain. Tulis pencariannya sendiri.' };
}

/** A list to be kept: what it asks for, or who was chosen. */
export interface ListWish extends Pick<NamedList, 'name' | 'area' | 'simulator' | 'audience'> {
  readonly people: readonly Chosen[];
}

const insertText = `INSERT INTO named_list (id, name, area, simulator, audience, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`;
const peopleText = `INSERT INTO named_list_person (id, list_id, member_id, grant_id)
SELECT u.id, $1, u.member, u.holder FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS u(id, member, holder)`;

/** Keeps a list, for who may make a broadcast in its area. A unique violation: the area has one of that name. */
export function keepNamedList(
  viewer: Viewer,
  { name, area, simulator, audience, people }: ListWish,
  { newId, now }: Pick<Tools, 'newId' | 'now'>,
): readonly Statement[] {
  const id = newId();
  const query = audience === null ? null : JSON.stringify(audience);
  const members = people.map(({ memberId }) => memberId);
  const holders = people.map(({ grantId }) => grantId);
  return [
    {
      ...{ name: 'named-list-keep', text: insertText },
      values: [id, name, area, simulator, query, viewer.id, now],
    },
    {
      ...{ name: 'named-list-people', text: peopleText },
      values: [id, people.map(() => newId()), members, holders],
    },
    told('list-kept', id, viewer, now),
  ];
}

const removeText = 'DELETE FROM named_list WHERE id = $1 RETURNING id';

/** Removes a list; a broadcast that names it, and was not approved yet, can no longer be sent. */
export function removeNamedList(viewer: Viewer, { id }: NamedList, at: Date): readonly Statement[] {
  return [
    { name: 'named-list-remove', text: removeText, values: [id], mustFind: true },
    told('list-removed', id, viewer, at),
  ];
}

function told(action: string, detail: string, viewer: Viewer, at: Date): Statement {
  return audited({ kind: 'broadcast', action, detail, actor: viewer.id, subjects: [], at });
}

/** That these people were looked up, to be chosen. */
export function lookedUp(viewer: Viewer, people: readonly Chosen[], at: Date): readonly Statement[] {
  const subjects = people.flatMap(({ memberId }) => memberId ?? []);
  if (subjects.length === 0) return [];
  return [audited({ kind: 'look', action: 'choose-people', actor: viewer.id, subjects, at })];
}

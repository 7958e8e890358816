import { nameKey } from '../flow/inputs/person-name.js';
import { buildRegionIndex } from '../flow/region-index.js';
import type { Region } from '../flow/regions.js';
import { withinOneEdit } from '../flow/text.js';
import { type Queryable, run } from '../store/statement.js';
import { covered, inArea } from './areas.js';
import { areasFor, type Viewer } from './roles.js';
import { verifiedStates } from './sk.js';

/** A member in a list, as far as whoever may read about people there sees it at once. */
export interface FoundMember {
  readonly id: string;
  readonly name: string;
  readonly village: string;
  readonly district: string;
  readonly regency: string;
  readonly claimed: boolean;
  readonly skStatus: string;
}

const columns = `m.id, m.name, v.kind || ' ' || v.name AS village, d.kind || ' ' || d.name AS district, r.kind || ' ' || r.name AS regency,
  m.claimed_at IS NOT NULL AS claimed, coalesce(a.status, 'belum_ada') AS "skStatus"`;
const members = `FROM member m JOIN region v ON v.code = m.region_code JOIN region d ON d.code = v.parent_code
JOIN region r ON r.code = d.parent_code LEFT JOIN sk_member a ON a.member_id = m.id WHERE ${inArea('m')}`;

function reachOf(viewer: Viewer): readonly unknown[] {
  return [areasFor(viewer, 'read-people'), viewer.simulator === true];
}

const namesText = `SELECT m.id, m.name FROM member m WHERE ${inArea('m')} AND lower(m.name) LIKE ALL ($3::text[]) ORDER BY m.name, m.id`;
const byIdText = `SELECT ${columns} ${members} AND m.id = ANY($3::uuid[]) ORDER BY m.name, m.id`;

/**
 * The members of the viewer's areas whom a typed name may mean, by name: each word of it begins one of theirs; where nobody is found so,
 * with one letter wrong. `count` is how many there are, `people` the first of them.
 */
export async function findByName(
  viewer: Viewer,
  typed: string,
  most: number,
  db: Queryable,
): Promise<{ readonly count: number; readonly people: readonly FoundMember[] }> {
  const sought = nameKey(typed).split(' ');
  const exactly = await namesLike(viewer, sought, db);
  const begun = exactly.filter(({ name }) => isEachFound(wordsOf(name), sought, isBegun));
  const found = begun.length > 0 ? begun : await nearlyNamed(viewer, sought, db);
  const ids = found.slice(0, most).map(({ id }) => id);
  return { count: found.length, people: await membersById(viewer, ids, db) };
}

interface NamedOnly {
  readonly name: string;
}

interface Named extends NamedOnly {
  readonly id: string;
}

function namesLike(viewer: Viewer, parts: readonly string[], db: Queryable): Promise<readonly Named[]> {
  const values = [...reachOf(viewer), parts.map((part) => `%${part}%`)];
  return run<Named>(db, { name: 'members-names', text: namesText, values });
}

async function nearlyNamed(
  viewer: Viewer,
  sought: readonly string[],
  db: Queryable,
): Promise<readonly Named[]> {
  return nearlyAmong(await namesLike(viewer, [], db), sought);
}

function nearlyAmong<One extends NamedOnly>(all: readonly One[], sought: readonly string[]): readonly One[] {
  const parts = sought.map(spelled);
  return all.filter(({ name }) => isEachFound(wordsOf(spelled(name.toLowerCase())), parts, isNearly));
}

/** Those of some people whom a typed name may mean, by the rules of `findByName`. */
export function meantAmong<One extends NamedOnly>(all: readonly One[], typed: string): readonly One[] {
  const sought = nameKey(typed).split(' ');
  if (sought.includes('')) return [];
  const begun = all.filter(({ name }) => isEachFound(wordsOf(name), sought, isBegun));
  return begun.length > 0 ? begun : nearlyAmong(all, sought);
}

function wordsOf(name: string): readonly string[] {
  return name.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
}

type Fits = (word: string, part: string) => boolean;
const isBegun: Fits = (word, part) => word.startsWith(part);
const isNearly: Fits = (word, part) =>
  word === part || (part.length >= shortestFuzzy && withinOneEdit(word, part));

/** Each part by a word of its own, the longest first. */
function isEachFound(words: readonly string[], sought: readonly string[], fits: Fits): boolean {
  const left = [...words];
  return sought
    .toSorted((one, other) => other.length - one.length)
    .every((part) => {
      const at = left.findIndex((word) => fits(word, part));
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
}

/** In shorter words another letter makes another name. */
const shortestFuzzy = 4;

/** Old and new spelling, and what sounds alike: Soekarno, Sukarno; Dhani, Dani; Sudjono, Sujono. */
function spelled(text: string): string {
  return text
    .replaceAll('oe', 'u')
    .replaceAll('dj', 'j')
    .replaceAll('tj', 'c')
    .replace(/([dt])h/g, '$1');
}

/** These members, as far as they are in the viewer's areas. */
export function membersById(
  viewer: Viewer,
  ids: readonly string[],
  db: Queryable,
): Promise<readonly FoundMember[]> {
  return run(db, { name: 'members-found', text: byIdText, values: [...reachOf(viewer), ids] });
}

/** What a card shows beyond a line of a list; sealed as it is kept. */
export interface CardMember extends FoundMember {
  readonly birthDate: string | null;
  readonly psmSince: number | null;
  readonly nik: Buffer | null;
  readonly phone: Buffer | null;
}

const cardText = `SELECT ${columns}, m.birth_date AS "birthDate", m.psm_since AS "psmSince", m.nik_sealed AS nik, m.phone_sealed AS phone
${members} AND m.id = $3::uuid`;

/** One member for a card; null when it is not in the viewer's areas (any more). */
export async function cardOf(viewer: Viewer, id: string, db: Queryable): Promise<CardMember | null> {
  const values = [...reachOf(viewer), id];
  const [row] = await run<CardMember>(db, { name: 'members-card', text: cardText, values });
  return row ?? null;
}

/** A village in words, with the kecamatan it lies in. */
export interface OwnVillage {
  readonly code: string;
  readonly place: string;
  readonly district: string;
}

const villagesText = `SELECT r.code, r.name, r.level, r.kind, 'own' AS parent, d.name AS district
FROM region r JOIN region d ON d.code = r.parent_code WHERE r.level = 'village' AND ${covered('r.code')}`;

/** Which villages of the viewer's areas a typed name may mean, wherever they lie; more than a few are none. */
export async function findVillages(
  viewer: Viewer,
  typed: string,
  db: Queryable,
): Promise<readonly OwnVillage[]> {
  const values = [areasFor(viewer, 'read-people')];
  const rows = await run<Region & { readonly district: string }>(db, {
    ...{ name: 'villages-own', text: villagesText, values },
  });
  const match = buildRegionIndex(rows).find('village', 'own', typed);
  const found = match.kind === 'several' ? match.regions : match.kind === 'one' ? [match.region] : [];
  return rows
    .filter(({ code }) => found.some((one) => one.code === code))
    .map(({ code, kind, name, district }) => ({ code, place: `${kind} ${name}`, district }));
}

/** Part of a list: these members, and how many there are in all. */
export interface MemberPage {
  readonly count: number;
  readonly people: readonly FoundMember[];
}

type Counted = FoundMember & { readonly count: number };

async function page(statement: Parameters<typeof run>[1], db: Queryable): Promise<MemberPage> {
  const rows = await run<Counted>(db, statement);
  return { count: rows[0]?.count ?? 0, people: rows.map(({ count: _, ...person }) => person) };
}

const paged = (condition: string, order: string) => `
SELECT ${columns}, count(*) OVER ()::int AS count ${members} AND ${condition} ORDER BY ${order} LIMIT $4 OFFSET $5`;
const ofVillageText = paged('m.region_code = $3', 'm.name, m.id');
const withoutSkText = paged(
  `coalesce(a.status, 'belum_ada') <> ALL($3::text[])`,
  'd.code, v.code, m.name, m.id',
);

/** Which part of a list is wanted: so many, behind so many. */
export interface Wanted {
  readonly most: number;
  readonly after: number;
}

/** The members of one village, as far as it is the viewer's. */
export function membersOfVillage(
  viewer: Viewer,
  code: string,
  { most, after }: Wanted,
  db: Queryable,
): Promise<MemberPage> {
  const values = [...reachOf(viewer), code, most, after];
  return page({ name: 'members-of-village', text: ofVillageText, values }, db);
}

/** Who has no verified SK, district by district. */
export function membersWithoutSk(
  viewer: Viewer,
  { most, after }: Wanted,
  db: Queryable,
): Promise<MemberPage> {
  const values = [...reachOf(viewer), verifiedStates, most, after];
  return page({ name: 'members-without-sk', text: withoutSkText, values }, db);
}

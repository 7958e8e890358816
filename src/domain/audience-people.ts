import { withoutMerges } from '../store/contact-merge.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { type Audience, kindOf } from './audience.js';
import { type Bind, type Known, within } from './audience-leaves.js';
import { type BoardFacts, type BoardState, boardStanding } from './board.js';
import { type Area, may, type ResidencyOf, residencyArea, residencyIn, type Viewer } from './roles.js';

interface RegionRow extends BoardFacts {
  readonly code: string;
  readonly residency: string;
}

const regionsText = `
SELECT r.code, coalesce(r.residency_id, '') AS residency, b.term_to AS "termTo", b.confirmed_at AS "confirmedAt",
  EXISTS (SELECT FROM board_office o WHERE o.area = r.code AND o.simulator = $1 AND o.office = 'ketua') AS "hasChair"
FROM region r LEFT JOIN board b ON b.area = r.code AND b.simulator = $1 WHERE r.level = 'regency' ORDER BY r.code`;

/** Looks up what queries are written with: which regencies belong together, and how their boards stand. */
export async function readKnown(
  db: Queryable,
  { simulator, now }: Pick<Known, 'simulator' | 'now'>,
): Promise<Known> {
  const statement = { name: 'audience-regions', text: regionsText, values: [simulator] };
  const rows = await run<RegionRow>(db, statement);
  const boards = rows.map((row): readonly [BoardState, string] => [boardStanding(row, now).state, row.code]);
  return {
    ...{ now, simulator },
    regencies: grouped(rows.map(({ residency, code }) => [residency, code])),
    boards: grouped(boards),
  };
}

function grouped<Key>(pairs: readonly (readonly [Key, string])[]): ReadonlyMap<Key, readonly string[]> {
  const all = new Map<Key, string[]>();
  for (const [key, code] of pairs) all.set(key, [...(all.get(key) ?? []), code]);
  return all;
}

/** Which eks-karesidenan a regency belongs to, as it was looked up. */
export function residencyOfKnown({ regencies }: Known): ResidencyOf {
  return (regency) => {
    const id = [...regencies].find(([, codes]) => codes.includes(regency))?.[0] ?? '';
    return id === '' ? null : residencyArea(id);
  };
}

/** An audience as it is asked for: always cut down to an area, in one world. */
export interface Asked {
  readonly audience: Audience;
  readonly area: Area;
  /** The law demands it: neither an opt-out counts, nor that somebody's data is not used otherwise. */
  readonly lawful: boolean;
  readonly known: Known;
}

/** Why somebody of an audience is not written to by Sapa, in the words of the program; those of a standing are its own. */
export const reasons = {
  deceased: 'sudah wafat',
  left: 'sudah mengundurkan diri',
  suspended: 'menangguhkan pemakaian data',
  withdrawn: 'mencabut persetujuan',
  'opted-out': 'memilih BERHENTI menerima pesan',
  listed: 'terdata, belum mendaftar',
  unlinked: 'belum pernah menulis ke bot',
  blocked: 'memblokir bot',
  erased: 'datanya sudah dihapus',
} as const;

/** One of them. */
export type Reason = keyof typeof reasons;

/** Who is not to be called by anybody either: their own wish, or they have died. The others are *tidak terjangkau*. */
export const excluded: readonly Reason[] = [
  'deceased',
  'left',
  'suspended',
  'withdrawn',
  'opted-out',
  'erased',
];

// Who holds a role: the member behind that number (whose own number it is, before others of the family), or the number itself.
const holding = (simulator: string) => `holding AS MATERIALIZED (
  SELECT g.id AS grant_id, g.role, g.area, g.phone_index, o.id AS member_id,
    coalesce(o.id, first_value(g.id) OVER (PARTITION BY g.phone_index ORDER BY g.granted_at, g.id)) AS person
  FROM role_grant g LEFT JOIN LATERAL (
    SELECT m.id FROM address a JOIN member_contact l ON l.contact_id = a.contact_id JOIN member m ON m.id = l.member_id
    WHERE a.phone_index = g.phone_index AND m.simulator = g.simulator
    ORDER BY (m.standing = 'active') DESC, (m.phone_index = g.phone_index) IS TRUE DESC, l.linked_at, m.id LIMIT 1) o ON true
  WHERE g.revoked_at IS NULL AND g.simulator = ${simulator} AND g.role <> 'member')`;
const guests = (
  simulator: string,
) => `SELECT DISTINCT ON (i.contact_id) i.contact_id, k.area FROM invitation i
  JOIN rakor k ON k.id = i.rakor_id AND k.simulator = ${simulator}
  WHERE i.member_id IS NULL AND i.grant_id IS NULL AND i.contact_id IS NOT NULL`;
// Everybody there is, each once: members, holders of roles who are none, and guests of a rakor, who are asked for by it alone.
const person = (simulator: string) => `person AS (
  SELECT m.id AS person, m.id AS member_id, NULL::uuid AS grant_id, m.region_code AS home, m.region_code AS place, m.standing,
    m.claimed_at IS NOT NULL AS registered, false AS guest FROM member m WHERE m.simulator = ${simulator}
  UNION ALL SELECT DISTINCT ON (h.person) h.person, NULL, h.person, NULL, NULL, 'active', true, false FROM holding h WHERE h.member_id IS NULL
  UNION ALL SELECT g.contact_id, NULL, NULL, NULL, g.area, 'active', true, true FROM (${guests(simulator)}) g)`;
const voice = (simulator: string) => `voice AS (
  SELECT l.member_id AS person, l.contact_id FROM member_contact l
  UNION ALL SELECT DISTINCT h.person, a.contact_id FROM holding h JOIN address a ON a.phone_index = h.phone_index
    JOIN contact c ON c.id = a.contact_id AND c.simulator = ${simulator} WHERE h.member_id IS NULL
  UNION ALL SELECT g.contact_id, g.contact_id FROM (${guests(simulator)}) g)`;

// Of several contacts of one person the one that can be written to.
const mouth = (lawful: string) => `mouth AS (
  SELECT DISTINCT ON (v.person) v.person, c.id AS contact_id, c.opted_out_at IS NULL OR ${lawful} AS listens,
    EXISTS (SELECT FROM address a WHERE a.contact_id = c.id AND a.blocked_at IS NULL) AS open
  FROM chosen p JOIN voice v ON v.person = p.person JOIN contact c ON c.id = v.contact_id
  ORDER BY v.person, listens DESC, open DESC, c.id)`;
const silent = (lawful: string) =>
  `(NOT ${lawful} AND p.standing IN ('suspended', 'withdrawn', 'left') OR p.standing = 'deceased')`;
const meant = (lawful: string) => `meant AS (
  SELECT p.*, m.contact_id, CASE WHEN ${silent(lawful)} THEN p.standing WHEN NOT p.registered THEN 'listed'
    WHEN m.contact_id IS NULL THEN 'unlinked' WHEN NOT m.listens THEN 'opted-out' WHEN NOT m.open THEN 'blocked' END AS reason
  FROM chosen p LEFT JOIN mouth m ON m.person = p.person)`;

/** Collects the values of a statement. */
function binder(): { readonly bind: Bind; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}

/**
 * The people of an audience as the table `meant` of a `WITH`: `person`, `member_id`, `grant_id`, `contact_id`, and the `reason` why somebody is
 * not written to.
 */
function meantPeople({ audience, area, lawful, known }: Asked, bind: Bind): string {
  const simulator = `${bind(known.simulator)}::boolean`;
  const law = `${bind(lawful)}::boolean`;
  const cut = isCut(area, known, bind);
  const asked = conditionOf(audience, bind, known);
  return `WITH ${holding(simulator)}, ${person(simulator)}, ${voice(simulator)},
    chosen AS MATERIALIZED (SELECT p.* FROM person p WHERE ${cut} AND (${asked})), ${mouth(law)}, ${meant(law)}`;
}

function isCut(area: Area, { regencies }: Known, bind: Bind): string {
  const residency = residencyIn(area);
  const areas = residency === null ? [area] : [area, ...(regencies.get(residency) ?? [])];
  if (area === '33') return 'true';
  return `(${within('p.place', areas, bind)} OR p.person IN (SELECT h.person FROM holding h WHERE ${within('h.area', areas, bind)}))`;
}

function conditionOf(audience: Audience, bind: Bind, known: Known): string {
  const of = (one: Audience) => `(${conditionOf(one, bind, known)})`;
  if ('all' in audience) return audience.all.map(of).join(' AND ');
  if ('any' in audience) return audience.any.map(of).join(' OR ');
  if ('minus' in audience) return audience.minus.map(of).join(' AND NOT ');
  return `(${kindOf(audience).condition(audience, bind, known)}) IS TRUE`;
}

/** A statement over the people of an audience. Its text is made for it, so that it has no name by which a connection could remember it. */
export function overPeople(asked: Asked, rest: (bind: Bind) => string): Statement {
  const { bind, values } = binder();
  const text = `${meantPeople(asked, bind)} ${rest(bind)}`;
  return { name: '', text, values };
}

// Where somebody wrote last; whoever has one address only needs no look at what they wrote.
const spots = (contacts: string) => `(
  SELECT DISTINCT ON (w.contact_id) w.contact_id, w.id, w.account, w.channel FROM (
    SELECT a.contact_id, a.id, a.account, a.channel, a.created_at, count(*) OVER (PARTITION BY a.contact_id) AS several
    FROM address a WHERE a.blocked_at IS NULL AND a.contact_id IN (${contacts})) w LEFT JOIN LATERAL (
    SELECT i.seq FROM inbound i WHERE w.several > 1 AND i.contact_id = w.contact_id AND i.address_id = w.id
      AND i.dedupe_key NOT LIKE 'timer:%' AND i.dedupe_key NOT LIKE 'signal:%' ORDER BY i.seq DESC LIMIT 1) heard ON true
  ORDER BY w.contact_id, heard.seq DESC NULLS LAST, w.created_at DESC, w.id)`;

/** How many people an audience has, and over which channels how many messages go out; why the others get none. */
export interface Headcount {
  readonly people: number;
  readonly messages: Readonly<Record<string, number>>;
  readonly without: Readonly<Partial<Record<Reason, number>>>;
}

interface CountRow {
  readonly part: 'people' | 'channel' | 'reason';
  readonly name: string;
  readonly count: number;
}

/** Counts an audience; nobody of it is looked at. */
export async function countPeople(db: Queryable, asked: Asked): Promise<Headcount> {
  const rows = await run<CountRow>(db, overPeople(asked, countText));
  const of = (part: CountRow['part']) =>
    Object.fromEntries(rows.filter((row) => row.part === part).map(({ name, count }) => [name, count]));
  return { people: of('people').all ?? 0, messages: of('channel'), without: of('reason') };
}

const countText = () => `
  SELECT 'people' AS part, 'all' AS name, count(*)::int AS count FROM meant
  UNION ALL SELECT 'reason', reason, count(*)::int FROM meant WHERE reason IS NOT NULL GROUP BY reason
  UNION ALL SELECT 'channel', s.channel, count(*)::int FROM ${spots('SELECT contact_id FROM meant WHERE reason IS NULL')} s GROUP BY s.channel
  ORDER BY 1, 2`;

/** One of an audience, by name. */
export interface Sampled {
  readonly memberId: string;
  readonly name: string;
  readonly place: string;
}

/** Some members of an audience, whoever comes first by chance, for a viewer who may write to its area. */
export async function samplePeople(
  viewer: Viewer,
  asked: Asked,
  most: number,
  db: Queryable,
): Promise<readonly Sampled[]> {
  if (!may(viewer, 'broadcast', asked.area, residencyOfKnown(asked.known))) return [];
  return run(
    db,
    overPeople(
      asked,
      (bind) => `SELECT o.id AS "memberId", o.name, v.kind || ' ' || v.name AS place FROM meant p
        JOIN member o ON o.id = p.member_id JOIN region v ON v.code = o.region_code ORDER BY md5(o.id::text) LIMIT ${bind(most)}`,
    ),
  );
}

/** What the rows of a broadcast are made with. */
export interface Freezing {
  readonly id: string;
  readonly question: string | null;
  readonly expiresAt: Date | null;
  readonly now: Date;
}

const planText = `
INSERT INTO delivery (id, contact_id, address_id, account, lane, state, question, broadcast_id, due_at, expires_at, created_at)
SELECT gen_random_uuid(), s.contact_id, s.id, s.account, 'bulk', 'planned', $2::uuid, $1::uuid, $3::timestamptz, $4::timestamptz, $3::timestamptz
FROM ${spots('SELECT r.contact_id FROM recipient r WHERE r.broadcast_id = $1::uuid AND r.contact_id IS NOT NULL')} s`;

/**
 * Keeps who is meant at this moment, and plans one message for each contact of theirs: a few statements, however many people there are. Until
 * they are committed no two contacts become one.
 */
export function freezePeople(asked: Asked, { id, question, expiresAt, now }: Freezing): readonly Statement[] {
  return [
    withoutMerges,
    overPeople(
      asked,
      (bind) => `INSERT INTO recipient (broadcast_id, member_id, grant_id, contact_id, reason)
        SELECT ${bind(id)}::uuid, member_id, grant_id, CASE WHEN reason IS NULL THEN contact_id END, reason FROM meant`,
    ),
    { name: 'broadcast-plan', text: planText, values: [id, question, now, expiresAt] },
  ];
}

import { withoutMerges } from '../store/contact-merge.js';
import { groupContacts } from '../store/group-contacts.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { type Audience, audienceSchema, kindOf } from './audience.js';
import { type Bind, type Known, within } from './audience-leaves.js';
import { type BoardFacts, type BoardState, boardStanding } from './board.js';
import {
  type Area,
  covers,
  may,
  type ResidencyOf,
  residencyArea,
  residencyIn,
  type Viewer,
} from './roles.js';

interface RegionRow extends BoardFacts {
  readonly code: string;
  readonly residency: string;
}

const regionsText = `
SELECT r.code, coalesce(r.residency_id, '') AS residency, b.term_to AS "termTo", b.confirmed_at AS "confirmedAt",
  EXISTS (SELECT FROM board_office o WHERE o.area = r.code AND o.simulator = $1 AND o.office = 'ketua') AS "hasChair"
FROM region r LEFT JOIN board b ON b.area = r.code AND b.simulator = $1 WHERE r.level = 'regency' ORDER BY r.code`;

const groupsText = `SELECT g.name, g.area FROM chat_group g JOIN address a ON a.id = g.address_id
JOIN contact c ON c.id = a.contact_id AND c.simulator = $1`;

const listsText = 'SELECT id, name, audience FROM named_list WHERE simulator = $1 AND area = $2';

interface ListRow {
  readonly id: string;
  readonly name: string;
  readonly audience: unknown;
}

/** Where and when something is asked. */
export interface Whereabouts extends Pick<Known, 'simulator' | 'now'> {
  readonly area: Area;
}

/** Looks up what queries are written with: which regencies belong together, how their boards stand, and which lists and groups the area has. */
export async function readKnown(db: Queryable, { simulator, now, area }: Whereabouts): Promise<Known> {
  const statement = { name: 'audience-regions', text: regionsText, values: [simulator] };
  const rows = await run<RegionRow>(db, statement);
  const boards = rows.map((row): readonly [BoardState, string] => [boardStanding(row, now).state, row.code]);
  const known: Known = {
    ...{ now, simulator, lists: new Map(), groups: new Set() },
    regencies: grouped(rows.map(({ residency, code }) => [residency, code])),
    boards: grouped(boards),
  };
  const lists = await run<ListRow>(db, {
    name: 'audience-lists',
    text: listsText,
    values: [simulator, area],
  });
  return {
    ...known,
    lists: new Map(lists.map((list) => [list.name, (bind) => ofList(list, bind, known)])),
    groups: await groupsIn(db, area, known),
  };
}

async function groupsIn(db: Queryable, area: Area, known: Known): Promise<ReadonlySet<string>> {
  const statement = { name: 'audience-groups', text: groupsText, values: [known.simulator] };
  const all = await run<{ name: string; area: Area }>(db, statement);
  const near = all.filter((group) => covers(area, group.area, residencyOfKnown(known)));
  return new Set(near.map(({ name }) => name));
}

// Who was chosen as the holder of a role is meant as long as they hold one, also once they are a member.
function ofList({ id, audience }: ListRow, bind: Bind, known: Known): string {
  if (audience !== null) return conditionOf(audienceSchema.parse(audience), bind, known);
  return `p.person IN (SELECT coalesce(l.member_id, h.person) FROM named_list_person l
    LEFT JOIN holding h ON h.grant_id = l.grant_id WHERE l.list_id = ${bind(id)}::uuid)`;
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
  'not-in-group': 'nomor kami tidak dapat menulis di grup itu',
} as const;

/** One of them. */
export type Reason = keyof typeof reasons;

/** Who is not to be called by anybody either: their own wish, they have died, or it is a group. The others are *tidak terjangkau*. */
export const excluded: readonly Reason[] = [
  'deceased',
  'left',
  'suspended',
  'withdrawn',
  'opted-out',
  'erased',
  'not-in-group',
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
const groups = (simulator: string) =>
  `SELECT a.contact_id, g.area FROM chat_group g JOIN address a ON a.id = g.address_id
    JOIN contact c ON c.id = a.contact_id AND c.simulator = ${simulator}`;
// Everybody there is, each once: members, holders of roles who are none; guests of a rakor, who are asked for by it alone, and groups, by their
// name, and by a rakor they were told of (both are called guests here).
const person = (simulator: string) => `person AS (
  SELECT m.id AS person, m.id AS member_id, NULL::uuid AS grant_id, m.region_code AS home, m.region_code AS place, m.standing,
    m.claimed_at IS NOT NULL AS registered, false AS guest FROM member m WHERE m.simulator = ${simulator}
  UNION ALL SELECT DISTINCT ON (h.person) h.person, NULL, h.person, NULL, NULL, 'active', true, false FROM holding h WHERE h.member_id IS NULL
  UNION ALL SELECT g.contact_id, NULL, NULL, NULL, g.area, 'active', true, true FROM (${guests(simulator)}) g
  UNION ALL SELECT g.contact_id, NULL, NULL, NULL, g.area, 'active', true, true FROM (${groups(simulator)}) g)`;
const voice = (simulator: string) => `voice AS (
  SELECT l.member_id AS person, l.contact_id FROM member_contact l
  UNION ALL SELECT DISTINCT h.person, a.contact_id FROM holding h JOIN address a ON a.phone_index = h.phone_index
    JOIN contact c ON c.id = a.contact_id AND c.simulator = ${simulator} WHERE h.member_id IS NULL
  UNION ALL SELECT g.contact_id, g.contact_id FROM (${guests(simulator)}) g
  UNION ALL SELECT g.contact_id, g.contact_id FROM (${groups(simulator)}) g)`;

// When somebody last wrote at an address. Whoever has one only needs no look at what they wrote.
const heard = `heard AS MATERIALIZED (
  SELECT a.id, (SELECT i.seq FROM inbound i WHERE i.contact_id = a.contact_id AND i.address_id = a.id AND i.dedupe_key NOT LIKE 'timer:%'
    AND i.dedupe_key NOT LIKE 'signal:%' ORDER BY i.seq DESC LIMIT 1) AS seq
  FROM address a WHERE a.contact_id IN (SELECT contact_id FROM address WHERE blocked_at IS NULL GROUP BY contact_id HAVING count(*) > 1))`;

// Of several contacts of one person the one that can be written to, and there where they wrote last: one sort decides both.
const mouth = (lawful: string, where: string) => `mouth AS (
  SELECT DISTINCT ON (p.person) p.person, p.member_id, p.grant_id, p.standing, p.registered, v.contact_id, v.listens, v.address_id, v.account, v.channel
  FROM person p LEFT JOIN (
    SELECT o.person, c.id AS contact_id, c.opted_out_at IS NULL OR ${lawful} AS listens, a.id AS address_id, a.account, a.channel, h.seq, a.created_at
    FROM voice o JOIN contact c ON c.id = o.contact_id
      LEFT JOIN address a ON a.contact_id = c.id AND a.blocked_at IS NULL LEFT JOIN heard h ON h.id = a.id
  ) v ON v.person = p.person
  WHERE ${where}
  ORDER BY p.person, v.listens DESC NULLS LAST, v.address_id IS NULL, v.contact_id, v.seq DESC NULLS LAST, v.created_at DESC, v.address_id)`;
const silent = (lawful: string) =>
  `(NOT ${lawful} AND p.standing IN ('suspended', 'withdrawn', 'left') OR p.standing = 'deceased')`;
const meant = (lawful: string) => `meant AS (
  SELECT p.*, CASE WHEN ${silent(lawful)} THEN p.standing WHEN NOT p.registered THEN 'listed'
    WHEN p.contact_id IS NULL THEN 'unlinked' WHEN NOT p.listens THEN 'opted-out' WHEN p.address_id IS NULL THEN
    CASE WHEN p.contact_id IN (${groupContacts}) THEN 'not-in-group' ELSE 'blocked' END END AS reason
  FROM mouth p)`;

/** Collects the values of a statement. */
function binder(): { readonly bind: Bind; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}

/**
 * The people of an audience as the table `meant` of a `WITH`: `person`, `member_id`, `grant_id`, their `contact_id` with its `address_id`,
 * `account` and `channel`, and the `reason` why somebody is not written to.
 */
function meantPeople({ audience, area, lawful, known }: Asked, bind: Bind): string {
  const simulator = `${bind(known.simulator)}::boolean`;
  const law = `${bind(lawful)}::boolean`;
  const cut = isCut(area, known, bind);
  const asked = conditionOf(audience, bind, known);
  return `WITH ${holding(simulator)}, ${person(simulator)}, ${voice(simulator)},
    ${heard}, ${mouth(law, `${cut} AND (${asked})`)}, ${meant(law)}`;
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
  UNION ALL SELECT 'channel', channel, count(DISTINCT contact_id)::int FROM meant WHERE reason IS NULL GROUP BY channel
  ORDER BY 1, 2`;

/** How many messages go out, and whether some go to a group, where nobody can say how many read them. */
export interface MessageCount {
  readonly messages: number;
  readonly inGroups: boolean;
}

const messagesText = () => `SELECT count(DISTINCT contact_id)::int AS messages,
  coalesce(bool_or(contact_id IN (${groupContacts})), false) AS "inGroups" FROM meant WHERE reason IS NULL`;

/** How many messages an audience gets, where nothing else of it matters: sooner known than all of it. */
export async function countMessages(db: Queryable, asked: Asked): Promise<MessageCount> {
  const [row] = await run<MessageCount>(db, overPeople(asked, messagesText));
  return row ?? { messages: 0, inGroups: false };
}

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

// As ids are made here (`store/ids.ts`): newer rows stand together in an index, and a million do not spread over all of it.
const newerId = `(lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '-7' || substr(gen_random_uuid()::text, 16))::uuid`;

/**
 * Keeps who is meant at this moment, and plans one message for each contact of theirs: one look at the people, however many there are. Until
 * it is committed no two contacts become one.
 */
export function freezePeople(asked: Asked, { id, question, expiresAt, now }: Freezing): readonly Statement[] {
  const rows = (bind: Bind) => {
    const at = `${bind(now)}::timestamptz`;
    return `, kept AS (INSERT INTO recipient (broadcast_id, member_id, grant_id, contact_id, reason)
        SELECT ${bind(id)}::uuid, member_id, grant_id, CASE WHEN reason IS NULL OR reason = 'not-in-group' THEN contact_id END, reason FROM meant)
      INSERT INTO delivery (id, contact_id, address_id, account, lane, state, question, broadcast_id, due_at, expires_at, created_at)
      SELECT ${newerId}, contact_id, address_id, account, 'bulk', 'planned', ${bind(question)}::uuid, ${bind(id)}::uuid, ${at},
        ${bind(expiresAt)}::timestamptz, ${at}
      FROM (SELECT DISTINCT ON (contact_id) contact_id, address_id, account FROM meant WHERE reason IS NULL ORDER BY contact_id) m`;
  };
  return [withoutMerges, overPeople(asked, rows)];
}

import { audited } from '../store/audit.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { type BoardFacts, type BoardStanding, boardStanding } from './board.js';
import { endingDays } from './certificate.js';
import type { Looking } from './people.js';
import { areasFor, type Viewer } from './roles.js';
import { verifiedStates } from './sk.js';
import { dayInWib, yearsBefore } from './wib.js';

/** What is counted of the members of a regency, or of several. */
export interface Counts {
  /** Who registered by chat. */
  readonly registered: number;
  /** Who is known from a list only. */
  readonly listed: number;
  readonly verified: number;
  readonly under45: number;
  readonly under60: number;
  readonly over60: number;
  readonly ageless: number;
  /** Certificates of competence that are good for longer than 90 days yet, and trainings, which have no end. */
  readonly valid: number;
  /** Those that end within 90 days. */
  readonly ending: number;
  readonly ended: number;
}

/** How far a regency has come: its members, their SK, its board, its young, its certificates. */
export interface Consolidation extends Counts {
  readonly area: string;
  readonly place: string;
  readonly board: BoardStanding;
}

type Row = Counts & BoardFacts & { readonly area: string; readonly place: string };

/** The ages between the bands: who may take over, who is in the middle, the old. */
const bands = { young: 45, old: 60 } as const;

const names = [
  ...(['registered', 'listed', 'verified', 'under45', 'under60', 'over60', 'ageless'] as const),
  ...(['valid', 'ending', 'ended'] as const),
] as const;

// Dates of birth are whole days or a year alone; both sort as text.
const bornAfter = (day: string) => `m.birth_date COLLATE "C" > ${day}`;
const membersText = `
SELECT left(m.region_code, 5) AS area, count(*) FILTER (WHERE m.claimed_at IS NOT NULL)::int AS registered,
  count(*) FILTER (WHERE m.claimed_at IS NULL)::int AS listed, count(*) FILTER (WHERE a.status = ANY($4::text[]))::int AS verified,
  count(*) FILTER (WHERE ${bornAfter('$5')})::int AS under45,
  count(*) FILTER (WHERE ${bornAfter('$6')} AND NOT ${bornAfter('$5')})::int AS under60,
  count(*) FILTER (WHERE NOT ${bornAfter('$6')})::int AS over60, count(*) FILTER (WHERE m.birth_date IS NULL)::int AS ageless,
  sum(c.valid)::int AS valid, sum(c.ending)::int AS ending, sum(c.ended)::int AS ended
FROM member m LEFT JOIN sk_member a ON a.member_id = m.id LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE e.expires_on IS NULL OR e.expires_on::date - $3::date > $7::int) AS valid,
    count(*) FILTER (WHERE e.expires_on::date - $3::date BETWEEN 0 AND $7::int) AS ending,
    count(*) FILTER (WHERE e.expires_on::date < $3::date) AS ended FROM certificate e WHERE e.member_id = m.id) c ON true
WHERE m.standing = 'active' AND m.simulator = $2 GROUP BY 1`;
const consolidationText = `
SELECT r.code AS area, r.kind || ' ' || r.name AS place, b.term_to AS "termTo", b.confirmed_at AS "confirmedAt",
  EXISTS (SELECT FROM board_office o WHERE o.area = r.code AND o.simulator = $2 AND o.office = 'ketua') AS "hasChair",
  ${names.map((name) => `coalesce(n.${name}, 0) AS ${name}`).join(', ')}
FROM region r LEFT JOIN board b ON b.area = r.code AND b.simulator = $2 LEFT JOIN (${membersText}) n ON n.area = r.code
WHERE r.level = 'regency' AND EXISTS (
  SELECT FROM unnest($1::text[]) AS held WHERE held IN (r.code, '33', 'residency/' || r.residency_id)) ORDER BY r.code`;

/**
 * How far every regency has come that lies whole in the areas where a viewer may read about people. Counts only, so nobody is looked at;
 * whose data may not be used is not counted. At the machine real people are counted.
 */
export async function countConsolidation(
  viewer: Viewer,
  { db, now }: { readonly db: Queryable; readonly now: Date },
): Promise<readonly Consolidation[]> {
  const today = dayInWib(now);
  const ages = [yearsBefore(today, bands.young), yearsBefore(today, bands.old)];
  const reach = [areasFor(viewer, 'read-people'), viewer.simulator === true];
  const values = [...reach, today, verifiedStates, ...ages, endingDays];
  const rows = await run<Row>(db, { name: 'consolidation', text: consolidationText, values });
  return rows.map(({ hasChair, termTo, confirmedAt, ...counts }) => ({
    ...counts,
    board: boardStanding({ hasChair, termTo, confirmedAt }, now),
  }));
}

/** That somebody looked at the counts, as the audit keeps it: it names nobody. */
export function consolidationLook(viewer: Viewer, at: Date): Statement {
  return audited({ kind: 'look', action: 'consolidation', actor: viewer.id, subjects: [], at });
}

/** The same, with the look kept. */
export async function listConsolidation(
  viewer: Viewer,
  { pool, now }: Pick<Looking, 'pool' | 'now'>,
): Promise<readonly Consolidation[]> {
  const at = now();
  await run(pool, consolidationLook(viewer, at));
  return countConsolidation(viewer, { db: pool, now: at });
}

/** How many members there are. */
export function membersIn({ registered, listed }: Counts): number {
  return registered + listed;
}

/** Which part of the members has a verified SK, in whole percent; nobody is none. */
export function verifiedShare(counts: Counts): number {
  const members = membersIn(counts);
  return members === 0 ? 0 : Math.floor((100 * counts.verified) / members);
}

const nothing: Counts = {
  ...{ registered: 0, listed: 0, verified: 0, under45: 0, under60: 0, over60: 0, ageless: 0 },
  ...{ valid: 0, ending: 0, ended: 0 },
};

/** All of several regencies together. */
export function totalOf(all: readonly Counts[]): Counts {
  const sum = (name: (typeof names)[number]) => all.reduce((total, one) => total + one[name], 0);
  return { ...nothing, ...Object.fromEntries(names.map((name) => [name, sum(name)])) };
}

/** The ones that need help first: without an active board, then with the smallest share of verified SK. */
export function neediestFirst(all: readonly Consolidation[]): readonly Consolidation[] {
  const rank = (one: Consolidation) => (one.board.state === 'active' ? 1000 : 0) + verifiedShare(one);
  return all.toSorted((one, other) => rank(one) - rank(other) || one.area.localeCompare(other.area));
}

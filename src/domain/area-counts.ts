import { type Queryable, run } from '../store/statement.js';
import { covered, inArea } from './areas.js';
import { placeName } from './places.js';
import { type Area, areasFor, province, residencyIn, type Viewer } from './roles.js';
import { verifiedStates, waitingStates } from './sk.js';
import { dayInWib, yearsBefore } from './wib.js';

/** What is counted of the members of one part of an area. */
export interface PartCounts {
  /** The part: a kabupaten, kecamatan or desa. */
  readonly place: string;
  /** Who registered by chat, and who is known from a list only. */
  readonly registered: number;
  readonly listed: number;
  readonly verified: number;
  /** Whose SK waits for a verifier, or is open with one. */
  readonly waiting: number;
  readonly young: number;
}

/** The young are those who may take over. */
const youngBefore = 45;

const codeLength = { regency: 5, district: 8, village: 13 } as const;

/** The parts in which an area is shown: of the province its regencies, of a regency its districts, below that its villages. */
function partsOf(areas: readonly Area[]): number {
  const widest = Math.min(...areas.map((area) => (residencyIn(area) === null ? area.length : 0)));
  if (widest <= province.length) return codeLength.regency;
  return widest <= codeLength.regency ? codeLength.district : codeLength.village;
}

const countsText = `
SELECT r.kind || ' ' || r.name AS place, coalesce(n.registered, 0) AS registered, coalesce(n.listed, 0) AS listed,
  coalesce(n.verified, 0) AS verified, coalesce(n.waiting, 0) AS waiting, coalesce(n.young, 0) AS young
FROM region r LEFT JOIN (
  SELECT left(m.region_code, $3::int) AS code, count(*) FILTER (WHERE m.claimed_at IS NOT NULL)::int AS registered,
    count(*) FILTER (WHERE m.claimed_at IS NULL)::int AS listed, count(*) FILTER (WHERE a.status = ANY($4::text[]))::int AS verified,
    count(*) FILTER (WHERE a.status = ANY($5::text[]))::int AS waiting, count(*) FILTER (WHERE m.birth_date COLLATE "C" > $6)::int AS young
  FROM member m LEFT JOIN sk_member a ON a.member_id = m.id WHERE ${inArea('m')} GROUP BY 1) n ON n.code = r.code
WHERE length(r.code) = $3 AND (n.code IS NOT NULL OR ${covered('r.code')}) ORDER BY r.code`;

/**
 * The members of the areas where a viewer may read about people, counted part by part, also where there are none. Nobody is looked at;
 * whose data may not be used is not counted.
 */
export function countByPart(
  viewer: Viewer,
  { db, now }: { readonly db: Queryable; readonly now: Date },
): Promise<readonly PartCounts[]> {
  const areas = areasFor(viewer, 'read-people');
  const young = yearsBefore(dayInWib(now), youngBefore);
  const states = [verifiedStates, [...waitingStates, 'diperiksa']];
  const values = [areas, viewer.simulator === true, partsOf(areas), ...states, young];
  return run<PartCounts>(db, { name: 'area-counts', text: countsText, values });
}

const namesText = `SELECT string_agg(${placeName('area')}, ' dan ' ORDER BY area) AS names FROM unnest($1::text[]) AS area`;

/** What the areas are called where a viewer may read about people. */
export async function areaNames(viewer: Viewer, db: Queryable): Promise<string> {
  const values = [[...new Set(areasFor(viewer, 'read-people'))]];
  const [row] = await run<{ names: string | null }>(db, { name: 'area-names', text: namesText, values });
  return row?.names ?? '';
}

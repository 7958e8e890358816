import { nameKey } from '../flow/inputs/person-name.js';
import { audited } from '../store/audit.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { inReach } from './areas.js';
import { placeName } from './places.js';
import { areasFor, type Viewer } from './roles.js';

/** One of two who may be one person, as far as somebody who decides must see. */
export interface Twin {
  readonly id: string;
  readonly name: string;
  readonly birthDate: string | null;
  readonly place: string;
  readonly claimedAt: Date | null;
  readonly createdAt: Date;
  readonly nikSealed: Buffer | null;
  readonly skStatus: string;
}

/** Two who may be one person. `nikHeld`: both gave the same NIK. */
export interface Twins {
  readonly first: Twin;
  readonly second: Twin;
  readonly nikHeld: boolean;
}

const twin = (
  alias: string,
) => `json_build_object('id', ${alias}.id, 'name', ${alias}.name, 'birthDate', ${alias}.birth_date,
  'place', ${placeName(`${alias}.region_code`)}, 'claimedAt', ${alias}.claimed_at, 'createdAt', ${alias}.created_at,
  'nik', encode(${alias}.nik_sealed, 'base64'), 'skStatus', coalesce((SELECT status FROM sk_member WHERE member_id = ${alias}.id), 'belum_ada'))`;

// Those somebody found when he registered, and all of one birth date and village, of whom nobody has said yet that they are two.
const pairsText = `
WITH pair AS (
  SELECT t.first_id, t.second_id, true AS found, t.nik_sealed IS NOT NULL AS held FROM member_twin t WHERE t.verdict = 'open'
  UNION ALL
  SELECT m.id, o.id, false, false FROM member m
  JOIN member o ON o.birth_date = m.birth_date AND o.region_code = m.region_code AND o.simulator = m.simulator AND m.id < o.id
  WHERE NOT EXISTS (SELECT FROM member_twin t WHERE t.first_id = m.id AND t.second_id = o.id)
)
SELECT ${twin('m')} AS first, ${twin('o')} AS second, p.found, p.held AS "nikHeld"
FROM pair p JOIN member m ON m.id = p.first_id JOIN member o ON o.id = p.second_id
WHERE ${inReach('m')} AND ${inReach('o')} AND ($4::uuid IS NULL OR (m.id, o.id) > ($4, $5)) ORDER BY m.id, o.id LIMIT 500`;

interface Row {
  readonly first: Told;
  readonly second: Told;
  readonly found: boolean;
  readonly nikHeld: boolean;
}
type Told = Omit<Twin, 'nikSealed' | 'claimedAt' | 'createdAt'> & {
  readonly nik: string | null;
  readonly claimedAt: string | null;
  readonly createdAt: string;
};

/** Which pair a viewer has seen last. */
export type PairIds = readonly [first: string, second: string];

/** The pairs a viewer may decide about, behind the one seen last. */
export async function twinsFor(
  viewer: Viewer,
  after: PairIds | null,
  db: Queryable,
): Promise<readonly Twins[]> {
  const values = [
    areasFor(viewer, 'join-members'),
    viewer.simulator === true,
    viewer.id,
    ...(after ?? [null, null]),
  ];
  const rows = await run<Row>(db, { name: 'twins-for', text: pairsText, values });
  return rows
    .filter(({ first, second, found }) => found || nameKey(first.name) === nameKey(second.name))
    .map(({ first, second, nikHeld }) => ({ first: twinOf(first), second: twinOf(second), nikHeld }));
}

function twinOf({ nik, claimedAt, createdAt, ...rest }: Told): Twin {
  return {
    ...rest,
    nikSealed: nik === null ? null : Buffer.from(nik, 'base64'),
    claimedAt: claimedAt === null ? null : new Date(claimedAt),
    createdAt: new Date(createdAt),
  };
}

/** Who stays when both are made one: whoever registered before whom a list knows, else who was there first. */
export function keptFirst({ first, second }: Twins): readonly [kept: Twin, gone: Twin] {
  const age = ({ claimedAt, createdAt }: Twin) =>
    claimedAt === null ? Number.MAX_SAFE_INTEGER : createdAt.getTime();
  return age(second) < age(first) ? [second, first] : [first, second];
}

const partText = `INSERT INTO member_twin (first_id, second_id, verdict, decided_by, decided_at) VALUES ($1, $2, 'different', $3, $4)
ON CONFLICT (first_id, second_id) DO UPDATE SET verdict = 'different', nik_sealed = NULL, decided_by = $3, decided_at = $4
WHERE member_twin.verdict = 'open' RETURNING first_id`;

/** Keeps that two are two: they are not shown again. */
export function keptApart([first, second]: PairIds, by: string, at: Date): readonly Statement[] {
  return [
    { name: 'twins-part', text: partText, values: [first, second, by, at], mustFind: true },
    audited({ kind: 'merge', action: 'kept-apart', actor: by, subjects: [first, second], at }),
  ];
}

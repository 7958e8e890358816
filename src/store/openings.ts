import type { Addressee } from '../domain/opening.js';
import { type Queryable, run } from './statement.js';

// Who has died meanwhile is not greeted any more. An earlier broadcast that did not arrive has
// introduced nobody. What a row is told later of an earlier one changes nothing but that the bot may introduce itself once more.
const text = `
SELECT d.id, people.names, people.claimed, people.held, NOT EXISTS (
    SELECT FROM delivery before WHERE before.contact_id = d.contact_id AND before.address_id = d.address_id
      AND before.lane = 'bulk' AND before.seq < d.seq AND before.state IN ('accepted', 'delivered', 'read')
  ) AS "isFirst", (SELECT g.kind || ' ' || g.name FROM region g WHERE g.code = people.regency) AS place,
  EXISTS (SELECT FROM chat_group c WHERE c.address_id = d.address_id) AS "isGroup"
FROM delivery d CROSS JOIN LATERAL (
  SELECT array_agg(m.name ORDER BY r.seq) FILTER (WHERE m.standing <> 'deceased') AS names, bool_and(m.claimed_at IS NOT NULL) AS claimed,
    min(left(m.region_code, 5)) AS regency, bool_or(r.grant_id IS NOT NULL) AS held
  FROM recipient r LEFT JOIN member m ON m.id = r.member_id
  WHERE r.contact_id = d.contact_id AND r.broadcast_id = d.broadcast_id
) people
WHERE d.id = ANY($1::uuid[]) AND d.broadcast_id IS NOT NULL`;

interface Found {
  readonly id: string;
  readonly names: readonly string[] | null;
  readonly claimed: boolean | null;
  readonly held: boolean | null;
  readonly isFirst: boolean;
  readonly place: string | null;
  readonly isGroup: boolean;
}

/** Whom these rows of broadcasts speak to, by row. */
export async function addresseesOf(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Addressee>> {
  const rows = await run<Found>(db, { name: 'delivery-addressees', text, values: [ids] });
  return new Map(rows.map((row) => [row.id, toAddressee(row)]));
}

function toAddressee({ names, claimed, held, isFirst, place, isGroup }: Found): Addressee {
  if (isGroup) return { names: [], isFirst, known: { from: 'group' } };
  return { names: names ?? [], isFirst, known: knownBy(claimed, held, place) };
}

function knownBy(claimed: boolean | null, held: boolean | null, place: string | null): Addressee['known'] {
  if (claimed === true) return { from: 'registration' };
  if (claimed === false && place !== null) return { from: 'list', place };
  return { from: held === true ? 'office' : 'writing' };
}

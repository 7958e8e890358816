import type { PrismaClient } from '../store/prisma-client.js';
import { type Act, areasFor, type ResidencyOf, residencyArea, residencyIn, type Viewer } from './roles.js';
import type { Standing } from './standing.js';

/** Which eks-karesidenan each regency belongs to now; the province may change that, so it is read anew. */
export async function readResidencies(prisma: PrismaClient): Promise<ResidencyOf> {
  const rows = await prisma.region.findMany({ where: { residencyId: { not: null } } });
  const areas = new Map(rows.map((row) => [row.code, residencyArea(row.residencyId ?? '')]));
  return (regency) => areas.get(regency) ?? null;
}

/** A condition on a column of region codes. */
export type CodeFilter = { readonly equals: string } | { readonly startsWith: string };

/**
 * Where a viewer may do something, as conditions for a query; a residency becomes its regencies. Nothing granted is no
 * condition at all, and an empty `OR` finds no row.
 */
export async function filtersFor(viewer: Viewer, act: Act, prisma: PrismaClient): Promise<CodeFilter[]> {
  const areas = areasFor(viewer, act);
  const residencyId = { in: areas.flatMap((area) => residencyIn(area) ?? []) };
  const regencies = await prisma.region.findMany({ where: { residencyId } });
  const codes = [
    ...areas.filter((area) => residencyIn(area) === null),
    ...regencies.map((regency) => regency.code),
  ];
  return codes.flatMap((code) => [{ equals: code }, { startsWith: `${code}.` }]);
}

/** The `simulator` column as a viewer may see it. */
export function worldOf(viewer: Viewer): { readonly simulator?: boolean } {
  return viewer.simulator === 'both' ? {} : { simulator: viewer.simulator };
}

/** A condition on a column of region codes in a statement: in the areas of a viewer ($1). */
export function covered(code: string): string {
  return `EXISTS (SELECT FROM unnest($1::text[]) AS area
    WHERE ${code} = area OR starts_with(${code}, area || '.')
      OR area = 'residency/' || (SELECT home.residency_id FROM region home WHERE home.code = left(${code}, 5)))`;
}

/**
 * A condition on members by this name in a statement: in the areas of a viewer ($1), of their world ($2), whose data may be used now, or
 * of another standing.
 */
export function inArea(member: string, standing: Standing = 'active'): string {
  return `${member}.simulator = $2::boolean AND ${member}.standing = '${standing}' AND ${covered(`${member}.region_code`)}`;
}

/** As `inArea`, but nobody the viewer's own phone ($3: a contact) speaks for. */
export function inReach(member: string, standing: Standing = 'active'): string {
  return `${inArea(member, standing)}
  AND NOT EXISTS (SELECT FROM member_contact l WHERE l.member_id = ${member}.id AND l.contact_id = $3::uuid)`;
}

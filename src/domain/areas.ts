import type { PrismaClient } from '../store/prisma-client.js';
import { type Act, areasFor, type ResidencyOf, residencyArea, residencyIn, type Viewer } from './roles.js';

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

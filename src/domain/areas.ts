import type { PrismaClient } from '../store/prisma-client.js';
import { type Act, type Area, areasFor, province, type ResidencyOf, type Viewer } from './roles.js';

const residencyPrefix = 'residency/';

/** The id of the residency an area stands for, or null when it is a region. */
export function residencyIn(area: Area): string | null {
  return area.startsWith(residencyPrefix) ? area.slice(residencyPrefix.length) : null;
}

/** Which eks-karesidenan each regency belongs to now; the province may change that, so it is read anew. */
export async function readResidencies(prisma: PrismaClient): Promise<ResidencyOf> {
  const rows = await prisma.region.findMany({ where: { residencyId: { not: null } } });
  const areas = new Map(rows.map((row) => [row.code, `${residencyPrefix}${row.residencyId}`]));
  return (regency) => areas.get(regency) ?? null;
}

/** Whether there is such an area: the province, a residency, or a region of any level. */
export async function areaExists(prisma: PrismaClient, area: Area): Promise<boolean> {
  if (area === province) return true;
  const residency = residencyIn(area);
  const found =
    residency === null
      ? await prisma.region.findUnique({ where: { code: area } })
      : await prisma.residency.findUnique({ where: { id: residency } });
  return found !== null;
}

/** A condition on a column of region codes. */
export type CodeFilter = { readonly equals: string } | { readonly startsWith: string };

/**
 * Where a viewer may do something, as conditions for a query; a residency becomes its regencies. Nothing granted is no
 * condition at all, and an empty `OR` finds no row.
 */
export async function filtersFor(viewer: Viewer, act: Act, prisma: PrismaClient): Promise<CodeFilter[]> {
  const areas = areasFor(viewer, act);
  const residencies = areas.flatMap((area) => residencyIn(area) ?? []);
  const regencies = await prisma.region.findMany({ where: { residencyId: { in: residencies } } });
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

/** Whether a viewer sees pretended people, or real ones. */
export function seesWorld(viewer: Viewer, simulator: boolean): boolean {
  return viewer.simulator === 'both' || viewer.simulator === simulator;
}

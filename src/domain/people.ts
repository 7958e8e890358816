import type { PrismaClient } from '../store/prisma-client.js';
import { filtersFor, worldOf } from './areas.js';
import type { Viewer } from './roles.js';

/** One line in a list of members. */
export interface MemberLine {
  readonly id: string;
  readonly name: string;
  readonly regionCode: string;
  readonly skStatus: string;
}

/** The members a viewer may see, by name; each look is kept in the access log. */
export async function listMembers(viewer: Viewer, prisma: PrismaClient): Promise<readonly MemberLine[]> {
  const regions = await filtersFor(viewer, 'read-people', prisma);
  const rows = await prisma.member.findMany({
    where: { OR: regions.map((regionCode) => ({ regionCode })), ...worldOf(viewer) },
    include: { sk: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
  await logAccess(
    viewer,
    prisma,
    'list-members',
    rows.map((row) => row.id),
  );
  return rows.map(({ id, name, regionCode, sk }) => ({
    id,
    name,
    regionCode,
    skStatus: sk[0]?.status ?? 'belum_ada',
  }));
}

/** Keeps who looked at whom. */
export async function logAccess(
  viewer: Viewer,
  prisma: PrismaClient,
  action: string,
  subjects: readonly string[],
): Promise<void> {
  await prisma.accessLog.createMany({
    data: subjects.map((subject) => ({ viewer: viewer.id, action, subject })),
  });
}

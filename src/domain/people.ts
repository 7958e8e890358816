import type { PrismaClient } from '../store/prisma-client.js';
import { areasFor, type Viewer } from './roles.js';

/** One line in a list of members. */
export interface MemberLine {
  readonly id: string;
  readonly name: string;
  readonly regionCode: string;
  readonly skStatus: string;
}

/** The members a viewer may see, by name; each look is kept in the access log. */
export async function listMembers(viewer: Viewer, prisma: PrismaClient): Promise<readonly MemberLine[]> {
  const rows = await prisma.member.findMany({
    where: { OR: await prefixesOf(viewer, prisma), ...ofKind(viewer) },
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

/** The areas of a viewer as conditions on a region code; a residency becomes its regencies. Without any, nobody is seen. */
async function prefixesOf(viewer: Viewer, prisma: PrismaClient) {
  const areas = areasFor(viewer, 'read-people');
  const residencies = areas
    .filter((area) => area.startsWith('residency/'))
    .map((area) => area.slice('residency/'.length));
  const regencies = await prisma.region.findMany({
    where: { residencyId: { in: residencies } },
    select: { code: true },
  });
  const codes = [
    ...areas.filter((area) => !area.startsWith('residency/')),
    ...regencies.map((row) => row.code),
  ];
  return codes.flatMap((code) => [{ regionCode: code }, { regionCode: { startsWith: `${code}.` } }]);
}

function ofKind(viewer: Viewer) {
  return viewer.simulator === 'both' ? {} : { simulator: viewer.simulator };
}

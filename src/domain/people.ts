import { audited } from '../store/audit.js';
import { run } from '../store/statement.js';
import { filtersFor, worldOf } from './areas.js';
import type { Records } from './records.js';
import type { Viewer } from './roles.js';

/** One line in a list of members. */
export interface MemberLine {
  readonly id: string;
  readonly name: string;
  readonly regionCode: string;
  readonly skStatus: string;
}

/** The members a viewer may see, by name, without those whose data may not be used now; each look is kept in the audit. */
export async function listMembers(viewer: Viewer, records: Looking): Promise<readonly MemberLine[]> {
  const { prisma } = records;
  const regions = await filtersFor(viewer, 'read-people', prisma);
  const rows = await prisma.member.findMany({
    where: { OR: regions.map((regionCode) => ({ regionCode })), standing: 'active', ...worldOf(viewer) },
    include: { sk: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
  await logAccess(
    viewer,
    records,
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

/** What is looked up, and with what the look is kept. */
export type Looking = Pick<Records, 'prisma' | 'pool' | 'now'>;

/** Keeps who looked at whom. */
export async function logAccess(
  viewer: Viewer,
  { pool, now }: Pick<Looking, 'pool' | 'now'>,
  action: string,
  subjects: readonly string[],
): Promise<void> {
  const looks = audited({ kind: 'look', action, actor: viewer.id, subjects, at: now() });
  if (subjects.length > 0) await run(pool, looks);
}

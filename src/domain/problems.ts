import { titleCase } from '../flow/text.js';
import { audited } from '../store/audit.js';
import type { PrismaClient } from '../store/prisma-client.js';
import { run } from '../store/statement.js';
import { filtersFor, worldOf } from './areas.js';
import { type Looking, logAccess } from './people.js';
import type { Records } from './records.js';
import type { Viewer } from './roles.js';

/** How many problems of one topic wait for the rakor of an eks-karesidenan. */
export interface ProblemCount {
  readonly residency: string;
  readonly topic: string;
  readonly count: number;
}

/** One problem as the rakor sees it; `name` only where its owner allowed it. */
export interface ProblemLine {
  readonly residency: string;
  readonly topic: string;
  readonly text: string;
  readonly place: string;
  readonly name: string | null;
  readonly proposedAt: Date;
}

/**
 * How many problems there are in the areas of a viewer, by eks-karesidenan and topic. Counts only, so the look that is kept in the
 * audit is at nobody.
 */
export async function listProblemCounts(
  viewer: Viewer,
  { prisma, pool, now }: Looking,
): Promise<readonly ProblemCount[]> {
  const where = await reachOf(viewer, prisma);
  const [groups, residencies] = await Promise.all([
    prisma.problem.groupBy({ by: ['residencyId', 'topic'], where, orderBy, _count: true }),
    prisma.residency.findMany(),
  ]);
  const look = { kind: 'look', action: 'count-problems', actor: viewer.id, subjects: [], at: now() } as const;
  await run(pool, audited(look));
  const names = new Map(residencies.map(({ id, name }) => [id, name]));
  return groups.map(({ residencyId, topic, _count }) => ({
    residency: names.get(residencyId) ?? residencyId,
    topic,
    count: _count,
  }));
}

/** The problems in the areas of a viewer, by eks-karesidenan, topic and time; each look is kept in the audit. */
export async function listProblems(viewer: Viewer, records: Records): Promise<readonly ProblemLine[]> {
  const { prisma, vault } = records;
  const rows = await prisma.problem.findMany({
    where: await reachOf(viewer, prisma),
    include: { residency: true, region: true, member: true },
    orderBy: [...orderBy, { proposedAt: 'asc' }, { id: 'asc' }],
  });
  const subjects = rows.map(({ memberId, contactId }) => memberId ?? contactId);
  await logAccess(viewer, records, 'list-problems', [...new Set(subjects)]);
  return rows.map(({ residency, topic, textSealed, region, named, member, proposedAt }) => ({
    ...{ residency: residency.name, topic, proposedAt },
    text: vault.open(textSealed),
    place: `${region.kind} ${region.name}`,
    name: named && member !== null ? titleCase(member.name) : null,
  }));
}

const orderBy = [{ residencyId: 'asc' as const }, { topic: 'asc' as const }];

/** Who may read the people of an area may read what they propose, but for those whose data may not be used now. */
async function reachOf(viewer: Viewer, prisma: PrismaClient) {
  const regions = await filtersFor(viewer, 'read-people', prisma);
  const usable = { OR: [{ memberId: null }, { member: { standing: 'active' } }] };
  // The areas stand on top: below an AND an empty OR would be no condition at all.
  return { OR: regions.map((regionCode) => ({ regionCode })), AND: usable, ...worldOf(viewer) };
}

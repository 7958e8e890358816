import type { PrismaClient } from '../store/prisma-client.js';
import { filtersFor, worldOf } from './areas.js';
import { logAccess } from './people.js';
import type { Viewer } from './roles.js';

/** One person who waits for a human. */
export interface HandoverLine {
  readonly id: string;
  readonly contactId: string;
  readonly reason: string;
  readonly area: string;
  /** The contact of whoever was asked to help, or null when nobody could be. */
  readonly operatorId: string | null;
  readonly openedAt: Date;
}

/** Who waits for a human in the areas of a viewer, the longest waiting first; each look is kept in the access log. */
export async function listHandovers(viewer: Viewer, prisma: PrismaClient): Promise<readonly HandoverLine[]> {
  const areas = await filtersFor(viewer, 'take-handover', prisma);
  const rows = await prisma.handover.findMany({
    where: { closedAt: null, contact: worldOf(viewer), OR: areas.map((area) => ({ area })) },
    orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
  });
  const subjects = rows.map((row) => row.contactId);
  await logAccess(viewer, prisma, 'list-handovers', [...new Set(subjects)]);
  return rows.map(({ id, contactId, reason, area, operatorId, openedAt }) => ({
    ...{ id, contactId, reason, area, operatorId, openedAt },
  }));
}

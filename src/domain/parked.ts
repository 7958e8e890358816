import { contactsInReach } from './history.js';
import { type Looking, logAccess } from './people.js';
import type { Records } from './records.js';
import type { Viewer } from './roles.js';

/** A message whose turn failed three times: only how and when, not what it says. */
export interface ParkedLine {
  readonly id: string;
  readonly contactId: string;
  readonly receivedAt: Date;
  readonly attempts: number;
  /** The kind of error it failed with. */
  readonly code: string;
}

/** The messages put aside whose conversation a viewer may read, the oldest first; each look is kept in the audit. */
export async function listParked(viewer: Viewer, records: Looking): Promise<readonly ParkedLine[]> {
  const { prisma } = records;
  const rows = await prisma.inbound.findMany({
    where: { state: 'parked' },
    orderBy: [{ receivedAt: 'asc' }, { seq: 'asc' }],
  });
  const reach = await contactsInReach(viewer, prisma, [...new Set(rows.map((row) => row.contactId))]);
  const seen = rows.filter((row) => reach.has(row.contactId));
  await logAccess(viewer, records, 'list-parked', [...reach]);
  return seen.map(({ id, contactId, receivedAt, attempts, outcomes }) => ({
    ...{ id, contactId, receivedAt, attempts },
    code: outcomes[0] ?? '',
  }));
}

/** Lets a message be tried again, by whichever bot finds it first; false when it is not parked, erased, or out of reach. */
export function retryParked(viewer: Viewer, records: Records, id: string): Promise<boolean> {
  return change(viewer, records, id, 'retry-parked', { state: 'pending', attempts: 0 });
}

/** Puts a message away for good; what it says stays until it is erased. False when it is not parked or out of reach. */
export function discardParked(viewer: Viewer, records: Records, id: string): Promise<boolean> {
  const data = { state: 'done' as const, outcomes: ['discarded'], processedAt: records.now() };
  return change(viewer, records, id, 'discard-parked', data);
}

type Change = Parameters<Records['prisma']['inbound']['updateMany']>[0]['data'];

async function change(
  viewer: Viewer,
  records: Records,
  id: string,
  action: string,
  data: Change,
): Promise<boolean> {
  const where = { id, state: 'parked' as const, bodySealed: { not: null } };
  const row = await records.prisma.inbound.findFirst({ where, select: { contactId: true } });
  if (row === null) return false;
  const reach = await contactsInReach(viewer, records.prisma, [row.contactId]);
  if (!reach.has(row.contactId)) return false;
  await logAccess(viewer, records, action, [row.contactId]);
  const { count } = await records.prisma.inbound.updateMany({ where, data });
  return count > 0;
}

import { type Clock, readClock } from './privacy-requests.js';
import type { Records } from './records.js';
import { countMissed } from './reminders/report.js';
import type { Viewer } from './roles.js';
import { areasFor } from './roles.js';

/** An alarm that stands, and whether an administrator of the province was told of it. */
interface Standing {
  readonly kind: string;
  readonly message: string;
  readonly since: Date;
  readonly told: boolean;
}

/** What waits for somebody. Counts only: nobody is named. */
export interface Waiting {
  /** Requests for a human that nobody could be asked for. */
  readonly helplessMembers: number;
  readonly openHandovers: number;
  readonly parkedMessages: number;
  readonly unknownDeliveries: number;
  readonly failedDeliveries: number;
  readonly alarms: readonly Standing[];
  /** Reminders that were missed in the last week. */
  readonly missedReminders: number;
  /** Requests about personal data that must be done within a day, and those that should have been. */
  readonly privacy: Clock;
}

/** Clears all alarms: somebody has looked at them. Gives how many there were. */
export async function clearAlarms(viewer: Viewer, { prisma, now }: Records): Promise<number> {
  if (areasFor(viewer, 'take-handover').length === 0) throw new Error('this viewer looks after nothing');
  const { count } = await prisma.alarm.updateMany({ where: { clearedAt: null }, data: { clearedAt: now() } });
  return count;
}

/** Counts what nobody has taken care of yet, for a viewer who may look after the province. */
export async function countWaiting(viewer: Viewer, { prisma, pool, now }: Records): Promise<Waiting> {
  if (areasFor(viewer, 'take-handover').length === 0) throw new Error('this viewer looks after nothing');
  const [
    openHandovers,
    helplessMembers,
    parkedMessages,
    unknownDeliveries,
    failedDeliveries,
    alarms,
    privacy,
    missedReminders,
  ] = await Promise.all([
    prisma.handover.count({ where: { closedAt: null } }),
    prisma.handover.count({ where: { closedAt: null, operatorId: null } }),
    prisma.inbound.count({ where: { state: 'parked' } }),
    prisma.delivery.count({ where: { state: 'unknown' } }),
    prisma.delivery.count({ where: { state: 'failed' } }),
    prisma.alarm.findMany({ where: { clearedAt: null }, orderBy: { raisedAt: 'asc' } }),
    readClock(pool, now()),
    countMissed(now(), pool),
  ]);
  const raised = alarms.map(({ kind, message, raisedAt, toldAt }) => ({
    ...{ kind, message, since: raisedAt, told: toldAt !== null && toldAt >= raisedAt },
  }));
  return {
    helplessMembers,
    openHandovers,
    parkedMessages,
    unknownDeliveries,
    failedDeliveries,
    alarms: raised,
    privacy,
    missedReminders,
  };
}

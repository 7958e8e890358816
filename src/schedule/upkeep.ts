import { sealAudit } from '../domain/audit.js';
import type { Records } from '../domain/records.js';
import { isOutage } from '../store/outage.js';
import { every, type Ticker } from './ticker.js';

/** What is looked after, and who is told when that fails for another reason than that the database is away. */
export interface Upkeep extends Pick<Records, 'pool' | 'vault'> {
  readonly everyMs: number;
  readonly onFault: (error: unknown) => void;
}

/** Seals the audit again and again until it is stopped. Any number of processes may do so: one at a time does. */
export function startUpkeep(upkeep: Upkeep): Ticker {
  const tell = (error: unknown) => {
    if (!isOutage(error)) upkeep.onFault(error);
  };
  return every(upkeep.everyMs, async () => void (await sealAudit(upkeep)), tell);
}

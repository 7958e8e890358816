import { sealAudit } from '../domain/audit.js';
import { removeLeft } from '../domain/leaving.js';
import type { Records } from '../domain/records.js';
import { isOutage } from '../store/outage.js';
import { every, type Ticker } from './ticker.js';

/** What is looked after, and who is told when that fails for another reason than that the database is away. */
export interface Upkeep extends Pick<Records, 'pool' | 'vault' | 'now'> {
  readonly everyMs: number;
  readonly onFault: (error: unknown) => void;
}

/** Seals the audit, and removes contacts of erased members, until it is stopped. Any number of processes may do so. */
export function startUpkeep(upkeep: Upkeep): Ticker {
  const tell = (error: unknown) => {
    if (!isOutage(error)) upkeep.onFault(error);
  };
  const look = async () => {
    await sealAudit(upkeep);
    await removeLeft(upkeep.pool, upkeep.now());
  };
  return every(upkeep.everyMs, look, tell);
}

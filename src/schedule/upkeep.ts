import { sealAudit } from '../domain/audit.js';
import { removeLeft } from '../domain/leaving.js';
import { type Retaining, retain } from '../domain/retention.js';
import { isOutage } from '../store/outage.js';
import { every, type Ticker } from './ticker.js';

/** What is looked after, and who is told when that fails for another reason than that the database is away. */
export interface Upkeep extends Retaining {
  readonly everyMs: number;
  readonly onFault: (error: unknown) => void;
}

/** Seals the audit, removes contacts of erased members, and erases what is too old, until it is stopped. Any number of processes may do so. */
export function startUpkeep(upkeep: Upkeep): Ticker {
  const tell = (error: unknown) => {
    if (!isOutage(error)) upkeep.onFault(error);
  };
  const look = async () => {
    await sealAudit(upkeep);
    await removeLeft(upkeep.pool, upkeep.now());
    await retain(upkeep);
  };
  return every(upkeep.everyMs, look, tell);
}

import { sealAudit } from '../domain/audit.js';
import { askNewConsents, noteNewConsents } from '../domain/consents.js';
import { removeLeft } from '../domain/leaving.js';
import { watchClock } from '../domain/privacy-requests.js';
import { type Retaining, retain } from '../domain/retention.js';
import { isOutage } from '../store/outage.js';
import { every, type Ticker } from './ticker.js';

/** What is looked after, and who is told when that fails for another reason than that the database is away. */
export interface Upkeep extends Retaining {
  readonly everyMs: number;
  readonly onFault: (error: unknown) => void;
}

/** Seals the audit, removes contacts of erased members, erases what is too old, watches the clock of requests, and asks about a newer consent, until it is stopped. Any number of processes may do so. */
export function startUpkeep(upkeep: Upkeep): Ticker {
  const tell = (error: unknown) => {
    if (!isOutage(error)) upkeep.onFault(error);
  };
  let noted = false;
  const look = async () => {
    await sealAudit(upkeep);
    await removeLeft(upkeep.pool, upkeep.now());
    await retain(upkeep);
    await watchClock(upkeep.pool, upkeep.now());
    if (!noted) await noteNewConsents(upkeep.pool);
    noted = true;
    await askNewConsents(upkeep);
  };
  return every(upkeep.everyMs, look, tell);
}

import type { RowRef } from '../store/deliveries.js';
import type { LaneName, Queues, WakeUp } from './queue.js';

/** Adds wake-ups for rows that were committed; never waits and never fails, because the sweeper repairs. */
export type Wake = (rows: readonly RowRef[]) => void;

/** Gathers what is woken in one tick into one addition per lane. `batch` is how many rows of a lane go into one job. */
export function createWake(queues: Queues, batch: (lane: LaneName) => number): Wake {
  let gathered: RowRef[] = [];

  function flush(): void {
    const rows = gathered;
    gathered = [];
    for (const [first, ...others] of byLane(rows)) {
      const ids = [first.id, ...others.map((row) => row.id)];
      queues.add(first, wakeUps(ids, batch(first))).catch(() => {}); // the queue reports its own outage
    }
  }

  return (rows) => {
    if (rows.length === 0) return;
    if (gathered.length === 0) setImmediate(flush);
    gathered.push(...rows);
  };
}

/** Cuts row ids into jobs; a job of one row has the row's id, so that waking it twice is one job. */
export function wakeUps(ids: readonly string[], batch: number, suffix = ''): readonly WakeUp[] {
  if (batch <= 1) return ids.map((id) => ({ ids: [id], key: `${id}${suffix}` }));
  const jobs: WakeUp[] = [];
  for (let at = 0; at < ids.length; at += batch) jobs.push({ ids: ids.slice(at, at + batch) });
  return jobs;
}

function byLane(rows: readonly RowRef[]): readonly (readonly [RowRef, ...RowRef[]])[] {
  const lanes = new Map<string, [RowRef, ...RowRef[]]>();
  for (const row of rows) {
    const key = `${row.lane} ${row.account}`;
    const lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, [row]);
    else lane.push(row);
  }
  return [...lanes.values()];
}

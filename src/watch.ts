import type { Base } from './base.js';
import type { Logger } from './delivery/log.js';
import { databaseHealth } from './readiness.js';
import { every, type Ticker } from './schedule/ticker.js';
import { StartError } from './store/errors.js';
import { isOutage } from './store/outage.js';

/** How often the database is looked after, in milliseconds. */
export const watchMs = 1_000;
/** What goes on failing for the same reason is told again after so long, in milliseconds. */
const againMs = 60 * 60_000;

type Level = 'warn' | 'error';

/** Tells of what is tried again and again once, until its reason changes or an hour has passed. */
export function tellOnce(
  log: Pick<Logger, Level>,
  what: string,
  { level = 'error', now = Date.now }: { readonly level?: Level; readonly now?: () => number } = {},
): (error: unknown) => void {
  let told = { reason: '', at: Number.NEGATIVE_INFINITY };
  return (error) => {
    const reason = reasonOf(error);
    if (reason === told.reason && now() < told.at + againMs) return;
    told = { reason, at: now() };
    if (error instanceof StartError) log[level]({}, `${what}: ${error.message} ${error.mend}`);
    else log[level]({ err: error }, what);
  };
}

/** The same, but of an outage nothing: whoever watches the database tells of that. */
export function tellOnceUnlessAway(
  log: Pick<Logger, Level>,
  what: string,
  level: Level = 'error',
): (error: unknown) => void {
  const tell = tellOnce(log, what, { level });
  return (error) => {
    if (!isOutage(error)) tell(error);
  };
}

/** Numbers of processes and times differ each time and are no other reason. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? `${error.name} ${error.message}` : String(error)).replace(/\d+/g, '#');
}

/**
 * Looks after the database: one line when something begins to be wrong with it and one when all is well again; an embedded server
 * is started again.
 */
export function watchDatabase(
  { pool, log, ensureServer }: Pick<Base, 'pool' | 'log' | 'ensureServer'>,
  everyMs = watchMs,
): Ticker {
  let wrong: string | null = null;
  const look = async () => {
    const health = await databaseHealth({ pool });
    const before = wrong;
    wrong = health.ok ? null : health.what;
    if (!health.ok && wrong !== before) log.error({}, `${health.what} ${health.mend}`);
    if (health.ok && before !== null) log.info({}, 'The database answers again.');
    // Also once it is well: an attempt that failed meanwhile has let go of the server.
    if (wrong !== null || before !== null) await ensureServer();
  };
  return every(everyMs, look, tellOnce(log, 'the embedded server did not start; it is tried again'));
}

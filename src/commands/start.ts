import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type App, startApp } from '../app.js';
import { type Base, openBase } from '../base.js';
import type { Config } from '../config.js';
import { createLog } from '../log.js';
import { complain, print } from './common.js';
import { openWarning, readyLine, type Started } from './ready-line.js';

/** What is in hand may take so long to end, and then the database; what takes longer is cut off. Together ten seconds. */
const patienceMs = 7_000;
const closingMs = 3_000;

/** `sapa start`: the roles of the settings, until the process is asked to end. */
export async function start(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  const base = await openBase(config, log);
  const app = await startOn(base);
  const started = { ...app, roles: config.roles, simulator: config.simulator };
  warnOfOpenSimulator(started, log);
  print(readyLine(started));
  endOnSignal(app, base, log);
}

function warnOfOpenSimulator(started: Started, log: Logger): void {
  const warning = openWarning(started);
  if (warning === null) return;
  log.warn({}, warning);
  complain(`sapa: ${warning}`);
}

async function startOn(base: Base): Promise<App> {
  try {
    return await startApp(base);
  } catch (error) {
    await base.close();
    throw error;
  }
}

/**
 * Ends in order on SIGTERM, on SIGINT and when the terminal is closed: the turn in hand is finished, and nothing is left open. A
 * signal that comes again is the same one: at Ctrl-C the terminal sends one and npm another, and dying at the second would leave
 * the server running.
 */
function endOnSignal(app: App, base: Base, log: Logger): void {
  let ending = false;
  const end = async (signal: string) => {
    if (ending) return;
    ending = true;
    log.info({ signal }, 'ending: what is in hand is finished first');
    const stopped = await within(patienceMs, log, 'what was in hand', () => app.stop());
    const closed = await within(closingMs, log, 'the database', () => base.close());
    log.info({}, 'ended');
    process.exit(stopped && closed ? 0 : 1);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(signal));
}

/** Whether something ended in order and in time; what did not is one line, and the end goes on. */
async function within(ms: number, log: Logger, what: string, end: () => Promise<void>): Promise<boolean> {
  const given = new AbortController();
  const late = pause(ms, 'late' as const, { signal: given.signal }).catch(() => 'late' as const);
  try {
    const came = await Promise.race([end(), late]);
    if (came === 'late')
      log.error({}, `${what} did not end within ${ms / 1_000} seconds and is cut off; nothing is lost`);
    return came !== 'late';
  } catch (error) {
    log.error({ err: error }, `${what} did not end in order; nothing is lost`);
    return false;
  } finally {
    given.abort();
  }
}

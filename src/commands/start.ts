import type { Logger } from 'pino';
import { type App, startApp } from '../app.js';
import { type Base, openBase } from '../base.js';
import type { Config } from '../config.js';
import { createLog } from '../log.js';
import { complain, print } from './common.js';
import { openWarning, readyLine, type Started } from './ready-line.js';

/** A process that was asked to end and has not after this long is ended. */
const patienceMs = 10_000;

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
 * Ends in order on SIGTERM and SIGINT: the turn in hand is finished, and nothing is left open. A signal that comes again is
 * the same one: at Ctrl-C the terminal sends one and npm another, and dying at the second would leave the server running.
 */
function endOnSignal(app: App, base: Base, log: Logger): void {
  let ending = false;
  const end = async (signal: string) => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), patienceMs).unref();
    log.info({ signal }, 'ending: what is in hand is finished first');
    await app.stop().catch((error: unknown) => log.error({ err: error }, 'something did not end in order'));
    await base.close();
    log.info({}, 'ended');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));
}

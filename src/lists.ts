import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Base, recordsOf } from './base.js';
import { isListWaiting } from './domain/roster/jobs.js';
import { workOnLists } from './domain/roster/work.js';
import { buildRegionIndex } from './flow/region-index.js';
import { projectRoot } from './root.js';
import { every, type Ticker } from './schedule/ticker.js';
import { isOutage } from './store/outage.js';
import { loadRegions } from './store/regions.js';

/** How often it is looked whether somebody has sent a list, in milliseconds. */
const lookMs = 2_000;
/** No list takes longer, on whatever machine; in milliseconds. */
const longest = 10 * 60_000;

/** Works through what was sent in the chat until nothing waits; gives how many lists came to something. */
export async function workThroughLists(base: Base): Promise<number> {
  const regions = buildRegionIndex(await loadRegions(base.pool));
  return workOnLists({ ...recordsOf(base), fileStore: base.fileStore, regions });
}

/**
 * Has lists that people send worked through, by a process of its own: a long one takes half a minute and a lot of memory, and no turn waits
 * for it. What that process leaves when it is killed is taken up by the next.
 */
export function startLists(base: Base): Ticker {
  let child: ChildProcess | null = null;
  let stopping = false;
  const look = async () => {
    if (!(await isListWaiting(base.pool)) || stopping) return;
    const program = join(projectRoot, 'build/main.js');
    const how = { stdio: 'ignore', timeout: longest, env: settingsOf(base) } as const;
    child = spawn(process.execPath, [program, 'members', 'work'], how);
    await ended(child);
  };
  const onFault = (error: unknown) => {
    if (!isOutage(error)) base.log.error({ err: error }, 'a list was not worked through; it is tried again');
  };
  const ticker = every(lookMs, look, onFault);
  return {
    async stop() {
      stopping = true;
      child?.kill();
      await ticker.stop();
    },
  };
}

/** The database, folder, key and clock of this process, whatever it has them from: the other one is a part of it. */
function settingsOf({ url, config }: Base): NodeJS.ProcessEnv {
  const { dataDir, dataKey, testClockMs } = config;
  return {
    ...process.env,
    ...{ DATABASE_URL: url, DATA_DIR: dataDir, LOG_LEVEL: 'silent' },
    ...(dataKey === null ? {} : { DATA_KEY: dataKey }),
    ...(testClockMs === 0 ? {} : { TEST_CLOCK: String(testClockMs) }),
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 || signal === 'SIGTERM'
        ? resolve()
        : reject(new Error(`the process that works on lists ended with ${code ?? signal}`)),
    );
  });
}

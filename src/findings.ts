import { type Base, signaturesOf } from './base.js';
import type { Channel, Health } from './channels/contract.js';
import { createSimulator } from './channels/simulator/channel.js';
import type { Finding } from './cli/doctor.js';
import { openQueues } from './delivery/queue.js';
import { lastBackup } from './domain/restoring.js';
import { lastRetention } from './domain/retention.js';
import { compileFlows } from './flows.js';
import { liveChannels, settingsOf, simulatorAccount } from './live.js';
import { pricesIn } from './prices.js';
import { projectFlows, projectReminders } from './programs.js';
import { databaseHealth } from './readiness.js';
import { countMissingFiles } from './store/attachments.js';
import { createSimulatorStore } from './store/simulator.js';

/** Retention that did not run for so long is told, in milliseconds. */
const lateRetentionMs = 2 * 24 * 60 * 60 * 1000;

/** What `sapa doctor` tells of the set-up: each part with the setting it comes from. */
export async function findingsOf(base: Base): Promise<readonly Finding[]> {
  return [
    await databaseFinding(base),
    await queueFinding(base),
    keyFinding(base),
    flowsFinding(),
    await filesFinding(base),
    await retentionFinding(base),
    await backupFinding(base),
    pricesFinding(base),
    await simulatorFinding(base),
    ...(await Promise.all((await liveChannels(base)).map(findingsOn))).flat(),
  ];
}

const ok: Health = { ok: true };

async function databaseFinding(base: Base): Promise<Finding> {
  const { databaseUrl, dataDir } = base.config;
  const value = databaseUrl === null ? `embedded in ${dataDir}` : 'DATABASE_URL';
  return { name: 'database', value, health: await databaseHealth(base) };
}

async function queueFinding({ config: { redisUrl }, url, log }: Base): Promise<Finding> {
  const value = redisUrl === null ? 'PostgreSQL (REDIS_URL is not set)' : 'Redis (REDIS_URL)';
  const queues = await openQueues({ redisUrl, databaseUrl: url, log });
  try {
    return { name: 'queue', value, health: await queues.health() };
  } finally {
    await queues.close();
  }
}

function keyFinding({ config: { dataKey, dataDir } }: Base): Finding {
  const value = dataKey === null ? `${dataDir}/key; keep a copy elsewhere` : 'DATA_KEY';
  return { name: 'data key', value, health: ok };
}

function flowsFinding(): Finding {
  const { flows } = compileFlows(projectFlows(), signaturesOf());
  return {
    name: 'flows',
    value: `${flows.size} checked, ${projectReminders().length} reminders`,
    health: ok,
  };
}

async function simulatorFinding({ pool, url, vault, now }: Base): Promise<Finding> {
  const phones = createSimulatorStore({ pool, url, vault, account: simulatorAccount, now });
  const simulator = createSimulator(phones, { account: simulatorAccount, onFault: () => {} });
  try {
    return { name: 'simulator', value: 'for trying', health: await simulator.health() };
  } finally {
    await phones.close();
  }
}

/** Where files are kept, whether all are there, and what several machines must share. */
async function filesFinding({ config, pool, fileStore }: Base): Promise<Finding> {
  const missing = await countMissingFiles({ db: pool, fileStore });
  const shared =
    'DATABASE_URL is set: if Sapa runs on several machines, DATA_DIR must be one folder that all of them share';
  const health: Health =
    missing === 0
      ? { ok: true, ...(config.databaseUrl === null ? {} : { note: shared }) }
      : {
          ok: false,
          what: `${missing} files that people sent are not there.`,
          mend: 'Put the folder back from a backup, or let DATA_DIR be the one folder that all machines share. Who should see such a file is told that it cannot be shown.',
        };
  return { name: 'files', value: fileStore.folder, health };
}

/** What is too old must go: nobody else would notice that it stays. */
async function retentionFinding({ pool, now }: Base): Promise<Finding> {
  const last = await lastRetention(pool);
  const value =
    last === null
      ? 'not looked at yet; a running Sapa with the role bot does so'
      : `last ran ${last.toISOString()}`;
  const late = last !== null && last.getTime() < now().getTime() - lateRetentionMs;
  const health: Health = late
    ? {
        ok: false,
        what: 'What is too old is not erased.',
        mend: 'Start Sapa with the role bot, and see its log.',
      }
    : ok;
  return { name: 'retention', value, health };
}

async function backupFinding({ pool }: Base): Promise<Finding> {
  const last = await lastBackup(pool);
  const value = last === null ? 'none yet; see: sapa backup FILE' : `last begun ${last.toISOString()}`;
  return { name: 'backup', value, health: ok };
}

function pricesFinding({ config }: Base): Finding {
  const prices = pricesIn(config.dataDir);
  const health: Health = prices.kind === 'wrong' ? { ok: false, ...prices } : ok;
  return { name: 'prices', value: prices.file, health };
}

/** How a channel is, and what else of it only the doctor looks at. */
async function findingsOn(channel: Channel): Promise<readonly Finding[]> {
  const { name } = channel;
  const [health, examined] = await Promise.all([channel.health(), channel.examine?.() ?? []]);
  const more = examined.map(({ part, ...finding }) => ({ ...finding, name: `${name} ${part}` }));
  return [{ name, value: settingsOf(channel), health }, ...more];
}

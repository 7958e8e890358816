import type { Base } from './base.js';
import type { Channel, Health } from './channels/contract.js';
import type { Queues } from './delivery/queue.js';
import { standingAlarms } from './store/alarms.js';

/** What of a running bot must be well. */
interface ReadyEngine {
  readonly channels: readonly Channel[];
  readonly queues: Pick<Queues, 'health'>;
}

/** What /readyz looks at; an engine of null is one that is still to begin. */
export async function readiness(
  base: Pick<Base, 'pool'>,
  engine: ReadyEngine | null,
): Promise<Readonly<Record<string, Health>>> {
  const database = await databaseHealth(base);
  if (engine === null) return { database, bot: starting };
  const { channels, queues } = engine;
  const healths = await Promise.all(
    channels.map(async (channel) => [channel.name, await channel.health()] as const),
  );
  const alarms = await alarmsNoted(base);
  return { database, queue: await queues.health(), ...Object.fromEntries(healths), alarms };
}

/** An alarm is for a person: the bot is no less ready for it. */
async function alarmsNoted({ pool }: Pick<Base, 'pool'>): Promise<Health> {
  // A database that is away is told beside it.
  const kinds = await standingAlarms(pool).catch(() => []);
  return kinds.length === 0 ? { ok: true } : { ok: true, note: `${kinds.join(', ')}; see: sapa doctor` };
}

const starting: Health = { ok: false, what: 'The bot is starting.', mend: 'Wait a moment.' };

/** Whether the database answers. */
export async function databaseHealth({ pool }: Pick<Base, 'pool'>): Promise<Health> {
  try {
    await pool.query('SELECT 1');
    return { ok: true };
  } catch {
    return {
      ok: false,
      what: 'The database does not answer.',
      mend: 'Nothing is lost; Sapa goes on by itself when it is back. Check the server and its disk.',
    };
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Base } from './base.js';
import type { Channel, Health } from './channels/contract.js';
import type { Queues } from './delivery/queue.js';
import { standingAlarms } from './store/alarms.js';
import { isDiskFull } from './store/outage.js';

/** What of a running bot must be well. */
interface ReadyEngine {
  readonly channels: readonly Channel[];
  readonly queues: Pick<Queues, 'health'>;
}

/** How long a part may take to say how it is, in milliseconds: whoever asks wants to know that one hangs, too. */
const answerMs = 3_000;

/** What /readyz looks at, all at once and each for a few seconds only; an engine of null is one that is still to begin. */
export async function readiness(
  base: Pick<Base, 'pool'>,
  engine: ReadyEngine | null,
  withinMs = answerMs,
): Promise<Readonly<Record<string, Health>>> {
  const database = databaseHealth(base, withinMs);
  if (engine === null) return { database: await database, bot: starting };
  const asked: readonly (readonly [name: string, health: Promise<Health>])[] = [
    ['database', database],
    ['queue', engine.queues.health()],
    ...engine.channels.map((channel) => [channel.name, channel.health()] as const),
    ['alarms', alarmsNoted(base)],
  ];
  const told = asked.map(
    async ([name, health]) => [name, await inTime(health, withinMs, silent(name))] as const,
  );
  return Object.fromEntries(await Promise.all(told));
}

/** An alarm is for a person: the bot is no less ready for it. */
async function alarmsNoted({ pool }: Pick<Base, 'pool'>): Promise<Health> {
  // A database that is away is told beside it.
  const kinds = await standingAlarms(pool).catch(() => []);
  return kinds.length === 0 ? { ok: true } : { ok: true, note: `${kinds.join(', ')}; see: sapa doctor` };
}

const starting: Health = { ok: false, what: 'The bot is starting.', mend: 'Wait a moment.' };

const away: Health = {
  ok: false,
  what: 'The database does not answer.',
  mend: 'Nothing is lost; Sapa goes on by itself when it is back. Check the server and its disk.',
};

const full: Health = {
  ok: false,
  what: 'The disk is full: the database cannot write, and people get no answer.',
  mend: 'Nothing that was taken in is lost; make room on the disk of the database, and Sapa goes on by itself.',
};

function silent(name: string): Health {
  return { ok: false, what: `The part "${name}" does not answer.`, mend: 'See the log, and: sapa doctor.' };
}

/**
 * Makes the server write a little, into a file of its own that is gone at once: a server whose disk is full goes on to answer
 * everything that needs no room.
 */
const writesALittle = "SET LOCAL work_mem = '64kB'; SELECT count(*) FROM generate_series(1, 5000)";

/** Whether the database answers, within a few seconds, and has room to write. */
export async function databaseHealth({ pool }: Pick<Base, 'pool'>, withinMs = answerMs): Promise<Health> {
  const look = { text: writesALittle, query_timeout: withinMs };
  const asked = pool.query(look).then(
    () => ({ ok: true }) as const,
    (error: unknown) => (isDiskFull(error) ? full : away),
  );
  return inTime(asked, withinMs, away);
}

/** How a part is, or what is said of one that does not tell in time. */
async function inTime(health: Promise<Health>, ms: number, late: Health): Promise<Health> {
  const waiting = new AbortController();
  const giveUp = pause(ms, late, { signal: waiting.signal }).catch(() => late);
  return Promise.race([health, giveUp]).finally(() => waiting.abort());
}

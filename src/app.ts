import { setTimeout as pause } from 'node:timers/promises';
import { type Base, recordsOf } from './base.js';
import type { Channel, Move } from './channels/contract.js';
import { createSimulator } from './channels/simulator/channel.js';
import type { SimulatorPerson } from './channels/simulator/port.js';
import { startChores } from './chores.js';
import { createDelivery, type Delivery } from './delivery/delivery.js';
import { defaultProfile, type Profile } from './delivery/profile.js';
import { openQueues, type Queues } from './delivery/queue.js';
import type { Door } from './domain/action.js';
import { actions } from './domain/actions.js';
import { channelCapabilities } from './flow/capabilities.js';
import type { Sources } from './flow/compile.js';
import type { ReminderRule } from './flow/reminder-file.js';
import { isLive, liveChannels, simulatorAccount, whatsAppStore } from './live.js';
import { outreachOf } from './outreach.js';
import { type Conversations, followPublished, openConversations, projectReminders } from './programs.js';
import { readiness } from './readiness.js';
import { keepConversation } from './record.js';
import type { Ticker } from './schedule/ticker.js';
import { createSimulatorStore, type SimulatorStore } from './store/simulator.js';
import { moveAddress, recordPreference, recordStanding } from './store/standing.js';
import { Turns } from './turn/turn.js';
import { tellOnceUnlessAway, watchDatabase, watchMs } from './watch.js';
import { createWeb, type Listening, listenWeb, type WebOptions } from './web/server.js';

/** A running Sapa: the roles this process plays. */
export interface App {
  readonly phones: SimulatorStore;
  /** Where the web listens, or null without the role. */
  readonly url: string | null;
  /** Whether the simulator can be opened there. */
  readonly hasSimulator: boolean;
  /** Ends and begins bot and worker again, as a new process would; the web stays. */
  restart(): Promise<void>;
  /** Finishes what is in hand and ends. */
  stop(): Promise<void>;
}

/** The part that restarts: what receives, thinks and sends. */
interface Engine {
  readonly channels: readonly Channel[];
  readonly queues: Queues;
  readonly delivery: Delivery;
  readonly turns: Turns;
  stop(): Promise<void>;
}

/** What the engine is made of beside the database. */
interface EngineParts {
  readonly conversations: Conversations;
  readonly phones: SimulatorStore;
  readonly reminders: readonly ReminderRule[];
}

/**
 * Starts the roles of the configuration on an open base; `flows` are given where others than the project's are tried. When it
 * fails, nothing of it goes on.
 */
export async function startApp(base: Base, roles = base.config.roles, flows?: Sources): Promise<App> {
  const reminders = projectReminders();
  const conversations = await openConversations(base, flows);
  const { pool, url, vault, now } = base;
  const phones = createSimulatorStore({ pool, url, vault, account: simulatorAccount, now });
  const watch = watchDatabase(base);
  const following = followPublished(base, conversations.library);
  let engine: Engine | null = null;
  let restarting: Promise<void> | null = null;
  let stopping = false;
  const restart = () => {
    restarting ??= renew().finally(() => {
      restarting = null;
    });
    return restarting;
  };
  /** A database that is away just now must not cost the bot: it begins again as soon as that is possible. */
  const renew = async () => {
    const tell = tellOnceUnlessAway(base.log, 'the bot could not begin again; it is tried until it can');
    await engine?.stop();
    while (!stopping) {
      try {
        engine = await startEngine(base, { conversations, phones, reminders }, roles);
        return;
      } catch (error) {
        tell(error);
        await pause(watchMs);
      }
    }
  };
  const record = (person: SimulatorPerson) => lastConversation(base, conversations, person);
  let web: Listening | null = null;
  const stop = async () => {
    stopping = true;
    await watch.stop();
    await following.stop();
    await web?.close();
    await restarting;
    await engine?.stop();
    await phones.close();
  };
  try {
    // The web listens first: a port that is taken ends the start before anything is sent.
    if (roles.includes('web')) web = await startWeb(base, { phones, restart, record }, () => engine);
    engine = await startEngine(base, { conversations, phones, reminders }, roles);
  } catch (error) {
    await stop();
    throw error;
  }
  const hasSimulator = !isLive(base.config) || base.config.simulator === 'on';
  return { phones, url: web?.url ?? null, hasSimulator, restart, stop };
}

async function startEngine(
  base: Base,
  { conversations, phones, reminders }: EngineParts,
  roles: readonly string[],
): Promise<Engine> {
  const { pool, vault, fileStore, now, newId, log, config, url } = base;
  const onFault = tellOnceUnlessAway(log, 'the simulator could not hand a message over; it is tried again');
  const channels = [
    createSimulator(phones, { account: simulatorAccount, onFault }),
    ...(await liveChannels(base)),
  ];
  const queues = await openQueues({ redisUrl: config.redisUrl, databaseUrl: url, log });
  const workers = roles.includes('worker');
  const profile = profileOf(base);
  const delivery = createDelivery({
    ...{ pool, vault, fileStore, channels, queues, now, newId, log, workers, profile },
  });
  const turns = createTurns(base, conversations, channels, delivery);
  const tickers: Ticker[] = [];
  const end = async () => {
    for (const ticker of tickers) await ticker.stop();
    await Promise.all(channels.map((channel) => channel.close()));
    await turns.drain();
    await delivery.stop();
    await queues.close();
  };
  let ended: Promise<void> | null = null;
  const stop = () => {
    ended ??= end();
    return ended;
  };
  try {
    delivery.start();
    // Who calls us calls the web; what we fetch, the bot fetches.
    const receiving = channels.filter(({ webhook }) => roles.includes(webhook === null ? 'bot' : 'web'));
    await openChannels(base, receiving, turns, delivery);
  } catch (error) {
    await stop();
    throw error;
  }
  if (roles.includes('bot'))
    tickers.push(...startChores(base, { turns, channels, delivery, reminders }, profile.sweepMs));
  return { channels, queues, delivery, turns, stop };
}

function createTurns(
  { pool, vault, fileStore, now, newId, log, config }: Base,
  conversations: Conversations,
  channels: readonly Channel[],
  delivery: Delivery,
): Turns {
  return new Turns({
    ...{ pool, vault, fileStore, now, newId, actions, ...conversations },
    capabilities: (channel) =>
      channels.find((one) => one.name === channel)?.capabilities ?? channelCapabilities.simulator,
    fetchFile: async (name, ref, limit) =>
      (await channels.find((one) => one.name === name)?.fetch(ref, limit)) ?? 'gone',
    doors: (token, words) => doorsOf(channels, token, words),
    outreach: outreachOf(config),
    isSimulator: (channel) => channels.some((one) => one.name === channel && one.simulator),
    wake: (rows) => delivery.wake(rows),
    onFailure: (error, inboundId) =>
      log.error(
        { err: error, inboundId },
        'a turn failed; it is tried again, and the member is told when it is parked',
      ),
  });
}

async function doorsOf(channels: readonly Channel[], token: string, words: string): Promise<readonly Door[]> {
  const doors = channels.map(async ({ name, door }): Promise<readonly Door[]> => {
    const url = (await door?.(token, words)) ?? null;
    return url === null ? [] : [{ channel: name, url }];
  });
  return (await Promise.all(doors)).flat();
}

async function openChannels(
  base: Base,
  channels: readonly Channel[],
  turns: Turns,
  delivery: Delivery,
): Promise<void> {
  if (channels.length > 0) await turns.recover();
  for (const channel of channels) {
    await channel.open({
      message: (message) => turns.receive(message),
      receipt: (receipt) => delivery.receipt(receipt),
      standing: (standing) => recordStanding(base, standing),
      preference: (preference) => recordPreference(base, preference),
      moved: (move) => followMove(base, move),
    });
  }
}

/** Who is called otherwise by their provider stays the same contact. */
async function followMove(base: Base, move: Move): Promise<void> {
  const contactId = await moveAddress(base, move);
  if (contactId !== null) base.log.info({ contactId }, 'a provider gave a person a new address');
}

function profileOf({ config }: Base): Profile {
  const { quietHours, whatsappWeb: _, telegramChatMs: __, ...times } = config.testProfile;
  const given = Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined));
  return { ...defaultProfile, ...given, ...(quietHours === 'ignored' ? { bulkHours: 'always' } : {}) };
}

/** What the simulator's button keeps, as a new file. What does not go again as it went is said at its end. */
async function lastConversation(base: Base, conversations: Conversations, { value }: SimulatorPerson) {
  const nothing = { since: null, source: null, flow: null, name: null };
  const wish = { account: simulatorAccount, address: value, ...nothing };
  const kept = await keepConversation(base, recordsOf(base), conversations, wish);
  if (kept === null) return null;
  const faults = kept.failures.map(
    ({ line, what }) => `# Line ${line} does not go again as it went: ${what}.\n`,
  );
  return { ...kept, text: kept.text + faults.join('') };
}

async function startWeb(
  base: Base,
  simulator: Pick<WebOptions, 'phones' | 'restart' | 'record'>,
  engine: () => Engine | null,
) {
  const { config, log } = base;
  const web = createWeb({
    ...{ ...simulator, simulator: config.simulator, liveChannels: isLive(config) },
    pairing: config.whatsappWeb === null ? null : whatsAppStore(base),
    ready: () => readiness(base, engine()),
    webhook: (path) => engine()?.channels.find(({ webhook }) => webhook?.path === path)?.webhook ?? null,
    onFault: (error) => log.error({ err: error }, 'a page could not be shown'),
  });
  return listenWeb(web, { host: config.host, port: config.port });
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message, Update } from 'grammy/types';
import { Faults } from './faults.js';
import { Feed } from './feed.js';
import { type HandlerOptions, handle } from './http.js';
import { createLimiter, type Limits, publishedLimits } from './limits.js';
import { Person } from './people.js';
import { Webhook } from './webhook.js';
import { type Room, type Standing, World } from './world.js';

/** How a double is to be. */
export interface DoubleOptions {
  readonly limits?: Partial<Limits>;
  /** The clock of dates and limits; long polls wait in real time. */
  readonly now?: () => number;
}

/** A call the double answered: how it ended, 0 when the connection was cut. */
export interface Call {
  readonly method: string;
  readonly status: number;
}

/** A Bot API server for one bot, in the hands of a test. */
export interface TelegramDouble {
  /** What the bot takes as the root of the API. */
  readonly url: string;
  readonly token: string;
  readonly faults: Faults;
  readonly webhook: Webhook;
  /** Everything the bot sent that was accepted, in order. */
  readonly accepted: readonly Message[];
  /** A person who has pressed Start before, unless said. */
  person(standing?: Standing): Person;
  group(title?: string): Room;
  /** The person with this address. */
  known(address: string): Person;
  /** Gives an update once more. */
  repeat(update: Update): void;
  /** Takes an update id for later. */
  reserve(): number;
  /** How the bot answered a press: the text, '' for a bare answer, null for none. */
  answered(update: Update): string | null;
  calls(method: string): readonly Call[];
  /** Updates the bot has not confirmed. */
  pending(): number;
  isPolled(): boolean;
  /** The token is not accepted any more. */
  revoke(): void;
  /** The service goes away, and comes back with what it had. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** Made up: no bot and no person has these numbers. */
const botId = 990_000_001;
const firstPerson = 990_001_000;
const firstGroup = -990_002_000;
const firstUpdate = 500_001;

/** Starts a double on a free port of this machine. */
export async function startTelegram(options: DoubleOptions = {}): Promise<TelegramDouble> {
  const now = options.now ?? Date.now;
  const world = new World(now, { id: botId, is_bot: true, first_name: 'Sapa', username: 'contoh_bot' });
  const feed = new Feed(now, firstUpdate);
  const webhook = new Webhook(feed, now);
  const faults = new Faults();
  const calls: Call[] = [];
  const people = new Map<string, Person>();
  const token = `${botId}:double-${'x'.repeat(28)}`;
  let accepts = token;
  const service: HandlerOptions = {
    ...{ world, feed, webhook, faults, token: () => accepts },
    limit: createLimiter({ ...publishedLimits, ...options.limits }, now),
    count: (method, status) => void calls.push({ method, status }),
  };
  let server = await listen(service, 0);
  const { port } = server.address() as AddressInfo; // A TCP server that listens has no pipe's name.
  const goAway = () => closed(server, feed);
  return {
    ...{ url: `http://127.0.0.1:${port}`, token, faults, webhook, accepted: world.accepted },
    person(standing = 'open') {
      const person = addPerson({ world, feed }, people.size, standing);
      people.set(person.address, person);
      return person;
    },
    known: (address) => people.get(address) ?? fail(address),
    group: (title = 'Grup Contoh') => addGroup(world, title),
    repeat: (update) => feed.repeat(update),
    reserve: () => feed.reserve(),
    answered: ({ callback_query: press }) => world.presses.get(press?.id ?? '') ?? null,
    calls: (method) => calls.filter((call) => call.method === method.toLowerCase()),
    pending: () => feed.pending,
    isPolled: () => feed.isPolled,
    revoke: () => {
      accepts = '';
    },
    goAway,
    comeBack: async () => {
      server = await listen(service, port);
    },
    close: async () => {
      webhook.remove({});
      await goAway();
    },
  };
}

function addPerson(
  own: { readonly world: World; readonly feed: Feed },
  at: number,
  standing: Standing,
): Person {
  const id = firstPerson + at;
  const user = { id, is_bot: false, first_name: `Contoh ${at}`, language_code: 'id' };
  const chat = { id, type: 'private' as const, first_name: user.first_name };
  const room: Room = { chat, messages: [], standing, actions: [], keyboard: [] };
  own.world.rooms.set(id, room);
  return new Person(own, user, `+62812000${String(10_000 + at)}`, room);
}

function addGroup(world: World, title: string): Room {
  const id = firstGroup - world.rooms.size;
  const room: Room = {
    chat: { id, type: 'group', title },
    messages: [],
    standing: 'open',
    actions: [],
    keyboard: [],
  };
  world.rooms.set(id, room);
  return room;
}

function fail(address: string): never {
  throw new Error(`nobody has the address ${address}`);
}

async function listen(service: HandlerOptions, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    handle(service, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

function closed(server: Server, feed: Feed): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    feed.abandon();
  });
}

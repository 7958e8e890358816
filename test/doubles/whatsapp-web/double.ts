import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { End } from './ends.js';
import { Faults } from './faults.js';
import type { Group, GroupOptions } from './groups.js';
import { Link } from './link.js';
import { MediaHost, type Offering } from './media.js';
import { createIdentity, type Identity } from './noise.js';
import { Person } from './people.js';
import type { Device, Phone } from './phones.js';
import { Sessions } from './sessions.js';
import { type Shown, type Stanza, World } from './world.js';

/** How a double is to be. */
export interface DoubleOptions {
  /** The clock of all times on the wire, in milliseconds. */
  readonly now?: () => number;
  /** How the files of people are offered. */
  readonly media?: Offering;
  /** What people write is sealed for each device, as it is in life; open unless said. */
  readonly sealed?: boolean;
  /**
   * A new device is told that a key of it is there already, so that it leaves 5 and not 812: making them takes most of the
   * time of a first login. As in life unless said.
   */
  readonly fewKeys?: boolean;
}

/**
 * A WhatsApp Web server in the hands of a test. A client gets `url`, and `rootKey` for its WA_CERT_DETAILS.PUBLIC_KEY;
 * it shows a QR, which goes to `scan`, or a code, which goes to `enterCode`; then it logs in anew, as with the real server.
 * People write with the methods of `Person`; what they were sent is in `shown`, and what came over the wire in `stanzas`.
 * Whatever is not confirmed by the client comes again at its next login. What goes wrong is said before, to `faults`, or
 * done at once: `end`, `unlink`, `cut`, `silence`, `goAway`.
 *
 *     const api = await startWhatsAppWeb();
 *     const person = api.person();
 *     api.scan(qrOfTheClient);
 *     const id = person.write('halo');                      // also sendDocument, shareLocation, react, repeat(id) …
 *     await waitFor('the answer', () => person.shown()[0]?.text === 'halo juga');
 *     person.receives(person.shown()[0].id);                // and reads(), asksAgain()
 *     api.faults.nextSend({ kind: 'drop-ack' });
 *     expect(api.stanzas(person.pn, id)).toHaveLength(1);
 *
 * Its limits: it shows what our side does, and not what the real network would do with two messages of one id, or when it
 * answers 463. Signatures of devices are not looked at.
 */
export interface WhatsAppWebDouble {
  /** What the client takes as the address of the server. */
  readonly url: string;
  /** The 32 bytes whom the client has to trust, in base64. */
  readonly rootKey: string;
  /** The account to which people write unless told otherwise. */
  readonly phone: Phone;
  readonly faults: Faults;
  readonly media: MediaHost;
  /** Every message stanza that came, in order. */
  readonly all: readonly Stanza[];
  /** One more account. */
  addPhone(): Phone;
  /** The phone scans the QR a client shows, untouched. */
  scan(qr: string, phone?: Phone): Device;
  /** Somebody types the code on the phone; done when the client is linked. */
  enterCode(code: string, phone?: Phone): Promise<Device>;
  person(name?: string): Person;
  /** The person with this address. */
  known(address: string): Person;
  /** Somebody writes on the account's own phone; the devices hear of it as their own message. */
  writeAsPhone(to: Person, text: string, phone?: Phone): string;
  group(members: readonly Person[], how?: GroupOptions): Group;
  /** Somebody takes the account out of a group, or into it again, and its devices hear of it. */
  takeOut(group: Group): void;
  takeIn(group: Group): void;
  /** What was shown under the address of a person (either) or a group, of every id once. */
  shown(address: string): readonly Shown[];
  /** The stanzas to an address (either of a person), or only those with an id. */
  stanzas(address: string, id?: string): readonly Stanza[];
  /** The signs of life in a chat, in order: `composing`, `paused`, `recording`. */
  typing(address: string): readonly string[];
  /** Ids of messages of people that were marked as read. */
  readonly seen: readonly string[];
  /** What the devices of the account said last of whether somebody is there. */
  presence(phone?: Phone): string | null;
  /** How often a query came: `usync`, `encrypt key`, `w:p ping`. */
  queries(name: string): number;
  /** Queries this server does not know: it says so, with code 501. */
  readonly refused: readonly string[];
  /** Whether a device of the account is there. */
  isOnline(phone?: Phone): boolean;
  /** What the devices of the account have not confirmed: messages and receipts. */
  waiting(phone?: Phone): number;
  /** Ends what the devices of an account are saying, or of all, as the server does. */
  end(code: End, phone?: Phone): void;
  /** The phone throws its devices out: 401 now, and whenever they come again. */
  unlink(phone?: Phone): void;
  /** Cuts all wires, without a word. */
  cut(phone?: Phone): void;
  /** Nothing is answered any more, on the wires that are open; or again. */
  silence(isSilent: boolean): void;
  /** The service goes away, and comes back with what it had. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a double on a free port of this machine. */
export async function startWhatsAppWeb(options: DoubleOptions = {}): Promise<WhatsAppWebDouble> {
  const now = options.now ?? Date.now;
  const faults = new Faults();
  const media = new MediaHost(options.media ?? 'http');
  await media.start();
  const world = new World({
    ...{ now, sealed: options.sealed ?? false, fewKeys: options.fewKeys ?? false },
    faults,
    media,
  });
  const sessions = new Sessions(world);
  const identity = createIdentity();
  const phone = world.addPhone();
  let server = await listen(identity, sessions, now, 0);
  const { port } = server.address() as AddressInfo; // A TCP server that listens has no pipe's name.
  const goAway = () => closed(server, sessions);
  return {
    ...{
      url: `ws://127.0.0.1:${port}/ws/chat`,
      rootKey: Buffer.from(identity.root.public).toString('base64'),
    },
    ...{ phone, faults, media, all: world.stanzas, seen: world.seen, refused: world.refused },
    addPhone: () => world.addPhone(),
    scan: (qr, on = phone) => sessions.pairing.scan(qr, on),
    enterCode: (code, on = phone) => sessions.pairing.enterCode(code, on),
    person: (name = `Contoh ${world.people.length}`) => new Person(world, name),
    known: (address) => world.person(address) ?? fail(address),
    writeAsPhone: (to, text, from = phone) => world.writeAsPhone(from, to, text),
    group: (members, how = {}) => world.addGroup(phone, members, how),
    takeOut: (group) => world.changeGroup(group, false),
    takeIn: (group) => world.changeGroup(group, true),
    shown: (address) => world.shownTo(address),
    stanzas: (address, id) => world.stanzasTo(address).filter((one) => id === undefined || one.id === id),
    typing: (address) => world.typingTo(address),
    presence: (of = phone) => [...of.devices.values()].at(-1)?.presence ?? null,
    queries: (name) => world.queries.filter((one) => one === name || one.startsWith(`${name} `)).length,
    isOnline: (of = phone) => of.isOnline,
    waiting: (of = phone) => of.waiting.length,
    end: (code, of) => sessions.end(code, of),
    unlink: (of = phone) => {
      sessions.end(401, of);
      of.devices.clear();
    },
    cut: (of) => sessions.cut(of),
    silence: (isSilent) => sessions.silence(isSilent),
    goAway,
    comeBack: async () => {
      server = await listen(identity, sessions, now, port);
    },
    close: async () => {
      await goAway();
      await media.close();
    },
  };
}

function fail(address: string): never {
  throw new Error(`nobody has the address ${address}`);
}

async function listen(
  identity: Identity,
  sessions: Sessions,
  now: () => number,
  port: number,
): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('date', new Date(now()).toUTCString());
    response.writeHead(404).end();
  });
  const sockets = new WebSocketServer({ server, path: '/ws/chat' });
  sockets.on('connection', (socket) => void new Link(socket, identity, sessions));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

function closed(server: Server, sessions: Sessions): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    sessions.cut();
    server.closeAllConnections();
  });
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Faults, type Subject } from './faults.js';
import { type HandlerOptions, handle } from './http.js';
import { createLimiter, type Limits, publishedLimits } from './limits.js';
import { Person, type Tell } from './people.js';
import type { Template } from './templates.js';
import { Webhook } from './webhook.js';
import { type Profile, type Shown, World } from './world.js';

/** How a double is to be. */
export interface DoubleOptions {
  readonly limits?: Partial<Limits>;
  /** The clock of dates, limits and windows. */
  readonly now?: () => number;
}

/** A call the double answered: how it ended, 0 when the connection was cut. */
export interface Call {
  readonly subject: Subject;
  readonly status: number;
}

/** What became of a message, as a status tells it. */
export type Status = 'sent' | 'delivered' | 'read' | 'failed';

/** A Cloud API for one number, in the hands of a test. */
export interface CloudDouble {
  /** What the program takes as the root of the API. */
  readonly url: string;
  readonly token: string;
  readonly phoneId: string;
  readonly businessId: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly faults: Faults;
  readonly webhook: Webhook;
  /** Everything that was accepted, in order. */
  readonly accepted: readonly Shown[];
  /** A person who has a number and wrote just now, unless said. */
  person(more?: Partial<Profile>): Person;
  /** The person with this address. */
  known(address: string): Person;
  /** Approves a template: `{name}` of the catalogue is `{{name}}` here. */
  approve(template: Pick<Template, 'name' | 'body'> & Partial<Template>): void;
  /** Hands what comes over to this web server; the address is verified first, as Meta does. */
  subscribe(url: string): Promise<boolean>;
  /** Tells what became of a message; with the number of an error when it failed. */
  report(shown: Shown, status: Status, more?: { readonly error?: number; readonly timestamp?: number }): void;
  /** Tells in one call that all of these were sent. */
  reportSent(all: readonly Shown[]): void;
  /** Hands over any change, as it stands. */
  tell: Tell;
  /** The version that answers from now on. */
  setVersion(version: string): void;
  /** What the number says of itself, from now on. */
  setNumber(more: object): void;
  calls(subject: Subject): readonly Call[];
  /** The token is not accepted any more. */
  revoke(): void;
  /** The service goes away, and comes back with what it had. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** Made up: no number, person or app has these. */
const phoneId = '990000000000001';
const businessId = '990000000000002';
const firstPhone = 6_281_200_020_000;

/** Starts a double on a free port of this machine. */
export async function startCloud(options: DoubleOptions = {}): Promise<CloudDouble> {
  const now = options.now ?? Date.now;
  const world = new World(now, createLimiter({ ...publishedLimits, ...options.limits }, now));
  const webhook = new Webhook();
  const faults = new Faults();
  const calls: Call[] = [];
  const people = new Map<Profile, Person>();
  const token = `EAAdouble${'Z'.repeat(60)}`;
  const [appSecret, verifyToken] = ['ab'.repeat(16), 'contoh-verifikasi-0001'];
  let accepts = token;
  let version = 'v23.0';
  let number: object = {
    ...{ id: phoneId, display_phone_number: '+62 812-0009-0000', verified_name: 'IPSM Contoh' },
    ...{ quality_rating: 'GREEN', status: 'CONNECTED', platform_type: 'CLOUD_API' },
  };
  const metadata = { display_phone_number: '6281200090000', phone_number_id: phoneId };
  const tell: Tell = (line, field, value) =>
    webhook.give(line, {
      object: 'whatsapp_business_account',
      entry: [
        {
          id: businessId,
          changes: [{ field, value: { messaging_product: 'whatsapp', metadata, ...value } }],
        },
      ],
    });
  const hook = () => ({ webhook_configuration: webhook.url === null ? {} : { application: webhook.url } });
  let root = '';
  const service: HandlerOptions = {
    ...{ world, phoneId, businessId, faults, token: () => accepts, root: () => root, accepted: () => {} },
    number: () => ({ ...hook(), ...number }),
    version: () => version,
    count: (subject, status) => void calls.push({ subject, status }),
  };
  let server = await listen(service, 0);
  const { port } = server.address() as AddressInfo; // A TCP server that listens has no pipe's name.
  root = `http://127.0.0.1:${port}`;
  return {
    ...{ url: root, token, phoneId, businessId, appSecret, verifyToken, faults, webhook, tell },
    accepted: world.accepted,
    person(more = {}) {
      const person = new Person(world, addPerson(world, more), tell);
      people.set(person.profile, person);
      return person;
    },
    known: (address) => people.get(world.find(address) ?? fail(address)) ?? fail(address),
    approve: ({ body, ...more }) => {
      const rest = { language: 'id', category: 'UTILITY', status: 'APPROVED', buttons: [] } as const;
      world.templates.push({ ...rest, ...more, body: body.replace(/\{(\w+)\}/g, '{{$1}}') });
    },
    subscribe: async (url) => {
      if (!(await isVerified(url, verifyToken))) return false;
      webhook.subscribe({ url, secret: appSecret });
      return true;
    },
    report: (shown, status, more = {}) =>
      tell(`status ${shown.id}`, 'messages', { statuses: [statusOf(shown, status, more, now())] }),
    reportSent: (all) =>
      tell(`sent ${all[0]?.id}`, 'messages', {
        statuses: all.map((shown) => statusOf(shown, 'sent', {}, now())),
      }),
    setVersion: (next) => {
      version = next;
    },
    setNumber: (more) => {
      number = { ...number, ...more };
    },
    calls: (subject) => calls.filter((call) => call.subject === subject),
    revoke: () => {
      accepts = '';
    },
    goAway: () => closed(server),
    comeBack: async () => {
      server = await listen(service, port);
    },
    close: async () => {
      webhook.close();
      await closed(server);
    },
  };
}

function addPerson(world: World, more: Partial<Profile>): Profile {
  const at = world.size;
  const profile: Profile = {
    ...{ name: `Contoh ${at}`, waId: String(firstPhone + at), userId: null, hidesNumber: false },
    ...{ standing: 'open', takesMarketing: true, wroteAt: world.now(), screen: [], ...more },
  };
  world.add(profile);
  return profile;
}

function statusOf(
  { id, opaque, profile }: Shown,
  status: Status,
  { error, timestamp }: { readonly error?: number; readonly timestamp?: number },
  now: number,
): object {
  const { waId, userId } = profile;
  const errors = [
    { code: error, title: 'Error', message: 'Error', error_data: { details: 'see the error codes' } },
  ];
  return {
    ...{ id, status, timestamp: String(timestamp ?? Math.floor(now / 1000)) },
    ...(waId === null ? {} : { recipient_id: waId }),
    ...(userId === null ? {} : { recipient_user_id: userId }),
    ...(opaque === null ? {} : { biz_opaque_callback_data: opaque }),
    ...(error === undefined ? {} : { errors }),
  };
}

/** Asks the address to say a challenge back. */
async function isVerified(url: string, verifyToken: string): Promise<boolean> {
  const asked = new URL(url);
  const challenge = '1158201444';
  asked.search = new URLSearchParams({
    ...{ 'hub.mode': 'subscribe', 'hub.verify_token': verifyToken, 'hub.challenge': challenge },
  }).toString();
  const answer = await fetch(asked);
  return answer.ok && (await answer.text()) === challenge;
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
    // Nobody opens a connection for each message of thousands.
    server.keepAliveTimeout = 60_000;
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { inject, onTestFinished, vi } from 'vitest';
import {
  type Channel,
  ChannelError,
  type ChannelFault,
  type Pace,
  type Parcel,
} from '../../src/channels/contract.js';
import { toJson } from '../../src/delivery/body.js';
import { createDelivery, type Delivery } from '../../src/delivery/delivery.js';
import type { Logger } from '../../src/delivery/log.js';
import { defaultProfile, type Profile } from '../../src/delivery/profile.js';
import { openQueues, type Queues } from '../../src/delivery/queue.js';
import { type Lane, machine, type State } from '../../src/delivery/states.js';
import { channelCapabilities } from '../../src/flow/capabilities.js';
import { type Message, saying } from '../../src/flow/message.js';
import { planBroadcast } from '../../src/store/broadcasts.js';
import { createVault, type Vault } from '../../src/store/crypto.js';
import { createDeliveryStore, type DeliveryStore } from '../../src/store/deliveries.js';
import type { FileStore } from '../../src/store/files.js';
import type { Backend } from '../support/backends.js';
import { freshDatabase } from '../support/database.js';
import { ownFiles } from '../support/files.js';
import { unopened } from '../support/unopened.js';

/** A channel in memory that counts what it accepted, as a provider would. */
export interface FakeChannel extends Channel {
  /** Every acceptance in order; the same id twice is a doubled message unless the channel makes them one. */
  readonly shown: readonly Parcel[];
  /** Every call of `send`, accepted or not. */
  readonly calls: readonly Parcel[];
  /** What was said, without what stands in front of a broadcast. */
  texts(address?: string): readonly string[];
}

export interface FakeOptions {
  readonly account?: string;
  readonly sameId?: boolean;
  readonly pace?: Partial<Pace>;
  /** Runs before a parcel is taken, with the number of the call; may throw, wait or answer when to throw after it. */
  readonly before?: (parcel: Parcel, call: number) => Promise<void> | void;
  /** Runs after a parcel was taken; what it throws the sender sees although the message is out. */
  readonly after?: (parcel: Parcel, call: number) => Promise<void> | void;
  readonly healthy?: () => boolean;
  readonly asksOfPeople?: true;
}

export function fakeChannel(options: FakeOptions = {}): FakeChannel {
  const shown: Parcel[] = [];
  const calls: Parcel[] = [];
  const sameId = options.sameId ?? true;
  return {
    name: 'fake',
    account: options.account ?? 'fake',
    simulator: true,
    capabilities: channelCapabilities.simulator,
    pace: { bulkBatch: 10, concurrency: 8, bulkConcurrency: 8, bulkGapMs: 0, ...options.pace },
    webhook: null,
    sameIdIsOneMessage: sameId,
    ...(options.asksOfPeople === true ? { asksOfPeople: true as const } : {}),
    shown,
    calls,
    texts: (address) =>
      shown
        .filter((parcel) => address === undefined || parcel.address === address)
        .map((parcel) => unopened(parcel.message.text)),
    async open() {},
    async close() {},
    async fetch() {
      return 'gone';
    },
    async health() {
      return (options.healthy?.() ?? true) ? { ok: true } : { ok: false, what: 'stopped', mend: 'wait' };
    },
    async send(parcel) {
      const call = calls.push(parcel);
      await options.before?.(parcel, call);
      const known = sameId && shown.some((other) => other.id === parcel.id);
      if (!known) shown.push(parcel);
      await options.after?.(parcel, call);
      return { providerId: `p-${parcel.id}` };
    },
  };
}

export function fault(channelFault: ChannelFault): ChannelError {
  return new ChannelError('fake', channelFault);
}

export interface Person {
  readonly contactId: string;
  /** By account. */
  readonly addresses: Readonly<Record<string, { readonly id: string; readonly value: string }>>;
}

export interface Row {
  readonly id: string;
  readonly state: State;
  readonly code: string | null;
  readonly account: string;
  readonly lane: Lane;
  readonly attempts: number;
  readonly cause: string | null;
  readonly question: string | null;
  readonly due_at: Date;
  readonly lease_token: string | null;
  readonly ended_at: Date | null;
  readonly delivered_at: Date | null;
  readonly read_at: Date | null;
  readonly provider_id: string | null;
}

export interface Rig {
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly vault: Vault;
  readonly fileStore: FileStore;
  readonly store: DeliveryStore;
  readonly queues: Queues;
  readonly queuePrefix: string;
  readonly logged: readonly string[];
  readonly clock: Clock;
  now(): Date;
  person(accounts?: readonly string[]): Promise<Person>;
  reply(person: Person, text: string | Message, more?: Partial<NewRow>): Promise<string>;
  replies(person: Person, texts: readonly string[]): Promise<readonly string[]>;
  broadcast(
    people: readonly Person[],
    text: string,
    more?: { account?: string; expiresAt?: Date },
  ): Promise<string>;
  rows(ids?: readonly string[]): Promise<readonly Row[]>;
  row(id: string): Promise<Row>;
  /** `queues` are another process's, unless the rig's own. */
  deliver(channels: readonly Channel[], profile?: Partial<Profile>, queues?: Queues): Delivery;
  /** A second set of queues on the same server, as another process has. */
  moreQueues(): Promise<Queues>;
}

interface NewRow {
  readonly state: State;
  readonly lane: Lane;
  readonly account: string;
  readonly expiresAt: Date;
  readonly dueAt: Date;
}

export interface Clock {
  now(): Date;
  shift(ms: number): void;
}

/** A clock that begins at ten in the morning in Semarang and can be put forward. */
function testClock(): Clock {
  const start = Date.now();
  let ahead = Date.parse('2026-03-02T03:00:00Z') - start;
  return {
    now: () => new Date(Date.now() + ahead),
    shift(ms) {
      ahead += ms;
    },
  };
}

export const testProfile: Profile = {
  ...defaultProfile,
  leaseMs: 1_000,
  sweepMs: 40,
  settleMs: 100,
  windowRows: 100,
  sendTimeoutMs: 20_000,
  backoffMs: 10,
  bulkHours: 'always',
  lookMs: 50,
};

export async function openRig(backend: Backend): Promise<Rig> {
  const database = await freshDatabase();
  const { pool } = database;
  const vault = createVault(randomBytes(32));
  const fileStore = ownFiles(vault);
  const clock = testClock();
  const logged: string[] = [];
  const log = logInto(logged);
  const queuesOptions = {
    redisUrl: backend === 'redis' ? inject('redisUrl') : null,
    databaseUrl: database.url,
    log,
    prefix: `test-${randomUUID()}`,
  };
  const ends: (() => Promise<void>)[] = [];
  const openedQueues = async () => {
    const queues = await openQueues(queuesOptions);
    ends.push(() => queues.close());
    return queues;
  };
  const queues = await openedQueues();
  onTestFinished(async () => {
    for (const end of ends.toReversed()) await end();
    await database.drop();
  });
  const rig: Rig = {
    pool,
    databaseUrl: database.url,
    vault,
    fileStore,
    store: createDeliveryStore(pool, machine),
    queues,
    queuePrefix: queuesOptions.prefix,
    logged,
    clock,
    now: clock.now,
    moreQueues: openedQueues,
    person: (accounts = ['fake']) => addPerson(rig, accounts),
    reply: (person, text, more = {}) => addReply(rig, person, text, more),
    async replies(person, texts) {
      const ids: string[] = [];
      for (const text of texts) ids.push(await addReply(rig, person, text, {}));
      return ids;
    },
    async broadcast(people, text, more = {}) {
      const id = randomUUID();
      await planBroadcast(pool, vault, {
        id,
        message: saying(text),
        contacts: people.map((person) => person.contactId),
        account: more.account ?? 'fake',
        createdBy: 'test',
        now: clock.now(),
        expiresAt: more.expiresAt ?? null,
      });
      return id;
    },
    rows: async (ids) => {
      const all = await pool.query<Row>(
        'SELECT * FROM delivery WHERE $1::uuid[] IS NULL OR id = ANY($1) ORDER BY seq, cause IN (SELECT id FROM delivery) IS TRUE',
        [ids ?? null],
      );
      return all.rows;
    },
    async row(id) {
      const [row] = await rig.rows([id]);
      if (row === undefined) throw new Error('no such row');
      return row;
    },
    deliver(channels, profile = {}, itsQueues = queues) {
      const delivery = createDelivery({
        pool,
        vault,
        fileStore,
        channels,
        queues: itsQueues,
        now: clock.now,
        newId: randomUUID,
        log,
        profile: { ...testProfile, ...profile },
        workers: true,
      });
      ends.push(() => delivery.stop());
      delivery.start();
      return delivery;
    },
  };
  return rig;
}

/** Waits until a check passes; the only waiting the tests do. */
export function until(check: () => Promise<void> | void): Promise<void> {
  return vi.waitFor(check, { timeout: 20_000, interval: 15 });
}

export function count(items: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}

async function addPerson({ pool, vault, clock }: Rig, accounts: readonly string[]): Promise<Person> {
  const contactId = randomUUID();
  await pool.query('INSERT INTO contact (id, simulator) VALUES ($1, true)', [contactId]);
  const addresses: Record<string, { id: string; value: string }> = {};
  for (const [at, account] of accounts.entries()) {
    const address = { id: randomUUID(), value: `${account}:${randomUUID()}` };
    addresses[account] = address;
    await pool.query(
      `INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index, created_at)
       VALUES ($1, $2, 'fake', $3, $4, $5, $6)`,
      [
        address.id,
        contactId,
        account,
        vault.seal(address.value),
        vault.index('address', address.value),
        new Date(clock.now().getTime() + at),
      ],
    );
  }
  return { contactId, addresses };
}

async function addReply(
  rig: Rig,
  person: Person,
  text: string | Message,
  more: Partial<NewRow>,
): Promise<string> {
  const account = more.account ?? 'fake';
  const id = randomUUID();
  const message = typeof text === 'string' ? saying(text) : text;
  await rig.pool.query(
    `INSERT INTO delivery
       (id, contact_id, address_id, account, lane, state, body_sealed, question, cause, due_at, expires_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, gen_random_uuid(), $9, $10, $11)`,
    [
      id,
      person.contactId,
      person.addresses[account]?.id,
      account,
      more.lane ?? 'reply',
      more.state ?? 'due',
      rig.vault.sealJson(toJson(message)),
      message.question,
      more.dueAt ?? rig.now(),
      more.expiresAt ?? null,
      rig.now(),
    ],
  );
  return id;
}

function logInto(lines: string[]): Logger {
  const write = (fields: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { info: write, warn: write, error: write };
}

import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import type { Ownership } from '../channels/contract.js';

/** How to reach the server, and how often a lock is looked after. */
interface OwnershipOptions {
  readonly url: string;
  /** Time between two looks, in milliseconds. */
  readonly pollMs: number;
  readonly onFault: (error: unknown) => void;
}

type Work = (held: AbortSignal) => Promise<void>;

/** Ownership by advisory locks of the database: when a process dies, its connection does, and the server frees what it held. */
export function createOwnership(options: OwnershipOptions): Ownership {
  return {
    own(name, work) {
      const end = new AbortController();
      const done = waitAndOwn(options, name, work, end.signal);
      return {
        close: () => {
          end.abort();
          return done;
        },
      };
    },
  };
}

async function waitAndOwn(
  options: OwnershipOptions,
  name: string,
  work: Work,
  end: AbortSignal,
): Promise<void> {
  while (!end.aborted) {
    await onConnection(options, name, work, end).catch(nothing);
    await pause(options.pollMs, end);
  }
}

/** Waits for the lock on one connection, and works while both last. A server that is away is somebody else's to report. */
async function onConnection(
  options: OwnershipOptions,
  name: string,
  work: Work,
  end: AbortSignal,
): Promise<void> {
  const client = newClient(options.url);
  const dead = new AbortController();
  const die = () => dead.abort();
  client.on('error', die).on('end', die);
  const over = AbortSignal.any([end, dead.signal]);
  try {
    await client.connect();
    while (!over.aborted && !(await locked(client, name))) await pause(options.pollMs, over);
    if (!over.aborted) await whileHeld(options, client, work, over);
  } finally {
    await client.end().catch(nothing);
  }
}

async function whileHeld(
  options: OwnershipOptions,
  client: Client,
  work: Work,
  over: AbortSignal,
): Promise<void> {
  const held = new AbortController();
  const working = work(held.signal).catch(options.onFault);
  try {
    while (!over.aborted) {
      await client.query('SELECT 1');
      await pause(options.pollMs, over);
    }
  } finally {
    held.abort();
    await working;
  }
}

function newClient(url: string): Client {
  return new Client({
    connectionString: url,
    application_name: 'sapa ownership',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
}

async function locked(client: Client, name: string): Promise<boolean> {
  const text = 'SELECT pg_try_advisory_lock(hashtextextended($1, 1)) AS mine';
  const { rows } = await client.query<{ mine: boolean }>(text, [name]);
  return rows[0]?.mine === true;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(nothing);
}

function nothing(): void {}

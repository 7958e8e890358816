import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSimulator } from '../../../src/channels/simulator/channel.js';
import { createVault } from '../../../src/store/crypto.js';
import { createSimulatorStore, type SimulatorStore } from '../../../src/store/simulator.js';
import { freshDatabase } from '../../support/database.js';
import { channelContract, hearing } from '../contract.js';
import { simulatorWorld } from './world.js';

const vault = createVault(randomBytes(32));

type Database = Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let pool: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  pool = database.pool;
});
afterAll(() => database.drop());

function newStore(pollMs = 200): SimulatorStore {
  return createSimulatorStore({ pool, url: database.url, vault, account: 'simulator', pollMs });
}

channelContract('simulator', async () => {
  const store = newStore();
  return simulatorWorld(store, () => store.close());
});

describe('the storage', () => {
  let store: SimulatorStore;
  let value: string;
  let id: string;

  beforeEach(async () => {
    store = newStore();
    onTestFinished(() => store.close());
    value = `budi-${randomUUID().slice(0, 8)}`;
    id = (await store.addPerson(value)).id;
  });
  const text = (words: string) => ({ text: words });
  const message = (words: string) => ({ text: words, buttons: [{ data: 'q:ya', label: 'Ya' }] });

  it('finds the same person again and lists each with the last message of the bot', async () => {
    expect(await store.addPerson(value)).toEqual({ id, value });
    expect(await store.person(id)).toEqual({ id, value });
    expect(await store.person(randomUUID())).toBeNull();
    await store.show(value, randomUUID(), message('Halo.'));
    const [shown] = await store.screen(id, 0);
    const listed = (await store.people()).find((person) => person.id === id);
    expect(listed).toEqual({ id, value, lastBotBubble: shown?.id });
  });

  it('keeps a file once per message id, and its bytes apart from the screen', async () => {
    const [first, second] = [Buffer.from('first'), Buffer.from('second')];
    const messageId = randomUUID();
    for (const bytes of [first, second]) {
      expect(await store.sendFile(id, messageId, { name: 'sk.jpg', mime: 'image/jpeg', bytes })).toBe(true);
    }
    expect(await store.screen(id, 0)).toMatchObject([
      { messageId, body: { file: { name: 'sk.jpg', mime: 'image/jpeg', size: 5 } } },
    ]);
    expect(await store.file(messageId)).toEqual(first);
    expect(await store.file(randomUUID())).toBeNull();
    expect(await store.sendFile(randomUUID(), randomUUID(), { name: 'x', mime: '', bytes: first })).toBe(
      false,
    );
  });

  it('keeps the screen in order, once per message id', async () => {
    const said = randomUUID();
    const sent = randomUUID();
    for (const _ of ['first', 'repeated']) {
      expect(await store.say(id, said, text('menu'))).toBe(true);
      expect(await store.show(value, sent, message('Halo.'))).toBe(true);
    }
    const screen = await store.screen(id, 0);
    expect(screen.map((bubble) => [bubble.fromBot, bubble.messageId, bubble.body])).toEqual([
      [false, said, text('menu')],
      [true, sent, message('Halo.')],
    ]);
    expect(await store.screen(id, screen[0]?.id ?? 0)).toEqual(screen.slice(1));
    expect(await store.tail(id, 1)).toEqual(screen.slice(1));
  });

  it('knows when there is no such person', async () => {
    expect(await store.say(randomUUID(), randomUUID(), text('menu'))).toBe(false);
    expect(await store.show('siapa', randomUUID(), message('Halo.'))).toBe(false);
  });

  it('is settled once all is fetched and every reply has ended', async () => {
    expect(await store.settled(id)).toBe(true);
    await store.say(id, randomUUID(), text('menu'));
    expect(await store.settled(id)).toBe(false);
    for (const { bubble } of await store.unfetched(id)) await store.confirm(bubble.id);
    expect(await store.settled(id)).toBe(true);
    const reply = await plan(value, 'reply', 'due');
    await plan(value, 'bulk', 'due');
    expect(await store.settled(id)).toBe(false);
    await pool.query("UPDATE delivery SET state = 'accepted' WHERE id = $1", [reply]);
    expect(await store.settled(id)).toBe(true);
  });

  it('announces a change to another process', async () => {
    const other = newStore();
    onTestFinished(() => other.close());
    const leaving = new AbortController();
    for await (const _ of other.changes(leaving.signal)) {
      if ((await other.screen(id, 0)).length === 1) leaving.abort();
      else await store.show(value, 'the-only-one', message('Halo.'));
    }
    expect(leaving.signal.aborted).toBe(true);
  });

  async function plan(to: string, lane: string, state: string): Promise<string> {
    const [contact, address, delivery] = [randomUUID(), randomUUID(), randomUUID()];
    const index = vault.index('address', to);
    await pool.query('INSERT INTO contact (id, simulator) VALUES ($1, true)', [contact]);
    await pool.query(
      `INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index)
       VALUES ($1, $2, 'simulator', 'simulator', $3, $4) ON CONFLICT DO NOTHING`,
      [address, contact, vault.seal(to), index],
    );
    await pool.query(
      `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, due_at)
       SELECT $1, contact_id, id, account, $2, $3, now() FROM address WHERE value_index = $4`,
      [delivery, lane, state, index],
    );
    return delivery;
  }
});

describe('two processes', () => {
  const slowToReturn = 60_000;

  async function consumer(name: string, heard: string[], pollMs: number) {
    const store = newStore(pollMs);
    const channel = createSimulator(store, { account: 'takeover' });
    onTestFinished(async () => {
      await channel.close();
      await store.close();
    });
    await channel.open(
      hearing(async ({ address, content }) => {
        if (address === 'sri' && content.kind === 'text') heard.push(`${name}: ${content.text}`);
      }),
    );
    return store;
  }

  it('take turns: the second takes over when the connection of the first is cut, and nothing is lost', async () => {
    const heard: string[] = [];
    const store = await consumer('first', heard, slowToReturn);
    const { id } = await store.addPerson('sri');
    await store.say(id, randomUUID(), { text: 'satu' });
    await vi.waitFor(() => expect(heard).toEqual(['first: satu']), 5_000);
    await consumer('second', heard, 100);
    await vi.waitFor(async () => expect(await listening()).toBe(2), 5_000);
    await store.say(id, randomUUID(), { text: 'dua' });
    await vi.waitFor(() => expect(heard.at(-1)).toBe('first: dua'), 5_000);

    await cutHolder();
    await vi.waitFor(async () => expect(await holder()).toHaveLength(1), 5_000);
    await store.say(id, randomUUID(), { text: 'tiga' });
    await vi.waitFor(() => expect(heard.at(-1)).toBe('second: tiga'), 5_000);
    expect(heard).toEqual(['first: satu', 'first: dua', 'second: tiga']);
  }, 30_000);

  const sessions = "datname = current_database() AND application_name = 'sapa simulator'";
  const lock = "hashtextextended('sapa:takeover', 0)";

  async function listening(): Promise<number> {
    const { rows } = await pool.query(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE ${sessions}`);
    return rows[0].n;
  }

  async function holder(): Promise<readonly number[]> {
    const { rows } = await pool.query(
      `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND (classid::bigint << 32 | objid::bigint) = ${lock}`,
    );
    return rows.map((row) => row.pid);
  }

  async function cutHolder(): Promise<void> {
    const [pid] = await holder();
    await pool.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
  }
});

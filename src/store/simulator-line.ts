import { setTimeout as pause } from 'node:timers/promises';
import { Client, type Notification } from 'pg';
import type { Begin, Consumption, Wake } from '../channels/simulator/port.js';

/** Announced whenever a screen changed, with the person's id. */
export const screenTopic = 'sapa_simulator';
/** Announced beside it when it was the person who said something. */
export const saidTopic = 'sapa_simulator_said';

/** Hears the id of the person whose screen changed; null when it may be anyone's. */
type Listener = (personId: string | null) => void;

/** How to reach the server, and how long to wait between two looks when nothing is announced. */
interface LineOptions {
  readonly url: string;
  readonly pollMs: number;
}

interface Seat {
  readonly lock: string;
  readonly begin: (held: AbortSignal) => Listener;
  held: AbortController | null;
  listener: Listener | null;
}

/**
 * The one connection of a process that hears announcements and holds the consumers' locks. It is made when first needed
 * and made again whenever it dies; the server frees the locks of a dead connection by itself.
 */
export class SimulatorLine {
  readonly #options: LineOptions;
  readonly #listeners = new Set<Listener>();
  readonly #seats = new Set<Seat>();
  #client: Client | null = null;
  #running: Promise<void> | null = null;
  #closed = false;
  #rung = false;
  #waken: () => void = nothing;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Adds a listener; the function given back removes it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#start();
    return () => this.#listeners.delete(listener);
  }

  /** Takes a place in the row for a lock; `waiting` finds who has something when nobody was named. */
  consume(lock: string, begin: Begin, waiting: (wake: Wake) => void): Consumption {
    const listenerOf = (wake: Wake) => (id: string | null) => (id === null ? waiting(wake) : wake(id));
    const seat: Seat = { lock, begin: (held) => listenerOf(begin(held)), held: null, listener: null };
    this.#seats.add(seat);
    this.#start();
    return { close: () => this.#giveUp(seat) };
  }

  /** Ends the connection; whoever listens hears nothing any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#ring();
    await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run();
    this.#ring();
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      await this.#connected().catch(nothing);
      this.#rung = this.#closed;
      await this.#quiet();
    }
  }

  async #connected(): Promise<void> {
    const client = this.#newClient();
    const dead = new AbortController();
    const die = () => {
      dead.abort();
      if (this.#client === client) this.#ring();
    };
    client.on('error', die).on('end', die).on('notification', this.#notified);
    try {
      await client.connect();
      await client.query(`LISTEN ${screenTopic}; LISTEN ${saidTopic}`);
      this.#client = client;
      await this.#attend(client, dead.signal);
    } finally {
      this.#client = null;
      for (const seat of this.#seats) leave(seat);
      const ended = client.end().catch(nothing);
      if (this.#closed) await Promise.race([ended, pause(1_000, undefined, { ref: false })]);
    }
  }

  #newClient(): Client {
    return new Client({
      connectionString: this.#options.url,
      application_name: 'sapa simulator',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    });
  }

  async #attend(client: Client, dead: AbortSignal): Promise<void> {
    while (!dead.aborted && !this.#closed) {
      await client.query('SELECT 1');
      for (const seat of this.#seats) await claim(client, seat);
      this.#tell(screenTopic, null);
      this.#tell(saidTopic, null);
      await this.#quiet();
    }
  }

  readonly #notified = (note: Notification): void => this.#tell(note.channel, note.payload ?? null);

  #tell(topic: string, personId: string | null): void {
    if (topic === screenTopic) for (const listener of this.#listeners) listener(personId);
    else for (const seat of this.#seats) seat.listener?.(personId);
  }

  async #giveUp(seat: Seat): Promise<void> {
    this.#seats.delete(seat);
    const mine = seat.held !== null;
    leave(seat);
    if (mine) await this.#client?.query(unlock(seat.lock)).catch(nothing);
  }

  #ring(): void {
    this.#rung = true;
    this.#waken();
  }

  /** Waits until something rings, or has rung since the last wait, or the time between two looks is over. */
  async #quiet(): Promise<void> {
    if (!this.#rung) await this.#silence();
    this.#rung = false;
  }

  #silence(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.pollMs);
      this.#waken = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

async function claim(client: Client, seat: Seat): Promise<void> {
  if (seat.held !== null) return;
  const { rows } = await client.query<{ mine: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine',
    [seat.lock],
  );
  if (rows[0]?.mine !== true) return;
  seat.held = new AbortController();
  seat.listener = seat.begin(seat.held.signal);
}

function leave(seat: Seat): void {
  seat.held?.abort();
  seat.held = null;
  seat.listener = null;
}

function unlock(lock: string) {
  return { text: 'SELECT pg_advisory_unlock(hashtextextended($1, 0))', values: [lock] };
}

function nothing(): void {}

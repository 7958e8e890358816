import type { Fetched } from '../contract.js';
import { endInTime, type Offspring, startOffspring } from './offspring.js';
import type { GroupSeen, Outgoing, OwnedAccount, Pair, Pairing, WhatsAppStore } from './port.js';
import {
  childAsks,
  childTells,
  parentAsks,
  parentTells,
  type Report,
  type Said,
  type Sent,
  type Start,
} from './protocol.js';
import { answering, type Handler, hearing, WireError } from './wire.js';

/** What one connection is made of, and whom it tells. */
export interface SessionOptions {
  /** The compiled file of the child. */
  readonly program: string;
  readonly owned: OwnedAccount;
  readonly store: Pick<WhatsAppStore, 'sentAs'>;
  readonly start: Start;
  readonly limits: ChildLimits;
  readonly onPairing: (pairing: Pairing) => void;
  readonly onOpen: (version: string) => void;
  readonly onLocked: (until: number | null) => void;
  readonly onReports: (reports: readonly Report[]) => void;
  readonly onPair: (pair: Pair) => void;
  readonly onGroups: (groups: readonly GroupSeen[]) => void;
  /** Resolves when the message is kept for good. */
  readonly keep: (said: Said) => Promise<void>;
}

/** What a child may use, and how long it may be silent. */
export interface ChildLimits {
  readonly heapMb: number;
  /** More memory than this ends it, in megabytes. */
  readonly rssMb: number;
  readonly aliveMs: number;
  /** After this long without a sign of life it is ended, in milliseconds. */
  readonly silentMs: number;
  /** How long it has to end by itself. */
  readonly patienceMs: number;
}

/** The limits of normal work: the bare client needs some 245 MB, and 400 are never to be exceeded. */
export const childLimits: ChildLimits = {
  heapMb: 256,
  rssMb: 400,
  aliveMs: 5_000,
  silentMs: 60_000,
  patienceMs: 5_000,
};

/** How a connection ended: by a code of the provider, by its process (null), or because it grew too large. */
export interface SessionEnd {
  readonly code: number | null;
  readonly isOpened: boolean;
  /** Another process owns the account by now. */
  readonly isFenced: boolean;
  readonly isTooLarge: boolean;
}

const megabyte = 1024 * 1024;

/** One connection to WhatsApp, in a process of its own, from its start to its end. */
export class Session {
  readonly #options: SessionOptions;
  readonly #child: Offspring;
  readonly #watch: NodeJS.Timeout;
  #aliveAt = Date.now();
  #code: number | null = null;
  #isOpened = false;
  #isOver = false;
  #isFenced = false;
  #isTooLarge = false;
  #ending: Promise<void> | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { program, limits, start } = options;
    this.#child = startOffspring({
      ...{ program, heapMb: limits.heapMb, handlers: this.#handlers() },
      onNonsense: () => this.#child.kill(),
    });
    this.#child.wire.tell(parentTells.start, start);
    this.#watch = setInterval(() => this.#look(), limits.aliveMs).unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it has logged in and nothing has ended it since. */
  get isOpen(): boolean {
    return this.#isOpened && !this.#isOver;
  }

  /** Resolves when the process is gone. */
  async ended(): Promise<SessionEnd> {
    await this.#child.gone;
    clearInterval(this.#watch);
    this.#isOver = true;
    return {
      ...{ code: this.#code, isOpened: this.#isOpened },
      ...{ isFenced: this.#isFenced, isTooLarge: this.#isTooLarge },
    };
  }

  /** Ends the connection in order, and the process with it. */
  end(): Promise<void> {
    this.#ending ??= this.#endInOrder();
    return this.#ending;
  }

  /** Sends a message; what a process that is gone did with it nobody knows. */
  async send(outgoing: Outgoing): Promise<Sent> {
    try {
      return await this.#child.wire.ask(parentAsks.send, outgoing);
    } catch (error) {
      return { kind: 'lost', code: error instanceof WireError ? `process-${error.why}` : 'unexpected' };
    }
  }

  /** Gets a file; rejects when it may be there at the next try. */
  fetch(ref: string, limit: number): Promise<Fetched> {
    return this.#child.wire.ask(parentAsks.fetch, { ref, limit });
  }

  async #endInOrder(): Promise<void> {
    this.#isOver = true;
    this.#child.wire.tell(parentTells.stop, null);
    await endInTime(this.#child, this.#options.limits.patienceMs);
  }

  #handlers(): readonly Handler[] {
    const { owned, store, keep, onReports, onPair, onPairing, onLocked, onGroups } = this.#options;
    return [
      answering(childAsks.read, async ({ kind, ids }) => Object.fromEntries(await owned.read(kind, ids))),
      answering(childAsks.write, async (changes) => this.#held(await owned.write(changes))),
      answering(childAsks.heard, async (said) => {
        await keep(said);
        return null;
      }),
      answering(childAsks.sentAs, ({ id }) => store.sentAs(id)),
      hearing(childTells.qr, (text) => onPairing({ kind: 'qr', text })),
      hearing(childTells.code, (text) => onPairing({ kind: 'code', text })),
      hearing(childTells.open, ({ version }) => this.#opened(version)),
      hearing(childTells.closed, ({ code }) => this.#closed(code)),
      hearing(childTells.receipts, onReports),
      hearing(childTells.pair, onPair),
      hearing(childTells.locked, ({ until }) => onLocked(until)),
      hearing(childTells.groups, onGroups),
      hearing(childTells.alive, ({ rss }) => this.#alive(rss)),
    ];
  }

  /** A write that was refused belongs to a connection that must not be: somebody else has begun one. */
  #held(isHeld: boolean): null {
    if (isHeld) return null;
    this.#isFenced = true;
    this.#child.kill();
    throw new Error('another process owns the account');
  }

  #opened(version: string): void {
    this.#isOpened = true;
    this.#options.onOpen(version);
  }

  #closed(code: number | null): void {
    this.#code = code;
    this.#isOver = true;
    this.#child.kill();
  }

  #alive(rss: number): void {
    this.#aliveAt = Date.now();
    if (rss <= this.#options.limits.rssMb * megabyte) return;
    this.#isTooLarge = true;
    void this.end();
  }

  #look(): void {
    if (Date.now() - this.#aliveAt > this.#options.limits.silentMs) this.#child.kill();
  }
}

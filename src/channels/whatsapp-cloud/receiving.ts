import type { Listener, Move } from '../contract.js';
import { Lines } from '../contract-lines.js';
import { type Ear, type Heard, hear, preferencesOf, receiptOf } from './hear.js';
import type { CloudMessage, Notice, Profile } from './notice.js';

/** What receiving needs. */
export interface ReceivingOptions {
  readonly account: string;
  readonly now: () => Date;
  readonly listener: Listener;
}

/** So many pairs of names are remembered as told. */
const mostPairs = 10_000;

/** Hands over what calls tell: of one person in order, of different persons and receipts in parallel. */
export class Receiving {
  readonly #options: ReceivingOptions;
  readonly #lines = new Lines();
  /** New names that were told before: with each message come both names of its sender. */
  readonly #told = new Set<string>();

  constructor(options: ReceivingOptions) {
    this.#options = options;
  }

  /** Resolves once all of it is stored for good; rejects when some of it is not. */
  async take(notices: readonly Notice[]): Promise<void> {
    const taken = notices.map((notice) => this.#take(notice));
    await Promise.allSettled(taken);
    await Promise.all(taken);
  }

  /** Resolves when nothing is being handed over any more. */
  drain(): Promise<void> {
    return this.#lines.drain();
  }

  async #take(notice: Notice): Promise<void> {
    const { account, now, listener } = this.#options;
    const ear: Ear = { account, now: now() };
    switch (notice.kind) {
      case 'message':
        return this.#takeMessage(notice.message, notice.profiles, ear);
      case 'status': {
        const receipt = receiptOf(notice.status, ear);
        return receipt === null ? undefined : listener.receipt(receipt);
      }
      case 'preference':
        for (const preference of preferencesOf(notice.preference, ear)) await listener.preference(preference);
    }
  }

  async #takeMessage(message: CloudMessage, profiles: readonly Profile[], ear: Ear): Promise<void> {
    const heard = hear(message, profiles, ear);
    if (heard !== null) await this.#lines.run(heard.line, () => this.#handOver(heard));
  }

  async #handOver({ moves, message }: Heard): Promise<void> {
    for (const move of moves) await this.#tell(move);
    if (message !== null) await this.#options.listener.message(message);
  }

  async #tell(move: Move): Promise<void> {
    const pair = `${move.from}\n${move.to}`;
    if (this.#told.has(pair)) return;
    await this.#options.listener.moved(move);
    if (this.#told.size >= mostPairs) this.#told.clear();
    this.#told.add(pair);
  }
}

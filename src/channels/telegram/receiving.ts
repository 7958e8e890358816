import type { Update } from 'grammy/types';
import type { Listener } from '../contract.js';
import { Lines } from '../contract-lines.js';
import { isDone } from '../contract-until-done.js';
import type { TelegramApi } from './api.js';
import { type Heard, hear, lineOf } from './hear.js';

/** What receiving needs. */
export interface ReceivingOptions {
  readonly account: string;
  readonly api: Pick<TelegramApi, 'answerPress'>;
  readonly now: () => Date;
  readonly onFault: (error: unknown) => void;
  readonly listener: Listener;
  /** Aborted at the end: buttons that still wait are left waiting. */
  readonly closing: AbortSignal;
}

/** Hands over what updates say: of one chat in order, of different chats in parallel. */
export class Receiving {
  readonly #options: ReceivingOptions;
  readonly #lines = new Lines();
  readonly #answers = new Set<Promise<void>>();

  constructor(options: ReceivingOptions) {
    this.#options = options;
  }

  /** Resolves once the update is stored for good; rejects when it is not. */
  take(update: Update): Promise<void> {
    return this.#lines.run(lineOf(update), () => this.#handOver(update));
  }

  /** The same, tried until it is stored; false when that was given up because of `stop`. */
  takeUntil(update: Update, stop: AbortSignal): Promise<boolean> {
    const trying = { stop, onFault: this.#options.onFault };
    return this.#lines.run(lineOf(update), () => isDone(trying, () => this.#handOver(update)));
  }

  /** Resolves when nothing is being handed over or answered any more. */
  async drain(): Promise<void> {
    await this.#lines.drain();
    await Promise.all(this.#answers);
  }

  async #handOver(update: Update): Promise<void> {
    const heard = this.#hear(update);
    if (heard === null) return;
    const { listener } = this.#options;
    if (heard.kind === 'standing') return listener.standing(heard.standing);
    await listener.message(heard.message);
    if (heard.press !== null) this.#answer(heard.press);
  }

  /** An update we cannot read is reported and let go: kept, it would hold up everybody. */
  #hear(update: Update): Heard | null {
    const { account, now, onFault } = this.#options;
    try {
      return hear(update, { account, now: now() });
    } catch (error) {
      onFault(error);
      return null;
    }
  }

  /** Not waited for: the press is stored, and one that is too old for an answer is none the worse. */
  #answer(press: string): void {
    const { api, closing } = this.#options;
    const answer = api
      .answerPress(press, closing)
      .catch(() => undefined)
      .then(() => void this.#answers.delete(answer));
    this.#answers.add(answer);
  }
}

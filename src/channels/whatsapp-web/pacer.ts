import type { Json } from '../../flow/json.js';
import type { Parcel } from '../contract.js';
import { fault } from './failure.js';
import { counted, locked, mustWait, noted, type Pace, type PaceLimits, readPace } from './pacing.js';
import type { OwnedAccount, WhatsAppStore } from './port.js';

/** What the pacer needs. */
export interface PacerOptions {
  readonly store: Pick<WhatsAppStore, 'wroteFirst' | 'alarm'>;
  readonly account: string;
  readonly limits: PaceLimits;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Pause after the database was away, in milliseconds. */
const soonMs = 1_000;

/** Keeps what the bot begins by itself to a pace that does not cost the number; kept so that no restart forgets it. */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #owned: Pick<OwnedAccount, 'keepPace'>;
  #pace: Pace;
  #written: Promise<unknown> = Promise.resolve();

  constructor(options: PacerOptions, owned: Pick<OwnedAccount, 'keepPace'>, kept: Json) {
    this.#options = options;
    this.#owned = owned;
    this.#pace = readPace(kept);
  }

  /** Takes the turn of a broadcast message. Throws `ChannelError` when it may not be sent now, or never. */
  async take({ address }: Parcel): Promise<void> {
    const { limits, random, store } = this.#options;
    const now = this.#now();
    const wait = mustWait(this.#pace, now, limits);
    if (wait !== null) throw fault({ kind: 'throttled', until: new Date(wait.until), code: wait.code });
    if (!(await this.#orLater(store.wroteFirst(address))))
      throw fault({ kind: 'permanent', code: 'never-wrote' });
    await this.#orLater(this.#change(counted(this.#pace, now, limits, random())));
  }

  /** Notes how a broadcast message ended. */
  async note(failed: boolean): Promise<void> {
    const { limits, store, account } = this.#options;
    const { pausedUntil } = this.#pace;
    await this.#change(noted(this.#pace, failed, this.#now(), limits));
    if (this.#pace.pausedUntil > pausedUntil)
      await store.alarm(
        'whatsapp-web-failing',
        `${account}: more than 5 % of the last broadcast messages were refused, so broadcasts rest for a day. Look at whom they go to; answers go on.`,
      );
  }

  /** The provider allows no new chats for a while: only answers go out. */
  async lock(until: number | null): Promise<void> {
    const { limits, store, account } = this.#options;
    await this.#change(locked(this.#pace, until, this.#now(), limits));
    await store.alarm(
      'whatsapp-web-locked',
      `${account}: WhatsApp lets the number begin no chats for a while (463). Broadcasts wait, answers go on. Send less, and only to people who wrote first.`,
    );
  }

  /** Another pairing begins anew. */
  forget(): void {
    this.#pace = readPace(null);
  }

  #now(): number {
    return this.#options.now().getTime();
  }

  /** Written one after the other: what was true before must not be what is remembered. */
  #change(pace: Pace): Promise<unknown> {
    this.#pace = pace;
    const mine = this.#written.then(() => this.#owned.keepPace(this.#pace));
    this.#written = mine.catch(() => false);
    return mine;
  }

  /** Nothing was sent yet: what cannot be looked up or written down just now is sent later. */
  async #orLater<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch {
      throw fault({ kind: 'throttled', until: new Date(this.#now() + soonMs), code: 'database' });
    }
  }
}

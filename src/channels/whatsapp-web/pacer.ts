import type { Json } from '../../flow/json.js';
import type { Parcel } from '../contract.js';
import { fault } from './failure.js';
import { counted, locked, mustWait, noted, type Pace, type PaceLimits, readPace } from './pacing.js';
import type { OwnedAccount, WhatsAppStore } from './port.js';

/** What the pacer needs. */
export interface PacerOptions {
  readonly store: Pick<WhatsAppStore, 'isWarm' | 'alarm' | 'clearAlarm'>;
  readonly account: string;
  readonly limits: PaceLimits;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
}

const failing = 'whatsapp-web-failing';
const lockedOut = 'whatsapp-web-locked';

/** Pause after the database was away, in milliseconds. */
const soonMs = 1_000;

/** Keeps what the bot begins by itself to a pace that does not cost the number; kept so that no restart forgets it. */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #owned: Pick<OwnedAccount, 'keepPace'>;
  #pace: Pace;
  /** Alarms that may stand, of this process or one before it. */
  readonly #raised = new Set<string>([failing, lockedOut]);
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
    await this.#orLater(this.calm());
    const wait = mustWait(this.#pace, now, limits);
    if (wait !== null) throw fault({ kind: 'throttled', until: new Date(wait.until), code: wait.code });
    if (!(await this.#orLater(store.isWarm(address))))
      throw fault({ kind: 'permanent', code: 'never-wrote' });
    await this.#orLater(this.#change(counted(this.#pace, now, limits, random())));
  }

  /** Notes how a broadcast message ended. */
  async note(failed: boolean): Promise<void> {
    const { limits, account } = this.#options;
    const { pausedUntil } = this.#pace;
    await this.#change(noted(this.#pace, failed, this.#now(), limits));
    if (this.#pace.pausedUntil > pausedUntil)
      await this.#alarm(
        failing,
        `${account}: more than 5 % of the last broadcast messages were refused, so broadcasts rest for a day. Look at whom they go to; answers go on.`,
      );
  }

  /** The provider allows no new chats for a while: only answers go out. */
  async lock(until: number | null): Promise<void> {
    const { limits, account } = this.#options;
    await this.#change(locked(this.#pace, until, this.#now(), limits));
    await this.#alarm(
      lockedOut,
      `${account}: WhatsApp lets the number begin no chats for a while (463). Broadcasts wait, answers go on. Send less, and only to people who wrote first.`,
    );
  }

  /** Lowers the alarms whose time is over: when the account is connected again, and before each broadcast message. */
  async calm(): Promise<void> {
    const { lockedUntil, pausedUntil } = this.#pace;
    const now = this.#now();
    if (lockedUntil <= now) await this.#lower(lockedOut);
    if (pausedUntil <= now) await this.#lower(failing);
  }

  #alarm(kind: string, message: string): Promise<void> {
    this.#raised.add(kind);
    return this.#options.store.alarm(kind, message);
  }

  async #lower(kind: string): Promise<void> {
    if (!this.#raised.has(kind)) return;
    await this.#options.store.clearAlarm(kind);
    this.#raised.delete(kind);
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

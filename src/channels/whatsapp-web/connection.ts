import { pause } from '../contract-pause.js';
import type { GroupSeen, OwnedAccount, Pair, Pairing, WhatsAppStore } from './port.js';
import type { Report, Said, Start } from './protocol.js';
import { type Next, nextAfter, type ReconnectTimes } from './reconnect.js';
import { type ChildLimits, Session, type SessionEnd } from './session.js';
import { needsAsking, stops } from './stops.js';

/** The double a test points the client at. */
export interface DoubleAddress {
  readonly socketUrl: string;
  readonly rootKey: string | null;
}

/** What keeps an account connected. */
export interface ConnectionOptions {
  readonly account: string;
  readonly program: string;
  readonly store: WhatsAppStore;
  readonly double: DoubleAddress | null;
  readonly pairingNumber: string | null;
  readonly limits: ChildLimits;
  readonly times: ConnectionTimes;
  readonly random: () => number;
  readonly onFault: (error: unknown) => void;
  /** Shown to whoever sits at this computer. */
  readonly onPairing: (pairing: Pairing) => void;
  /** A session that can send, or that none can. */
  readonly onOpen: (session: Session | null) => void;
  /** What was remembered of the pairing is gone. */
  readonly onWiped: () => void;
  readonly onLocked: (until: number | null) => void;
  readonly onReports: (reports: readonly Report[]) => void;
  readonly onPair: (pair: Pair) => void;
  readonly onGroups: (groups: readonly GroupSeen[]) => void;
  readonly keep: (said: Said) => Promise<void>;
}

/** How long to wait for what, in milliseconds. */
export interface ConnectionTimes extends ReconnectTimes {
  /** Time between two looks whether a person has asked. */
  readonly askedMs: number;
  /** Time between two signs of life of the owner. */
  readonly beatMs: number;
}

/** Keeps the account connected while this process owns it: one connection after the other, never two. */
export async function keepConnected(
  options: ConnectionOptions,
  owned: OwnedAccount,
  stop: AbortSignal,
): Promise<void> {
  const beating = setInterval(() => void owned.beat().catch(options.onFault), options.times.beatMs).unref();
  try {
    await new Connection(options, owned, stop).run();
    const { state } = await options.store.status();
    if (state !== 'stopped') await owned.report({ state: 'new', code: null, pairing: null });
  } finally {
    clearInterval(beating);
  }
}

class Connection {
  readonly #options: ConnectionOptions;
  readonly #owned: OwnedAccount;
  readonly #stop: AbortSignal;
  #failures = 0;
  #reported: Promise<boolean> = Promise.resolve(true);
  #lookUp: boolean;

  constructor(options: ConnectionOptions, owned: OwnedAccount, stop: AbortSignal) {
    this.#options = options;
    this.#owned = owned;
    this.#stop = stop;
    // A double is content with any version, and no test asks the internet for one.
    this.#lookUp = options.double === null;
  }

  async run(): Promise<void> {
    const { state, code } = await this.#options.store.status();
    if (state === 'stopped' && needsAsking(code)) await this.#untilAsked();
    while (!this.#stop.aborted) {
      const creds = (await this.#owned.read('creds', [''])).get('') ?? null;
      const end = await this.#connect(creds);
      if (this.#stop.aborted || end.isFenced) return;
      if (!(await this.#follow(end, await this.#isLinked()))) return;
    }
  }

  async #isLinked(): Promise<boolean> {
    return (await this.#owned.read('creds', [''])).size > 0;
  }

  /** One connection, from its start to its end. */
  async #connect(creds: string | null): Promise<SessionEnd> {
    const { options, owned } = { options: this.#options, owned: this.#owned };
    await this.#report({ state: 'connecting', code: null, pairing: null });
    const session: Session = new Session({
      ...{ program: options.program, owned, store: options.store, limits: options.limits },
      ...{ start: await this.#startOf(creds), keep: options.keep },
      onPairing: (pairing) => this.#offer(pairing),
      onOpen: (version) => this.#opened(session, version),
      ...{ onLocked: options.onLocked, onReports: options.onReports },
      ...{ onPair: options.onPair, onGroups: options.onGroups },
    });
    const endWithStop = () => void session.end();
    this.#stop.addEventListener('abort', endWithStop, { once: true });
    if (this.#stop.aborted) endWithStop();
    const end = await session.ended();
    this.#stop.removeEventListener('abort', endWithStop);
    options.onOpen(null);
    return end;
  }

  async #startOf(creds: string | null): Promise<Start> {
    const { double, pairingNumber, limits } = this.#options;
    return {
      creds,
      ...{ socketUrl: double?.socketUrl ?? null, rootKey: double?.rootKey ?? null },
      ...{ version: await this.#owned.version(), lookUp: this.#lookUp },
      ...{ pairingNumber, aliveMs: limits.aliveMs },
    };
  }

  #offer(pairing: Pairing): void {
    this.#options.onPairing(pairing);
    this.#report({ state: 'pairing', code: null, pairing }).catch(this.#options.onFault);
  }

  #opened(session: Session, version: string): void {
    this.#failures = 0;
    this.#lookUp = false;
    this.#options.onOpen(session);
    this.#report({ state: 'open', code: null, pairing: null }).catch(this.#options.onFault);
    if (version !== '') this.#owned.keepVersion(version).catch(this.#options.onFault);
    this.#options.store.clearAlarm(alarmKind).catch(this.#options.onFault);
  }

  /** One after the other: what was true before must not be said after what is true now. */
  #report(status: Parameters<OwnedAccount['report']>[0]): Promise<boolean> {
    const mine = this.#reported.then(() => this.#owned.report(status));
    this.#reported = mine.catch(() => false);
    return mine;
  }

  /** Does what the table says; false when somebody else owns the account by now. */
  async #follow(end: SessionEnd, isLinked: boolean): Promise<boolean> {
    if (end.isTooLarge) return true;
    const { times, random } = this.#options;
    const phase = isLinked ? 'linked' : 'unlinked';
    const next = nextAfter({ code: end.code, phase, failures: this.#failures }, times, random());
    this.#failures += 1;
    if (next.kind === 'at-once') return true;
    return next.kind === 'wait' ? this.#wait(next) : this.#rest(next);
  }

  async #wait({ ms, code, lookUp }: Extract<Next, { kind: 'wait' }>): Promise<boolean> {
    this.#lookUp ||= lookUp && this.#options.double === null;
    const isHeld = await this.#report({ state: 'waiting', code, pairing: null });
    await pause(ms, this.#stop);
    return isHeld;
  }

  /** Does nothing until a person asks. */
  async #rest({ code, wipe }: Extract<Next, { kind: 'stop' }>): Promise<boolean> {
    const { store, account } = this.#options;
    if (wipe && !(await this.#wiped())) return false;
    if (!(await this.#report({ state: 'stopped', code, pairing: null }))) return false;
    const { what, mend } = stops[code];
    if (code !== 'not-scanned') await store.alarm(alarmKind, `${account}: ${what} ${mend}`);
    await this.#untilAsked();
    this.#failures = 0;
    return true;
  }

  async #wiped(): Promise<boolean> {
    this.#options.onWiped();
    return this.#owned.wipe();
  }

  async #untilAsked(): Promise<void> {
    const { store, times } = this.#options;
    while (!this.#stop.aborted && (await store.status()).state === 'stopped')
      await pause(times.askedMs, this.#stop);
  }
}

const alarmKind = 'whatsapp-web-stopped';

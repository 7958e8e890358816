import { channelCapabilities } from '../../flow/capabilities.js';
import type { Accepted, Channel, Examination, Listener, Ownership, Parcel } from '../contract.js';
import { examineClock } from '../contract-clock.js';
import { Lines } from '../contract-lines.js';
import { pause } from '../contract-pause.js';
import { untilDone } from '../contract-until-done.js';
import { healthOf, versionOf } from './condition.js';
import { type ConnectionTimes, type DoubleAddress, keepConnected } from './connection.js';
import { doorOf } from './door.js';
import { fault, faultOf, newChatsLocked } from './failure.js';
import { messageId } from './message-id.js';
import { Pacer } from './pacer.js';
import { type PaceLimits, paceLimits } from './pacing.js';
import type { GroupSeen, OwnedAccount, Pair, Pairing, WhatsAppStore } from './port.js';
import type { Report, Said } from './protocol.js';
import { Receiving } from './receiving.js';
import { reconnectTimes } from './reconnect.js';
import { type ChildLimits, childLimits, type Session } from './session.js';

/** How a number is run. */
export interface WhatsAppWebOptions {
  readonly account: string;
  readonly store: WhatsAppStore;
  /** Sees to it that one process at a time is connected. */
  readonly ownership: Ownership;
  /** The compiled `child.js`. */
  readonly program: string;
  /** Null: WhatsApp itself. */
  readonly double: DoubleAddress | null;
  /** The number, in digits, that asks for a code to type; null: a QR code to scan. */
  readonly pairingNumber: string | null;
  readonly now: () => Date;
  readonly random: () => number;
  /** Hears what went wrong and will be tried again; nothing of it holds a key, a number or a text. */
  readonly onFault: (error: unknown) => void;
  /** Shows what is to be scanned or typed to whoever sits at this computer. */
  readonly onPairing: (pairing: Pairing) => void;
  readonly limits?: ChildLimits;
  readonly pace?: PaceLimits;
  readonly times?: WhatsAppTimes;
}

/** How long to wait for what, in milliseconds. */
export interface WhatsAppTimes extends ConnectionTimes {
  /** How long the bot seems to type before it answers. */
  readonly typingMs: number;
  /** How long the server may take to acknowledge a message. */
  readonly ackMs: number;
}

/** The times of normal work. */
export const whatsAppTimes: WhatsAppTimes = {
  ...reconnectTimes,
  askedMs: 1_000,
  beatMs: 15_000,
  typingMs: 800,
  ackMs: 20_000,
};

/** A number on WhatsApp Web, by the Baileys client in a process of its own. */
export function createWhatsAppWeb(options: WhatsAppWebOptions): Channel {
  const number = new LinkedNumber(options);
  const { pace = paceLimits } = options;
  return {
    name: 'whatsapp-web',
    account: options.account,
    simulator: false,
    capabilities: channelCapabilities['whatsapp-web'],
    // The pacer decides when a broadcast message may go; the least gap only spares it the question.
    pace: { bulkBatch: 1, concurrency: 4, bulkConcurrency: 1, bulkGapMs: pace.leastGapMs },
    sameIdIsOneMessage: true,
    webhook: null,
    sending: { watch: (listener) => number.watch(listener) },
    open: (listener) => number.open(listener),
    send: (parcel) => number.send(parcel),
    fetch: (ref, limitBytes) => number.fetch(ref, limitBytes),
    health: async () => healthOf(await options.store.status(), options.now()),
    examine: () => examine(options),
    door: async (_, words) => doorOf(await options.store.creds(), words),
    close: () => number.close(),
  };
}

const officialServer = 'https://web.whatsapp.com';

/** Also asked by a process that holds no connection. */
function examine({ store, double, now }: WhatsAppWebOptions): Promise<readonly Examination[]> {
  const server =
    double === null ? officialServer : new URL('/', double.socketUrl.replace(/^ws/, 'http')).href;
  const version = async () => versionOf(await store.status(), await store.version());
  return Promise.all([examineClock(server, 'WhatsApp', now), version()]);
}

/** The number as this process holds it, or waits to: open at most once. */
class LinkedNumber {
  readonly #options: WhatsAppWebOptions;
  readonly #times: WhatsAppTimes;
  readonly #closing = new AbortController();
  readonly #watchers: ((able: boolean) => void)[] = [];
  #session: Session | null = null;
  #pacer: Pacer | null = null;
  #work: { close(): Promise<void> } | null = null;

  constructor(options: WhatsAppWebOptions) {
    this.#options = options;
    this.#times = options.times ?? whatsAppTimes;
  }

  watch(listener: (able: boolean) => void): void {
    this.#watchers.push(listener);
    listener(this.#session !== null);
  }

  async open(listener: Listener): Promise<void> {
    const { ownership, account } = this.#options;
    this.#work = ownership.own(account, (held) =>
      this.#hold(listener, AbortSignal.any([held, this.#closing.signal])),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#work?.close();
  }

  async send(parcel: Parcel): Promise<Accepted> {
    const { now } = this.#options;
    const [session, pacer] = [this.#session, this.#pacer];
    if (session === null || pacer === null)
      throw fault(faultOf({ kind: 'unsent', code: 'not-connected' }, now()));
    if (parcel.bulk) await pacer.take(parcel);
    const id = messageId(parcel.id);
    const { typingMs, ackMs } = this.#times;
    const sent = await session.send({
      ...{ id, to: parcel.address, text: parcel.message.text, file: parcel.file ?? null },
      ...{ ackMs, typingMs: parcel.bulk ? 0 : typingMs },
    });
    if (parcel.bulk) this.#quietly(pacer.note(sent.kind === 'refused'));
    if (sent.kind === 'accepted') return { providerId: id };
    if (sent.kind === 'refused' && sent.code === newChatsLocked) this.#quietly(pacer.lock(null));
    throw fault(faultOf(sent, now()));
  }

  async fetch(ref: string, limitBytes: number) {
    if (this.#session === null) throw new Error('WhatsApp is not connected: the file is fetched later');
    return this.#session.fetch(ref, limitBytes);
  }

  /** Works while the account is this process's, however often the database goes away meanwhile. */
  async #hold(listener: Listener, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#own(listener, stop).catch(this.#options.onFault);
      await pause(this.#times.askedMs, stop);
    }
  }

  async #own(listener: Listener, stop: AbortSignal): Promise<void> {
    const { account, store, now, random, onFault, pace: limits = paceLimits } = this.#options;
    const owned = await store.begin();
    const pacer = new Pacer({ store, account, limits, now, random }, owned, await owned.pace());
    const receiving = new Receiving({ account, store, listener, now, onFault, stop });
    await receiving.begin();
    const looks = new Lines();
    this.#pacer = pacer;
    try {
      await this.#connect(owned, { listener, pacer, receiving, looks }, stop);
    } finally {
      this.#turn(null);
      await receiving.drain();
      await looks.drain();
    }
  }

  #connect(owned: OwnedAccount, parts: Parts, stop: AbortSignal): Promise<void> {
    const { listener, pacer, receiving, looks } = parts;
    const { account, program, store, double, pairingNumber, random, onFault, onPairing } = this.#options;
    const options = {
      ...{ account, program, store, double, pairingNumber, random, onFault, onPairing },
      ...{ limits: this.#options.limits ?? childLimits, times: this.#times },
      onOpen: (session: Session | null) => {
        this.#turn(session);
        if (session !== null) this.#quietly(pacer.calm());
      },
      onWiped: () => pacer.forget(),
      onLocked: (until: number | null) => this.#quietly(pacer.lock(until)),
      onReports: (reports: readonly Report[]) => this.#quietly(this.#report(listener, reports)),
      onPair: (pair: Pair) => receiving.learn(pair),
      onGroups: (groups: readonly GroupSeen[]) =>
        this.#quietly(
          looks.run('groups', () => untilDone({ stop, onFault }, () => owned.keepGroups(groups))),
        ),
      keep: (said: Said) => receiving.keep(said),
    };
    return keepConnected(options, owned, stop);
  }

  async #report({ receipt }: Listener, reports: readonly Report[]): Promise<void> {
    const { account } = this.#options;
    for (const { id, kind, at } of reports)
      await receipt({ account, providerId: id, kind, at: new Date(at * 1000) });
  }

  #turn(session: Session | null): void {
    if (this.#session === session) return;
    this.#session = session;
    for (const tell of this.#watchers) tell(session !== null);
  }

  #quietly(work: Promise<unknown>): void {
    work.catch(this.#options.onFault);
  }
}

/** What one ownership of the account works with. */
interface Parts {
  readonly listener: Listener;
  readonly pacer: Pacer;
  readonly receiving: Receiving;
  /** What was seen of the groups, written look after look: an older one must not overwrite a newer one. */
  readonly looks: Lines;
}

import type { Capabilities } from '../flow/capabilities.js';
import type { Enclosure } from '../flow/message.js';
import type { Rendered } from '../flow/render.js';

/**
 * What a person sent, as the channel understood it. `choice` is a pressed button with the question it belonged to. A `file` is
 * still with the provider, which finds it by `ref`; name, type and size are only what the sender claims, `caption` is written under it. A `location` is in
 * degrees, south and west negative. All of it is plain data: what was stored but not treated can be treated later.
 */
export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'choice'; readonly question: string; readonly choice: string; readonly label: string }
  | {
      readonly kind: 'file';
      readonly ref: string;
      readonly name: string | null;
      readonly mime: string | null;
      readonly size: number | null;
      readonly caption: string | null;
    }
  | { readonly kind: 'location'; readonly latitude: number; readonly longitude: number };

/**
 * One message from a person. `(account, dedupeKey)` is the provider's own identity of the message: the same pair is the
 * same message, however often it comes. `address` is opaque to all but the channel; `phone` (E.164) is given only when
 * the channel itself proves that the sender holds this number. `writtenAt` is the provider's time of writing.
 */
export interface InboundMessage {
  readonly channel: string;
  readonly account: string;
  readonly dedupeKey: string;
  readonly address: string;
  readonly phone: string | null;
  readonly content: Content;
  readonly writtenAt: Date;
}

/** The bytes of a file, or why there are none and never will be. */
export type Fetched = Uint8Array | 'too-large' | 'gone';

/** Takes a message in; resolves once it is stored for good, so that the provider may forget it; rejects when it is not. */
export type Receiver = (message: InboundMessage) => Promise<void>;

/** What is known of how a person and the account stand to each other, for a channel to which it matters. */
export interface Acquaintance {
  /** When the person last wrote to the account; null: never, as far as is known. */
  readonly heardAt: Date | null;
  /** Whether the person takes advertising over this account. */
  readonly takesMarketing: boolean;
}

/** A file on its way to a person, as the channel is to show it. */
export interface ParcelFile extends Pick<Enclosure, 'kind' | 'mime' | 'name'> {
  readonly bytes: Uint8Array;
}

/**
 * One rendered message for one address. `id` is the delivery row's own id, the same at every attempt. `bulk`: it answers
 * nobody, the bot begins it by itself. With a `file` the text is its caption, and nothing can be tapped.
 */
export interface Parcel {
  readonly id: string;
  readonly address: string;
  readonly message: Rendered;
  /** Looked up only for a channel that `asksOfPeople`. */
  readonly acquaintance?: Acquaintance;
  readonly bulk?: true;
  readonly file?: ParcelFile;
}

/** The provider took the message over. */
export interface Accepted {
  readonly providerId: string;
}

/**
 * A person who shut the account out of their chat (`blocked`), or let it in again: until then nothing sent to the address
 * arrives. `at` is the provider's time.
 */
export interface Standing {
  readonly account: string;
  readonly address: string;
  readonly blocked: boolean;
  readonly at: Date;
}

/** A person who wants no advertising over an account any more, or takes it again. `at` is the provider's time. */
export interface Preference {
  readonly account: string;
  readonly address: string;
  readonly takesMarketing: boolean;
  readonly at: Date;
}

/**
 * A person whom the provider calls by another address from now on. `phone` (E.164) is the number that the channel proves for the
 * new address; null: none, whatever was proved for the old one.
 */
export interface Move {
  readonly account: string;
  readonly from: string;
  readonly to: string;
  readonly phone: string | null;
}

/**
 * How far a message got after it was accepted, as the provider reports it, late, twice or in any order; `failed` tells that it
 * did not arrive after all, and why. `parcelId` is our own id of it, where the provider gives that back.
 */
export type Receipt = {
  readonly account: string;
  readonly providerId: string;
  readonly parcelId?: string | null;
  readonly at: Date;
} & (
  | { readonly kind: 'accepted' | 'delivered' | 'read' }
  | { readonly kind: 'failed'; readonly fault: ChannelFault }
);

/**
 * Why a message was not accepted:
 * - `permanent`: it never will be (blocked, no such address); the next address may be tried.
 * - `unwanted`: the person takes no such messages from this account; that is remembered, and no other address is tried.
 * - `file`: it never will be with this file; without it, it may be.
 * - `throttled`: not now; nothing was sent; `until` says when, and no attempt is spent. `waits` says who: this address
 *   alone, or all broadcasts, because people complain of them; unless said the lane of the message and all broadcasts.
 * - `ambiguous`: it may have been accepted; nobody can know.
 * - `stopped`: the whole account is out (token refused, banned); nothing was sent.
 * - `bug`: we built something the provider refuses; nothing was sent.
 */
export type ChannelFault =
  | { readonly kind: 'permanent'; readonly code: string }
  | { readonly kind: 'unwanted'; readonly code: string }
  | { readonly kind: 'file'; readonly code: string }
  | {
      readonly kind: 'throttled';
      readonly until: Date;
      readonly code: string;
      readonly waits?: 'address' | 'broadcasts';
    }
  | { readonly kind: 'ambiguous'; readonly code: string }
  | { readonly kind: 'stopped'; readonly code: string }
  | { readonly kind: 'bug'; readonly code: string };

/** The only error a channel's `send` throws. Its text carries the code and never a phone number, a token or a message. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly fault: ChannelFault;

  constructor(channel: string, fault: ChannelFault) {
    super(`${channel}: ${fault.kind} (${fault.code})`);
    this.fault = fault;
  }
}

/** Whether a channel can work now, and if not what a person can do about it; `note` is worth knowing all the same. */
export type Health =
  | { readonly ok: true; readonly note?: string }
  | { readonly ok: false; readonly what: string; readonly mend: string };

/** One more thing that was looked at because a person asked how the channel is: what it is, what it is set to, and how it is. */
export interface Examination {
  readonly part: string;
  readonly value: string;
  readonly health: Health;
}

/** How fast and how many at once an account may send. */
export interface Pace {
  /** Rows in one job of the bulk lane. */
  readonly bulkBatch: number;
  /** Jobs of the reply lane worked on at once by one process. */
  readonly concurrency: number;
  /** The same of the bulk lane: as many may end as unknown when the process is killed. */
  readonly bulkConcurrency: number;
  /** Time between two bulk messages of the account, in milliseconds; after a late one half of it is enough. */
  readonly bulkGapMs: number;
}

/** What a channel tells of; each promise resolves once it is stored for good, so that the provider may forget it. */
export interface Listener {
  readonly message: Receiver;
  readonly receipt: (receipt: Receipt) => Promise<void>;
  readonly standing: (standing: Standing) => Promise<void>;
  readonly preference: (preference: Preference) => Promise<void>;
  readonly moved: (move: Move) => Promise<void>;
}

/** What a provider calls over HTTP: the path on our web server, and what answers there. */
export interface Webhook {
  readonly path: string;
  answer(request: Request): Promise<Response>;
}

/**
 * What only one process at a time may do: `work` runs while this process owns the name, until `held` is aborted, and again
 * when it owns it anew; meanwhile others wait for their turn.
 */
export interface Ownership {
  own(name: string, work: (held: AbortSignal) => Promise<void>): { close(): Promise<void> };
}

/** Tells whether this process can send over an account: at once, and whenever that changes. */
export interface Sending {
  watch(listener: (able: boolean) => void): void;
}

/**
 * A way to reach people. Everything a provider does differently is behind this: the rest of Sapa never names a channel.
 * `sameIdIsOneMessage` says that sending again under the same parcel id shows one message, so that an unknown outcome is
 * simply sent again.
 */
export interface Channel {
  readonly name: string;
  readonly account: string;
  readonly simulator: boolean;
  readonly capabilities: Capabilities;
  readonly pace: Pace;
  readonly sameIdIsOneMessage: boolean;
  /** It matters to the channel how a person stands to the account: every parcel has its `acquaintance`. */
  readonly asksOfPeople?: true;
  /** Where the provider calls us; null where we fetch from it. */
  readonly webhook: Webhook | null;
  /** Where only the process that receives can send, and only while it is connected; absent: every process can. */
  readonly sending?: Sending;
  /** Starts receiving; what comes of one address is handed over one after the other in the provider's order. */
  open(listener: Listener): Promise<void>;
  /** Sends one message; resolves when the provider accepted it, else throws `ChannelError`. */
  send(parcel: Parcel, signal: AbortSignal): Promise<Accepted>;
  /** Gets the file of a message from the provider, as often as asked; rejects when it may be there at the next try. */
  fetch(ref: string, limitBytes: number): Promise<Fetched>;
  health(): Promise<Health>;
  /** Looks at what need not be looked at all the time, such as clock and version. It takes seconds when nobody answers. */
  examine?(): Promise<readonly Examination[]>;
  /**
   * A link that opens a chat with the account, with something ready to be sent: `token` where the provider carries one (`WORD_REST`
   * is heard as two words), else `words`. Null where the account's public name is not known (yet); absent where there is no such link. Never waits long.
   */
  door?(token: string, words: string): Promise<string | null>;
  /** Stops receiving; what is being handed over is finished first. */
  close(): Promise<void>;
}

import type { Json } from '../../flow/json.js';
import type { ParcelFile } from '../contract.js';

/** One item of what a linked device must remember, as text; `null` removes it. Kind `creds` has one item, with an empty id. */
export interface KeyChange {
  readonly kind: string;
  readonly id: string;
  readonly value: string | null;
}

/** What somebody is to scan or type to link the number: the text of a QR code, or eight characters. */
export type Pairing =
  | { readonly kind: 'qr'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string };

/**
 * How the account is, as its owner last said: nobody began yet, waiting to be linked, connecting, connected, waiting to try
 * again, or stopped until a person asks for it. `code` is why, in words of `reconnect.ts`.
 */
export interface Status {
  readonly state: 'new' | 'pairing' | 'connecting' | 'open' | 'waiting' | 'stopped';
  readonly code: string | null;
  readonly pairing: Pairing | null;
  /** When this state began, and when its owner last gave a sign of life. */
  readonly changedAt: Date | null;
  readonly aliveAt: Date | null;
}

/** What the newest owner of the account may do; the writes answer false, and write nothing, once another process began. */
export interface OwnedAccount {
  /** Which owner this is, counted from the first. */
  readonly fence: string;
  /** The items of these ids that are kept, by id. */
  read(kind: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** All changes or none. Rejects when the database is out of reach. */
  write(changes: readonly KeyChange[]): Promise<boolean>;
  /** Forgets everything the linked device remembers: it is linked no more. */
  wipe(): Promise<boolean>;
  report(status: Pick<Status, 'state' | 'code' | 'pairing'>): Promise<boolean>;
  /** Says that the owner lives. */
  beat(): Promise<boolean>;
  /** What must not be forgotten about broadcasts; null at the beginning. */
  pace(): Promise<Json>;
  keepPace(pace: Json): Promise<boolean>;
  /** The version of the client that last worked. */
  version(): Promise<string | null>;
  keepVersion(version: string): Promise<boolean>;
  /** Keeps in which groups the account is; one that messages may go to is shut off while it is not among them. */
  keepGroups(groups: readonly GroupSeen[]): Promise<boolean>;
}

/** A group the account is in; `isOpen`: it may write there. */
export interface GroupSeen {
  readonly jid: string;
  readonly title: string;
  readonly size: number;
  readonly isOpen: boolean;
}

/** Something that came and no turn has treated yet. */
export interface Held {
  readonly seq: string;
  /** The message's identity, without its sender's number in it. */
  readonly dedupeKey: string;
  readonly body: Json;
}

/** A message of ours as people see it; with a file the text stands under it. */
export interface SentMessage {
  readonly text: string;
  readonly file: ParcelFile | null;
}

/** The same on its way to an address (`…@s.whatsapp.net`, `…@lid`, `…@g.us`) under an id of ours; times in milliseconds. */
export interface Outgoing extends SentMessage {
  readonly id: string;
  readonly to: string;
  readonly typingMs: number;
  readonly ackMs: number;
}

/** A phone address (`…@s.whatsapp.net`) and a privacy address (`…@lid`) of one person. */
export interface Pair {
  readonly pn: string;
  readonly lid: string;
}

/** The storage of a number on WhatsApp Web. */
export interface WhatsAppStore {
  /** Makes this process the newest owner; what an older one still writes is refused from here on. */
  begin(): Promise<OwnedAccount>;
  status(): Promise<Status>;
  /** The version of the client that last worked; null: none did yet. */
  version(): Promise<string | null>;
  /** The credentials of the linked device as text; null when there are none. */
  creds(): Promise<string | null>;
  /** A person wants an account that is stopped to begin again: its state is `new` from here on. */
  ask(): Promise<void>;
  /** Keeps what a person sent; the same `key` is the same message, however often it comes. */
  keep(key: readonly string[], body: Json): Promise<Held>;
  /** Everything kept and not released, in the order it came. */
  held(): Promise<readonly Held[]>;
  release(seq: string): Promise<void>;
  /** Learns that two addresses are one person's: from then on they are one contact. */
  join(pair: Pair): Promise<void>;
  /** Whether a broadcast may begin there: a person with this address wrote to this account once, or it is a group with a name. */
  isWarm(address: string): Promise<boolean>;
  /** The groups the account was last seen in. */
  groups(): Promise<readonly GroupSeen[]>;
  /** The message that was accepted under this id; null when there is none, or it was erased. */
  sentAs(providerId: string): Promise<SentMessage | null>;
  /** Raises what a person must look at, or lowers it. The text holds nothing about a person. */
  alarm(kind: string, message: string): Promise<void>;
  clearAlarm(kind: string): Promise<void>;
}

import type { BinaryNode, proto } from '@whiskeysockets/baileys';
import type { Faults } from './faults.js';
import { type Group, type GroupOptions, newsOf } from './groups.js';
import { ownStanzaOf } from './inbound.js';
import type { MediaHost } from './media.js';
import { bare, deviceOf, server } from './nodes.js';
import type { Person } from './people.js';
import { type Device, Phone } from './phones.js';

/** One message stanza, as it came over the wire. */
export interface Stanza {
  readonly id: string;
  /** The address as the client wrote it. */
  readonly to: string;
  readonly from: Device;
  readonly node: BinaryNode;
  /** How it ended: `lost` was not taken, a number is the code of a refusal; `accepted` was taken, acknowledged or not. */
  outcome: 'pending' | 'accepted' | 'lost' | number;
  /** An acknowledgement has left for the client. */
  isAcknowledged: boolean;
  /** Why somebody could not read it; null when all could. */
  problem: unknown;
}

/** A message as people see it: of stanzas with one id, the first. */
export interface Shown {
  readonly id: string;
  /** The account that sent it, by number. */
  readonly from: string;
  /** What is written: the text, or what stands under a picture. */
  readonly text: string;
  readonly message: proto.IMessage;
  /** By number, who could read it. */
  readonly readers: string[];
}

/** A sign of life in a chat: `composing`, `paused`, `recording`. */
export interface Typing {
  readonly to: string;
  readonly state: string;
}

/** What belongs to every double. */
export interface WorldOptions {
  readonly now: () => number;
  readonly faults: Faults;
  readonly media: MediaHost;
  /** Whether what people write is sealed for each device, as it is in life; else it comes open. */
  readonly sealed: boolean;
  /** Whether a key more is claimed to be there than there is. */
  readonly fewKeys: boolean;
}

/** Made up: nobody has these numbers. */
const firstPhone = 6_281_200_030_000;
const firstPerson = 6_281_200_040_000;
/** As a text: the ids of groups are too long for a number. */
const groupsBegin = '120363990000';
const firstGroup = 100_000;
const firstLid = 990_000_000_000_000;

/** Everything the service remembers. */
export class World {
  readonly now: () => number;
  readonly faults: Faults;
  readonly media: MediaHost;
  readonly sealed: boolean;
  readonly fewKeys: boolean;
  readonly phones: Phone[] = [];
  readonly people: Person[] = [];
  readonly groups = new Map<string, Group>();
  readonly stanzas: Stanza[] = [];
  /** By address of the person (by number) or group, in order. */
  readonly shown = new Map<string, Shown[]>();
  readonly typing: Typing[] = [];
  /** Ids of messages of people that the account says it has read. */
  readonly seen: string[] = [];
  readonly queries: string[] = [];
  /** Queries this server does not know. */
  readonly refused: string[] = [];
  readonly #byAddress = new Map<string, Person>();
  #work: Promise<void> = Promise.resolve();
  #id = 0;

  constructor({ now, faults, media, sealed, fewKeys }: WorldOptions) {
    this.now = now;
    this.media = media;
    this.sealed = sealed;
    this.fewKeys = fewKeys;
    this.faults = faults;
  }

  /** Seconds since 1970, as all times on the wire. */
  seconds(): string {
    return String(Math.floor(this.now() / 1000));
  }

  /** Does what takes time, one after the other. */
  inOrder(work: () => Promise<void>): void {
    this.#work = this.#work.then(work);
  }

  /** An id no stanza had before. */
  nextId(prefix = 'S'): string {
    this.#id += 1;
    return `${prefix}${this.#id.toString(16).toUpperCase().padStart(18, '0')}`;
  }

  addPhone(): Phone {
    const place = this.phones.length;
    const phone = new Phone(String(firstPhone + place), `${firstLid + place}@lid`);
    this.phones.push(phone);
    return phone;
  }

  /** Addresses nobody has had. */
  nextAddresses(): { readonly digits: string; readonly lid: string } {
    const place = this.people.length;
    return { digits: String(firstPerson + place), lid: `${firstLid + 1_000_000 + place}@lid` };
  }

  add(person: Person): void {
    this.people.push(person);
    for (const address of [person.pn, person.lid]) this.#byAddress.set(address, person);
  }

  /** The person with this address, by number or not, with or without a device. */
  person(address: string): Person | null {
    return this.#byAddress.get(bare(address)) ?? null;
  }

  /** The account with this address. */
  phone(address: string): Phone | null {
    const wanted = bare(address);
    return this.phones.find(({ pn, lid }) => pn === wanted || lid === wanted) ?? null;
  }

  /** The linked device with this address. */
  linkedDevice(address: string): Device | null {
    return this.phone(address)?.devices.get(deviceOf(address)) ?? null;
  }

  /** The linked device with these numbers, of a login. */
  device(digits: string, number: number): Device | null {
    return this.phone(`${digits}@${server}`)?.devices.get(number) ?? null;
  }

  /** A group of people with an account in it. */
  addGroup(phone: Phone, members: readonly Person[], how: GroupOptions): Group {
    const { subject = 'Grup Contoh', addressing = 'lid', onlyAdmins = false, isAdmin = true } = how;
    const jid = `${groupsBegin}${firstGroup + this.groups.size}@g.us`;
    const more = { onlyAdmins, isAdmin, isIn: true };
    const group = { jid, subject, addressing, phone, members: [...members], ...more };
    this.groups.set(jid, group);
    return group;
  }

  /** Somebody takes the account into a group, or out of it; its devices are told. */
  changeGroup(group: Group, isIn: boolean): void {
    group.isIn = isIn;
    const what = isIn ? 'add' : 'remove';
    for (const { mailbox } of group.phone.devices.values())
      mailbox.put(newsOf(group, what, this.nextId(), this.seconds()));
  }

  /** Writes on an account's own phone. */
  writeAsPhone({ pn, devices }: Phone, to: Person, text: string): string {
    const id = this.nextId('3A');
    for (const { mailbox } of devices.values()) mailbox.put(ownStanzaOf(id, this.seconds(), pn, to.pn, text));
    return id;
  }

  stanzasTo(address: string): readonly Stanza[] {
    return this.stanzas.filter(({ to }) => this.#areSame(to, address));
  }

  typingTo(address: string): readonly string[] {
    return this.typing.filter(({ to }) => this.#areSame(to, address)).map(({ state }) => state);
  }

  #areSame(one: string, other: string): boolean {
    return (this.person(one)?.pn ?? one) === (this.person(other)?.pn ?? other);
  }

  /** What was shown under an address; the list goes on. */
  shownTo(address: string): Shown[] {
    const key = this.person(address)?.pn ?? address;
    const shown = this.shown.get(key) ?? [];
    this.shown.set(key, shown);
    return shown;
  }
}

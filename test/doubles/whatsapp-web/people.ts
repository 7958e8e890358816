import type { proto } from '@whiskeysockets/baileys';
import type { Group } from './groups.js';
import { type Named, type Naming, type Place, stanzaOf } from './inbound.js';
import { node, server } from './nodes.js';
import type { Phone } from './phones.js';
import { Keyring } from './signal.js';
import type { Shown, Stanza, World } from './world.js';

/** What may be special about a message of a person. */
export interface Sending {
  /** Its id; a new one unless given. */
  readonly id?: string;
  /** When it was written, in seconds; now unless given. */
  readonly at?: number;
  readonly naming?: Naming;
  /** To which account; the first unless given. */
  readonly phone?: Phone;
  /** In a group that both are in. */
  readonly group?: Group;
}

/** A person with WhatsApp on their phone. What they send gives its id. */
export class Person implements Named {
  readonly digits: string;
  readonly lid: string;
  readonly name: string;
  readonly keyring = new Keyring();
  /** How the person is named on the wire unless a message says otherwise. */
  naming: Naming = 'pn';
  readonly #world: World;
  readonly #sent = new Map<string, () => void>();
  /** Accounts the person has written to. */
  readonly #known = new Set<Phone>();

  constructor(world: World, name: string) {
    const { digits, lid } = world.nextAddresses();
    [this.digits, this.lid, this.name] = [digits, lid, name];
    this.#world = world;
    world.add(this);
  }

  /** The address by number. */
  get pn(): string {
    return `${this.digits}@${server}`;
  }

  /** Whether the person has written to this account. */
  knows(phone: Phone): boolean {
    return this.#known.has(phone);
  }

  write(text: string, sending: Sending = {}): string {
    return this.send({ conversation: text }, sending);
  }

  /** Writes as phones do when there is more than text: an answer to a message, a link. */
  writeExtended(text: string, sending: Sending = {}): string {
    return this.send({ extendedTextMessage: { text } }, sending);
  }

  shareLocation(latitude: number, longitude: number, sending: Sending = {}): string {
    const locationMessage = { degreesLatitude: latitude, degreesLongitude: longitude };
    return this.send({ locationMessage }, sending);
  }

  /** Shares the card of somebody. */
  shareContact(card: { readonly name: string; readonly phone: string }, sending: Sending = {}): string {
    const { name, phone } = card;
    const number = `TEL;type=CELL;waid=${phone.replace('+', '')}:${phone}`;
    const vcard = `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\n${number}\nEND:VCARD`;
    return this.send({ contactMessage: { displayName: name, vcard } }, sending);
  }

  /** Puts a sign to a message of the account. */
  react(id: string, text: string, sending: Sending = {}): string {
    const key = { remoteJid: (sending.phone ?? this.#firstPhone()).pn, fromMe: false, id };
    return this.send({ reactionMessage: { key, text } }, sending);
  }

  /** Shows something to all contacts for a day. */
  postStatus(text: string, sending: Sending = {}): string {
    return this.#send({ conversation: text }, 'status', sending);
  }

  /** Sends whatever a message may hold. */
  send(message: proto.IMessage, sending: Sending = {}): string {
    const place = sending.group === undefined ? 'chat' : { group: sending.group };
    return this.#send(message, place, sending);
  }

  /** The network gives a message of this person once more. */
  repeat(id: string): void {
    const again = this.#sent.get(id);
    if (again === undefined) throw new Error(`${this.name} has sent nothing with the id ${id}`);
    again();
  }

  /** The message with this id has reached the phone; as often and as late as it is called. */
  receives(id: string): void {
    this.#receipt(id);
  }

  /** The person has seen the message with this id. */
  reads(id: string): void {
    this.#receipt(id, 'read');
  }

  /** What this person has been shown outside of groups. */
  shown(): readonly Shown[] {
    return this.#world.shownTo(this.pn);
  }

  #send(message: proto.IMessage, place: Place, sending: Sending): string {
    const phone = sending.phone ?? this.#firstPhone();
    const id = sending.id ?? this.#world.nextId('3A');
    const at = String(sending.at ?? this.#world.seconds());
    const letter = { id, at, author: this, naming: sending.naming ?? this.naming, place, message };
    const give = () => {
      for (const { mailbox } of phone.devices.values()) mailbox.put(stanzaOf(letter));
    };
    if (place === 'chat') this.#known.add(phone);
    this.#sent.set(id, give);
    give();
    return id;
  }

  #receipt(id: string, type?: string): void {
    const stanza = this.#world.stanzas.findLast((one) => one.id === id && this.#isFor(one));
    if (stanza === undefined) throw new Error(`${this.name} was sent nothing with the id ${id}`);
    const isGroup = this.#world.groups.has(stanza.to);
    const participant = isGroup ? this.lid : undefined;
    const attrs = { id, from: stanza.to, participant, type, t: this.#world.seconds() };
    stanza.from.mailbox.put(node('receipt', attrs));
  }

  #isFor({ to }: Stanza): boolean {
    const group = this.#world.groups.get(to);
    return group === undefined ? this.#world.person(to) === this : group.members.includes(this);
  }

  #firstPhone(): Phone {
    const phone = this.#world.phones[0];
    if (phone === undefined) throw new Error('there is no account to write to');
    return phone;
  }
}

import { encodeBigEndian, extractMessageContent, type proto } from '@whiskeysockets/baileys';
import type { Group } from './groups.js';
import { type Letter, type Named, type Naming, type Place, stanzaOf } from './inbound.js';
import { node, server } from './nodes.js';
import type { Device, Phone } from './phones.js';
import { mediaOf } from './sealed-media.js';
import { Keyring } from './signal.js';
import type { Shown, Stanza, World } from './world.js';

/** What may be special about a message of a person. */
export interface Sending {
  /** Its id; a new one unless given. */
  readonly id?: string;
  /** When it was written, in seconds; now unless given. */
  readonly at?: number;
  /** How the person is named; as always unless given, and in a group as its members are. */
  readonly naming?: Naming;
  /** To which account; the first unless given. */
  readonly phone?: Phone;
  /** In a group that both are in. */
  readonly group?: Group;
}

/** A file somebody sends; `size` is what the message claims. */
export interface File {
  readonly bytes: Uint8Array;
  readonly name?: string;
  readonly mime?: string;
  readonly caption?: string;
  readonly size?: number;
}

/** A person with WhatsApp on their phone. What they send gives its id. */
export class Person implements Named {
  readonly digits: string;
  readonly lid: string;
  readonly name: string;
  /** How the person is named on the wire unless a message says otherwise. */
  naming: Naming = 'pn';
  #keyring: Keyring | null = null;
  readonly #world: World;
  readonly #sent = new Map<string, { readonly letter: Letter; readonly phone: Phone }>();
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

  /** Made when it is first needed: there may be thousands of people. */
  get keyring(): Keyring {
    this.#keyring ??= new Keyring();
    return this.#keyring;
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

  async sendDocument(file: File, sending: Sending = {}): Promise<string> {
    const { bytes, name, mime, caption, size } = file;
    const fields = await this.#world.media.keep(bytes, 'document', size);
    const said = { mimetype: mime ?? 'application/pdf', ...(name === undefined ? {} : { fileName: name }) };
    return this.send({ documentMessage: { ...fields, ...said, ...captioned(caption) } }, sending);
  }

  async sendImage(file: File, sending: Sending = {}): Promise<string> {
    const { bytes, mime, caption, size } = file;
    const fields = await this.#world.media.keep(bytes, 'image', size);
    return this.send(
      { imageMessage: { ...fields, mimetype: mime ?? 'image/jpeg', ...captioned(caption) } },
      sending,
    );
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

  /** A message of this person comes once more, under the same id. */
  repeat(id: string): void {
    const sent = this.#sent.get(id);
    if (sent === undefined) throw new Error(`${this.name} has sent nothing with the id ${id}`);
    for (const device of sent.phone.devices.values()) this.#give(device, sent.letter);
  }

  /** What was sent under an id; null when nothing was. */
  sentAs(id: string): proto.IMessage | null {
    return this.#sent.get(id)?.letter.message ?? null;
  }

  /** A device could not read what was sent under this id: they begin anew. */
  async sendsAgain(id: string, device: Device): Promise<void> {
    const sent = this.#sent.get(id);
    if (sent === undefined) return;
    await this.keyring.forget(device.lid);
    this.#give(device, sent.letter);
  }

  /** The message with this id has reached the phone; as often and as late as it is called. */
  receives(id: string): void {
    this.#receipt(id);
  }

  /** The person has seen the message with this id. */
  reads(id: string): void {
    this.#receipt(id, 'read');
  }

  /** The phone could not read the message with this id, and wants it again; `count` says how often it wanted it. */
  asksAgain(id: string, count = 1): void {
    const t = this.#world.seconds();
    const again = node('retry', { count: String(count), id, t, v: '1' });
    this.#receipt(id, 'retry', [again, node('registration', {}, encodeBigEndian(this.keyring.registration))]);
  }

  /** What this person has been shown outside of groups. */
  shown(): readonly Shown[] {
    return this.#world.shownTo(this.pn);
  }

  /** The photos and documents this person has been shown, in order, as they open them. */
  files() {
    const found = this.shown().flatMap(({ message, text }) => {
      const media = mediaOf(extractMessageContent(message) ?? {});
      return media === null ? [] : [{ message, text, ...media }];
    });
    return Promise.all(
      found.map(async ({ message, text, media, kind }) => ({
        kind: kind === 'image' ? ('photo' as const) : ('document' as const),
        text,
        name: 'fileName' in media ? (media.fileName ?? null) : null,
        bytes: await this.#world.media.open(extractMessageContent(message) ?? {}),
      })),
    );
  }

  #send(message: proto.IMessage, place: Place, sending: Sending): string {
    const phone = sending.phone ?? this.#firstPhone();
    const id = sending.id ?? this.#world.nextId('3A');
    const at = String(sending.at ?? this.#world.seconds());
    const letter = { id, at, author: this, naming: this.#namingIn(sending), place, message };
    this.#sent.set(id, { letter, phone });
    const isFirst = place === 'chat' && !this.#known.has(phone);
    if (isFirst) this.#known.add(phone);
    for (const device of phone.devices.values()) {
      if (isFirst) this.#trust(device);
      this.#give(device, letter);
    }
    return id;
  }

  #namingIn({ naming, group }: Sending): Naming {
    return naming ?? (this.naming === 'lid-only' ? this.naming : (group?.addressing ?? this.naming));
  }

  #give(device: Device, letter: Letter): void {
    if (!this.#world.sealed || !device.hasKeys) {
      device.mailbox.put(stanzaOf(letter));
      return;
    }
    this.#world.inOrder(async () => {
      const bundle = () => device.bundle() ?? [];
      const sealed = await this.keyring.write(device.lid, letter.message, bundle);
      device.mailbox.put(stanzaOf(letter, [sealed]));
    });
  }

  /** Whoever writes first lets the account write back, with a token that goes with its messages. */
  #trust({ phone, mailbox }: Device): void {
    const [id, t] = [this.#world.nextId(), this.#world.seconds()];
    const token = node(
      'token',
      { type: 'trusted_contact', t, jid: phone.pn },
      Buffer.from(`token of ${this.lid}`),
    );
    const attrs = { id, t, type: 'privacy_token', from: this.pn, sender_lid: this.lid };
    mailbox.put(node('notification', attrs, [node('tokens', {}, [token])]));
  }

  #receipt(id: string, type?: string, content?: Parameters<typeof node>[2]): void {
    const stanza = this.#world.stanzas.findLast((one) => one.id === id && this.#isFor(one));
    if (stanza === undefined) throw new Error(`${this.name} was sent nothing with the id ${id}`);
    const isGroup = this.#world.groups.has(stanza.to);
    const participant = isGroup ? this.lid : undefined;
    const attrs = { id, from: stanza.to, participant, type, t: this.#world.seconds() };
    stanza.from.mailbox.put(node('receipt', attrs, content));
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

function captioned(caption: string | undefined): { readonly caption?: string } {
  return caption === undefined ? {} : { caption };
}

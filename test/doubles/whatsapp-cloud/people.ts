import type { Profile, Shown, World } from './world.js';

/** What can be said about a message: when it was written (seconds), and under an id of before. */
export interface Sending {
  readonly timestamp?: number;
  readonly id?: string;
}

/** Tells the business something about this person. */
export type Tell = (line: string, field: string, value: object) => void;

/** A file as a person sends it. */
export interface SentFile {
  readonly name?: string;
  readonly mime?: string;
  readonly bytes: Uint8Array;
  readonly size?: number;
}

/** A person with WhatsApp on their phone. Every message gives the id it has. */
export class Person {
  readonly profile: Profile;
  readonly #world: World;
  readonly #tell: Tell;

  constructor(world: World, profile: Profile, tell: Tell) {
    this.profile = profile;
    this.#world = world;
    this.#tell = tell;
  }

  /** The address the business writes to. */
  get address(): string {
    return this.profile.userId ?? this.profile.waId ?? '';
  }

  /** The number in E.164, as the business may see it. */
  get phone(): string | null {
    const { waId, hidesNumber } = this.profile;
    return waId === null || hidesNumber ? null : `+${waId}`;
  }

  write(text: string, sending: Sending = {}): string {
    return this.send('text', { text: { body: text } }, sending);
  }

  /** Taps a button, a row or the button of a template with this label, under the newest message that has one. */
  press(label: string, sending: Sending = {}): string {
    const tap = this.profile.screen.flatMap(({ taps }) => taps).findLast(({ title }) => title === label);
    if (tap === undefined) throw new Error(`there is nothing "${label}" to tap`);
    const { id, title, kind } = tap;
    if (kind === 'template') return this.send('button', { button: { payload: id, text: title } }, sending);
    const type = kind === 'row' ? 'list_reply' : 'button_reply';
    return this.send('interactive', { interactive: { type, [type]: { id, title } } }, sending);
  }

  sendDocument({ name, mime = 'application/pdf', bytes, size }: SentFile, sending: Sending = {}): string {
    const { id } = this.#world.keep(bytes, size);
    const filename = name === undefined ? {} : { filename: name };
    return this.send('document', { document: { id, mime_type: mime, sha256: 'c2hh', ...filename } }, sending);
  }

  sendPhoto(bytes: Uint8Array, caption?: string): string {
    const { id } = this.#world.keep(bytes);
    const words = caption === undefined ? {} : { caption };
    return this.send('image', { image: { id, mime_type: 'image/jpeg', sha256: 'c2hh', ...words } });
  }

  shareLocation(latitude: number, longitude: number): string {
    return this.send('location', { location: { latitude, longitude, name: 'Balai Desa Contoh' } });
  }

  /** Shares the card of somebody. */
  shareContact(phone: string, waId?: string): string {
    const known = waId === undefined ? {} : { wa_id: waId };
    const card = {
      name: { formatted_name: 'Contoh', first_name: 'Contoh' },
      phones: [{ phone, type: 'CELL', ...known }],
    };
    return this.send('contacts', { contacts: [card] });
  }

  react(emoji: string, to: string): string {
    return this.send('reaction', { reaction: { message_id: to, emoji } });
  }

  /** Sends something of any type, with whatever part it has. */
  send(type: string, part: object, { timestamp, id }: Sending = {}): string {
    const { profile } = this;
    const now = this.#world.now();
    const message = {
      ...this.#from(),
      id: id ?? this.#world.wamid(profile),
      timestamp: String(timestamp ?? Math.floor(now / 1000)),
      type,
      ...part,
    };
    profile.wroteAt = now;
    this.#tell(this.address, 'messages', { contacts: [this.#card()], messages: [message] });
    return message.id;
  }

  /** Changes the number: WhatsApp gives a new user id with it, and tells what both were before. */
  changeNumber(waId: string, userId: string | null): string {
    const { profile } = this;
    const before = { from: profile.waId, previous: profile.userId };
    Object.assign(profile, { waId, userId });
    const type = profile.hidesNumber ? 'user_changed_user_id' : 'user_changed_number';
    const system = {
      ...{ body: 'User changed', type },
      ...(profile.hidesNumber ? {} : { wa_id: waId }),
      ...(userId === null ? {} : { user_id: userId }),
      ...(before.previous === null ? {} : { previous_user_id: before.previous }),
    };
    return this.#notice({
      ...(profile.hidesNumber || before.from === null ? {} : { from: before.from }),
      system,
    });
  }

  /** Stops advertising, or takes it again. */
  setMarketing(takes: boolean): void {
    this.profile.takesMarketing = takes;
    const user_preferences = [
      {
        ...this.#ids(),
        ...{ detail: 'User requested', category: 'marketing_messages', value: takes ? 'resume' : 'stop' },
        timestamp: Math.floor(this.#world.now() / 1000),
      },
    ];
    this.#tell(this.address, 'user_preferences', { contacts: [this.#card()], user_preferences });
  }

  /** What the business has shown here, in order. */
  shown(): readonly Shown[] {
    return this.profile.screen;
  }

  texts(): readonly string[] {
    return this.profile.screen.map(({ text }) => text);
  }

  /** The photos and documents the business has shown, in order; photos have no name here. */
  files() {
    return this.profile.screen.flatMap(({ file, text }) => (file === null ? [] : [{ ...file, text }]));
  }

  /** What can be tapped under the newest message. */
  buttons(): readonly string[] {
    return this.profile.screen.at(-1)?.taps.map(({ title }) => title) ?? [];
  }

  #notice(part: object): string {
    const id = this.#world.wamid(this.profile);
    const timestamp = String(Math.floor(this.#world.now() / 1000));
    this.#tell(this.address, 'messages', { messages: [{ id, timestamp, type: 'system', ...part }] });
    return id;
  }

  #from() {
    const { waId, userId, hidesNumber } = this.profile;
    return {
      ...(waId === null || hidesNumber ? {} : { from: waId }),
      ...(userId === null ? {} : { from_user_id: userId }),
    };
  }

  #ids() {
    const { waId, userId, hidesNumber } = this.profile;
    return {
      ...(waId === null || hidesNumber ? {} : { wa_id: waId }),
      ...(userId === null ? {} : { user_id: userId }),
    };
  }

  #card() {
    return { profile: { name: this.profile.name }, ...this.#ids() };
  }
}

import type { CallbackQuery, Chat, ChatMember, Message, Update, User } from 'grammy/types';
import type { Feed, UpdateKind } from './feed.js';
import { buttonsOf, type Room, type World } from './world.js';

/** How an update comes: when it was written (seconds), and under an id that was kept free for it. */
export interface Sending {
  readonly date?: number;
  readonly updateId?: number;
}

/** Telegram's side of a test: whom the bot talks to. */
export interface PeopleOptions {
  readonly world: World;
  readonly feed: Feed;
}

/** A person with Telegram on their phone. Every deed gives the update it led to; null when the bot does not want its kind. */
export class Person {
  readonly user: User;
  readonly phone: string;
  readonly #world: World;
  readonly #feed: Feed;
  readonly #room: Room;

  constructor({ world, feed }: PeopleOptions, user: User, phone: string, room: Room) {
    this.#world = world;
    this.#feed = feed;
    this.user = user;
    this.phone = phone;
    this.#room = room;
  }

  /** The address the bot writes to. */
  get address(): string {
    return String(this.user.id);
  }

  /** Presses Start, with what a link brought along. */
  start(payload = ''): Update | null {
    this.#room.standing = 'open';
    const text = payload === '' ? '/start' : `/start ${payload}`;
    return this.#message({ text, entities: [{ type: 'bot_command', offset: 0, length: 6 }] });
  }

  write(text: string, sending: Sending = {}): Update | null {
    return this.#message({ text }, sending);
  }

  /** Taps the button with this text, under the newest message that has one. */
  press(label: string): Update | null {
    const message = this.#room.messages.findLast((one) => buttonsOf(one).some(({ text }) => text === label));
    const button = message && buttonsOf(message).find(({ text }) => text === label);
    if (message === undefined || button === undefined || !('callback_data' in button))
      throw new Error(`there is no button "${label}"`);
    return this.#press(button.callback_data, { message });
  }

  /** Taps a key that stands in place of the letters: it shares what it is for, or writes what is on it. */
  tapKey(label: string): Update | null {
    const key = this.#room.keyboard.find((one) => typeof one !== 'string' && one.text === label);
    if (key === undefined || typeof key === 'string') throw new Error(`there is no key "${label}"`);
    this.#room.keyboard = [];
    if ('request_contact' in key) return this.shareContact();
    return 'request_location' in key ? this.shareLocation(-7.05, 110.4) : this.write(label);
  }

  /** Taps a button whose message the service does not have any more. */
  pressForgotten(data: string): Update | null {
    const message = { chat: this.#room.chat, message_id: 1, date: 0 as const };
    return this.#press(data, { message });
  }

  /** Shares a number: the own one, or the card of somebody else. */
  shareContact(card: { readonly phone: string; readonly userId?: number } = this.#ownCard()): Update | null {
    const { phone, userId } = card;
    const contact = {
      phone_number: phone,
      first_name: 'Contoh',
      ...(userId === undefined ? {} : { user_id: userId }),
    };
    return this.#message({ contact });
  }

  shareLocation(latitude: number, longitude: number): Update | null {
    return this.#message({ location: { latitude, longitude } });
  }

  /** Sends a photo: the service keeps it in two sizes, the larger one with these bytes. */
  sendPhoto(bytes: Uint8Array, caption?: string): Update | null {
    const [small, large] = [this.#world.keep(bytes.subarray(0, 90), 'jpg'), this.#world.keep(bytes, 'jpg')];
    const photo = [small, large].map(({ id, size }, at) => ({
      ...{ file_id: id, file_unique_id: id, file_size: size },
      ...{ width: 90 * (1 + 9 * at), height: 90 * (1 + 9 * at) },
    }));
    return this.#message({ photo, ...(caption === undefined ? {} : { caption }) });
  }

  /** Sends a file; `size` is what the service says it weighs. */
  sendDocument(
    file: {
      readonly name?: string;
      readonly mime?: string;
      readonly bytes: Uint8Array;
      readonly size?: number;
    },
    sending: Sending = {},
  ): Update | null {
    const { name, mime, bytes, size } = file;
    const { id, size: kept } = this.#world.keep(bytes, 'bin', size);
    const document = {
      ...{ file_id: id, file_unique_id: id, file_size: kept },
      ...(name === undefined ? {} : { file_name: name }),
      ...(mime === undefined ? {} : { mime_type: mime }),
    };
    return this.#message({ document }, sending);
  }

  /** Sends something else: whatever fields a message may have. */
  sendOther(body: Omit<Partial<Message>, 'chat'>): Update | null {
    return this.#message(body);
  }

  /** Changes a message that was sent before. */
  edit(messageId: number, text: string): Update | null {
    const message = { ...this.#stamp(), message_id: messageId, edit_date: this.#world.seconds(), text };
    return this.#give('edited_message', { edited_message: message });
  }

  block(): Update | null {
    return this.#stand('blocked', 'member', 'kicked');
  }

  unblock(): Update | null {
    return this.#stand('open', 'kicked', 'member');
  }

  /** The account is gone. */
  deactivate(): void {
    this.#room.standing = 'deactivated';
  }

  writeInGroup(group: Room, text: string): Update | null {
    if (group.chat.type !== 'group') throw new Error('no group');
    const message = { ...this.#stamp(), chat: group.chat, text };
    group.messages.push(message);
    return this.#give('message', { message });
  }

  /** What the bot has shown here, in order. */
  shown(): readonly Message[] {
    return this.#room.messages.filter(({ from }) => from?.id === this.#world.bot.id);
  }

  texts(): readonly string[] {
    return this.shown().map(({ text, caption }) => text ?? caption ?? '');
  }

  /** The photos and documents the bot has shown, in order; photos have no name here. */
  files() {
    return this.shown().flatMap(({ photo, document, caption = '' }) => {
      const id = photo?.at(-1)?.file_id ?? document?.file_id;
      if (id === undefined) return [];
      const bytes = this.#world.files.get(id)?.bytes ?? new Uint8Array();
      const kind = photo === undefined ? ('document' as const) : ('photo' as const);
      return [{ kind, text: caption, name: document?.file_name ?? null, bytes }];
    });
  }

  /** The labels of the buttons under the newest message of the bot. */
  buttons(): readonly string[] {
    const last = this.shown().at(-1);
    return last === undefined ? [] : buttonsOf(last).map(({ text }) => text);
  }

  /** What stands in place of the letters. */
  keys(): readonly string[] {
    return this.#room.keyboard.map((key) => (typeof key === 'string' ? key : key.text));
  }

  #ownCard() {
    return { phone: this.phone.replace('+', ''), userId: this.user.id };
  }

  #press(data: string, about: Pick<CallbackQuery, 'message'>): Update | null {
    const id = `press-${this.#world.presses.size + 1}`;
    this.#world.presses.set(id, null);
    const query = { id, from: this.user, chat_instance: `${this.user.id}`, data, ...about };
    return this.#give('callback_query', { callback_query: query });
  }

  #stand(standing: Room['standing'], from: 'member' | 'kicked', to: 'member' | 'kicked'): Update | null {
    this.#room.standing = standing;
    const my_chat_member = {
      ...{ chat: this.#room.chat, from: this.user, date: this.#world.seconds() },
      ...{ old_chat_member: this.#botAs(from), new_chat_member: this.#botAs(to) },
    };
    return this.#give('my_chat_member', { my_chat_member });
  }

  #botAs(status: 'member' | 'kicked'): ChatMember {
    const user = this.#world.bot;
    return status === 'member' ? { status, user } : { status, user, until_date: 0 };
  }

  #message(body: Omit<Partial<Message>, 'chat'>, { date, updateId }: Sending = {}): Update | null {
    if (this.#room.standing === 'never-started') this.#room.standing = 'open';
    const message = { ...this.#stamp(), ...(date === undefined ? {} : { date }), ...body };
    this.#room.messages.push(message);
    return this.#give('message', { message }, updateId);
  }

  #stamp() {
    const chat: Chat.PrivateChat = { id: this.user.id, type: 'private', first_name: this.user.first_name };
    return { message_id: this.#world.nextMessageId(), from: this.user, chat, date: this.#world.seconds() };
  }

  #give(kind: UpdateKind, body: Omit<Update, 'update_id'>, updateId?: number): Update | null {
    return this.#feed.add(kind, body, updateId);
  }
}

import type { Chat, InlineKeyboardButton, KeyboardButton, Message, User } from 'grammy/types';
import { refuse } from './refusal.js';

/** How a chat stands to the bot. */
export type Standing = 'open' | 'blocked' | 'deactivated' | 'never-started' | 'kicked';

/** One chat: a person's with the bot, or a group. */
export interface Room {
  readonly chat: Chat.PrivateChat | Chat.GroupChat;
  /** All messages in order, of the person and of the bot. */
  readonly messages: Message[];
  standing: Standing;
  /** Who is typing, and so on, as the bot showed it. */
  readonly actions: string[];
  /** What stands in place of the letters on the phone. */
  keyboard: readonly KeyboardButton[];
}

/** A file the service keeps; `path` is given out by getFile. */
export interface StoredFile {
  readonly id: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  /** What the service says it weighs; a test may claim more than is there. */
  readonly size: number;
}

/** What is thrown for a chat that cannot be written to. */
const refusals: Readonly<Record<Exclude<Standing, 'open'>, string>> = {
  blocked: 'bot was blocked by the user',
  deactivated: 'user is deactivated',
  'never-started': "bot can't initiate conversation with a user",
  kicked: 'bot was kicked from the group chat',
};

/** Everything the service remembers of one bot. */
export class World {
  readonly now: () => number;
  readonly rooms = new Map<number, Room>();
  readonly files = new Map<string, StoredFile>();
  /** Presses that the bot may still answer, and how it did. */
  readonly presses = new Map<string, string | null>();
  /** What the bot sent, in the order of acceptance, over all chats. */
  readonly accepted: Message[] = [];
  readonly bot: User;
  commands: readonly unknown[] = [];
  #messageId = 0;
  #fileId = 0;

  constructor(now: () => number, bot: User) {
    this.now = now;
    this.bot = bot;
  }

  /** Seconds since 1970, as all dates of the Bot API. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  nextMessageId(): number {
    this.#messageId += 1;
    return this.#messageId;
  }

  room(chatId: number): Room {
    const room = this.rooms.get(chatId);
    if (room === undefined) throw refuse(400, 'chat not found');
    return room;
  }

  /** A room the bot may write to. */
  openRoom(chatId: number): Room {
    const room = this.room(chatId);
    if (room.standing !== 'open') throw refuse(403, refusals[room.standing]);
    return room;
  }

  keep(bytes: Uint8Array, extension: string, size = bytes.length): StoredFile {
    this.#fileId += 1;
    const id = `BQACAgUAAxk-${this.bot.id}-${this.#fileId}`;
    const file = { id, path: `documents/file_${this.#fileId}.${extension}`, bytes, size };
    this.files.set(id, file);
    return file;
  }
}

/** The buttons under a message, in one row after the other. */
export function buttonsOf(message: Message): readonly InlineKeyboardButton[] {
  return message.reply_markup?.inline_keyboard.flat() ?? [];
}

import type { CallbackQuery, Contact, Message, PhotoSize, Update } from 'grammy/types';
import { parseButtonData } from '../../flow/render.js';
import type { Content, InboundMessage, Standing } from '../contract.js';
import { endOfSecond } from '../contract-seconds.js';

/** What an update says that concerns us; `press` is to be answered, so that the button stops waiting. */
export type Heard =
  | { readonly kind: 'message'; readonly message: InboundMessage; readonly press: string | null }
  | { readonly kind: 'standing'; readonly standing: Standing };

/** Who hears it, and when. */
export interface Ear {
  readonly account: string;
  readonly now: Date;
}

/** Reads an update; null for what is none of ours: groups, other bots, edits and what a person did not write. */
export function hear(update: Update, ear: Ear): Heard | null {
  const { message, callback_query: press, my_chat_member: change } = update;
  if (message !== undefined) return heardMessage(update.update_id, message, ear);
  if (press !== undefined) return heardPress(update.update_id, press, ear);
  if (change === undefined || change.chat.type !== 'private') return null;
  const blocked = change.new_chat_member.status === 'kicked';
  const { account } = ear;
  const standing = { account, address: String(change.chat.id), blocked, at: new Date(change.date * 1000) };
  return { kind: 'standing', standing };
}

/** The chat whose updates follow each other. */
export function lineOf({ message, callback_query: press, my_chat_member: change }: Update): string {
  return String(message?.chat.id ?? press?.message?.chat.id ?? press?.from.id ?? change?.chat.id ?? 0);
}

function heardMessage(id: number, message: Message, ear: Ear): Heard | null {
  const { chat, from } = message;
  if (chat.type !== 'private' || from === undefined || from.is_bot) return null;
  const content = contentOf(message);
  if (content === null) return null;
  const phone = message.contact === undefined ? null : provedPhone(message.contact, from.id);
  const writtenAt = endOfSecond(message.date, ear.now);
  return heard(id, { address: String(chat.id), phone, content, writtenAt }, null, ear);
}

function heardPress(id: number, press: CallbackQuery, ear: Ear): Heard | null {
  const { data, message, from } = press;
  if (data === undefined || (message !== undefined && message.chat.type !== 'private')) return null;
  const label = labelOf(message, data);
  const pressed = parseButtonData(data);
  const content: Content =
    pressed === null
      ? { kind: 'text', text: label ?? data }
      : { kind: 'choice', ...pressed, label: label ?? pressed.choice };
  // Telegram does not say when a button was pressed.
  return heard(id, { address: String(from.id), phone: null, content, writtenAt: ear.now }, press.id, ear);
}

function heard(
  id: number,
  said: Pick<InboundMessage, 'address' | 'phone' | 'content' | 'writtenAt'>,
  press: string | null,
  { account }: Ear,
): Heard {
  return {
    kind: 'message',
    message: { channel: 'telegram', account, dedupeKey: String(id), ...said },
    press,
  };
}

/** The words on the button, as long as Telegram still has its message. */
function labelOf(message: CallbackQuery['message'], data: string): string | null {
  const buttons = message?.reply_markup?.inline_keyboard.flat() ?? [];
  return buttons.find((button) => 'callback_data' in button && button.callback_data === data)?.text ?? null;
}

/** A shared number is proof only of the sender's own: anyone can pass on the card of somebody else. */
function provedPhone({ user_id, phone_number }: Contact, sender: number): string | null {
  return user_id === sender ? inE164(phone_number) : null;
}

/** Telegram gives numbers in international form, with the plus or without it. */
function inE164(number: string): string {
  return `+${number.replace(/\D/g, '')}`;
}

function contentOf(message: Message): Content | null {
  const { text, location, contact, sticker } = message;
  if (text !== undefined) return { kind: 'text', text: withoutSlash(text) };
  if (location !== undefined) {
    return { kind: 'location', latitude: location.latitude, longitude: location.longitude };
  }
  if (contact !== undefined) return { kind: 'text', text: inE164(contact.phone_number) };
  if (sticker !== undefined) return { kind: 'text', text: sticker.emoji ?? '' };
  const file = fileOf(message);
  if (file !== null) return { ...file, caption: message.caption ?? null };
  return isOther(message) ? { kind: 'text', text: message.caption ?? '' } : null;
}

/**
 * `/cek_sk@bot` is what a person taps for CEK SK; what a link carries stands behind `/start`, as it is. A link takes no space: a word and
 * what follows it come as `WORD_REST`.
 */
function withoutSlash(text: string): string {
  const carried = /^\/start ([a-z]+)_([a-z0-9]+)$/i.exec(text);
  if (carried !== null) return `${carried[1]} ${carried[2]}`;
  const command = /^\/([a-z0-9_]+)(?:@\w+)?(?=\s|$)/i.exec(text);
  if (command === null) return text;
  const [whole, name = ''] = command;
  return name.toLowerCase().replaceAll('_', ' ') + text.slice(whole.length);
}

type SentFile = Extract<Content, { kind: 'file' }>;

function fileOf(message: Message): SentFile | null {
  const photo = message.photo?.reduce(larger);
  if (photo !== undefined) return asFile(photo, null, 'image/jpeg');
  const file = message.document ?? message.video ?? message.audio ?? message.animation;
  if (file !== undefined) return asFile(file, file.file_name ?? null, file.mime_type ?? null);
  const spoken = message.voice ?? message.video_note;
  return spoken === undefined ? null : asFile(spoken, null, null);
}

function asFile(
  { file_id, file_size }: { readonly file_id: string; readonly file_size?: number },
  name: string | null,
  mime: string | null,
): SentFile {
  return { kind: 'file', ref: file_id, name, mime, size: file_size ?? null, caption: null };
}

function larger(one: PhotoSize, other: PhotoSize): PhotoSize {
  return other.width * other.height > one.width * one.height ? other : one;
}

/** What a person can send that is neither words nor a file; everything else is Telegram's own notice. */
function isOther({ poll, dice, game, story, checklist, paid_media }: Message): boolean {
  return [poll, dice, game, story, checklist, paid_media].some((part) => part !== undefined);
}

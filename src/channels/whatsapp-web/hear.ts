import {
  extractMessageContent,
  isJidBot,
  isLidUser,
  isPnUser,
  jidNormalizedUser,
  type proto,
  type WAMessage,
  type WAMessageKey,
} from '@whiskeysockets/baileys';
import { mediaRef } from './media.js';
import type { Said } from './protocol.js';

/** A message as the client handed it on: `append` is what was missed while nobody was there, or our own. */
export interface Arrival {
  readonly message: WAMessage;
  readonly type: 'notify' | 'append';
}

/** What was missed counts as long as this, in seconds; what is older comes from a history, not from a person who waits. */
const recentS = 7 * 24 * 60 * 60;

/**
 * Reads a message; null for what is none of ours to answer: our own, groups, status, channels, bots, reactions, edits, deletions,
 * notices and what could not be decrypted. `knownPn` is the number behind a privacy address, as far as the client has seen it.
 */
export function hear({ message, type }: Arrival, nowS: number, knownPn: string | null): Said | null {
  const { key } = message;
  const { id, remoteJid: chat } = key;
  if (key.fromMe || !id || !chat || !isPerson(chat)) return null;
  const at = Number(message.messageTimestamp ?? nowS);
  if (type === 'append' && at < nowS - recentS) return null;
  const content = contentOf(message);
  if (content === null) return null;
  return { chat, participant: key.participant ?? '', id, ...addressesOf(key, knownPn), content, at };
}

/** The privacy address of who wrote, when the message names no number: the client may know it. */
export function lidAlone({ key }: WAMessage): string | null {
  const { pn, lid } = addressesOf(key, null);
  return pn === null ? lid : null;
}

/** Both addresses of the writer, without the device. */
function addressesOf(key: WAMessageKey, knownPn: string | null): Pick<Said, 'pn' | 'lid'> {
  const given = [key.remoteJid, key.remoteJidAlt].map((jid) => (jid ? jidNormalizedUser(jid) : ''));
  const pn = given.find((jid) => isPnUser(jid)) ?? (knownPn === null ? null : jidNormalizedUser(knownPn));
  return { pn, lid: given.find((jid) => isLidUser(jid)) ?? null };
}

function isPerson(chat: string): boolean {
  return (isPnUser(chat) === true && !isJidBot(chat)) || isLidUser(chat) === true;
}

function contentOf(message: WAMessage): Said['content'] | null {
  const content = extractMessageContent(message.message);
  if (!content) return null;
  const text = textOf(content);
  if (text !== null) return { kind: 'text', text };
  return (
    placeOf(content) ?? fileOf(message, content) ?? (isOther(content) ? { kind: 'text', text: '' } : null)
  );
}

function textOf(content: proto.IMessage): string | null {
  const { conversation, extendedTextMessage, contactMessage, contactsArrayMessage } = content;
  const typed = conversation || extendedTextMessage?.text;
  if (typed) return typed;
  const card = contactMessage ?? contactsArrayMessage?.contacts?.[0];
  return card ? (numberIn(card.vcard ?? '') ?? '') : null;
}

/** A card is the number in words, as if typed: it answers a question and proves nothing. */
function numberIn(vcard: string): string | null {
  const number = /waid=(\d+)/.exec(vcard)?.[1] ?? /TEL[^:\n]*:([+\d][\d\s-]*)/.exec(vcard)?.[1];
  return number === undefined ? null : `+${number.replace(/\D/g, '')}`;
}

function placeOf({ locationMessage, liveLocationMessage }: proto.IMessage): Said['content'] | null {
  const place = locationMessage ?? liveLocationMessage;
  const { degreesLatitude: latitude, degreesLongitude: longitude } = place ?? {};
  if (!isWithin(latitude, 90) || !isWithin(longitude, 180)) return null;
  return { kind: 'location', latitude, longitude };
}

function isWithin(degrees: unknown, most: number): degrees is number {
  return typeof degrees === 'number' && Math.abs(degrees) <= most;
}

function fileOf(message: WAMessage, content: proto.IMessage): Said['content'] | null {
  const { imageMessage, documentMessage, videoMessage, audioMessage, stickerMessage, ptvMessage } = content;
  const file =
    imageMessage ?? documentMessage ?? videoMessage ?? audioMessage ?? stickerMessage ?? ptvMessage;
  const ref = file ? mediaRef(message) : null;
  if (!file || ref === null) return null;
  const size = file.fileLength == null ? null : Number(file.fileLength);
  const name = documentMessage?.fileName ?? null;
  const caption = imageMessage?.caption || documentMessage?.caption || videoMessage?.caption || null;
  return { kind: 'file', ref, name, mime: file.mimetype ?? null, size, caption };
}

/** What a person can send that is neither words, a place nor a file; the engine says that it does not understand. */
function isOther(content: proto.IMessage): boolean {
  const { pollCreationMessage, pollCreationMessageV2, pollCreationMessageV3, eventMessage, orderMessage } =
    content;
  return [pollCreationMessage, pollCreationMessageV2, pollCreationMessageV3, eventMessage, orderMessage].some(
    (part) => part !== undefined && part !== null,
  );
}

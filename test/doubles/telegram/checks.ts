import type { InlineKeyboardMarkup, KeyboardButton, MessageEntity } from 'grammy/types';
import { refuse } from './refusal.js';

/** The parameters of a call, as they came. */
export type Params = Readonly<Record<string, unknown>>;

/** A file in a call, as its form named it. */
export class Upload {
  readonly name: string;
  readonly bytes: Uint8Array;

  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.bytes = bytes;
  }
}

const mostText = 4096;
const mostCaption = 1024;
const mostData = 64;
const mostButtons = 100;

/** The chat a call is for. */
export function chatIdOf(params: Params): number {
  const { chat_id: given } = params;
  if (given === undefined || given === '') throw refuse(400, 'chat_id is empty');
  const id = Number(given);
  if (!Number.isSafeInteger(id)) throw refuse(400, 'chat not found');
  return id;
}

/** A text as it is shown: trimmed, and within 1–4096. */
export function textOf(params: Params): string {
  const text = typeof params.text === 'string' ? params.text.trimEnd() : '';
  if (text.trim() === '') throw refuse(400, 'message text is empty');
  if (text.length > mostText) throw refuse(400, 'message is too long');
  return text;
}

/** What stands under a photo or file: up to 1024. */
export function captionOf(params: Params): string | undefined {
  const caption = typeof params.caption === 'string' ? params.caption : undefined;
  if ((caption?.length ?? 0) > mostCaption) throw refuse(400, 'message caption is too long');
  return caption;
}

/** The marks of a text; `parse_mode` is not taken by the double, because nothing of ours uses it. */
export function entitiesOf(params: Params, text: string): readonly MessageEntity[] {
  if (params.parse_mode !== undefined) throw new Error('the double reads entities, not parse_mode');
  const given = parsed(params.entities, "can't parse entities: expected an array of MessageEntity");
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw refuse(400, "can't parse entities: expected an array of MessageEntity");
  return given.map((one) => entity(one, text));
}

function entity(given: unknown, text: string): MessageEntity {
  const { type, offset, length } = Object(given);
  if (typeof type !== 'string' || !Number.isInteger(offset) || !Number.isInteger(length))
    throw refuse(400, 'can\'t parse entities: field "type", "offset" or "length" is wrong');
  if (offset < 0 || length <= 0 || offset + length > text.length) throw refuse(400, 'ENTITY_BOUNDS_INVALID');
  // What other fields there are does not matter to the double.
  return given as MessageEntity;
}

/** The inline keyboard of a message: every button with a text and 1–64 bytes of data. */
export function keyboardOf(params: Params): InlineKeyboardMarkup | undefined {
  const markup = parsed(params.reply_markup, "can't parse reply keyboard markup JSON object");
  checkReplyKeyboard(Object(markup).keyboard);
  const rows = Object(markup).inline_keyboard;
  if (rows === undefined) return undefined;
  if (!Array.isArray(rows) || !rows.every(Array.isArray))
    throw refuse(400, 'object expected as reply markup');
  const buttons = rows.flat();
  if (buttons.length > mostButtons) throw refuse(400, 'reply markup is too long');
  for (const button of buttons) checkButton(button);
  return buttons.length === 0 ? undefined : { inline_keyboard: rows };
}

/** A keyboard in place of the letters: every button has a text. Messages do not show it, so only its phone does. */
function checkReplyKeyboard(rows: unknown): void {
  if (rows === undefined) return;
  if (!Array.isArray(rows) || !rows.every(Array.isArray))
    throw refuse(400, "can't parse reply keyboard markup JSON object");
  for (const button of rows.flat())
    if (typeof button !== 'string' && (typeof button?.text !== 'string' || button.text === ''))
      throw refuse(400, 'can\'t parse keyboard button: Field "text" must be of type String');
}

/** The buttons in place of the letters that a call brings along; null when it says nothing of them. */
export function replyKeyboardOf(params: Params): readonly KeyboardButton[] | null {
  const { keyboard, remove_keyboard: gone } = Object(parsed(params.reply_markup, 'no JSON'));
  if (gone === true) return [];
  return Array.isArray(keyboard) ? keyboard.flat() : null;
}

function checkButton(button: unknown): void {
  const { text, callback_data: data } = Object(button);
  if (typeof text !== 'string' || text.trim() === '')
    throw refuse(400, 'can\'t parse inline keyboard button: Field "text" must be of type String');
  if (typeof data !== 'string')
    throw refuse(
      400,
      "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    );
  const bytes = Buffer.byteLength(data);
  if (bytes < 1 || bytes > mostData) throw refuse(400, 'BUTTON_DATA_INVALID');
}

/** A whole number within bounds, or the usual one. */
export function wholeOf(given: unknown, usual: number, least: number, most: number): number {
  const number = Number(given ?? usual);
  return Number.isInteger(number) ? Math.min(most, Math.max(least, number)) : usual;
}

/** Reads what may come as JSON in a text, when the call was a form. */
export function parsed(given: unknown, complaint: string): unknown {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    throw refuse(400, complaint);
  }
}

import type { KeyboardButton, MessageEntity, ReplyKeyboardMarkup } from 'grammy/types';
import { boldRuns } from '../../flow/markup.js';
import type { Rendered } from '../../flow/render.js';
import { type Accepted, ChannelError, type ChannelFault, type Parcel } from '../contract.js';
import type { Allowance, AllowanceLimits } from '../contract-allowance.js';
import type { Outgoing, TelegramApi } from './api.js';
import { faultOf, TelegramError } from './failure.js';
import type { Keyboards } from './keyboards.js';

/** What sending needs. */
export interface Sending {
  readonly api: Pick<TelegramApi, 'sendMessage'>;
  readonly allowance: Allowance;
  readonly keyboards: Keyboards;
  readonly now: () => Date;
}

/** One message a second to a chat, of which a few are lent (Bots FAQ): beyond that Telegram keeps the whole bot waiting. */
export const chatLimits: AllowanceLimits = { burst: 4, everyMs: 1_000 };

/** Sends a message once: what becomes of one that may have arrived is not for the channel to decide. */
export async function send(sending: Sending, parcel: Parcel, signal: AbortSignal): Promise<Accepted> {
  const { allowance, now } = sending;
  const { address } = parcel;
  if (signal.aborted) throw fault({ kind: 'throttled', until: now(), code: 'aborted' });
  const until = allowance.take(address, now());
  if (until !== null) throw fault({ kind: 'throttled', until, code: 'chat-rate', waits: 'address' });
  try {
    const id = await sendAsItCan(sending, parcel, signal);
    return { providerId: `${address}:${id}` };
  } catch (error) {
    throw fault(
      error instanceof TelegramError
        ? faultOf(error.failure, now())
        : { kind: 'ambiguous', code: 'unexpected' },
    );
  }
}

/** A photo that Telegram cannot make one of (too long, too narrow, damaged) goes as a document: it was refused, so nothing is out. */
async function sendAsItCan(
  { api, keyboards }: Sending,
  parcel: Parcel,
  signal: AbortSignal,
): Promise<number> {
  const message = outgoing(parcel, keyboards);
  const { file } = message;
  const sent = await api.sendMessage(message, signal).catch((error: unknown) => {
    if (file?.kind !== 'photo' || !isNoPhoto(error)) throw error;
    return api.sendMessage({ ...message, file: { ...file, kind: 'document' } }, signal);
  });
  keyboards.shown(parcel.address, parcel.message.share !== undefined);
  return sent;
}

function isNoPhoto(error: unknown): boolean {
  return error instanceof TelegramError && error.failure.code === 'photo';
}

function fault(what: ChannelFault): ChannelError {
  return new ChannelError('telegram', what);
}

/** A rendered message in Telegram's own marks: bold by its place in the text, and one button in a row. */
function outgoing({ address, message, file }: Parcel, keyboards: Keyboards): Outgoing {
  const runs = boldRuns(message.text);
  return {
    chatId: Number(address),
    file,
    text: runs.map((run) => run.text).join(''),
    entities: boldPlaces(runs),
    keyboard: keyboardOf(message, keyboards.isOpen(address)),
  };
}

/**
 * A message has one keyboard, and taking away the one in place of the letters counts as such: right after it the choices stand in
 * the text alone. Where nothing is to be tapped it is taken away in any case, as another process may have shown it.
 */
function keyboardOf({ buttons, share }: Rendered, isOpen: boolean): Outgoing['keyboard'] {
  if (share !== undefined) return sharingKeyboard(share, buttons);
  if (buttons.length === 0 || isOpen) return { remove_keyboard: true };
  return { inline_keyboard: buttons.map(({ label, data }) => [{ text: label, callback_data: data }]) };
}

const sharing = {
  number: { text: '📱 Bagikan nomor saya', request_contact: true },
  place: { text: '📍 Bagikan lokasi saya', request_location: true },
} as const satisfies Readonly<Record<NonNullable<Rendered['share']>, KeyboardButton>>;

/**
 * Only the keyboard in place of the letters can share something, and a message has one keyboard: the choices stand there too,
 * and come back as the words on them.
 */
function sharingKeyboard(
  share: NonNullable<Rendered['share']>,
  buttons: Rendered['buttons'],
): ReplyKeyboardMarkup {
  const keyboard = [[sharing[share]], ...buttons.map(({ label }) => [{ text: label }])];
  return { keyboard, one_time_keyboard: true, resize_keyboard: true };
}

/** Telegram counts in UTF-16 units, as JavaScript does. */
function boldPlaces(runs: ReturnType<typeof boldRuns>): readonly MessageEntity[] {
  const places: MessageEntity[] = [];
  let offset = 0;
  for (const { text, bold } of runs) {
    if (bold) places.push({ type: 'bold', offset, length: text.length });
    offset += text.length;
  }
  return places;
}

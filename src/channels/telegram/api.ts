import { Api, InputFile } from 'grammy';
import type {
  File,
  InlineKeyboardMarkup,
  MessageEntity,
  ReplyKeyboardMarkup,
  ReplyKeyboardRemove,
  Update,
  WebhookInfo,
} from 'grammy/types';
import type { ParcelFile } from '../contract.js';
import { failureOf, TelegramError } from './failure.js';

/** Whom to talk to. */
export interface ApiOptions {
  readonly token: string;
  /** Root of the Bot API without a slash at its end; null for Telegram's own. */
  readonly root: string | null;
}

/** A message as it goes over the wire. */
export interface Outgoing {
  readonly chatId: number;
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  readonly keyboard: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove;
  /** The text stands under it. */
  readonly file?: ParcelFile | undefined;
}

/** What we use of the Bot API. Every method rejects with a `TelegramError` and nothing else. */
export interface TelegramApi {
  /** Root of the API; holds no token. */
  readonly server: string;
  getMe(): Promise<{ readonly username: string }>;
  /** Waits up to `timeoutS` for updates from `offset` on; an offset confirms all before it. */
  getUpdates(offset: number, timeoutS: number, signal: AbortSignal): Promise<readonly Update[]>;
  /** Sends a message, by the method that its file asks for; gives its number in the chat. */
  sendMessage(message: Outgoing, signal: AbortSignal): Promise<number>;
  /** Takes the waiting sign off a button that was pressed. */
  answerPress(id: string, signal: AbortSignal): Promise<void>;
  getFile(ref: string): Promise<File>;
  /** Where the bytes of a file are; holds the token, so it goes into no log and no error. */
  fileUrl(path: string): string;
  setWebhook(url: string, secret: string): Promise<void>;
  getWebhookInfo(): Promise<WebhookInfo>;
  /** Takes the webhook away, and leaves what waits. */
  deleteWebhook(): Promise<void>;
}

/** The kinds of update we want; edits, channels and reactions are not among them. */
const wanted = ['message', 'callback_query', 'my_chat_member'] as const;
/** Longer than a long poll and than the delivery waits for a send: a connection that died silently ends here. */
const timeoutSeconds = 60;
const officialRoot = 'https://api.telegram.org';
const mostUpdates = 100;

/** Talks to the Bot API by grammY's own client. */
export function createApi({ token, root }: ApiOptions): TelegramApi {
  const apiRoot = root ?? officialRoot;
  // Sensitive logs stay off, and no error of the client leaves this file.
  const api = new Api(token, { apiRoot, timeoutSeconds, sensitiveLogs: false });
  return {
    server: apiRoot,
    getMe: () => guarded('getMe', () => api.getMe()),
    getUpdates: (offset, timeout, signal) =>
      guarded('getUpdates', () =>
        api.getUpdates({ offset, timeout, limit: mostUpdates, allowed_updates: wanted }, ofGrammy(signal)),
      ),
    sendMessage: ({ file, ...message }, signal) =>
      file === undefined ? sendText(api, message, signal) : sendFile(api, message, file, signal),
    answerPress: (id, signal) =>
      guarded(
        'answerCallbackQuery',
        async () => void (await api.answerCallbackQuery(id, {}, ofGrammy(signal))),
      ),
    getFile: (ref) => guarded('getFile', () => api.getFile(ref)),
    fileUrl: (path) => `${apiRoot}/file/bot${token}/${path}`,
    setWebhook: (url, secret) =>
      guarded('setWebhook', async () => {
        await api.setWebhook(url, { secret_token: secret, allowed_updates: wanted });
      }),
    getWebhookInfo: () => guarded('getWebhookInfo', () => api.getWebhookInfo()),
    deleteWebhook: () => guarded('deleteWebhook', async () => void (await api.deleteWebhook())),
  };
}

function sendText(
  api: Api,
  { chatId, text, entities, keyboard }: Outgoing,
  signal: AbortSignal,
): Promise<number> {
  const marks = entities.length === 0 ? {} : { entities: [...entities] };
  const other = { link_preview_options: { is_disabled: true }, ...marks, reply_markup: keyboard };
  return guarded(
    'sendMessage',
    async () => (await api.sendMessage(chatId, text, other, ofGrammy(signal))).message_id,
  );
}

function sendFile(
  api: Api,
  { chatId, text, entities, keyboard }: Outgoing,
  { kind, name, bytes }: ParcelFile,
  signal: AbortSignal,
): Promise<number> {
  const marks = entities.length === 0 ? {} : { caption_entities: [...entities] };
  const other = { ...(text === '' ? {} : { caption: text }), ...marks, reply_markup: keyboard };
  // The client writes the name into a header as it stands.
  const file = new InputFile(bytes, name.replace(/[\r\n;"\\]/g, '_'));
  if (kind === 'photo')
    return guarded(
      'sendPhoto',
      async () => (await api.sendPhoto(chatId, file, other, ofGrammy(signal))).message_id,
    );
  return guarded(
    'sendDocument',
    async () => (await api.sendDocument(chatId, file, other, ofGrammy(signal))).message_id,
  );
}

async function guarded<T>(method: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new TelegramError(method, failureOf(error));
  }
}

type GrammySignal = Parameters<Api['getFile']>[1];

/** The client's types ask for the signal of a library; at run time it listens to Node's own just as well. */
function ofGrammy(signal: AbortSignal): GrammySignal {
  return signal as unknown as GrammySignal;
}

import type { Message, Update } from 'grammy/types';
import {
  captionOf,
  chatIdOf,
  entitiesOf,
  keyboardOf,
  type Params,
  parsed,
  replyKeyboardOf,
  textOf,
  Upload,
  wholeOf,
} from './checks.js';
import type { Feed } from './feed.js';
import { Refusal, refuse } from './refusal.js';
import type { Webhook } from './webhook.js';
import type { Room, World } from './world.js';

/** What a method works on. */
export interface Service {
  readonly world: World;
  readonly feed: Feed;
  readonly webhook: Webhook;
  /** Refuses a message that is one too many. */
  readonly limit: (chatId: number) => void;
}

type Method = (service: Service, params: Params) => unknown;

const longestPollS = 50;
const mostUpdates = 100;
const largestDownload = 20 * 1024 * 1024;
const largestPhoto = 10 * 1024 * 1024;
const largestDocument = 50 * 1024 * 1024;

/** The methods of the Bot API that the double knows, by their names in lower case. */
export const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    getMe: ({ world }) => ({ ...world.bot, can_join_groups: true, can_read_all_group_messages: false }),
    getUpdates,
    setWebhook: ({ webhook }, params) => webhook.set(params),
    deleteWebhook: ({ webhook }, params) => webhook.remove(params),
    getWebhookInfo: ({ webhook }) => webhook.info(),
    sendMessage: (service, params) => {
      const text = textOf(params);
      const entities = entitiesOf(params, text);
      return send(service, params, { text, ...(entities.length === 0 ? {} : { entities: [...entities] }) });
    },
    sendPhoto: (service, params) => {
      const { bytes } = uploaded(params, 'photo', largestPhoto);
      // A size nobody could look at; what is no picture is told by its first bytes.
      if (!isPicture(bytes)) throw refuse(400, 'IMAGE_PROCESS_FAILED');
      const { id } = service.world.keep(bytes, 'jpg');
      const photo = [{ file_id: id, file_unique_id: id, width: 90, height: 90 }];
      return send(service, params, { photo, ...captioned(params) });
    },
    sendDocument: (service, params) => {
      const { bytes, name } = uploaded(params, 'document', largestDocument);
      const { id } = service.world.keep(bytes, 'bin');
      const document = { file_id: id, file_unique_id: id, file_size: bytes.length, file_name: name };
      return send(service, params, { document, ...captioned(params) });
    },
    sendLocation: (service, params) => {
      const [latitude, longitude] = [Number(params.latitude), Number(params.longitude)];
      if (!(Math.abs(latitude) <= 90)) throw refuse(400, 'bad latitude');
      if (!(Math.abs(longitude) <= 180)) throw refuse(400, 'bad longitude');
      return send(service, params, { location: { latitude, longitude } });
    },
    editMessageText: (service, params) => {
      const message = ownMessage(service, params);
      return change(service, message, { text: textOf(params), ...markup(params) });
    },
    editMessageReplyMarkup: (service, params) =>
      change(service, ownMessage(service, params), { reply_markup: keyboardOf(params) }),
    deleteMessage: (service, params) => {
      const { messages } = service.world.room(chatIdOf(params));
      const at = messages.findIndex((one) => one.message_id === Number(params.message_id));
      if (at < 0) throw refuse(400, 'message to delete not found');
      messages.splice(at, 1);
      return true;
    },
    answerCallbackQuery,
    getFile: ({ world }, params) => {
      const file = world.files.get(String(params.file_id));
      if (file === undefined) throw refuse(400, 'wrong file_id or the file is temporarily unavailable');
      if (file.size > largestDownload) throw refuse(400, 'file is too big');
      return { file_id: file.id, file_unique_id: file.id, file_size: file.size, file_path: file.path };
    },
    sendChatAction: ({ world }, params) => {
      world.openRoom(chatIdOf(params)).actions.push(String(params.action));
      return true;
    },
    setMyCommands: ({ world }, params) => {
      const commands = parsed(params.commands, "can't parse commands");
      if (!Array.isArray(commands)) throw refuse(400, "can't parse commands: expected an Array");
      for (const { command } of commands)
        if (!/^[a-z0-9_]{1,32}$/.test(command)) throw refuse(400, 'BOT_COMMAND_INVALID');
      world.commands = commands;
      return true;
    },
    getMyCommands: ({ world }) => world.commands,
    getChat: ({ world }, params) => ({
      ...world.room(chatIdOf(params)).chat,
      accent_color_id: 0,
      max_reaction_count: 11,
    }),
    leaveChat: ({ world }, params) => {
      const room = world.room(chatIdOf(params));
      if (room.chat.type === 'private')
        throw refuse(400, "chat member status can't be changed in private chats");
      room.standing = 'kicked';
      return true;
    },
  } satisfies Readonly<Record<string, Method>>).map(([name, method]) => [name.toLowerCase(), method]),
);

async function getUpdates({ feed, webhook }: Service, params: Params): Promise<readonly Update[]> {
  if (webhook.isSet)
    throw refuse(
      409,
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  const allowed = parsed(params.allowed_updates, "can't parse allowed_updates");
  if (Array.isArray(allowed)) feed.allowed = allowed.length === 0 ? null : allowed;
  return feed.poll({
    offset: Number(params.offset ?? 0),
    limit: wholeOf(params.limit, mostUpdates, 1, mostUpdates),
    timeoutMs: wholeOf(params.timeout, 0, 0, longestPollS) * 1000,
  });
}

function answerCallbackQuery({ world }: Service, params: Params): boolean {
  const id = String(params.callback_query_id);
  const text = String(params.text ?? '');
  if (text.length > 200) throw refuse(400, 'MESSAGE_TOO_LONG');
  if (world.presses.get(id) !== null)
    throw refuse(400, 'query is too old and response timeout expired or query ID is invalid');
  world.presses.set(id, text);
  return true;
}

/** A message of the bot, once the chat, its standing and the limits let it pass. */
function send(service: Service, params: Params, body: Partial<Message>): Message {
  const { world } = service;
  const room = world.openRoom(chatIdOf(params));
  const keyboard = markup(params);
  service.limit(room.chat.id);
  const message = { ...stamp(world, room), from: world.bot, ...body, ...keyboard };
  room.keyboard = replyKeyboardOf(params) ?? room.keyboard;
  room.messages.push(message);
  world.accepted.push(message);
  return message;
}

function stamp(world: World, room: Room) {
  return { message_id: world.nextMessageId(), date: world.seconds(), chat: room.chat };
}

function markup(params: Params): Pick<Message, 'reply_markup'> {
  const keyboard = keyboardOf(params);
  return keyboard === undefined ? {} : { reply_markup: keyboard };
}

function captioned(params: Params): Pick<Message, 'caption' | 'caption_entities'> {
  const caption = captionOf(params);
  if (caption === undefined) return {};
  const marks = entitiesOf({ ...params, entities: params.caption_entities }, caption);
  return { caption, ...(marks.length === 0 ? {} : { caption_entities: [...marks] }) };
}

function ownMessage({ world }: Service, params: Params): Message {
  const { messages } = world.openRoom(chatIdOf(params));
  const found = messages.find(
    ({ message_id, from }) => message_id === Number(params.message_id) && from?.id === world.bot.id,
  );
  if (found === undefined) throw refuse(400, 'message to edit not found');
  return found;
}

/** Changes a message; one that stays as it is is refused. */
function change(
  service: Service,
  message: Message,
  parts: { readonly text?: string; readonly reply_markup?: Message['reply_markup'] | undefined },
): Message {
  const same = Object.entries(parts).every(
    ([key, value]) => JSON.stringify(value) === JSON.stringify(message[key as keyof typeof parts]),
  );
  if (same)
    throw refuse(
      400,
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  service.limit(message.chat.id);
  if ('reply_markup' in parts && parts.reply_markup === undefined) delete message.reply_markup;
  return Object.assign(message, JSON.parse(JSON.stringify(parts)), { edit_date: service.world.seconds() });
}

/** A file that came with the call: under the field itself, or where the field points to. */
function uploaded(params: Params, field: string, limit: number): Upload {
  const given = params[field];
  const attached = typeof given === 'string' ? /^attach:\/\/(.+)$/.exec(given)?.[1] : undefined;
  const file = attached === undefined ? given : params[attached];
  if (!(file instanceof Upload)) throw refuse(400, `there is no ${field} in the request`);
  if (file.bytes.length > limit) throw new Refusal(413, 'Request Entity Too Large');
  return file;
}

function isPicture(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff || bytes[0] === 0x89 || Buffer.from(bytes.subarray(0, 4)).toString() === 'RIFF';
}

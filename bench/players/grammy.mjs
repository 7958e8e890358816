import { conversations, createConversation } from '@grammyjs/conversations';
import { Bot } from 'grammy';
import { answer, closing, opening, question } from '../conversation.mjs';
import { person, updateOf } from './telegram.mjs';

/**
 * @grammyjs/conversations with a storage adapter that keeps JSON text. The double stands at `fetch`: a transformer inside the
 * conversation would keep the plugin from recording what was sent, and it would send everything again at every replay.
 */
export function json(length, hear) {
  let stored = 0;
  async function interview(conversation, ctx) {
    const answers = [];
    while (answers.length < length) {
      await ctx.reply(question(answers.length));
      answers.push(await nonEmpty(conversation));
    }
    stored = answers.length;
    await ctx.reply(closing);
  }
  const fetch = async (_url, request) => {
    const { text } = JSON.parse(request.body);
    hear(text);
    const result = { message_id: 1, date: 0, chat: person, text };
    return { json: async () => ({ ok: true, result }) };
  };
  const botInfo = { id: 1, is_bot: true, first_name: 'bot', username: 'bot' };
  const bot = new Bot('1:token', { botInfo, client: { fetch } });
  bot.use(
    conversations({
      storage: { type: 'key', getStorageKey: (ctx) => String(ctx.chatId), adapter: jsonStore() },
    }),
  );
  bot.use(createConversation(interview));
  bot.hears(opening, (ctx) => ctx.conversation.enter('interview'));
  return async () => {
    await bot.handleUpdate(updateOf(opening));
    for (let i = 0; i < length; i += 1) await bot.handleUpdate(updateOf(answer(i)));
    return stored;
  };
}

async function nonEmpty(conversation) {
  for (;;) {
    const { message } = await conversation.waitFor('message:text');
    const text = message.text.trim();
    if (text !== '') return text;
  }
}

function jsonStore() {
  const rows = new Map();
  return {
    read: (key) => (rows.has(key) ? JSON.parse(rows.get(key)) : undefined),
    write: (key, value) => void rows.set(key, JSON.stringify(value)),
    delete: (key) => void rows.delete(key),
  };
}

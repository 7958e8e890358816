import { Scenes, session, Telegraf } from 'telegraf';
import { answer, closing, opening, question } from '../conversation.mjs';
import { person, updateOf } from './telegram.mjs';

/** Telegraf's WizardScene with a session store that keeps JSON text. */
export function json(length, hear) {
  let stored = 0;
  const ask = (ctx, i) => ctx.reply(question(i));
  const take = (i) => async (ctx) => {
    const text = ctx.message?.text?.trim() ?? '';
    if (text === '') return ask(ctx, i);
    ctx.wizard.state.answers.push(text);
    if (i + 1 < length) {
      await ask(ctx, i + 1);
      return ctx.wizard.next();
    }
    stored = ctx.wizard.state.answers.length;
    await ctx.reply(closing);
    return ctx.scene.leave();
  };
  const begin = async (ctx) => {
    ctx.wizard.state.answers = [];
    await ask(ctx, 0);
    return ctx.wizard.next();
  };
  const bot = new Telegraf('1:token');
  bot.botInfo = { id: 1, is_bot: true, first_name: 'bot', username: 'bot' };
  bot.use((ctx, next) => {
    ctx.telegram.callApi = async (_method, payload) => {
      hear(payload.text);
      return { message_id: 1, date: 0, chat: person, text: payload.text };
    };
    return next();
  });
  bot.use(session({ store: jsonStore() }));
  const steps = Array.from({ length }, (_, i) => take(i));
  bot.use(new Scenes.Stage([new Scenes.WizardScene('wawancara', begin, ...steps)]).middleware());
  bot.hears(opening, (ctx) => ctx.scene.enter('wawancara'));
  return async () => {
    await bot.handleUpdate(updateOf(opening));
    for (let i = 0; i < length; i += 1) await bot.handleUpdate(updateOf(answer(i)));
    return stored;
  };
}

function jsonStore() {
  const rows = new Map();
  return {
    get: (key) => (rows.has(key) ? JSON.parse(rows.get(key)) : undefined),
    set: (key, value) => void rows.set(key, JSON.stringify(value)),
    delete: (key) => void rows.delete(key),
  };
}

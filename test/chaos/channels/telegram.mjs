import { loadDouble, peopleOf } from './double.mjs';

/** Telegram, by polling. */
export async function openTelegram({ pool, vault }) {
  const { startTelegram } = await loadDouble('telegram');
  // The members of a run answer faster than anybody types: what one chat may get is not what is tried here.
  const api = await startTelegram({ limits: { chatBurst: 10_000 } });
  return {
    ...{ channel: 'telegram', account: `telegram-${api.token.split(':')[0]}`, simulator: false },
    env: { TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: api.url },
    profile: { telegramChatMs: 1 },
    // As many as its pace lets be on their way at once.
    inFlight: { reply: 16, bulk: 1 },
    ...peopleOf({
      pool,
      vault,
      newPerson: () => api.person(),
      acceptances: () => api.accepted.map(({ chat, message_id: id }) => `${chat.id}:${id}`),
      waiting: () => api.pending(),
    }),
    end: () => api.close(),
  };
}

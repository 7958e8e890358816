import type { Health } from '../contract.js';
import { type ApiOptions, createApi } from './api.js';
import { troubleOf } from './condition.js';
import { TelegramError } from './failure.js';

/**
 * Takes away the webhook of a bot, so that its messages can be fetched; what people wrote meanwhile stays with Telegram. Only a person
 * may wish for that: the program it belongs to hears nothing any more. The note says what was done.
 */
export async function forgetWebhook(options: ApiOptions): Promise<Health> {
  const api = createApi(options);
  try {
    const { url = '', pending_update_count: waiting } = await api.getWebhookInfo();
    if (url === '') return { ok: true, note: 'No webhook was set; nothing was changed.' };
    await api.deleteWebhook();
    return {
      ok: true,
      note: `The webhook at ${hostOf(url)} is gone; ${waiting} messages wait to be fetched.`,
    };
  } catch (error) {
    if (error instanceof TelegramError) return troubleOf(error);
    throw error;
  }
}

/** Where an address leads: what stands behind the host may be a secret of another program. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'another address';
}

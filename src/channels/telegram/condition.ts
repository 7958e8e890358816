import type { Health } from '../contract.js';
import { askSeldom } from '../contract-asking.js';
import type { TelegramApi } from './api.js';
import { TelegramError } from './failure.js';

type Trouble = Exclude<Health, { ok: true }>;

const tokenRefused: Trouble = {
  ok: false,
  what: 'Telegram refuses the token.',
  mend: 'Ask @BotFather for the token of the bot, set TELEGRAM_BOT_TOKEN and start Sapa again.',
};
const otherPoller: Trouble = {
  ok: false,
  what: 'Another program fetches the messages of this bot with the same token.',
  mend: 'End the other program, or give each its own bot; Sapa goes on by itself then.',
};
const webhookActive: Trouble = {
  ok: false,
  what: 'A webhook of another program is set for this bot, so messages cannot be fetched.',
  mend: 'If that program is not used any more: npx sapa telegram forget-webhook; else give it a bot of its own.',
};
const notCalled: Trouble = {
  ok: false,
  what: 'Telegram does not call this Sapa: the bot has another webhook, or none.',
  mend: 'Start Sapa again, which sets its own; end what sets the other one.',
};
const notReached: Trouble = {
  ok: false,
  what: 'Telegram could not deliver to TELEGRAM_WEBHOOK_URL, and messages wait there.',
  mend: 'Check that the address leads to this web server from the internet, with a valid certificate.',
};

/** What the code of a failure says by itself. */
const troubles: ReadonlyMap<string, Trouble> = new Map([
  ['other-poller', otherPoller],
  ['webhook-active', webhookActive],
  ['webhook-set', webhookActive],
  ['webhook-elsewhere', notCalled],
  ['webhook-unreached', notReached],
]);

/** What a failed call means for whoever looks after the machine. */
export function troubleOf({ failure }: TelegramError): Trouble {
  const { code } = failure;
  const known = troubles.get(code);
  if (known !== undefined) return known;
  if (failure.kind === 'refused' && (failure.status === 401 || failure.status === 404)) return tokenRefused;
  if (failure.kind === 'refused' && failure.status === 429) {
    return {
      ok: false,
      what: 'Telegram asks the bot to slow down.',
      mend: 'Nothing is lost; Sapa waits and goes on.',
    };
  }
  return {
    ok: false,
    what: `Telegram cannot be reached (${code}).`,
    mend: 'Nothing is lost. Check the internet connection, the clock and TELEGRAM_API_ROOT.',
  };
}

/** How the channel is: what receiving last met with, else what Telegram answers when it is asked. */
export class Condition {
  readonly #ask: () => Promise<Health>;
  #trouble: Trouble | null = null;

  /** `look` gives the name of the bot, and rejects when something is wrong with it. */
  constructor(look: () => Promise<string>, now: () => Date) {
    this.#ask = askSeldom(() => healthBy(look), now);
  }

  /** Remembers why nothing is received; true when that is news. */
  failed(trouble: Trouble): boolean {
    const isNews = this.#trouble?.what !== trouble.what;
    this.#trouble = trouble;
    return isNews;
  }

  worked(): void {
    this.#trouble = null;
  }

  async health(): Promise<Health> {
    return this.#trouble ?? this.#ask();
  }
}

async function healthBy(look: () => Promise<string>): Promise<Health> {
  try {
    return { ok: true, note: `answers as @${await look()}` };
  } catch (error) {
    if (error instanceof TelegramError) return troubleOf(error);
    throw error;
  }
}

/** Looks at a bot whose updates are fetched: rejects when the token is refused or a webhook stands in the way. */
export async function lookByPolling(api: Pick<TelegramApi, 'getMe' | 'getWebhookInfo'>): Promise<string> {
  const { username } = await api.getMe();
  const { url = '' } = await api.getWebhookInfo();
  if (url !== '') throw refused('getUpdates', 'webhook-active');
  return username;
}

/** Looks at a bot that Telegram calls: rejects when it does not call us. */
export async function lookByWebhook(
  api: Pick<TelegramApi, 'getMe' | 'getWebhookInfo'>,
  own: string,
): Promise<string> {
  const { username } = await api.getMe();
  const info = await api.getWebhookInfo();
  if (info.url !== own) throw refused('getWebhookInfo', 'webhook-elsewhere');
  const failing = info.last_error_date !== undefined && info.pending_update_count > 0;
  if (failing) throw refused('getWebhookInfo', 'webhook-unreached');
  return username;
}

function refused(method: string, code: string): TelegramError {
  return new TelegramError(method, { kind: 'refused', status: 409, code, retryAfterS: null });
}

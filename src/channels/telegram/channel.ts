import { channelCapabilities } from '../../flow/capabilities.js';
import type { Channel, Listener, Ownership, Webhook } from '../contract.js';
import { Allowance } from '../contract-allowance.js';
import { examineClock } from '../contract-clock.js';
import { pause } from '../contract-pause.js';
import { type ApiOptions, createApi, type TelegramApi } from './api.js';
import { Condition, lookByPolling, lookByWebhook, troubleOf } from './condition.js';
import { createDoor } from './door.js';
import { TelegramError } from './failure.js';
import { fetchFile } from './files.js';
import { answerHook } from './hook.js';
import { Keyboards } from './keyboards.js';
import { telegramPace } from './pace.js';
import { type PollingTimes, poll, pollingTimes } from './polling.js';
import { Receiving } from './receiving.js';
import { chatLimits, send } from './send.js';

/** How a bot is run. */
export interface TelegramOptions extends ApiOptions {
  /** Where Telegram is to call us, and what it proves itself with; null: we fetch. */
  readonly webhook: { readonly url: string; readonly secret: string } | null;
  /** Sees to it that one process at a time fetches. */
  readonly ownership: Ownership;
  readonly now: () => Date;
  /** Hears what went wrong and will be tried again; nothing of it holds the token. */
  readonly onFault: (error: unknown) => void;
  readonly times?: PollingTimes;
  /** Milliseconds in which a chat is paid back one message; as Telegram asks for unless given. */
  readonly chatMs?: number | undefined;
}

/** The path of the webhook on our web server. */
const hookPath = '/telegram/webhook';

/** The account of a bot: its number, which is public and stays when the token is changed. */
function telegramAccount(token: string): string {
  return `telegram-${token.slice(0, token.indexOf(':'))}`;
}

/** A Telegram bot, by grammY's own client. */
export function createTelegram(options: TelegramOptions): Channel {
  const api = createApi(options);
  const bot = new Bot(options, api);
  const sending = {
    api,
    allowance: new Allowance({ ...chatLimits, everyMs: options.chatMs ?? chatLimits.everyMs }),
    keyboards: new Keyboards(),
    now: options.now,
  };
  return {
    name: 'telegram',
    account: telegramAccount(options.token),
    simulator: false,
    capabilities: channelCapabilities.telegram,
    // One bulk message after the other: a reply never waits for a limit that a broadcast has used up.
    pace: telegramPace,
    sameIdIsOneMessage: false,
    webhook: bot.webhook,
    open: (listener) => bot.open(listener),
    send: (parcel, signal) => send(sending, parcel, signal),
    fetch: (ref, limitBytes) => fetchFile(api, ref, limitBytes),
    health: () => bot.condition.health(),
    examine: async () => [await examineClock(api.server, 'Telegram', options.now)],
    door: createDoor(api),
    close: () => bot.close(),
  };
}

/** The receiving side of a bot: open at most once. */
class Bot {
  readonly condition: Condition;
  readonly webhook: Webhook | null;
  readonly #options: TelegramOptions;
  readonly #api: TelegramApi;
  readonly #closing = new AbortController();
  #receiving: Receiving | null = null;
  #work: { close(): Promise<void> } | null = null;

  constructor(options: TelegramOptions, api: TelegramApi) {
    this.#options = options;
    this.#api = api;
    const { webhook } = options;
    const look = webhook === null ? () => lookByPolling(api) : () => lookByWebhook(api, webhook.url);
    this.condition = new Condition(look, options.now);
    this.webhook = webhook === null ? null : { path: hookPath, answer: this.#answering(webhook.secret) };
  }

  async open(listener: Listener): Promise<void> {
    const { token, now, onFault, webhook, ownership } = this.#options;
    const { signal: closing } = this.#closing;
    const account = telegramAccount(token);
    const receiving = new Receiving({ account, api: this.#api, now, onFault, listener, closing });
    this.#receiving = receiving;
    if (webhook === null) this.#work = ownership.own(account, (held) => this.#fetching(receiving, held));
    else this.#work = closable(this.#settingHook(webhook));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#work?.close();
    await this.#receiving?.drain();
  }

  #fetching(receiving: Receiving, held: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([held, this.#closing.signal]);
    const { times = pollingTimes } = this.#options;
    return poll(
      {
        ...{ api: this.#api, times, take: (update, signal) => receiving.takeUntil(update, signal) },
        onFailed: (error) => this.#failed(error),
        onWorked: () => this.condition.worked(),
      },
      stop,
    );
  }

  /** Says where to call, again and again until Telegram has heard it. */
  async #settingHook({ url, secret }: NonNullable<TelegramOptions['webhook']>): Promise<void> {
    const { signal } = this.#closing;
    const { times = pollingTimes } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#api.setWebhook(url, secret);
        return this.condition.worked();
      } catch (error) {
        if (!(error instanceof TelegramError)) throw error;
        this.#failed(error);
        await pause(times.refusedMs, signal);
      }
    }
  }

  #failed(error: TelegramError): void {
    if (this.condition.failed(troubleOf(error))) this.#options.onFault(error);
  }

  #answering(secret: string): Webhook['answer'] {
    const { onFault } = this.#options;
    const take = () => {
      const receiving = this.#receiving;
      return receiving === null || this.#closing.signal.aborted ? null : receiving.take.bind(receiving);
    };
    return (request) => answerHook({ secret, take, onFault }, request);
  }
}

function closable(work: Promise<void>): { close(): Promise<void> } {
  return { close: () => work };
}

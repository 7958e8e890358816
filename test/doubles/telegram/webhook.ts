import type { Update, WebhookInfo } from 'grammy/types';
import { type Params, parsed, wholeOf } from './checks.js';
import type { Feed } from './feed.js';
import { refuse } from './refusal.js';

/** How long a webhook that did not take an update is left alone; the real server waits longer and longer. */
const retryMs = 50;

/** The webhook of one bot: gives it one update after the other, each until it is taken. */
export class Webhook {
  readonly #feed: Feed;
  readonly #now: () => number;
  #url = '';
  #secret = '';
  #connections = 40;
  #error: { readonly date: number; readonly message: string } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #busy = false;
  /** The answers of the webhook, in order. */
  readonly answers: number[] = [];

  constructor(feed: Feed, now: () => number) {
    this.#feed = feed;
    this.#now = now;
    feed.onNews = () => void this.#deliver();
  }

  get isSet(): boolean {
    return this.#url !== '';
  }

  set(params: Params): boolean {
    const url = String(params.url ?? '');
    const secret = String(params.secret_token ?? '');
    if (url === '') return this.remove(params);
    if (!/^https:\/\/|^http:\/\/127\.0\.0\.1[:/]/.test(url))
      throw refuse(400, 'bad webhook: An HTTPS URL must be provided for webhook');
    if (!/^[A-Za-z0-9_-]{0,256}$/.test(secret))
      throw refuse(400, 'secret token contains unallowed characters');
    const allowed = parsed(params.allowed_updates, "can't parse allowed_updates");
    if (Array.isArray(allowed)) this.#feed.allowed = allowed.length === 0 ? null : allowed;
    if (truthy(params.drop_pending_updates)) this.#feed.drop();
    this.#feed.conflict('terminated by setWebhook request');
    this.#connections = wholeOf(params.max_connections, 40, 1, 100);
    [this.#url, this.#secret, this.#error] = [url, secret, null];
    void this.#deliver();
    return true;
  }

  remove(params: Params): boolean {
    if (truthy(params.drop_pending_updates)) this.#feed.drop();
    this.stop();
    this.#url = '';
    return true;
  }

  info(): WebhookInfo {
    const error = this.#error;
    return {
      url: this.#url,
      has_custom_certificate: false,
      pending_update_count: this.#feed.pending,
      max_connections: this.#connections,
      ...(error === null ? {} : { last_error_date: error.date, last_error_message: error.message }),
    };
  }

  /** Delivers nothing more until the webhook is set again. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #deliver(): Promise<void> {
    if (this.#busy || this.#timer !== null) return;
    this.#busy = true;
    try {
      for (let update = this.#next(); update !== null; update = this.#next()) {
        if (!(await this.#give(update))) return this.#later();
        this.#feed.taken(update);
      }
    } finally {
      this.#busy = false;
    }
  }

  #next(): Update | null {
    return this.isSet ? this.#feed.head() : null;
  }

  #later(): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#deliver();
    }, retryMs);
  }

  async #give(update: Update): Promise<boolean> {
    const status = await post(this.#url, this.#secret, update);
    this.answers.push(status);
    if (status >= 200 && status < 300) return true;
    const message = status === 0 ? 'Connection failed' : `Wrong response from the webhook: ${status}`;
    this.#error = { date: Math.floor(this.#now() / 1000), message };
    return false;
  }
}

async function post(url: string, secret: string, update: Update): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    ...(secret === '' ? {} : { 'x-telegram-bot-api-secret-token': secret }),
  };
  try {
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(update) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

function truthy(given: unknown): boolean {
  return given === true || given === 'true' || given === 'True';
}

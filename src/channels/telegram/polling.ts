import type { Update } from 'grammy/types';
import { pause } from '../contract-pause.js';
import type { TelegramApi } from './api.js';
import { TelegramError } from './failure.js';

/** What the loop needs. */
export interface PollingOptions {
  readonly api: Pick<TelegramApi, 'getUpdates'>;
  /** Takes an update; true once it is stored for good, false when that was given up because of the end. */
  readonly take: (update: Update, stop: AbortSignal) => Promise<boolean>;
  readonly times: PollingTimes;
  /** Told whenever fetching failed, and that it worked. */
  readonly onFailed: (error: TelegramError) => void;
  readonly onWorked: () => void;
}

/** How long to wait, in milliseconds unless said. */
export interface PollingTimes {
  /** How long the server holds a call when there is nothing, in seconds. */
  readonly pollS: number;
  /** After this long the next updates are fetched although one is not stored yet. Telegram punishes less than 0.5 s. */
  readonly patienceMs: number;
  /** First pause after a failure; doubled each time. */
  readonly retryMs: number;
  readonly longestRetryMs: number;
  /** Pause while another process fetches, or a webhook is set, or the token is refused. */
  readonly refusedMs: number;
}

/** The times of normal work. */
export const pollingTimes: PollingTimes = {
  pollS: 30,
  patienceMs: 600,
  retryMs: 500,
  longestRetryMs: 30_000,
  refusedMs: 5_000,
};

/**
 * Fetches updates until `stop`. The offset, by which Telegram forgets, is never beyond an update that is not stored: while one
 * chat is stuck, the others go on within the hundred updates that Telegram gives out at once.
 */
export async function poll(options: PollingOptions, stop: AbortSignal): Promise<void> {
  const shelf = new Shelf();
  let failures = 0;
  while (!stop.aborted) {
    try {
      const updates = await options.api.getUpdates(shelf.offset, options.times.pollS, stop);
      failures = 0;
      options.onWorked();
      for (const update of updates) shelf.put(update, (one) => options.take(one, stop));
      await shelf.settled(options.times.patienceMs, stop);
    } catch (error) {
      if (!(error instanceof TelegramError)) throw error;
      if (!stop.aborted) await afterFailure(options, error, failures, stop);
      failures += 1;
    }
  }
  await shelf.drained();
  await confirm(options, shelf.offset);
}

async function afterFailure(
  { onFailed, times }: PollingOptions,
  error: TelegramError,
  failures: number,
  stop: AbortSignal,
): Promise<void> {
  onFailed(error);
  await pause(pauseAfter(error, failures, times), stop);
}

function pauseAfter({ failure }: TelegramError, failures: number, times: PollingTimes): number {
  const growing = Math.min(times.retryMs * 2 ** Math.min(failures, 16), times.longestRetryMs);
  if (failure.kind !== 'refused' || failure.status >= 500) return growing;
  return failure.retryAfterS === null ? times.refusedMs : failure.retryAfterS * 1000;
}

/** Tells Telegram at the end what it may forget; if that fails, it comes again and is known. */
async function confirm({ api }: PollingOptions, offset: number): Promise<void> {
  if (offset === 0) return;
  await api.getUpdates(offset, 0, AbortSignal.timeout(confirmMs)).catch(() => undefined);
}

const confirmMs = 2_000;

/** Updates that were fetched and not confirmed. */
class Shelf {
  readonly #unstored = new Set<number>();
  /** Stored, but held back behind one that is not. */
  readonly #stored = new Set<number>();
  readonly #works = new Set<Promise<void>>();
  #next = 0;

  /** The first update that Telegram must keep. */
  get offset(): number {
    return this.#unstored.size === 0 ? this.#next : Math.min(...this.#unstored);
  }

  /** Begins with an update, unless it is here already: what is not confirmed is fetched again. */
  put(update: Update, take: (update: Update) => Promise<boolean>): void {
    const { update_id: id } = update;
    if (this.#unstored.has(id) || this.#stored.has(id)) return;
    this.#unstored.add(id);
    this.#next = Math.max(this.#next, id + 1);
    const work = take(update).then((stored) => {
      if (stored) this.#keep(id);
      this.#works.delete(work);
    });
    this.#works.add(work);
  }

  #keep(id: number): void {
    this.#unstored.delete(id);
    this.#stored.add(id);
    const { offset } = this;
    for (const one of this.#stored) if (one < offset) this.#stored.delete(one);
  }

  /** Waits until everything is stored, or for a time. */
  async settled(patienceMs: number, stop: AbortSignal): Promise<void> {
    if (this.#works.size === 0) return;
    const enough = new AbortController();
    const end = () => enough.abort();
    stop.addEventListener('abort', end, { once: true });
    await Promise.race([this.drained(), pause(patienceMs, enough.signal)]);
    stop.removeEventListener('abort', end);
    end();
  }

  /** Waits until nothing is being stored any more. */
  async drained(): Promise<void> {
    await Promise.all(this.#works);
  }
}

import type { Update } from 'grammy/types';
import { type Refusal, refuse } from './refusal.js';

/** The kinds of update there are, as `allowed_updates` names them. */
export type UpdateKind = Exclude<keyof Update, 'update_id'>;

/** A call of getUpdates. */
export interface Poll {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutMs: number;
}

interface Waiting {
  readonly answer: (updates: readonly Update[]) => void;
  readonly fail: (refusal: Refusal) => void;
  readonly poll: Poll;
  readonly timer: NodeJS.Timeout;
}

/** The same offset again within this time gets one update only: the real server slows down who does not confirm. */
const sameOffsetMs = 500;

/**
 * The updates of one bot that wait to be fetched. As on the real server an offset confirms all before it, a long poll that
 * must wait ends the one that waits already, and one that is confirmed comes again only when a test says so.
 */
export class Feed {
  readonly #now: () => number;
  readonly #queue: Update[] = [];
  readonly #again: Update[] = [];
  #nextId: number;
  /** The last id that was given out. */
  #served = 0;
  #waiting: Waiting | null = null;
  #last = { offset: -1, at: 0 };
  allowed: readonly string[] | null = null;
  /** Called when there is something new. */
  onNews: () => void = () => {};

  constructor(now: () => number, firstId: number) {
    this.#now = now;
    this.#nextId = firstId;
  }

  /** Takes an id for an update that is given later. */
  reserve(): number {
    return this.#nextId++;
  }

  /** A new update, or null when the bot did not ask for its kind. */
  add(kind: UpdateKind, body: Omit<Update, 'update_id'>, id = this.reserve()): Update | null {
    if (this.allowed !== null && !this.allowed.includes(kind)) return null;
    const update: Update = { update_id: id, ...body };
    this.#put(update);
    return update;
  }

  /** Gives an update once more, whatever was confirmed. */
  repeat(update: Update): void {
    this.#put(update);
  }

  /** Into its place in the queue; beside the queue when the bot may have confirmed this place already. */
  #put(update: Update): void {
    if (update.update_id <= this.#served) this.#again.push(update);
    else {
      const place = this.#queue.findLastIndex((one) => one.update_id <= update.update_id);
      this.#queue.splice(place + 1, 0, update);
    }
    this.#tell();
  }

  get pending(): number {
    return this.#queue.length + this.#again.length;
  }

  /** The next update, for a webhook. */
  head(): Update | null {
    return this.#again[0] ?? this.#queue[0] ?? null;
  }

  /** An update was delivered to the webhook. */
  taken(update: Update): void {
    this.#served = Math.max(this.#served, update.update_id);
    for (const list of [this.#again, this.#queue]) {
      const place = list.indexOf(update);
      if (place >= 0) return void list.splice(place, 1);
    }
  }

  /** Forgets everything. */
  drop(): void {
    this.#queue.length = 0;
    this.#again.length = 0;
  }

  /** Answers getUpdates, now or when something comes. */
  poll(poll: Poll): Promise<readonly Update[]> {
    const hurried = poll.offset === this.#last.offset && this.#now() - this.#last.at < sameOffsetMs;
    this.#last = { offset: poll.offset, at: this.#now() };
    this.#confirm(poll.offset);
    const found = this.#take(hurried ? 1 : poll.limit);
    if (found.length > 0 || poll.timeoutMs === 0) return Promise.resolve(found);
    this.conflict('terminated by other getUpdates request; make sure that only one bot instance is running');
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#answer(this.#waiting), poll.timeoutMs);
      this.#waiting = { answer: resolve, fail: reject, poll, timer };
    });
  }

  /** Ends a poll that waits. */
  conflict(sentence: string): void {
    this.#end()?.fail(refuse(409, sentence));
  }

  /** The one that polled has gone away. */
  abandon(): void {
    this.#end()?.answer([]);
  }

  get isPolled(): boolean {
    return this.#waiting !== null;
  }

  #confirm(offset: number): void {
    // As the server's own queue: an offset beyond its end is none.
    if (offset > this.#nextId) return;
    this.#served = Math.max(this.#served, offset - 1);
    while ((this.#queue[0]?.update_id ?? offset) < offset) this.#queue.shift();
  }

  #take(limit: number): readonly Update[] {
    const again = this.#again.splice(0, limit);
    const found = this.#queue.slice(0, limit - again.length);
    this.#served = Math.max(this.#served, found.at(-1)?.update_id ?? 0);
    return [...again, ...found];
  }

  #tell(): void {
    this.#answer(this.#waiting);
    this.onNews();
  }

  #answer(waiting: Waiting | null): void {
    if (waiting === null) return;
    this.#end();
    waiting.answer(this.#take(waiting.poll.limit));
  }

  #end(): Waiting | null {
    const waiting = this.#waiting;
    if (waiting !== null) clearTimeout(waiting.timer);
    this.#waiting = null;
    return waiting;
  }
}

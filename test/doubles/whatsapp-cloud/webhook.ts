import { createHmac } from 'node:crypto';

/** How long a call that was not taken waits, longer and longer; the real service goes on for seven days. */
const retryMs = 40;
const longestRetryMs = 1_000;

/** Where calls go, and what they prove themselves with. */
export interface Subscription {
  readonly url: string;
  readonly secret: string;
}

interface Call {
  readonly line: string;
  readonly body: string;
}

/**
 * Hands what happens over to the business: of one line in order, each until it is taken; of different lines at the same time. What
 * was not taken when the double closes is dropped.
 */
export class Webhook {
  readonly #queues = new Map<string, Call[]>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #busy = new Set<string>();
  /** How long the next rest of a line is whose call was not taken. */
  readonly #rests = new Map<string, number>();
  #subscription: Subscription | null = null;
  #closed = false;
  #repeated = 0;
  /** Everything that was ever handed over, or is to be. */
  readonly given: string[] = [];
  /** How each call was answered; 0 when it was not. */
  readonly answers: number[] = [];

  get pending(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0);
  }

  /** What is on its way goes here from now on; null: it waits. */
  subscribe(subscription: Subscription | null): void {
    this.#subscription = subscription;
    for (const line of this.#queues.keys()) this.#later(line, 0);
  }

  get url(): string | null {
    return this.#subscription?.url ?? null;
  }

  /** Hands a body over, after all that waits in its line. */
  give(line: string, body: unknown): void {
    const text = JSON.stringify(body);
    this.given.push(text);
    this.#put(line, text);
  }

  /** Hands something over once more, in a line of its own. */
  repeat(text: string): void {
    this.#repeated += 1;
    this.#put(`again ${this.#repeated}`, text);
  }

  #put(line: string, body: string): void {
    const queue = this.#queues.get(line);
    const call = { line, body };
    if (queue !== undefined) return void queue.push(call);
    this.#queues.set(line, [call]);
    void this.#deliver(line);
  }

  close(): void {
    this.#closed = true;
    this.#queues.clear();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #deliver(line: string): Promise<void> {
    if (this.#busy.has(line)) return;
    this.#busy.add(line);
    const isDone = await this.#deliverAll(this.#queues.get(line) ?? []);
    this.#busy.delete(line);
    if (isDone) this.#queues.delete(line);
    else if (!this.#closed && this.#subscription !== null) this.#later(line, this.#restOf(line));
  }

  #restOf(line: string): number {
    const rest = this.#rests.get(line) ?? retryMs;
    this.#rests.set(line, Math.min(rest * 2, longestRetryMs));
    return rest;
  }

  /** Hands over one after the other; false when one was not taken. */
  async #deliverAll(queue: Call[]): Promise<boolean> {
    for (let [head] = queue; head !== undefined; [head] = queue) {
      if (this.#subscription === null) return false;
      const { url, secret } = this.#subscription;
      const status = await post(url, secret, head.body);
      if (this.#closed) return false;
      this.answers.push(status);
      if (status < 200 || status > 299) return false;
      queue.shift();
      this.#rests.delete(head.line);
    }
    return true;
  }

  #later(line: string, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#deliver(line);
    }, ms);
    this.#timers.add(timer);
  }
}

/** The signature of a body, as the header carries it. */
export function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

async function post(url: string, secret: string, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signatureOf(body, secret) };
  try {
    const answer = await fetch(url, { method: 'POST', headers, body });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

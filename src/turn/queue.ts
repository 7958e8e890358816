/** A piece of work that belongs to one key, and the promise its giver waits on. */
interface Entry<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What happened to each item of a batch: done, to be tried again before anything else of its key, or failed. */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'again' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** How a keyed queue works: how many items go into one batch, how many batches run at once, and what is done with them. */
export interface KeyedQueueOptions<Item> {
  readonly batch: number;
  readonly inFlight: number;
  readonly work: (items: readonly Item[]) => Promise<readonly Verdict[]>;
}

/**
 * Items of one key one after the other, different keys together: each batch holds at most one item of a key. Whatever
 * arrives while the batches in flight are busy goes into the next one, so that load makes batches and idleness does not wait.
 * What there is to do is shared out evenly among the batches in flight: one large one beside a small one would leave this
 * process waiting for the database, and the database for this process.
 */
export class KeyedQueue<Item> {
  readonly #options: KeyedQueueOptions<Item>;
  readonly #lines = new Map<string, Entry<Item>[]>();
  #ready: string[] = [];
  #running = 0;
  #isPumping = false;
  #idle: (() => void)[] = [];

  constructor(options: KeyedQueueOptions<Item>) {
    this.#options = options;
  }

  /** Adds an item; resolves when it is done, rejects when it failed. */
  push(key: string, item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = { item, resolve, reject };
      const line = this.#lines.get(key);
      if (line !== undefined) {
        line.push(entry);
        return;
      }
      this.#lines.set(key, [entry]);
      this.#ready.push(key);
      this.#pumpSoon();
    });
  }

  /** Resolves when nothing is left to do. */
  async drain(): Promise<void> {
    if (this.#lines.size === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Whatever else arrives in the same moment goes along. */
  #pumpSoon(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    this.#isPumping = false;
    const { batch, inFlight } = this.#options;
    while (this.#running < inFlight && this.#ready.length > 0) {
      const share = Math.min(batch, Math.ceil(this.#lines.size / inFlight));
      void this.#run(this.#ready.splice(0, share));
    }
  }

  async #run(keys: readonly string[]): Promise<void> {
    this.#running += 1;
    const heads = keys.flatMap((key) => this.#lines.get(key)?.[0] ?? []);
    const verdicts = await this.#work(heads.map((head) => head.item));
    this.#running -= 1;
    for (const [at, key] of keys.entries()) {
      this.#settle(key, verdicts[at] ?? { kind: 'failed', error: new Error('no verdict') });
    }
    this.#pumpSoon();
    if (this.#lines.size === 0) for (const wake of this.#idle.splice(0)) wake();
  }

  async #work(items: readonly Item[]): Promise<readonly Verdict[]> {
    try {
      return await this.#options.work(items);
    } catch (error) {
      return items.map(() => ({ kind: 'failed', error }));
    }
  }

  #settle(key: string, verdict: Verdict): void {
    if (verdict.kind === 'again') {
      this.#ready.push(key);
      return;
    }
    const line = this.#lines.get(key) ?? [];
    const head = line.shift();
    if (line.length === 0) this.#lines.delete(key);
    else this.#ready.push(key);
    if (verdict.kind === 'done') head?.resolve();
    else head?.reject(verdict.error);
  }
}

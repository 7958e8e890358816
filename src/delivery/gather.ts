/** Writes things together that come at the same time; each caller learns when its own was written. */
export type Gather<Item> = (item: Item) => Promise<void>;

/** Gathers what comes while the last write is under way into the next one, at most `most` at a time. */
export function createGather<Item>(
  write: (items: readonly Item[]) => Promise<void>,
  most: number,
): Gather<Item> {
  let waiting: Waiting<Item>[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await settleAll(batch, write);
    }
    busy = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (busy) return;
      busy = true;
      setImmediate(() => void drain());
    });
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

async function settleAll<Item>(
  batch: readonly Waiting<Item>[],
  write: (items: readonly Item[]) => Promise<void>,
): Promise<void> {
  try {
    await write(batch.map((waiting) => waiting.item));
    for (const waiting of batch) waiting.resolve();
  } catch (error) {
    for (const waiting of batch) waiting.reject(error);
  }
}

import type { DeliveryStore, Hold } from '../store/deliveries.js';
import type { Outage } from './log.js';

/** The leases this process holds; renews those whose sending takes long. */
export interface Leases {
  /** A fresh hold; every lease has its own token. */
  hold(): Hold;
  keep(token: string, ids: readonly string[]): void;
  drop(id: string): void;
  stop(): void;
}

/** What the leases need. */
export interface LeasesOptions {
  readonly store: Pick<DeliveryStore, 'renew'>;
  readonly leaseMs: number;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly outage: Outage;
}

/** Starts to look after leases. */
export function createLeases({ store, leaseMs, now, newId, outage }: LeasesOptions): Leases {
  const held = new Map<string, string>();
  const timer = setInterval(() => void renew(), leaseMs / 3).unref();

  async function renew(): Promise<void> {
    if (held.size === 0) return;
    const until = new Date(now().getTime() + leaseMs);
    await store.renew([...held.values()], [...held.keys()], until).catch((error) => outage.failed(error));
  }

  return {
    hold() {
      const at = now();
      return { token: newId(), now: at, until: new Date(at.getTime() + leaseMs) };
    },
    keep(token, ids) {
      for (const id of ids) held.set(id, token);
    },
    drop(id) {
      held.delete(id);
    },
    stop() {
      clearInterval(timer);
    },
  };
}

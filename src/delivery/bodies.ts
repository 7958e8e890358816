import type { Message } from '../flow/message.js';
import type { Vault } from '../store/crypto.js';
import type { DeliveryStore } from '../store/deliveries.js';
import { toMessage } from './body.js';

/**
 * Reads the text of rows: a reply carries its own, a broadcast's stands once in the broadcast and is read once. Null for
 * what cannot be read; rejects only while the database is away.
 */
export type Bodies = (row: {
  readonly bodySealed: Buffer | null;
  readonly broadcastId: string | null;
}) => Promise<Message | null>;

/** Broadcasts whose text is kept in memory. */
const KEPT = 16;

/** Opens sealed bodies. */
export function createBodies(store: Pick<DeliveryStore, 'broadcastBody'>, vault: Vault): Bodies {
  const kept = new Map<string, Message>();

  async function broadcast(id: string): Promise<Message | null> {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const message = openMessage(vault, await store.broadcastBody(id));
    if (message !== null) keep(kept, id, message);
    return message;
  }

  return async ({ bodySealed, broadcastId }) =>
    bodySealed === null && broadcastId !== null ? broadcast(broadcastId) : openMessage(vault, bodySealed);
}

/** Opens a sealed message; null when there is none or it cannot be read. */
export function openMessage(vault: Vault, sealed: Buffer | null): Message | null {
  if (sealed === null) return null;
  try {
    return toMessage(vault.openJson(sealed));
  } catch {
    return null;
  }
}

function keep(kept: Map<string, Message>, id: string, message: Message): void {
  const oldest = kept.keys().next();
  if (kept.size >= KEPT && !oldest.done) kept.delete(oldest.value);
  kept.set(id, message);
}

import type { Receipt } from '../channels/contract.js';
import type { DeliveryStore } from '../store/deliveries.js';
import { pause } from './pause.js';

/** How often, and how long apart, a receipt looks for its row: it may overtake the write of its own acceptance. */
const LOOKS = 4;
const LOOK_MS = 250;

/** Takes receipts in; one whose message is not ours is let go. */
export function createReceipts(
  store: Pick<DeliveryStore, 'receipt'>,
  signal: AbortSignal,
): (receipt: Receipt) => Promise<void> {
  return async (receipt) => {
    for (let look = 1; look <= LOOKS; look += 1) {
      if (await store.receipt(receipt)) return;
      if (look < LOOKS) await pause(LOOK_MS, signal);
    }
  };
}

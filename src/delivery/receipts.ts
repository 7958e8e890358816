import type { Receipt } from '../channels/contract.js';
import type { ReportResult, RowRef } from '../store/deliveries.js';
import { type Account, obey, type Workshop } from './account.js';
import { lateOutcomeOf } from './late.js';
import { pause } from './pause.js';

/** How often, and how long apart, a receipt looks for its row: it may overtake the write of its own acceptance. */
const LOOKS = 4;
const LOOK_MS = 250;

/** What taking receipts in needs. */
export interface ReceiptOptions {
  readonly shop: Pick<Workshop, 'store' | 'alarms' | 'now' | 'newId' | 'signal'>;
  /** Every account there is, over which the next try may go. */
  readonly names: readonly string[];
  /** Those that this process sends for. */
  readonly accounts: ReadonlyMap<string, Account>;
  readonly wake: (rows: readonly RowRef[]) => void;
}

/** The message a receipt speaks of is being sent right now: what became of it is written first, and the receipt is to come again. */
class TooEarly extends Error {
  override readonly name = 'TooEarly';

  constructor() {
    super('a receipt came before the result of its message was written; the provider is to repeat it');
  }
}

/** Takes receipts in; one whose message is not ours is let go, one that is too early rejects, so that the provider repeats it. */
export function createReceipts(options: ReceiptOptions): (receipt: Receipt) => Promise<void> {
  return async (receipt) => {
    for (let look = 1; look <= LOOKS; look += 1) {
      const result = await take(options, receipt);
      if (result === 'taken') return;
      if (look < LOOKS) await pause(LOOK_MS, options.shop.signal);
      else if (result === 'too-early') throw new TooEarly();
    }
  };
}

async function take(options: ReceiptOptions, receipt: Receipt): Promise<ReportResult> {
  return receipt.kind === 'failed' ? takeFailure(options, receipt) : options.shop.store.receipt(receipt);
}

/** A failure that is told again means nothing more. */
async function takeFailure(
  { shop, names, accounts, wake }: ReceiptOptions,
  { fault, ...receipt }: Extract<Receipt, { kind: 'failed' }>,
): Promise<ReportResult> {
  const { code, sequel, unwanted, pauses, account: change, alarm } = lateOutcomeOf(fault, shop.now());
  const next = sequel === null ? null : { ...sequel, id: shop.newId() };
  const failure = { ...receipt, code, sequel: next, unwanted, pauses };
  const late = await shop.store.failLate(failure, names);
  wake(late.next);
  const account = accounts.get(receipt.account);
  if (late.moved && account !== undefined) obey(account, 'bulk', change);
  if (late.moved && alarm !== null) await shop.alarms.raise(receipt.account, alarm, code);
  return late.result;
}

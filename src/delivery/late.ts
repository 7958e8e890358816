import type { ChannelFault } from '../channels/contract.js';
import type { LateFailure } from '../store/deliveries.js';
import { type Outcome, whoWaits } from './outcome.js';

/** What it means that a message did not arrive which its provider had taken: for its row, and for the account. */
export interface LateOutcome
  extends Pick<Outcome, 'account' | 'unwanted' | 'pauses' | 'alarm'>,
    Pick<LateFailure, 'code'> {
  /** The same over the contact's next address, or once more over this one. */
  readonly sequel: { readonly kind: 'failover' | 'again'; readonly dueAt: Date } | null;
}

/** How long it waits when the provider cannot say why it failed, in milliseconds. */
const AGAIN_MS = 60_000;

const quiet = { sequel: null, account: 'runs', unwanted: false, pauses: false, alarm: null } as const;

/**
 * Every fault that comes late, and what follows from it. The message is certainly not out, so what only came at a bad time is sent
 * once more, as a row of its own: a row that was accepted is never sent again.
 */
export function lateOutcomeOf(fault: ChannelFault, now: Date): LateOutcome {
  const { code } = fault;
  const again = (dueAt: Date) => ({ kind: 'again', dueAt }) as const;
  switch (fault.kind) {
    case 'permanent':
      return { ...quiet, code, sequel: { kind: 'failover', dueAt: now } };
    case 'unwanted':
      return { ...quiet, code, unwanted: true };
    case 'file':
      // The same file may pass at another try; a row that ended alike is not sent a third time.
      return { ...quiet, code, sequel: again(now) };
    case 'throttled':
      return { ...quiet, code, sequel: again(fault.until), ...whoWaits(fault) };
    case 'ambiguous':
      return { ...quiet, code, sequel: again(new Date(now.getTime() + AGAIN_MS)) };
    case 'stopped':
      return { ...quiet, code, sequel: again(now), account: 'stops', alarm: 'stopped' };
    case 'bug':
      return { ...quiet, code, pauses: true, alarm: 'bug' };
    default:
      return neverHappens(fault);
  }
}

function neverHappens(fault: never): never {
  throw new Error(`unknown channel fault ${JSON.stringify(fault)}: give it an outcome in late.ts`);
}

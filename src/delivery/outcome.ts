import { type Accepted, ChannelError, type ChannelFault } from '../channels/contract.js';
import type { State } from './states.js';

/** What a send comes to: the row's next state, and what it means for the account. */
export interface Outcome {
  readonly state: Extract<State, 'accepted' | 'failed' | 'due' | 'unknown'>;
  readonly code: string | null;
  readonly providerId: string | null;
  /** When the row is due again: at a time, after the usual pause, or (null) not again. */
  readonly again: Date | 'backoff' | null;
  readonly spent: 0 | 1;
  /** Try the contact's next address. */
  readonly failover: boolean;
  /** Another message to the same address: once more what perhaps did not arrive, or what was said without its file. */
  readonly followUp: 'again' | 'without-file' | null;
  /** What happens to the account: nothing, its broadcasts wait, and (`own`) the lane of the message with them, or all of it stops. */
  readonly account: 'runs' | { readonly waitsUntil: Date; readonly lane: 'own' | 'bulk' } | 'stops';
  /** The person takes no advertising over this account from now on. */
  readonly unwanted: boolean;
  /** The broadcast it belongs to waits for a person: what one row was refused for, the others would be too. */
  readonly pauses: boolean;
  readonly alarm: 'bug' | 'gave-up' | 'stopped' | 'complaints' | null;
}

/** What decides how an uncertain send ends. */
export interface Attempt {
  readonly sameIdIsOneMessage: boolean;
  /** Attempts spent before this one. */
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly now: Date;
}

const quiet = {
  code: null,
  providerId: null,
  again: null,
  spent: 1,
  failover: false,
  followUp: null,
  account: 'runs',
  unwanted: false,
  pauses: false,
  alarm: null,
} as const satisfies Partial<Outcome>;

/** The provider took the message. */
export function accepted(answer: Accepted): Outcome {
  return { ...quiet, state: 'accepted', providerId: answer.providerId };
}

/** What an error thrown by a channel means; anything that is not a `ChannelError` may have happened after the send. */
export function faultOf(error: unknown): ChannelFault {
  return error instanceof ChannelError ? error.fault : { kind: 'ambiguous', code: 'unexpected' };
}

/** Every fault and what follows from it, in one place. */
export function outcomeOf(fault: ChannelFault, attempt: Attempt): Outcome {
  const { code } = fault;
  switch (fault.kind) {
    case 'permanent':
      return { ...quiet, state: 'failed', code, failover: true };
    case 'unwanted':
      return { ...quiet, state: 'failed', code, unwanted: true };
    case 'file':
      return { ...quiet, state: 'failed', code, followUp: 'without-file' };
    case 'throttled':
      return { ...quiet, state: 'due', code, again: fault.until, spent: 0, ...whoWaits(fault) };
    case 'ambiguous':
      return uncertain(code, attempt);
    case 'stopped':
      return {
        ...quiet,
        state: 'due',
        code,
        again: attempt.now,
        spent: 0,
        account: 'stops',
        alarm: 'stopped',
      };
    case 'bug':
      return { ...quiet, state: 'failed', code, pauses: true, alarm: 'bug' };
    default:
      return neverHappens(fault);
  }
}

/** What a fault that passes does to the account. */
export function whoWaits({
  until,
  waits,
}: Extract<ChannelFault, { kind: 'throttled' }>): Pick<Outcome, 'account' | 'alarm'> {
  if (waits === 'address') return { account: 'runs', alarm: null };
  if (waits === 'broadcasts') return { account: { waitsUntil: until, lane: 'bulk' }, alarm: 'complaints' };
  return { account: { waitsUntil: until, lane: 'own' }, alarm: null };
}

function uncertain(code: string, attempt: Attempt): Outcome {
  if (!attempt.sameIdIsOneMessage) return { ...quiet, state: 'unknown', code, followUp: 'again' };
  if (attempt.attempts + 1 >= attempt.maxAttempts)
    return { ...quiet, state: 'failed', code: 'gave-up', alarm: 'gave-up' };
  return { ...quiet, state: 'due', code, again: 'backoff' };
}

function neverHappens(fault: never): never {
  throw new Error(`unknown channel fault ${JSON.stringify(fault)}: give it an outcome in outcome.ts`);
}

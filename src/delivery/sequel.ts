import type { Capabilities } from '../flow/capabilities.js';
import { dueAt as timerDueAt } from '../flow/human-hours.js';
import type { Message } from '../flow/message.js';
import { splitToFit } from '../flow/render.js';
import type { Vault } from '../store/crypto.js';
import type { Ending, RunningTimer, Sequel } from '../store/deliveries.js';
import { afterInterruption, toJson, withoutFile } from './body.js';
import type { Outcome } from './outcome.js';
import { backoff, type Profile } from './profile.js';
import type { Lane } from './states.js';

/** A row whose outcome is to be written. */
export interface EndingRow {
  readonly id: string;
  readonly token: string;
  readonly lane: Lane;
  readonly attempts: number;
  /** Null when the body could not be read; it is needed only for a reply that is told once more, and for its timers. */
  readonly message: Message | null;
}

/** What turns an outcome into what is written. */
export interface EndingOptions {
  readonly vault: Vault;
  readonly profile: Profile;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** What is written for a row, with the row that follows it, if any. */
export function endingOf(
  row: EndingRow,
  outcome: Outcome,
  capabilities: Capabilities,
  stale: boolean,
  options: EndingOptions,
): Ending {
  return {
    id: row.id,
    token: row.token,
    state: outcome.state,
    code: outcome.code,
    providerId: outcome.providerId,
    dueAt: dueAt(row, outcome, options),
    spent: outcome.spent,
    stale,
    sequel: sequelOf(row, outcome, capabilities, options),
    timers: outcome.state === 'accepted' ? timersOf(row.message, options.now()) : none,
  };
}

const none: readonly RunningTimer[] = [];

/** What waits for an answer waits from when the provider took the question, not from when it was asked. */
function timersOf(message: Message | null, acceptedAt: Date): readonly RunningTimer[] {
  return (message?.timers ?? []).map(({ flow, name, reminder, after }) => {
    return { flow, name, reminder, dueAt: timerDueAt(after, acceptedAt) };
  });
}

function dueAt(row: EndingRow, outcome: Outcome, { profile, now }: EndingOptions): Date | null {
  if (outcome.again !== 'backoff') return outcome.again;
  return new Date(now().getTime() + backoff(profile, row.attempts));
}

function sequelOf(
  row: EndingRow,
  outcome: Outcome,
  capabilities: Capabilities,
  { vault, newId }: EndingOptions,
): Sequel | null {
  if (outcome.failover) return { id: newId(), kind: 'failover', bodySealed: null };
  const { message } = row;
  if (outcome.followUp === null || message === null) return null;
  const sealed = (next: Message) => vault.sealJson(toJson(next));
  if (outcome.followUp === 'without-file')
    return { id: newId(), kind: 'without-file', bodySealed: sealed(withoutFile(message)) };
  if (row.lane !== 'reply') return null;
  return { id: newId(), kind: 'follow-up', bodySealed: sealed(followUp(message, capabilities)) };
}

/** The apology is left out where it would push the question over the channel's limit. */
function followUp(message: Message, capabilities: Capabilities): Message {
  const apology = afterInterruption(message);
  return splitToFit(apology, capabilities).length === 1 ? apology : message;
}

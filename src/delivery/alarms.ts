import type { DeliveryStore } from '../store/deliveries.js';
import type { Outage } from './log.js';
import type { Outcome } from './outcome.js';

/** Raises what a person must look at; the text says the cause and the fix, and no one's data. */
export interface Alarms {
  raise(account: string, kind: NonNullable<Outcome['alarm']>, code: string | null): Promise<void>;
  clear(account: string, kind: NonNullable<Outcome['alarm']>): Promise<void>;
  /** Whether it stands, raised by whichever process. */
  stands(account: string, kind: NonNullable<Outcome['alarm']>): Promise<boolean>;
}

const texts: Readonly<Record<NonNullable<Outcome['alarm']>, (account: string, code: string) => string>> = {
  bug: (account, code) =>
    `The account ${account} refused a message of ours (${code}). It was not sent, and its broadcast, if it belongs to one, is paused; tell the developers.`,
  complaints: (account, code) =>
    `The provider holds the account ${account} back because people complain of its messages (${code}). Broadcasts wait; send fewer, and only what people asked for.`,
  'gave-up': (account, code) =>
    `A message over the account ${account} was never confirmed (${code}). Check the connection of that account.`,
  stopped: (account, code) =>
    `The account ${account} was stopped by its provider (${code}). Check its token or number; what is to be sent waits.`,
};

/** Alarms as rows; a raise that fails is repeated by the next one like it. */
export function createAlarms(
  store: Pick<DeliveryStore, 'raiseAlarm' | 'clearAlarm' | 'alarmStands'>,
  now: () => Date,
  outage: Outage,
): Alarms {
  return {
    async raise(account, kind, code) {
      const message = texts[kind](account, code ?? kind);
      await store
        .raiseAlarm({ kind: nameOf(account, kind), account, message, at: now() })
        .catch((error) => outage.failed(error));
    },
    async clear(account, kind) {
      await store.clearAlarm(nameOf(account, kind), now()).catch((error) => outage.failed(error));
    },
    stands: (account, kind) => store.alarmStands(nameOf(account, kind)),
  };
}

function nameOf(account: string, kind: NonNullable<Outcome['alarm']>): string {
  return `delivery-${kind}-${account}`;
}

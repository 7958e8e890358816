import { isRecord } from '../flow/json.js';
import type { Vault } from '../store/crypto.js';
import type { DueTimer } from '../store/timers.js';
import type { TimerMessage } from './inbound.js';
import type { TurnOptions } from './options.js';

/** A due timer as a turn treats it: on behalf of the person whom it concerns, under an identity of its own. */
export function timerMessage({ vault, now }: TurnOptions, due: DueTimer): TimerMessage {
  const { channel, account, question, name } = due;
  return {
    ...{ channel, account, writtenAt: now() },
    address: vault.open(due.addressSealed),
    phone: provedPhone(vault, due.heardSealed),
    dedupeKey: `timer:${question}:${name}`,
    content: { kind: 'timer', question, timer: name },
  };
}

/** The number the channel vouched for when this person last wrote. */
function provedPhone(vault: Vault, heardSealed: Buffer | null): string | null {
  const heard = heardSealed === null ? null : vault.openJson(heardSealed);
  return isRecord(heard) && typeof heard.phone === 'string' ? heard.phone : null;
}

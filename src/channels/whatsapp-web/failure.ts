import { ChannelError, type ChannelFault } from '../contract.js';
import type { Sent } from './protocol.js';

/** The server's code for: this account may begin no chats just now. To try again would make it worse. */
export const newChatsLocked = '463';

/** The file of a message could not be left with WhatsApp, so nothing was sent. */
export const uploadFailed = 'upload';

/** Why nothing can be written in a group: the account is not in it (any more), or only its admins may write there. */
export const groupShut = { out: 'not-in-group', onlyAdmins: 'only-admins' } as const;

const shut: ReadonlySet<string> = new Set(Object.values(groupShut));
const unreachable: ReadonlySet<string> = new Set([newChatsLocked, '404']);
/** Pause after a send that could not begin, in milliseconds. */
const soonMs = 1_000;

/** What a send that was not accepted means for the delivery: the one place where that is decided. */
export function faultOf(sent: Exclude<Sent, { kind: 'accepted' }>, now: Date): ChannelFault {
  const { code } = sent;
  switch (sent.kind) {
    case 'lost':
      return { kind: 'ambiguous', code };
    case 'unsent':
      return { kind: 'throttled', until: new Date(now.getTime() + soonMs), code };
    case 'refused':
      if (code === uploadFailed) return { kind: 'file', code };
      if (shut.has(code)) return { kind: 'permanent', code };
      return { kind: unreachable.has(code) ? 'permanent' : 'bug', code: `ack-${code}` };
  }
}

/** The only error a send ends with. */
export function fault(what: ChannelFault): ChannelError {
  return new ChannelError('whatsapp-web', what);
}

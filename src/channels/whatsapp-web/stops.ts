import type { Health } from '../contract.js';
import type { StopCode } from './reconnect.js';

type Trouble = Exclude<Health, { ok: true }>;

/** How somebody lets a stopped account begin again. */
const askAgain =
  'Then open /whatsapp/pair on this computer and press the button, or run: npx sapa whatsapp connect';

/** Why an account does nothing until a person asks, and what that person has to do first. */
export const stops: Readonly<Record<StopCode, Trouble>> = {
  replaced: {
    ok: false,
    what: 'Another program took over the WhatsApp number with the same credentials.',
    mend: `End the other one: two would oust each other for ever. ${askAgain}`,
  },
  'logged-out': {
    ok: false,
    what: 'The phone unlinked this computer from the WhatsApp number, or WhatsApp did.',
    mend: `Look at the phone whether the number still works. ${askAgain}; it must be linked anew.`,
  },
  forbidden: {
    ok: false,
    what: 'WhatsApp has blocked the number.',
    mend: `Ask WhatsApp on the phone for a review, or use another number, Telegram or the Cloud API. ${askAgain}`,
  },
  mismatch: {
    ok: false,
    what: 'The phone does not know this linked device any more.',
    mend: `${askAgain}; it must be linked anew.`,
  },
  'bad-session': {
    ok: false,
    what: 'WhatsApp refused the session several times.',
    mend: `Look at the phone whether the number still works. ${askAgain}`,
  },
  'not-scanned': {
    ok: false,
    what: 'Nobody scanned the QR code, so it is not shown any more.',
    mend: 'Open /whatsapp/pair on this computer and press the button, or run: npx sapa whatsapp connect',
  },
  'too-old': {
    ok: false,
    what: 'WhatsApp does not take this version of its client any more.',
    mend: `Install a newer Sapa, or wait until one is there. ${askAgain}`,
  },
};

/** The trouble of a stop code as it was kept; null for one this version does not know. */
export function stopTrouble(code: string | null): Trouble | null {
  return code !== null && isStopCode(code) ? stops[code] : null;
}

/** Whether a new process may begin again by itself: after these a person must have asked, or the provider would be provoked. */
export function needsAsking(code: string | null): boolean {
  return code === 'replaced' || code === 'forbidden' || code === 'logged-out' || code === 'mismatch';
}

function isStopCode(code: string): code is StopCode {
  return code in stops;
}

import type { Examination, Health } from '../contract.js';
import type { Status } from './port.js';
import { stopTrouble } from './stops.js';

/** An owner that gave no sign of life for this long is gone, in milliseconds. */
const aliveMs = 60_000;

const ok: Health = { ok: true };

/** What a status means for whoever looks after the machine. */
export function healthOf(status: Status, now: Date): Health {
  const { state, code, aliveAt } = status;
  if (state === 'stopped') return stopTrouble(code) ?? unknownStop;
  if (aliveAt === null || now.getTime() - aliveAt.getTime() > aliveMs) return notRunning;
  switch (state) {
    case 'open':
      return ok;
    case 'pairing':
      return notLinked;
    case 'new':
    case 'connecting':
    case 'waiting':
      return { ...notConnected, what: `${notConnected.what}${code === null ? '' : ` (${code})`}.` };
  }
}

/** The version of the client, which WhatsApp refuses once it is too old for it. */
export function versionOf({ code }: Status, version: string | null): Examination {
  const value = version === null ? 'that of the client as it came' : `${version} last worked`;
  return { part: 'version', value, health: code === 'too-old' || code === tooOld ? refused : ok };
}

/** How a connection that ended with 405 is kept while it is tried again. */
const tooOld = 'code-405';
const refused: Health = {
  ok: false,
  what: 'WhatsApp refuses the version that the client says it is (405).',
  mend: 'Sapa looks for the newest one by itself, for which it needs the internet; if it lasts, install a newer Sapa.',
};
const notRunning: Health = {
  ok: false,
  what: 'Nothing holds the connection to WhatsApp.',
  mend: 'Start Sapa; what people write meanwhile WhatsApp keeps.',
};
const notLinked: Health = {
  ok: false,
  what: 'No number is linked yet.',
  mend: 'Open /whatsapp/pair on this computer, then WhatsApp on the phone: linked devices, link a device.',
};
const notConnected = {
  ok: false,
  what: 'WhatsApp is not connected just now',
  mend: 'Nothing is lost, and Sapa tries again by itself. If it lasts: check the internet connection and the phone.',
} as const;
const unknownStop: Health = {
  ok: false,
  what: 'The account is stopped.',
  mend: 'Open /whatsapp/pair on this computer and press the button.',
};

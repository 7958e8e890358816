import type { ChannelFault } from '../contract.js';
import { later, unreachedPauseMs } from '../contract-wire.js';
import { codeOf, type Failure } from './failure.js';

/** What one of Meta's error numbers means; `waitMs` is how long nothing is tried. */
type Meaning =
  | {
      readonly kind: 'permanent' | 'unwanted' | 'file' | 'ambiguous' | 'stopped' | 'bug';
      readonly code: string;
    }
  | {
      readonly kind: 'throttled';
      readonly code: string;
      readonly waitMs: number;
      readonly waits?: 'address' | 'broadcasts';
    };

const minuteMs = 60_000;

/** One person is owed a message every six seconds, so that long the next one waits. */
const pairWaitMs = 6_000;

/** One message to a person every six seconds, of which 45 are lent (Cloud API, "Throughput"). */
export const pairLimits = { burst: 45, everyMs: pairWaitMs };
/** The number of a message outside the 24-hour window: it needs a template. */
export const windowClosed = 131047;

const throttled = (
  code: string,
  waitMs: number,
  waits: { readonly waits?: 'address' | 'broadcasts' } = {},
): Meaning => ({ kind: 'throttled', code, waitMs, ...waits });
const permanent = (code: string): Meaning => ({ kind: 'permanent', code });
const stopped = (code: string): Meaning => ({ kind: 'stopped', code });
const bug = (code: string): Meaning => ({ kind: 'bug', code });
const file = (code: string): Meaning => ({ kind: 'file', code });
const ambiguous = (code: string): Meaning => ({ kind: 'ambiguous', code });

/**
 * Meta's error numbers (Cloud API, "Error codes"). Meta asks to go by these and not by titles or HTTP statuses; the same numbers
 * come at once, later in a status, or both.
 */
export const meanings: ReadonlyMap<number, Meaning> = new Map([
  [130429, throttled('throughput', 5_000)],
  [80007, throttled('rate-limit', minuteMs)],
  [4, throttled('rate-limit', minuteMs)],
  [133016, throttled('registration-limit', 10 * minuteMs)],
  [131057, throttled('maintenance', 5 * minuteMs)],
  [131056, throttled('pair-rate', pairWaitMs, { waits: 'address' })],
  [131048, throttled('spam', 10 * minuteMs, { waits: 'broadcasts' })],
  [windowClosed, permanent('window-closed')],
  [131026, permanent('undeliverable')],
  [131021, permanent('own-number')],
  [131030, permanent('not-a-test-number')],
  [131062, permanent('user-id-refused')],
  [130472, permanent('experiment')],
  [131049, permanent('held-back')],
  [131050, { kind: 'unwanted', code: 'no-marketing' }],
  [190, stopped('token-refused')],
  [0, stopped('token-refused')],
  [3, stopped('no-permission')],
  [10, stopped('no-permission')],
  [200, stopped('no-permission')],
  [131005, stopped('no-permission')],
  [33, stopped('no-such-number')],
  [133010, stopped('number-not-registered')],
  [131045, stopped('number-not-registered')],
  [131037, stopped('name-not-approved')],
  [131042, stopped('payment')],
  [131031, stopped('account-locked')],
  [368, stopped('policy')],
  [130497, permanent('country')],
  [100, bug('parameter')],
  [131008, bug('parameter-missing')],
  [131009, bug('parameter')],
  [131051, bug('type')],
  [131052, file('media')],
  [131053, file('media')],
  [135000, bug('parameter')],
  [1, ambiguous('api')],
  [2, ambiguous('api')],
  [131000, ambiguous('api')],
  [131016, ambiguous('api')],
]);

/** All of 132xxx is about templates that do not fit: ours are wrong, or were changed at Meta. */
const templateNumbers = { from: 132_000, to: 132_999 };
/** "Object does not exist, or may not be seen": said of the number itself. */
const noSuchObject = { number: 100, subnumber: 33 };

/** What a failed send means for the delivery: the one place where that is decided. */
export function faultOf(failure: Failure, now: Date): ChannelFault {
  const code = codeOf(failure);
  switch (failure.kind) {
    case 'unreached':
      return { kind: 'throttled', until: later(now, unreachedPauseMs), code };
    case 'lost':
      return { kind: 'ambiguous', code };
    case 'refused':
      return refusedFault(failure, code, now);
  }
}

/** What it means that a file could not be left with Meta, when it was tried twice: no message is out, and it may go without. */
export function uploadFaultOf(failure: Failure, now: Date): ChannelFault {
  const fault = faultOf(failure, now);
  return fault.kind === 'ambiguous' || fault.kind === 'bug' ? { kind: 'file', code: 'upload' } : fault;
}

/** What an error in a status means, of a message that was taken before. */
export function lateFaultOf(number: number, now: Date): ChannelFault {
  // Of a number nobody has told us of it is certain only that this message has not arrived.
  return asFault(meaningOf(number) ?? permanent(`error-${number}`), now);
}

function refusedFault(
  { status, number, subnumber }: Extract<Failure, { kind: 'refused' }>,
  code: string,
  now: Date,
): ChannelFault {
  if (number === noSuchObject.number && subnumber === noSuchObject.subnumber)
    return asFault(stopped('no-such-number'), now);
  const known = number === null ? null : meaningOf(number);
  return asFault(known ?? meaningOfStatus(status, code), now);
}

function meaningOf(number: number): Meaning | null {
  const isTemplate = number >= templateNumbers.from && number <= templateNumbers.to;
  return meanings.get(number) ?? (isTemplate ? bug(`template-${number}`) : null);
}

function meaningOfStatus(status: number, code: string): Meaning {
  if (status === 429) return throttled(code, 5_000);
  if (status === 401) return stopped('token-refused');
  return status >= 500 ? ambiguous(code) : bug(code);
}

function asFault(meaning: Meaning, now: Date): ChannelFault {
  if (meaning.kind !== 'throttled') return meaning;
  const { waitMs, ...fault } = meaning;
  return { ...fault, until: later(now, waitMs) };
}

/** How an account is linked: not yet, or with credentials of an earlier pairing. */
export type Phase = 'unlinked' | 'linked';

/**
 * What follows when a connection has ended: another at once, another after a while, or none until a person asks. `wipe`: what was
 * remembered of the pairing is worthless; `lookUp`: a newer version of the client is needed.
 */
export type Next =
  | { readonly kind: 'at-once' }
  | { readonly kind: 'wait'; readonly ms: number; readonly code: string; readonly lookUp: boolean }
  | { readonly kind: 'stop'; readonly code: StopCode; readonly wipe: boolean };

/** Why nothing is done until a person asks. */
export type StopCode =
  | 'replaced'
  | 'logged-out'
  | 'forbidden'
  | 'mismatch'
  | 'bad-session'
  | 'not-scanned'
  | 'too-old';

/** How long to wait, in milliseconds. */
export interface ReconnectTimes {
  /** First pause after a failure; doubled each time. */
  readonly retryMs: number;
  readonly longestRetryMs: number;
  /** First pause when the provider said that it is out of service. */
  readonly slowMs: number;
}

/** The times of normal work. */
export const reconnectTimes: ReconnectTimes = { retryMs: 1_000, longestRetryMs: 5 * 60_000, slowMs: 15_000 };

/** What is known when a connection ends; `failures` counts those in a row that never got as far as being open. */
export interface Ended {
  /** The provider's code; null when the process died or never said. */
  readonly code: number | null;
  readonly phase: Phase;
  readonly failures: number;
}

/** From here on a person is asked instead of trying again. */
const mostBadSessions = 4;
/** As many times a newer version is looked up in vain. */
const mostTooOld = 3;

/** The table of what to do after each code (`reference/channels.md` 2.1). `random` is from 0 to 1, for the jitter. */
export function nextAfter(ended: Ended, times: ReconnectTimes, random: number): Next {
  const { code, phase, failures } = ended;
  switch (code) {
    case 515:
      // The provider asks for it; only if it did nothing else would this go round in circles.
      return failures < mostRestarts ? { kind: 'at-once' } : retry(ended, times, random);
    case 440:
      return stop('replaced', false);
    case 401:
      return stop('logged-out', true);
    case 403:
      return stop('forbidden', false);
    case 411:
      return stop('mismatch', true);
    case 405:
      return failures < mostTooOld
        ? { ...retry(ended, times, random), lookUp: true }
        : stop('too-old', false);
    case 408:
      return phase === 'unlinked' ? stop('not-scanned', false) : retry(ended, times, random);
    case 500:
      return failures < mostBadSessions ? retry(ended, times, random) : stop('bad-session', false);
    case 503:
      return retry(ended, { ...times, retryMs: times.slowMs }, random);
    default:
      return retry(ended, times, random);
  }
}

const mostRestarts = 5;

function stop(code: StopCode, wipe: boolean): Extract<Next, { kind: 'stop' }> {
  return { kind: 'stop', code, wipe };
}

/** Doubled with each failure, and between half and all of that, so that many do not come back at once. */
function retry(
  { code, failures }: Ended,
  times: ReconnectTimes,
  random: number,
): Extract<Next, { kind: 'wait' }> {
  const most = Math.min(times.retryMs * 2 ** Math.min(failures, 16), times.longestRetryMs);
  return { kind: 'wait', ms: Math.round(most * (0.5 + random / 2)), code: codeName(code), lookUp: false };
}

function codeName(code: number | null): string {
  return code === null ? 'process-ended' : `code-${code}`;
}

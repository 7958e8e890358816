import { describe, expect, it } from 'vitest';
import {
  type Ended,
  type Next,
  nextAfter,
  reconnectTimes,
} from '../../../src/channels/whatsapp-web/reconnect.js';

const wait = (ms: number, code: string, lookUp = false): Next => ({ kind: 'wait', ms, code, lookUp });
const stop = (code: Extract<Next, { kind: 'stop' }>['code'], wipe = false): Next => ({
  kind: 'stop',
  code,
  wipe,
});

describe('what follows the end of a connection', () => {
  it.each<[string, Partial<Ended>, Next]>([
    ['515 restartRequired', { code: 515 }, { kind: 'at-once' }],
    ['515 while it is linked', { code: 515, phase: 'unlinked' }, { kind: 'at-once' }],
    ['515 for the sixth time in a row', { code: 515, failures: 5 }, wait(32_000, 'code-515')],
    ['428 closed', { code: 428 }, wait(1_000, 'code-428')],
    ['408 lost', { code: 408 }, wait(1_000, 'code-408')],
    ['408 while a QR is shown: nobody scanned', { code: 408, phase: 'unlinked' }, stop('not-scanned')],
    ['503 unavailable', { code: 503 }, wait(15_000, 'code-503')],
    ['500 badSession', { code: 500 }, wait(1_000, 'code-500')],
    ['500 for the fourth time', { code: 500, failures: 3 }, wait(8_000, 'code-500')],
    ['500 for the fifth time: a person is asked', { code: 500, failures: 4 }, stop('bad-session')],
    ['440 connectionReplaced', { code: 440 }, stop('replaced')],
    ['401 loggedOut', { code: 401 }, stop('logged-out', true)],
    ['403 forbidden', { code: 403 }, stop('forbidden')],
    ['411 multideviceMismatch', { code: 411 }, stop('mismatch', true)],
    ['405 too old: a newer version is looked up', { code: 405 }, wait(1_000, 'code-405', true)],
    ['405 again and again', { code: 405, failures: 3 }, stop('too-old')],
    ['a code nobody knows', { code: 499, failures: 2 }, wait(4_000, 'code-499')],
    ['the process ended', { code: null }, wait(1_000, 'process-ended')],
    ['many failures: five minutes at most', { code: 428, failures: 40 }, wait(300_000, 'code-428')],
  ])('%s', (_name, ended, next) => {
    expect(nextAfter({ code: null, phase: 'linked', failures: 0, ...ended }, reconnectTimes, 1)).toEqual(
      next,
    );
  });

  it('never comes back after less than half of the pause, so that many do not come at once', () => {
    const ended = { code: 428, phase: 'linked', failures: 3 } as const;
    expect(nextAfter(ended, reconnectTimes, 0)).toEqual(wait(4_000, 'code-428'));
    expect(nextAfter(ended, reconnectTimes, 0.5)).toEqual(wait(6_000, 'code-428'));
  });
});

import { describe, expect, it } from 'vitest';
import { frameOf, secondsLeft } from '../../src/cli/broadcast-watch.js';
import type { Progress } from '../../src/domain/broadcast-progress.js';

const progress = (messages: Progress['messages'], more: Partial<Progress> = {}): Progress => ({
  ...{
    id: '',
    number: 1,
    kind: 'message',
    urgency: 'normal',
    area: '33',
    simulator: false,
    state: 'running',
  },
  ...{ messages, unreachable: 0, contacted: 0, excluded: 0, ...more },
});
const tty = { isTty: true, columns: 100 };
const pipe = { isTty: false, columns: 80 };

describe('the progress of a broadcast', () => {
  it('is redrawn in its place on a terminal, and stays there when it is over', () => {
    const half = progress({ planned: 500, accepted: 300, read: 200 });
    const drawn = frameOf(half, 120, tty, false);
    expect(drawn.startsWith('\r\u001b[2K█')).toBe(true);
    expect(drawn).toMatch(/█░+ 50 % \(500 of 1000, about 2 min left\) running: /);
    expect(frameOf(half, null, tty, false)).not.toContain('\n');
    const over = frameOf(progress({ read: 10 }, { state: 'done' }), null, tty, true);
    expect(over).toMatch(/█ 100 % \(10 of 10\) done: 10 read\n$/);
    expect(over).not.toContain('░');
  });

  it('is a plain line where nobody can redraw it', () => {
    const some = progress({ due: 1, failed: 2 }, { unreachable: 3, contacted: 4, excluded: 5 });
    expect(frameOf(some, null, pipe, false)).toBe(
      '66 % (2 of 3) running: 1 due, 2 failed, 3 unreachable, 4 told by somebody, 5 not to be told\n',
    );
  });

  it('never takes more than its line', () => {
    const wide = frameOf(
      progress({ planned: 1_000_000, accepted: 1 }, { unreachable: 9_999 }),
      1e6,
      { ...tty, columns: 40 },
      false,
    );
    expect(wide.length).toBeLessThanOrEqual(39 + '\r\u001b[2K'.length);
  });

  it.each([
    [[], null],
    [[[0, 5]], null],
    [
      [
        [0, 5],
        [1_000, 5],
      ],
      null,
    ],
    [
      [
        [0, 0],
        [10_000, 100],
      ],
      90,
    ],
  ] as const)('reckons the time left from what was seen: %j', (seen, left) => {
    const looks = seen.map(([at, ended]) => ({ at, ended }));
    expect(secondsLeft(progress({ accepted: 100, planned: 900 }), looks)).toBe(left);
  });
});

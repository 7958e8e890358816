import { describe, expect, it } from 'vitest';
import { ChannelError, type ChannelFault } from '../../src/channels/contract.js';
import { toJson, toMessage } from '../../src/delivery/body.js';
import { createGate } from '../../src/delivery/gate.js';
import { createGather } from '../../src/delivery/gather.js';
import { lateOutcomeOf } from '../../src/delivery/late.js';
import { createOutage, describe as describeError } from '../../src/delivery/log.js';
import { accepted, faultOf, outcomeOf } from '../../src/delivery/outcome.js';
import { backoff, defaultProfile } from '../../src/delivery/profile.js';
import { lawfulHours, nextBulkTime } from '../../src/delivery/quiet.js';
import { sendInTime } from '../../src/delivery/send.js';
import { wakeUps } from '../../src/delivery/wake.js';
import { fakeChannel } from './rig.js';

const now = new Date('2026-03-02T03:00:00Z');
const later = new Date('2026-03-02T04:00:00Z');

describe('outcomes', () => {
  const same = { sameIdIsOneMessage: true, attempts: 0, maxAttempts: 3, now };
  const other = { ...same, sameIdIsOneMessage: false };
  const tired = { ...same, attempts: 2 };
  const cases: [string, ChannelFault, typeof same, object][] = [
    [
      'permanent',
      { kind: 'permanent', code: 'blocked' },
      same,
      { state: 'failed', code: 'blocked', failover: true },
    ],
    [
      'throttled',
      { kind: 'throttled', until: later, code: '429' },
      same,
      { state: 'due', again: later, spent: 0, account: { waitsUntil: later, lane: 'own' }, alarm: null },
    ],
    [
      'throttled, one person',
      { kind: 'throttled', until: later, code: 'pair', waits: 'address' },
      other,
      { state: 'due', again: later, spent: 0, account: 'runs', alarm: null },
    ],
    [
      'throttled, broadcasts',
      { kind: 'throttled', until: later, code: 'spam', waits: 'broadcasts' },
      other,
      {
        ...{ state: 'due', again: later, spent: 0, alarm: 'complaints' },
        account: { waitsUntil: later, lane: 'bulk' },
      },
    ],
    [
      'unwanted',
      { kind: 'unwanted', code: 'no-marketing' },
      other,
      { state: 'failed', code: 'no-marketing', failover: false, unwanted: true, alarm: null },
    ],
    [
      'a file it cannot be sent with',
      { kind: 'file', code: 'file-type' },
      other,
      { state: 'failed', code: 'file-type', failover: false, followUp: 'without-file', alarm: null },
    ],
    [
      'ambiguous, same id',
      { kind: 'ambiguous', code: 'cut' },
      same,
      { state: 'due', again: 'backoff', spent: 1 },
    ],
    [
      'ambiguous, other',
      { kind: 'ambiguous', code: 'cut' },
      other,
      { state: 'unknown', followUp: 'again', failover: false },
    ],
    [
      'ambiguous too often',
      { kind: 'ambiguous', code: 'cut' },
      tired,
      { state: 'failed', code: 'gave-up', alarm: 'gave-up' },
    ],
    [
      'stopped',
      { kind: 'stopped', code: '401' },
      same,
      { state: 'due', spent: 0, account: 'stops', alarm: 'stopped' },
    ],
    [
      'bug',
      { kind: 'bug', code: '400' },
      same,
      { state: 'failed', code: '400', failover: false, pauses: true, alarm: 'bug' },
    ],
  ];

  it.each(cases)('%s', (_, fault, attempt, expected) => {
    expect(outcomeOf(fault, attempt)).toMatchObject(expected);
  });

  it('takes any other error for ambiguous', () => {
    expect(faultOf(new TypeError('x'))).toEqual({ kind: 'ambiguous', code: 'unexpected' });
    expect(faultOf(new ChannelError('c', { kind: 'bug', code: 'b' }))).toEqual({ kind: 'bug', code: 'b' });
    expect(accepted({ providerId: 'p' })).toMatchObject({ state: 'accepted', providerId: 'p' });
  });

  it('waits twice as long each time, at most five minutes', () => {
    expect([0, 1, 2, 30].map((spent) => backoff(defaultProfile, spent))).toEqual([
      1_000, 2_000, 4_000, 300_000,
    ]);
  });
});

describe('outcomes of what a provider had taken', () => {
  const quiet = { sequel: null, account: 'runs', unwanted: false, pauses: false, alarm: null };
  const again = { kind: 'again', dueAt: later };
  it.each<[string, ChannelFault, object]>([
    [
      'permanent',
      { kind: 'permanent', code: 'gone' },
      { ...quiet, code: 'gone', sequel: { kind: 'failover', dueAt: now } },
    ],
    [
      'a file that did not pass, which may at another try',
      { kind: 'file', code: 'media' },
      { ...quiet, code: 'media', sequel: { kind: 'again', dueAt: now } },
    ],
    ['unwanted', { kind: 'unwanted', code: 'stop' }, { ...quiet, code: 'stop', unwanted: true }],
    [
      'throttled',
      { kind: 'throttled', until: later, code: '429' },
      { ...quiet, code: '429', sequel: again, account: { waitsUntil: later, lane: 'own' } },
    ],
    [
      'throttled, broadcasts',
      { kind: 'throttled', until: later, code: 'spam', waits: 'broadcasts' },
      {
        ...{ ...quiet, code: 'spam', sequel: again, alarm: 'complaints' },
        account: { waitsUntil: later, lane: 'bulk' },
      },
    ],
    [
      'ambiguous',
      { kind: 'ambiguous', code: 'api' },
      { ...quiet, code: 'api', sequel: { kind: 'again', dueAt: new Date(now.getTime() + 60_000) } },
    ],
    [
      'stopped',
      { kind: 'stopped', code: '401' },
      {
        ...{ ...quiet, code: '401', sequel: { kind: 'again', dueAt: now } },
        ...{ account: 'stops', alarm: 'stopped' },
      },
    ],
    ['bug', { kind: 'bug', code: '400' }, { ...quiet, code: '400', pauses: true, alarm: 'bug' }],
  ])('%s', (_, fault, expected) => expect(lateOutcomeOf(fault, now)).toEqual(expected));
});

describe('hours for broadcasts', () => {
  const hours = { from: 8, to: 17 };
  it.each([
    ['2026-03-02T00:59:59Z', '2026-03-02T01:00:00.000Z'],
    ['2026-03-02T01:00:00Z', '2026-03-02T01:00:00.000Z'],
    ['2026-03-02T09:59:59Z', '2026-03-02T09:59:59.000Z'],
    ['2026-03-02T10:00:00Z', '2026-03-03T01:00:00.000Z'],
    ['2026-03-02T18:00:00Z', '2026-03-03T01:00:00.000Z'],
    ['2026-12-31T17:30:00Z', '2027-01-01T01:00:00.000Z'],
  ])('%s may go at %s', (at, expected) => {
    expect(nextBulkTime(new Date(at), hours).toISOString()).toBe(expected);
  });

  it('never widens beyond 07:00 to 20:00', () => {
    expect(lawfulHours({ from: 0, to: 24 })).toEqual({ from: 7, to: 20 });
    expect(lawfulHours({ from: 22, to: 3 })).toEqual({ from: 19, to: 20 });
    expect(nextBulkTime(new Date('2026-03-02T14:00:00Z'), { from: 0, to: 24 }).toISOString()).toBe(
      '2026-03-03T00:00:00.000Z',
    );
  });
});

describe('gathering', () => {
  it('writes together what comes together, and tells each what became of its own', async () => {
    const written: (readonly number[])[] = [];
    const gather = createGather<number>(async (items) => {
      written.push(items);
      if (items.includes(9)) throw new Error('refused');
    }, 3);
    const results = await Promise.allSettled([1, 2, 3, 9].map((item) => gather(item)));
    expect(written).toEqual([[1, 2, 3], [9]]);
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
  });

  it('cuts jobs; a job of one row has its id', () => {
    expect(wakeUps(['a', 'b'], 1)).toEqual([
      { ids: ['a'], key: 'a' },
      { ids: ['b'], key: 'b' },
    ]);
    expect(wakeUps(['a', 'b', 'c'], 2)).toEqual([{ ids: ['a', 'b'] }, { ids: ['c'] }]);
  });
});

describe('a gate', () => {
  it('keeps the gap between messages and turns waiters away when it ends', async () => {
    const controller = new AbortController();
    const slots: number[] = [];
    const gate = createGate({ now: () => new Date(), gapMs: 30, signal: controller.signal });
    const pass = () =>
      gate.through(
        async () => slots.push(Date.now()),
        () => 1,
      );
    await Promise.all([pass(), pass(), pass()]);
    expect((slots[2] ?? 0) - (slots[0] ?? 0)).toBeGreaterThanOrEqual(58);
    gate.shutUntil(new Date(Date.now() + 60_000));
    const waiting = pass();
    controller.abort();
    expect(await waiting).toBeNull();
  });

  it('lets nobody through while stopped', async () => {
    const gate = createGate({ now: () => new Date(), gapMs: 0, signal: new AbortController().signal });
    const pass = () =>
      gate.through(
        async () => 'in',
        () => 1,
      );
    gate.stop();
    expect([gate.isStopped, await pass()]).toEqual([true, null]);
    gate.reopen();
    expect([gate.isStopped, await pass()]).toEqual([false, 'in']);
  });
});

describe('sending', () => {
  const parcel = { id: 'r', address: 'a', message: { text: 't', buttons: [] } };

  it('counts silence as ambiguous and aborts the send', async () => {
    const silent = fakeChannel({ before: () => new Promise(() => {}) });
    const sent = sendInTime(silent, parcel, 5);
    await expect(sent).rejects.toMatchObject({ fault: { kind: 'ambiguous', code: 'timeout' } });
  });

  it('passes the answer on', async () => {
    expect(await sendInTime(fakeChannel(), parcel, 1_000)).toEqual({ providerId: 'p-r' });
  });
});

describe('what is logged', () => {
  it('names an outage once, its end once, and never quotes a value', () => {
    const lines: string[] = [];
    const write = (fields: object, message: string) => void lines.push(message + JSON.stringify(fields));
    const outage = createOutage({ info: write, warn: write, error: write }, 'Redis');
    for (let turn = 0; turn < 3; turn += 1) outage.failed(new Error('phone +62811'));
    outage.worked();
    outage.worked();
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain('+62811');
    expect(describeError('text')).toBe('unknown');
  });
});

describe('a body', () => {
  const message = { text: 'Apa?', choices: [{ id: 'a', label: 'A' }], question: 'q' };

  it('comes back as it was sealed', () => expect(toMessage(toJson(message))).toEqual(message));

  it.each([
    [null],
    [[]],
    [{ text: 1, choices: [] }],
    [{ text: '', choices: [1] }],
    [{ text: '', choices: [], question: 2 }],
  ])('refuses %j', (json) => {
    expect(() => toMessage(json)).toThrow(/not a message/);
  });
});

import { describe, expect, it } from 'vitest';
import {
  counted,
  locked,
  mustWait,
  noted,
  type Pace,
  paceLimits,
  readPace,
} from '../../../src/channels/whatsapp-web/pacing.js';

const morning = Date.parse('2026-03-02T08:00:00+07:00');
const hour = 3_600_000;
const day = 24 * hour;
const fresh = readPace(null);

/** As many messages as a day takes, each as soon as it may. */
function sentOnDay(pace: Pace, from: number): { readonly pace: Pace; readonly sent: number } {
  let [now, sent] = [from, 0];
  for (;;) {
    const wait = mustWait(pace, now, paceLimits);
    if (wait?.code === 'day-full') return { pace, sent };
    if (wait === null) {
      pace = counted(pace, now, paceLimits, 0.5);
      sent += 1;
    } else now = wait.until;
  }
}

describe('the pace of broadcasts', () => {
  it.each([
    ['the least gap', 0, 6_000],
    ['the most', 1, 15_000],
    ['in between', 0.5, 10_500],
  ])('keeps a gap that is drawn anew: %s', (_name, random, gap) => {
    const pace = counted(fresh, morning, paceLimits, random);
    expect(mustWait(pace, morning + gap - 1, paceLimits)).toEqual({ code: 'pace', until: morning + gap });
    expect(mustWait(pace, morning + gap, paceLimits)).toBeNull();
  });

  it('warms up: 20 on the first day, then 50, 100 and 250', () => {
    let pace = fresh;
    const days = [0, 1, 2, 3, 4].map((at) => {
      const done = sentOnDay(pace, morning + at * day);
      pace = done.pace;
      return done.sent;
    });
    expect(days).toEqual([20, 50, 100, 250, 250]);
  });

  it('counts only days on which something was sent, and goes on after midnight in Semarang', () => {
    const { pace } = sentOnDay(fresh, morning);
    expect(mustWait(pace, morning, paceLimits)).toEqual({ code: 'day-full', until: morning + 16 * hour });
    expect(sentOnDay(pace, morning + 7 * day).sent).toBe(50);
  });

  it('is not forgotten: what is written down and read back waits as long', () => {
    const { pace } = sentOnDay(fresh, morning);
    expect(readPace(JSON.parse(JSON.stringify(pace)))).toEqual(pace);
    expect(readPace({ sent: 'many' })).toEqual(fresh);
  });

  it.each([
    ['a time the provider said', morning + 2 * hour, morning + 2 * hour],
    ['a day when it said none', null, morning + day],
  ])('rests while no new chats are allowed: %s', (_name, until, end) => {
    const pace = locked(fresh, until, morning, paceLimits);
    expect(mustWait(pace, end - 1, paceLimits)).toEqual({ code: 'new-chats-locked', until: end });
    expect(mustWait(pace, end, paceLimits)).toBeNull();
  });

  it.each([
    ['2 of 50', 2, null],
    ['3 of 50', 3, { code: 'too-many-failed', until: morning + day }],
  ])('rests for a day when more than 5 % of the last 50 failed: %s', (_name, failures, wait) => {
    let pace = fresh;
    for (let at = 0; at < 50; at += 1) pace = noted(pace, at < failures, morning, paceLimits);
    expect(mustWait(pace, morning, paceLimits)).toEqual(wait);
  });

  it('says nothing about failures before there are fifty sends', () => {
    let pace = fresh;
    for (let at = 0; at < 49; at += 1) pace = noted(pace, true, morning, paceLimits);
    expect(mustWait(pace, morning, paceLimits)).toBeNull();
  });
});

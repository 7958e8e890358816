import { z } from 'zod';
import type { Json } from '../../flow/json.js';

/**
 * What must not be forgotten about broadcasts, in milliseconds since 1970 where it is a time: when the next may be sent; how many
 * went out on the day it names; on how many days before; until when the provider allows no new chats; until when a person is
 * to look at failures; and whether each of the last sends failed.
 */
const shape = z.object({
  nextAt: z.number(),
  day: z.string(),
  sent: z.number(),
  days: z.number(),
  lockedUntil: z.number(),
  pausedUntil: z.number(),
  failed: z.array(z.boolean()),
});

/** The pace of one account. */
export type Pace = z.infer<typeof shape>;

/** What an account may do; the numbers nobody publishes, so these are careful ones. */
export interface PaceLimits {
  /** Time between two messages, drawn anew each time, in milliseconds. */
  readonly leastGapMs: number;
  readonly mostGapMs: number;
  /** How many a day on the first day, the second, and so on; the last counts for all that follow. */
  readonly caps: readonly number[];
  /** How long nothing is begun after the provider refused a new chat and said no time, in milliseconds. */
  readonly lockMs: number;
  /** Of so many last sends, more than this share may not fail. */
  readonly window: number;
  readonly worstShare: number;
  /** How long broadcasts rest when they do, in milliseconds. */
  readonly pauseMs: number;
}

const hourMs = 3_600_000;

/** The limits of normal work (DESIGN section 6). */
export const paceLimits: PaceLimits = {
  leastGapMs: 6_000,
  mostGapMs: 15_000,
  caps: [20, 50, 100, 250],
  lockMs: 24 * hourMs,
  window: 50,
  worstShare: 0.05,
  pauseMs: 24 * hourMs,
};

const beginning: Pace = { nextAt: 0, day: '', sent: 0, days: 0, lockedUntil: 0, pausedUntil: 0, failed: [] };

/** Reads what was kept; anything else is a beginning, which is the most careful. */
export function readPace(kept: Json): Pace {
  const parsed = shape.safeParse(kept);
  return parsed.success ? parsed.data : beginning;
}

/** Why a broadcast message has to wait, and until when. */
export interface Wait {
  readonly code: 'new-chats-locked' | 'too-many-failed' | 'day-full' | 'pace';
  readonly until: number;
}

/** Whether a broadcast message may be sent now; null: it may. */
export function mustWait(pace: Pace, now: number, { caps }: PaceLimits): Wait | null {
  if (pace.lockedUntil > now) return { code: 'new-chats-locked', until: pace.lockedUntil };
  if (pace.pausedUntil > now) return { code: 'too-many-failed', until: pace.pausedUntil };
  const today = onDay(pace, now);
  if (today.sent >= capOf(today, caps)) return { code: 'day-full', until: nextMidnight(now) };
  return pace.nextAt > now ? { code: 'pace', until: pace.nextAt } : null;
}

/** Counts a message before it is sent: a process that dies in between must not send one more. `random` is from 0 to 1. */
export function counted(pace: Pace, now: number, limits: PaceLimits, random: number): Pace {
  const { leastGapMs, mostGapMs } = limits;
  const today = onDay(pace, now);
  const gap = leastGapMs + random * (mostGapMs - leastGapMs);
  return { ...today, sent: today.sent + 1, nextAt: now + Math.round(gap) };
}

/** Notes how a broadcast message ended; too many failures among the last ones make all that follow rest. */
export function noted(pace: Pace, failed: boolean, now: number, limits: PaceLimits): Pace {
  const last = [...pace.failed, failed].slice(-limits.window);
  const failures = last.filter((one) => one).length;
  const isBad = last.length === limits.window && failures > limits.window * limits.worstShare;
  return isBad ? { ...pace, failed: [], pausedUntil: now + limits.pauseMs } : { ...pace, failed: last };
}

/** The provider allows no new chats, until a time if it said one. */
export function locked(pace: Pace, until: number | null, now: number, limits: PaceLimits): Pace {
  return { ...pace, lockedUntil: Math.max(pace.lockedUntil, until ?? now + limits.lockMs) };
}

/** The same pace with the counts of this day: a new day begins with none, and an account with one more day behind it. */
function onDay(pace: Pace, now: number): Pace {
  const day = dayOf(now);
  if (pace.day === day) return pace;
  return { ...pace, day, sent: 0, days: pace.days + (pace.sent > 0 ? 1 : 0) };
}

function capOf({ days }: Pace, caps: readonly number[]): number {
  return caps[Math.min(days, caps.length - 1)] ?? 0;
}

/** Western Indonesian Time, without daylight saving. */
const wibMs = 7 * hourMs;

function dayOf(now: number): string {
  return new Date(now + wibMs).toISOString().slice(0, 10);
}

function nextMidnight(now: number): number {
  const day = 24 * hourMs;
  return (Math.floor((now + wibMs) / day) + 1) * day - wibMs;
}

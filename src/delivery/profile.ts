/** Hours of the day in WIB between which broadcasts may be sent; `from` is included, `to` is not. */
export interface BulkHours {
  readonly from: number;
  readonly to: number;
}

/** Times and limits of the delivery; `TEST_PROFILE` shortens them. */
export interface Profile {
  /** How long a lease holds without a sign of life, in milliseconds. */
  readonly leaseMs: number;
  /** Time between two sweeps, in milliseconds. */
  readonly sweepMs: number;
  /** How long a due row may wait for its own job before the sweeper queues it again, in milliseconds. */
  readonly settleMs: number;
  /** Most broadcast rows of one account on their way at once. */
  readonly windowRows: number;
  /** How long one send may take before its outcome counts as unknown, in milliseconds. */
  readonly sendTimeoutMs: number;
  /** How often one row is sent under the same id before it is given up. */
  readonly maxAttempts: number;
  /** Pause before the second attempt, in milliseconds; doubled each time, at most five minutes. */
  readonly backoffMs: number;
  /** When broadcasts may be sent; `always` is for tests against doubles only. */
  readonly bulkHours: BulkHours | 'always';
  /** A broadcast waits for a conversation until it has ended or stood still for so long, in milliseconds. */
  readonly stillMs: number;
  /** How soon it looks again, in milliseconds. */
  readonly lookMs: number;
}

/** The profile of normal work. */
export const defaultProfile: Profile = {
  leaseMs: 10_000,
  sweepMs: 5_000,
  settleMs: 2_000,
  windowRows: 2_000,
  sendTimeoutMs: 35_000,
  maxAttempts: 20,
  backoffMs: 1_000,
  bulkHours: { from: 8, to: 17 },
  stillMs: 10 * 60_000,
  lookMs: 30_000,
};

const LONGEST_BACKOFF_MS = 5 * 60_000;

/** How long to wait before the next attempt when `spent` attempts are gone, in milliseconds. */
export function backoff(profile: Profile, spent: number): number {
  return Math.min(profile.backoffMs * 2 ** Math.min(spent, 20), LONGEST_BACKOFF_MS);
}

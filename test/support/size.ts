import { inject } from 'vitest';

/**
 * Whether everything is proved at its full size. The run that guards the project does so (`FULL=1`, .ci/run): every mutant,
 * thousands of repeats, both queues everywhere. A developer who types `npm test` waits for the same tests at a size at which
 * they still can fail.
 */
export const isFull = process.env['FULL'] === '1';

/** How many of something a test takes: `full` where everything is proved, else `ordinary`. */
export function sized(ordinary: number, full: number): number {
  return isFull ? full : ordinary;
}

/** Where wake-ups are queued. */
export type Backend = 'postgres' | 'redis';

/** The queue backends this test run can try; Redis only where there is one. */
export const backends: readonly Backend[] =
  inject('redisUrl') === null ? ['postgres'] : ['postgres', 'redis'];

/** For what the queue is not the subject of: both backends at full size, else one of them, which files share out among themselves. */
export function backendsOr(one: Backend): readonly Backend[] {
  return isFull ? backends : backends.filter((each) => each === one || backends.length === 1);
}

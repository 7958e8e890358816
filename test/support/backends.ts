import { inject } from 'vitest';
import { isFull } from './size.js';

/** Where wake-ups are queued. */
export type Backend = 'postgres' | 'redis';

/** The queue backends this test run can try; Redis only where there is one. */
export const backends: readonly Backend[] =
  inject('redisUrl') === null ? ['postgres'] : ['postgres', 'redis'];

/** For what the queue is not the subject of: both backends at full size, else one of them, which files share out among themselves. */
export function backendsOr(one: Backend): readonly Backend[] {
  return isFull ? backends : backends.filter((each) => each === one || backends.length === 1);
}

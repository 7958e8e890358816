import type { Pace } from '../contract.js';

/** 75 broadcast messages a second of the 80 that a number may send. */
export const cloudPace: Pace = { bulkBatch: 1, concurrency: 16, bulkConcurrency: 8, bulkGapMs: 1000 / 75 };

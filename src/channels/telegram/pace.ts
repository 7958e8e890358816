import type { Pace } from '../contract.js';

/** 25 broadcast messages a second of the 30 that a bot may send. */
export const telegramPace: Pace = { bulkBatch: 1, concurrency: 16, bulkConcurrency: 1, bulkGapMs: 40 };

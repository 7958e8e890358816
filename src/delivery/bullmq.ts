import { createRequire } from 'node:module';

// `require` knows no types; these are the package's own.
const whole = createRequire(import.meta.url)('bullmq') as typeof import('bullmq');

/**
 * BullMQ by its CommonJS build, which is the same code in some hundred files and loads in half the time of its ES modules: a
 * tenth of a start, and of every command.
 */
export const { createPostgresBackend, Queue, runMigrations, withBackend, Worker } = whole;

import { defineConfig } from 'vitest/config';
import { isFull, onlyFull } from './test/support/size.js';
import { SlowFirst } from './test/support/slow-first.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: isFull ? [] : [...onlyFull],
    globalSetup: ['test/support/global.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // More than the cores of a small machine: half of the slow files wait for servers and processes they started.
    maxWorkers: 3,
    sequence: { sequencer: SlowFirst },
    // The files of a worker share what they import: nothing of ours keeps a state there that one test could leave to another.
    isolate: false,
    reporters: process.env['CI'] === undefined ? ['default'] : [['default', { summary: false }]],
  },
});

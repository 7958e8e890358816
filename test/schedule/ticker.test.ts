import { expect, it, onTestFinished, vi } from 'vitest';
import { every } from '../../src/schedule/ticker.js';

it('works at once and again and again, never twice at a time; a fault is reported and ends nothing', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const faults: unknown[] = [];
  let done = () => {};
  let begun = 0;
  const work = () => {
    begun += 1;
    if (begun === 2) return Promise.reject(new Error('away'));
    return new Promise<void>((resolve) => {
      done = resolve;
    });
  };
  const ticker = every(1000, work, (error) => faults.push(error));
  expect(begun).toBe(1);
  await vi.advanceTimersByTimeAsync(5000);
  expect(begun).toBe(1);
  done();
  await vi.advanceTimersByTimeAsync(1000);
  await vi.advanceTimersByTimeAsync(1000);
  expect([begun, faults]).toEqual([3, [new Error('away')]]);
  let stopped = false;
  const stopping = ticker.stop().then(() => {
    stopped = true;
  });
  await vi.advanceTimersByTimeAsync(5000);
  expect([begun, stopped]).toEqual([3, false]);
  done();
  await stopping;
  await vi.advanceTimersByTimeAsync(5000);
  expect(begun).toBe(3);
});

import { pause } from './contract-pause.js';

/** Whom to tell of a try that failed, and what ends the trying. */
interface Trying {
  readonly stop: AbortSignal;
  readonly onFault: (error: unknown) => void;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** Tries once, and again and again until the end; rejects when that comes first. */
export async function untilDone<Result>(
  { stop, onFault }: Trying,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      onFault(error);
      await pause(Math.min(firstPauseMs * 2 ** attempt, longestPauseMs), stop);
      if (stop.aborted) throw endCameFirst(error);
    }
  }
}

/** The same for what has no result: false when the end came first, and without a try when it had come before. */
export async function isDone(trying: Trying, work: () => Promise<void>): Promise<boolean> {
  if (trying.stop.aborted) return false;
  return untilDone(trying, work).then(
    () => true,
    () => false,
  );
}

/** What is given up because of the end, with what went wrong before. */
export function endCameFirst(cause?: unknown): Error {
  return new Error('the end came first', { cause });
}

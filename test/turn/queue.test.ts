import { describe, expect, it } from 'vitest';
import { KeyedQueue, type Verdict } from '../../src/turn/queue.js';

type Batch = { readonly items: readonly string[]; readonly end: (verdicts: readonly Verdict[]) => void };

const done: Verdict = { kind: 'done' };

/** Lets the queue begin its next batches, also after one that has just ended. */
const moment = async () => {
  for (let at = 0; at < 2; at += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A queue whose batches end when the test says so. */
function rig(batch: number, inFlight: number) {
  const batches: Batch[] = [];
  const work = (items: readonly string[]) =>
    new Promise<readonly Verdict[]>((end) => batches.push({ items, end }));
  const queue = new KeyedQueue<string>({ batch, inFlight, work });
  const finish = async (batch: Batch | undefined, verdict = done) => {
    batch?.end(batch.items.map(() => verdict));
    await moment();
  };
  return { queue, batches, finish };
}

const sizes = (batches: readonly Batch[]) => batches.map(({ items }) => items.length);

describe('a keyed queue', () => {
  it('shares what there is to do out evenly among the batches in flight', async () => {
    const { queue, batches, finish } = rig(64, 4);
    const given = Array.from({ length: 40 }, (_, at) => queue.push(`key ${at}`, `item ${at}`));
    await moment();
    expect(sizes(batches)).toEqual([10, 10, 10, 10]);
    for (const batch of batches) await finish(batch);
    await Promise.all(given);
  });

  it('takes along what its givers bring at once when they have been served', async () => {
    const { queue, batches, finish } = rig(64, 2);
    const giver = async (key: string) => {
      for (let at = 0; at < 2; at += 1) await queue.push(key, `${key}${at}`);
    };
    const given = ['a', 'b', 'c', 'd'].map(giver);
    await moment();
    expect(batches.map(({ items }) => items)).toEqual([
      ['a0', 'b0'],
      ['c0', 'd0'],
    ]);
    await finish(batches[0]);
    expect(batches[2]?.items).toEqual(['a1', 'b1']);
    for (const at of [1, 2, 3]) await finish(batches[at]);
    await Promise.all(given);
  });

  it('makes no batch larger than it may be', async () => {
    const { queue, batches, finish } = rig(5, 1);
    const given = Array.from({ length: 12 }, (_, at) => queue.push(`key ${at}`, `item ${at}`));
    await moment();
    for (let at = 0; at < 3; at += 1) await finish(batches[at]);
    expect(sizes(batches)).toEqual([5, 5, 2]);
    await Promise.all(given);
  });

  it('works on one item of a key at a time, in order, and on the same one again before the next', async () => {
    const { queue, batches, finish } = rig(10, 4);
    const given = [queue.push('a', 'a1'), queue.push('a', 'a2'), queue.push('b', 'b1')];
    await moment();
    expect(batches.map(({ items }) => items)).toEqual([['a1'], ['b1']]);
    await finish(batches[0], { kind: 'again' });
    await finish(batches[2]);
    await finish(batches[3]);
    await finish(batches[1]);
    expect(batches.map(({ items }) => items)).toEqual([['a1'], ['b1'], ['a1'], ['a2']]);
    await Promise.all(given);
  });

  it('rejects what failed, and goes on with the next of its key', async () => {
    const { queue, batches, finish } = rig(10, 1);
    const error = new Error('gone');
    const first = expect(queue.push('a', 'a1')).rejects.toBe(error);
    const second = queue.push('a', 'a2');
    await moment();
    await finish(batches[0], { kind: 'failed', error });
    await first;
    await finish(batches[1]);
    await second;
    await queue.drain();
  });
});

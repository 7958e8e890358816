import { expect, test } from 'vitest';
import { madeBy } from '../../src/domain/own-process.js';
import { childrenOf } from '../support/children.js';

const letter = { title: 'Surat', blocks: [{ kind: 'text', text: 'Dengan hormat.' }] };
const made = async (message: object) => Buffer.from(await madeBy('paper', message)).toString('latin1', 0, 5);
const papers = () => childrenOf(process.pid, 'build/paper.js');

test('what is made next is made by the same process; of several at once one stays', async () => {
  expect(await made(letter)).toBe('%PDF-');
  const [first] = papers();
  expect(await made(letter)).toBe('%PDF-');
  expect(papers()).toEqual([first]);
  expect(await Promise.all([made(letter), made(letter)])).toEqual(['%PDF-', '%PDF-']);
  await expect.poll(papers).toHaveLength(1);
});

test('what cannot be made says so, and the next is made', async () => {
  await expect(madeBy('paper', { title: 7 })).rejects.toThrow('the process that makes a paper ended with 1');
  expect(await made(letter)).toBe('%PDF-');
});

test('one that was killed while it rested is not asked any more', async () => {
  await made(letter);
  for (const pid of papers()) process.kill(pid, 'SIGKILL');
  await expect.poll(papers).toEqual([]);
  await expect.poll(() => made(letter).catch(String)).toBe('%PDF-');
});

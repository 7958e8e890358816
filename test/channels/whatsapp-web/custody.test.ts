import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Custody } from '../../../src/channels/whatsapp-web/custody.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function guarded() {
  const written: string[] = [];
  const writer = {
    send: (frame: Uint8Array, done?: (error?: Error) => void) => {
      written.push(Buffer.from(frame).toString());
      done?.();
    },
  };
  const custody = new Custody(1_000);
  custody.guard(writer);
  const told: string[] = [];
  const send = (text: string) => writer.send(Buffer.from(text), () => void told.push(text));
  return { custody, written, told, send };
}

it('writes at once while nothing is in custody', () => {
  const { written, told, send } = guarded();
  send('satu');
  expect([written, told]).toEqual([['satu'], ['satu']]);
});

it('keeps back everything until the last message is kept, and tells the client that it was written', () => {
  const { custody, written, told, send } = guarded();
  custody.came('a');
  custody.came('b');
  for (const message of ['a', 'b']) custody.read(message);
  for (const text of ['satu', 'dua']) send(text);
  custody.kept('a');
  expect([written, told]).toEqual([[], ['satu', 'dua']]);
  custody.kept('b');
  expect(written).toEqual(['satu', 'dua']);
  send('tiga');
  expect(written).toEqual(['satu', 'dua', 'tiga']);
});

it('waits for a message that was read as long as it takes, and not long for one that never is', () => {
  const { custody, written, send } = guarded();
  custody.came('read');
  custody.came('unread');
  custody.read('read');
  send('satu');
  vi.advanceTimersByTime(60_000);
  expect(written).toEqual([]);
  custody.kept('read');
  expect(written).toEqual(['satu']);
});

it('takes the same message twice as one, and knows nothing of others', () => {
  const { custody, written, send } = guarded();
  custody.came('a');
  custody.came('a');
  custody.read('other');
  custody.kept('other');
  send('satu');
  expect(written).toEqual([]);
  custody.kept('a');
  expect(written).toEqual(['satu']);
});

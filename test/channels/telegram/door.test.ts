import { expect, it } from 'vitest';
import { createDoor } from '../../../src/channels/telegram/door.js';

/** Telegram as it tells the bot's name: each call gets the next answer. */
function telling(...answers: readonly (() => Promise<{ readonly username: string }>)[]) {
  let calls = 0;
  const getMe = () => {
    calls += 1;
    return (answers[calls - 1] ?? answers.at(-1) ?? Promise.reject)();
  };
  return { door: createDoor({ getMe }), calls: () => calls };
}

const named = async () => ({ username: 'contoh_bot' });

it('leads to the bot with the token, and asks for its name once', async () => {
  const { door, calls } = telling(named);
  const links = await Promise.all([door('K7M4P2QX'), door('a b')]);
  expect(links).toEqual(['https://t.me/contoh_bot?start=K7M4P2QX', 'https://t.me/contoh_bot?start=a%20b']);
  expect(calls()).toBe(1);
});

it('is missing while Telegram cannot be reached, and there when it can', async () => {
  const { door } = telling(() => Promise.reject(new Error('away')), named);
  expect(await door('K7M4P2QX')).toBeNull();
  expect(await door('K7M4P2QX')).toContain('contoh_bot');
});

it('keeps no turn waiting for an answer that does not come', async () => {
  const { door } = telling(() => new Promise(() => {}));
  expect(await door('K7M4P2QX')).toBeNull();
});

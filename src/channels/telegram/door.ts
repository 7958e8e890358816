import type { TelegramApi } from './api.js';

/** A turn waits for the name of the bot no longer than this, in milliseconds: then there is no link this time. */
const patienceMs = 1_000;

/** Makes links to a bot, whose name is asked once and then remembered. */
export function createDoor({ getMe }: Pick<TelegramApi, 'getMe'>): (token: string) => Promise<string | null> {
  let name: Promise<string | null> | null = null;
  const ask = () =>
    getMe().then(
      ({ username }) => username,
      () => {
        name = null;
        return null;
      },
    );
  return async (token) => {
    name ??= ask();
    const known = await Promise.race([name, nothingAfter(patienceMs)]);
    return known === null ? null : `https://t.me/${known}?start=${encodeURIComponent(token)}`;
  };
}

function nothingAfter(ms: number): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), ms).unref();
  });
}

import { askOnce } from '../contract-door.js';
import type { TelegramApi } from './api.js';

/** Makes links to a bot, whose name is asked once and then remembered. */
export function createDoor({ getMe }: Pick<TelegramApi, 'getMe'>): (token: string) => Promise<string | null> {
  const name = askOnce(async () => (await getMe()).username);
  return async (token) => {
    const known = await name();
    return known === null ? null : `https://t.me/${known}?start=${encodeURIComponent(token)}`;
  };
}

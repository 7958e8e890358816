import { askOnce, whatsAppLink } from '../contract-door.js';
import type { CloudApi } from './api.js';

/** Makes links to the number, which Meta tells by its id: asked once and then remembered. */
export function createDoor({
  number,
}: Pick<CloudApi, 'number'>): (token: string, words: string) => Promise<string | null> {
  const digits = askOnce(async () => digitsOf((await number()).display));
  return async (_, words) => {
    const known = await digits();
    return known === null ? null : whatsAppLink(known, words);
  };
}

/** A number as it is shown ("+62 812-0009-0000") in digits alone; null where nothing is shown. */
function digitsOf(display: string): string | null {
  return display.replace(/\D/g, '') || null;
}

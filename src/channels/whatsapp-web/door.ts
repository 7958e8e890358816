import { isRecord, type Json } from '../../flow/json.js';
import { whatsAppLink } from '../contract-door.js';

/** A link that opens a chat with the number that is linked, with words ready to be sent; null while none is linked. */
export function doorOf(creds: string | null, words: string): string | null {
  const number = creds === null ? null : numberIn(JSON.parse(creds));
  return number === null ? null : whatsAppLink(number, words);
}

/** The account's own address is its number, a colon and which of its devices this is. */
function numberIn(creds: Json): string | null {
  const me = isRecord(creds) ? creds.me : null;
  const id = isRecord(me) && typeof me.id === 'string' ? me.id : '';
  return /^\d+/.exec(id)?.[0] ?? null;
}

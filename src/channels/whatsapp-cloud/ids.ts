import { createHash } from 'node:crypto';

/** A phone number as WhatsApp writes it: digits alone, with the country in front. Everything else is a user id. */
const waId = /^\d{5,20}$/;

/** Whether an address is a phone number; else it is a business-scoped user id, and nothing of it may be left out. */
function isPhone(address: string): boolean {
  return waId.test(address);
}

/** The number of a phone address in E.164; null for a user id. */
export function phoneOf(address: string | undefined): string | null {
  return address !== undefined && isPhone(address) ? `+${address}` : null;
}

/** What a message is known by here: Meta's own id of it holds the phone number, in a spelling anybody can read. */
export function idOf(wamid: string): string {
  return createHash('sha256').update(wamid).digest('base64url');
}

/** Where a message goes: to a number, or to a user id as it is. */
export function recipientOf(address: string): { readonly to: string } | { readonly recipient: string } {
  return isPhone(address) ? { to: address } : { recipient: address };
}

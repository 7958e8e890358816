import { createHash } from 'node:crypto';

/** As the ids of WhatsApp Web's own client begin. */
const prefix = '3EB0';
const digits = 18;

/** The id a message has on WhatsApp: the same at every attempt, so that people see it once however often it is sent. */
export function messageId(parcelId: string): string {
  const hash = createHash('sha256').update(parcelId).digest('hex');
  return prefix + hash.slice(0, digits).toUpperCase();
}

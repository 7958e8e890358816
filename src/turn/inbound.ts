import { z } from 'zod';
import type { InboundMessage } from '../channels/contract.js';
import type { Json } from '../flow/json.js';

const stored = z.object({
  channel: z.string(),
  account: z.string(),
  dedupeKey: z.string(),
  address: z.string(),
  phone: z.string().nullable(),
  content: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), text: z.string() }),
    z.object({ kind: z.literal('choice'), question: z.string(), choice: z.string(), label: z.string() }),
  ]),
  writtenAt: z.iso.datetime().transform((text) => new Date(text)),
});

/** An inbound message as it is kept, sealed, in its row. */
export function encodeInbound(message: InboundMessage): Json {
  return { ...message, content: { ...message.content }, writtenAt: message.writtenAt.toISOString() };
}

/** Reads a kept message back. Throws when the row holds something else. */
export function decodeInbound(value: Json): InboundMessage {
  return stored.parse(value);
}

import { z } from 'zod';
import type { Content, InboundMessage } from '../channels/contract.js';
import type { Json } from '../flow/json.js';
import type { Vault } from '../store/crypto.js';

const stored = z.object({
  channel: z.string(),
  account: z.string(),
  dedupeKey: z.string(),
  address: z.string(),
  phone: z.string().nullable(),
  content: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), text: z.string() }),
    z.object({
      kind: z.literal('file'),
      ref: z.string(),
      name: z.string().nullable(),
      mime: z.string().nullable(),
      size: z.number().nullable(),
      // Messages kept by earlier versions have none.
      caption: z.string().nullable().default(null),
    }),
    z.object({ kind: z.literal('location'), latitude: z.number(), longitude: z.number() }),
    z.object({ kind: z.literal('choice'), question: z.string(), choice: z.string(), label: z.string() }),
    z.object({ kind: z.literal('signal'), name: z.string() }),
  ]),
  writtenAt: z.iso.datetime().transform((text) => new Date(text)),
});

/** A timer of ours that is due, on its way through a turn like a message of the person it belongs to. */
export interface TimerMessage extends Omit<InboundMessage, 'content'> {
  readonly content: { readonly kind: 'timer'; readonly question: string; readonly timer: string };
}

/** What is kept in a row: a message of a person, or a signal from elsewhere in Sapa into their conversation (see `signalTo`). */
export interface Kept extends Omit<InboundMessage, 'content'> {
  readonly content: Content | { readonly kind: 'signal'; readonly name: string };
}

/** What a turn treats. */
export type Incoming = Kept | TimerMessage;

/** Whether this is a timer, which no person sent. */
export function isTimer(message: Incoming): message is TimerMessage {
  return message.content.kind === 'timer';
}

/** The words of a message: what was typed, or the label of what was chosen; null when it has none. */
export function wordsOf({ content }: Incoming): string | null {
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'choice':
      return content.label;
    default:
      return null;
  }
}

/** An inbound message as it is kept, sealed, in its row; of a timer nothing need be kept. */
export function sealInbound(vault: Vault, message: Incoming): Buffer | null {
  if (isTimer(message)) return null;
  return vault.sealJson({
    ...message,
    content: { ...message.content },
    writtenAt: message.writtenAt.toISOString(),
  });
}

/** Reads a kept message back. Throws when the row holds something else. */
export function decodeInbound(value: Json): Kept {
  return stored.parse(value);
}

import { z } from 'zod';
import type { Ask, Tell } from './wire.js';

/**
 * What the process that holds the socket (the child) and the process that owns the account (the parent) say to each other. Each
 * side reads what the other says by these shapes and by nothing else.
 */

function ask<Question, Answer>(
  name: string,
  question: z.ZodType<Question>,
  answer: z.ZodType<Answer>,
): Ask<Question, Answer> {
  return { name, question, answer };
}

function tell<Told>(name: string, told: z.ZodType<Told>): Tell<Told> {
  return { name, told };
}

/** What a person said, as it crosses to the owner and is kept. */
export const content = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('location'), latitude: z.number(), longitude: z.number() }),
  z.object({
    kind: z.literal('file'),
    ref: z.string(),
    name: z.string().nullable(),
    mime: z.string().nullable(),
    size: z.number().nullable(),
    // What an earlier version kept has none.
    caption: z.string().nullable().default(null),
  }),
]);

const said = z.object({
  chat: z.string(),
  participant: z.string(),
  id: z.string(),
  pn: z.string().nullable(),
  lid: z.string().nullable(),
  content,
  at: z.number(),
});

const file = z.object({
  kind: z.enum(['photo', 'document']),
  mime: z.string(),
  name: z.string(),
  bytes: z.instanceof(Uint8Array),
});
const outgoing = { text: z.string(), file: file.nullable() };

const sent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted') }),
  z.object({ kind: z.literal('refused'), code: z.string() }),
  z.object({ kind: z.literal('lost'), code: z.string() }),
  z.object({ kind: z.literal('unsent'), code: z.string() }),
]);

const start = z.object({
  creds: z.string().nullable(),
  socketUrl: z.string().nullable(),
  rootKey: z.string().nullable(),
  version: z.string().nullable(),
  lookUp: z.boolean(),
  pairingNumber: z.string().nullable(),
  aliveMs: z.number(),
});

/**
 * A message as the socket heard it: in which chat, by whom (phone and privacy address, as far as they are known), what, and when
 * in seconds since 1970.
 */
export type Said = z.infer<typeof said>;
/** Whether a message can be told: a sender may put anything into it. */
export function canBeTold(heard: Said): boolean {
  return said.safeParse(heard).success;
}

/** What became of a send: the server took it, refused it, or nobody knows; or it never began. */
export type Sent = z.infer<typeof sent>;
/**
 * What a child begins with. `socketUrl` and `rootKey` (in base64) are those of a double, null: WhatsApp's own. `version` last
 * worked; with `lookUp` a newer one is asked for. `pairingNumber`, in digits, asks for a code to type instead of a QR code.
 */
export type Start = z.infer<typeof start>;

const keyChange = z.object({ kind: z.string(), id: z.string(), value: z.string().nullable() });
const report = z.object({ id: z.string(), kind: z.enum(['delivered', 'read']), at: z.number() });
/** A group as `port.ts` has it. */
const groupSeen = z.object({ jid: z.string(), title: z.string(), size: z.number(), isOpen: z.boolean() });
/** How far a message of ours got; `at` in seconds since 1970. */
export type Report = z.infer<typeof report>;

/** What the child asks. */
export const childAsks = {
  read: ask(
    'read',
    z.object({ kind: z.string(), ids: z.array(z.string()) }),
    z.record(z.string(), z.string()),
  ),
  write: ask('write', z.array(keyChange), z.null()),
  heard: ask('heard', said, z.null()),
  sentAs: ask('sent-as', z.object({ id: z.string() }), z.object(outgoing).nullable()),
};

/**
 * What the child tells: `closed` is its last word, `locked` says until when (milliseconds since 1970) no chat may be begun, `groups` in
 * which the account is now.
 */
export const childTells = {
  qr: tell('qr', z.string()),
  code: tell('code', z.string()),
  open: tell('open', z.object({ version: z.string() })),
  closed: tell('closed', z.object({ code: z.number().nullable() })),
  receipts: tell('receipts', z.array(report)),
  pair: tell('pair', z.object({ pn: z.string(), lid: z.string() })),
  locked: tell('locked', z.object({ until: z.number().nullable() })),
  groups: tell('groups', z.array(groupSeen)),
  alive: tell('alive', z.object({ rss: z.number() })),
};

/** What the parent asks. */
export const parentAsks = {
  send: ask(
    'send',
    z.object({ ...outgoing, id: z.string(), to: z.string(), typingMs: z.number(), ackMs: z.number() }),
    sent,
  ),
  fetch: ask(
    'fetch',
    z.object({ ref: z.string(), limit: z.number() }),
    z.union([z.instanceof(Uint8Array), z.literal('too-large'), z.literal('gone')]),
  ),
};

/** What the parent tells. */
export const parentTells = { start: tell('start', start), stop: tell('stop', z.null()) };

import { z } from 'zod';
import { channelCapabilities } from '../flow/capabilities.js';
import type { JsonRecord } from '../flow/json.js';
import { type Enclosure, type Message, saying } from '../flow/message.js';
import { splitToFit } from '../flow/render.js';
import type { Vault } from '../store/crypto.js';
import type { Statement } from '../store/statement.js';

/** Where something can be sent to a person. Whose address it is, is asked when something is written: it may be another contact's by then. */
export interface Mailbox {
  readonly addressId: string;
  readonly channel: string;
  readonly account: string;
}

/** Where a person is reached, with what the channel itself says of them: enough to act in their conversation. */
export interface Reach extends Mailbox {
  readonly address: string;
  /** The number the channel proves (E.164), or null. */
  readonly phone: string | null;
}

/** What rows are made with. */
export interface Tools {
  readonly vault: Vault;
  readonly now: Date;
  readonly newId: () => string;
}

const reach = z.object({
  addressId: z.string(),
  channel: z.string(),
  account: z.string(),
  address: z.string(),
  phone: z.string().nullable(),
});

/** How a person is reached, sealed for a row. */
export function sealReach(vault: Vault, given: Reach): Buffer {
  const { addressId, channel, account, address, phone } = given;
  return vault.sealJson({ addressId, channel, account, address, phone });
}

/** Reads `sealReach` back. Throws when the row holds something else. */
export function openReach(vault: Vault, sealed: Buffer): Reach {
  return reach.parse(vault.openJson(sealed));
}

/** A message as plain JSON, as the body of a row holds it sealed. */
export function messageJson({ text, choices, question, enclosure }: Message): JsonRecord {
  const file = enclosure === undefined ? {} : { enclosure: { ...enclosure } };
  return { text, choices: choices.map(({ id, label }) => ({ id, label })), question, ...file };
}

/** A message as the body of a row. */
export function sealMessage(vault: Vault, message: Message): Buffer {
  return vault.sealJson(messageJson(message));
}

// FOR SHARE: until this is committed the address stays whose it is, or it is already the one's with whom its contact was merged.
const insertDelivery = `
INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, cause, due_at, created_at, expires_at)
SELECT $1, a.contact_id, a.id, $3, 'reply', 'due', $4, $5, $6, $6, $7::timestamptz FROM address a WHERE a.id = $2 FOR SHARE`;

/**
 * A text to somebody else than the one whose turn it is, with a file that is kept, as rows on the reply lane: as many as the channel's
 * limits ask for. `cause` is the request that led to it, so that it can be found when the member's words are to be erased; null: none.
 */
export function sendTo(
  to: Mailbox,
  text: string,
  cause: string | null,
  tools: Tools,
  enclosure?: Enclosure,
): readonly Statement[] {
  const message = { ...saying(text), ...(enclosure === undefined ? {} : { enclosure }) };
  return rowsFor(to, message, { cause, expiresAt: null }, tools);
}

/** A text to somebody who has not asked, on the reply lane, that is not sent any more from a moment on. */
export function sendUntil(to: Mailbox, text: string, expiresAt: Date, tools: Tools): readonly Statement[] {
  return rowsFor(to, saying(text), { cause: null, expiresAt }, tools);
}

function rowsFor(
  to: Mailbox,
  message: Message,
  { cause, expiresAt }: { readonly cause: string | null; readonly expiresAt: Date | null },
  { vault, newId, now }: Tools,
): readonly Statement[] {
  const known = Object.values(channelCapabilities).find((one) => one.channel === to.channel);
  return splitToFit(message, known ?? channelCapabilities.simulator).map((part): Statement => {
    const id = newId();
    const body = sealMessage(vault, part);
    return {
      name: 'delivery-to-other',
      text: insertDelivery,
      values: [id, to.addressId, to.account, body, cause, now, expiresAt],
      wakes: { id, account: to.account, lane: 'reply' },
    };
  });
}

const insertSignal = `
INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, written_at, received_at)
SELECT $1, a.contact_id, a.id, $3, $4, $5, 'pending', $6, $6 FROM address a WHERE a.id = $2 FOR SHARE`;

/**
 * A signal into the conversation of somebody else: an inbound message like any other, which only we can send. It is treated
 * after the commit, by whichever process finds it first, and is not lost when one dies.
 */
export function signalTo(to: Reach, name: string, { vault, newId, now }: Tools): Statement {
  const { channel, account, address, phone } = to;
  const id = newId();
  const dedupeKey = `signal:${id}`;
  const content = { kind: 'signal', name };
  const writtenAt = now.toISOString();
  const body = vault.sealJson({ channel, account, dedupeKey, address, phone, content, writtenAt });
  const values = [id, to.addressId, account, dedupeKey, body, now];
  return { name: 'signal-leave', text: insertSignal, values, wakes: 'conversation' };
}

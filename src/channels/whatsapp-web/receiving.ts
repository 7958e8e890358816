import { z } from 'zod';
import type { Json } from '../../flow/json.js';
import type { InboundMessage, Listener } from '../contract.js';
import { Lines } from '../contract-lines.js';
import { endOfSecond } from '../contract-seconds.js';
import { endCameFirst, untilDone } from '../contract-until-done.js';
import type { Held, Pair, WhatsAppStore } from './port.js';
import { content, type Said } from './protocol.js';

/** What receiving needs. */
export interface ReceivingOptions {
  readonly account: string;
  readonly store: Pick<WhatsAppStore, 'keep' | 'held' | 'release' | 'join'>;
  readonly listener: Listener;
  readonly now: () => Date;
  readonly onFault: (error: unknown) => void;
  /** Aborted at the end: what is kept and not handed over yet is left to the next one. */
  readonly stop: AbortSignal;
}

const kept = z.object({
  address: z.string(),
  phone: z.string().nullable(),
  pair: z.object({ pn: z.string(), lid: z.string() }).nullable(),
  content,
  writtenAt: z.iso.datetime(),
});

type Kept = z.infer<typeof kept>;

/** A message that another version kept in another way: it stays where it is, and the others go on. */
class Unreadable extends Error {
  override readonly name = 'Unreadable';

  constructor(seq: string) {
    super(`message ${seq} of whatsapp_inbox cannot be read by this version`);
  }
}

/**
 * Takes messages in: each is kept in the order of its chat before anything else happens to it, because its sender was already told
 * that it arrived; then handed over, of one person in order, of different people in parallel, until a turn has it.
 */
export class Receiving {
  readonly #options: ReceivingOptions;
  readonly #chats = new Lines();
  readonly #people = new Lines();
  readonly #handing = new Set<string>();

  constructor(options: ReceivingOptions) {
    this.#options = options;
  }

  /** Hands over what an earlier owner kept and left. Rejects when the database is out of reach. */
  async begin(): Promise<void> {
    for (const held of await this.#options.store.held()) this.#handOver(held);
  }

  /** Resolves once the message is kept for good; rejects when that was given up because of the end. */
  keep(said: Said): Promise<void> {
    const { chat, participant, id } = said;
    const body = bodyOf(said, this.#options.now());
    return this.#chats.run(chat, async () => {
      const key = [chat, participant, id];
      this.#handOver(await untilDone(this.#options, () => this.#options.store.keep(key, body)));
    });
  }

  /** Learns of a pair outside of a message, in the order of that person's messages. */
  learn(pair: Pair): void {
    this.#people.run(pair.pn, () => this.#options.store.join(pair)).catch(this.#options.onFault);
  }

  /** Resolves when nothing is being handed over any more. */
  async drain(): Promise<void> {
    await this.#chats.drain();
    await this.#people.drain();
  }

  /** What is in hand already is not handed over once more: the provider gives some messages twice. */
  #handOver(held: Held): void {
    if (this.#handing.has(held.seq)) return;
    const read = kept.safeParse(held.body);
    if (!read.success) {
      this.#options.onFault(new Unreadable(held.seq));
      return;
    }
    this.#handing.add(held.seq);
    this.#people
      .run(read.data.address, () => this.#handedOver(held, read.data))
      .catch((error: unknown) => {
        if (!this.#options.stop.aborted) this.#options.onFault(error);
      })
      .finally(() => this.#handing.delete(held.seq));
  }

  async #handedOver({ seq, dedupeKey }: Held, read: Kept): Promise<void> {
    const { store, listener, stop } = this.#options;
    if (stop.aborted) throw endCameFirst();
    const { pair } = read;
    if (pair !== null) await untilDone(this.#options, () => store.join(pair));
    await untilDone(this.#options, () => listener.message(this.#inbound(dedupeKey, read)));
    await untilDone(this.#options, () => store.release(seq));
  }

  #inbound(dedupeKey: string, { address, phone, content, writtenAt }: Kept): InboundMessage {
    const { account } = this.#options;
    const where = { channel: 'whatsapp-web', account, dedupeKey, address, phone };
    return { ...where, content, writtenAt: new Date(writtenAt) };
  }
}

/** What is kept of a message. A person's one address is their number; only where nobody knows it, their privacy address. */
function bodyOf({ chat, pn, lid, content, at }: Said, now: Date): Json {
  const pair = pn !== null && lid !== null ? { pn, lid } : null;
  const phone = pn === null ? null : `+${pn.slice(0, pn.indexOf('@'))}`;
  return { address: pn ?? lid ?? chat, phone, pair, content, writtenAt: endOfSecond(at, now).toISOString() };
}

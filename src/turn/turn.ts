import type { InboundMessage } from '../channels/contract.js';
import type { Program } from '../flow/program.js';
import { idleSession, type Session } from '../flow/session.js';
import { isOutage, isUniqueViolation } from '../store/outage.js';
import { addContact, readTurns, type TurnRow, unfinishedInbound } from '../store/turns.js';
import { commit, commitFailure } from './commit.js';
import { decodeInbound } from './inbound.js';
import type { Item, Ready, TurnOptions } from './options.js';
import { asJson, asSession, prepare } from './prepare.js';
import { KeyedQueue, type Verdict } from './queue.js';
import { type Question, think } from './think.js';

/** How many messages are picked up again at once after a crash. */
const recoverAtOnce = 1000;

/**
 * One inbound message, one turn, one transaction. Turns of one contact follow each other, turns of different contacts are
 * read and written together. A turn that loses the compare-and-set starts again from its read.
 */
export class Turns {
  readonly #options: TurnOptions;
  readonly #queue: KeyedQueue<Item>;

  constructor(options: TurnOptions) {
    this.#options = options;
    const { gather = 64 } = options;
    this.#queue = new KeyedQueue({
      batch: gather,
      inFlight: gather === 1 ? 64 : 2,
      work: (items) => this.#work(items),
    });
  }

  /**
   * Treats a message; resolves when it is stored for good (treated, parked or known from before), rejects when the database
   * is out of reach, so that the provider keeps it.
   */
  receive(message: InboundMessage): Promise<void> {
    const { vault } = this.#options;
    const { account, address, dedupeKey } = message;
    const key = { account, dedupeKey, valueIndex: vault.index('address', address) };
    return this.#queue.push(`${account}\n${address}`, { message, key, tries: 0 });
  }

  /** Picks up what was stored but not treated to the end. */
  async recover(): Promise<void> {
    const { pool, vault } = this.#options;
    const rows = await unfinishedInbound(pool, recoverAtOnce);
    await Promise.all(rows.map((row) => this.receive(decodeInbound(vault.openJson(row.body)))));
  }

  /** Resolves when all turns in hand are done. */
  drain(): Promise<void> {
    return this.#queue.drain();
  }

  async #work(items: readonly Item[]): Promise<readonly Verdict[]> {
    const rows = await this.#read(items);
    const thought = await Promise.all(items.map((item, at) => this.#think(item, rows.get(at))));
    const ready = thought.filter((one) => 'write' in one);
    const written = await commit(this.#options, ready);
    return thought.map((one) => ('write' in one ? (written.get(one) ?? { kind: 'again' }) : one));
  }

  async #read(items: readonly Item[]): Promise<ReadonlyMap<number, TurnRow>> {
    const { pool } = this.#options;
    const keys = items.map((item) => item.key);
    const rows = new Map((await readTurns(pool, keys)).map((row) => [row.at, row]));
    const strangers = items.filter((_, at) => !rows.has(at));
    if (strangers.length === 0) return rows;
    await Promise.all(strangers.map((item) => this.#meet(item)));
    return new Map((await readTurns(pool, keys)).map((row) => [row.at, row]));
  }

  /** Makes the contact of an address nobody has written from before. */
  async #meet({ message, key }: Item): Promise<void> {
    const { pool, vault, newId, isSimulator } = this.#options;
    const { channel, account, address, phone } = message;
    const ids = { contactId: newId(), addressId: newId() };
    const sealed = {
      value: vault.seal(address),
      valueIndex: key.valueIndex,
      state: vault.sealJson(asJson(idleSession)),
    };
    const phoneIndex = phone === null ? null : vault.index('phone', phone);
    try {
      await addContact(pool, {
        ...ids,
        ...sealed,
        phoneIndex,
        channel,
        account,
        simulator: isSimulator(channel),
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }

  async #think(item: Item, row: TurnRow | undefined): Promise<Ready | Verdict> {
    if (row === undefined) return { kind: 'failed', error: new Error('the contact of a message is missing') };
    if (row.inboundState === 'done' || row.inboundState === 'parked') return { kind: 'done' };
    const inboundId = row.inboundId ?? this.#options.newId();
    const now = this.#options.now();
    try {
      const thought = await think(await this.#question(item.message, row, inboundId, now));
      return prepare(this.#options, item, row, inboundId, now, thought);
    } catch (error) {
      if (isOutage(error)) return { kind: 'failed', error };
      return commitFailure(this.#options, item, { ...row, inboundId }, error);
    }
  }

  async #question(message: InboundMessage, row: TurnRow, inboundId: string, now: Date): Promise<Question> {
    const { vault, regions, actions, pool, newId, capabilities } = this.#options;
    const session = asSession(vault.openJson(row.state));
    const program = await this.#programOf(session);
    return {
      ...{ message, session, program, actions, seen: wasSeen(message, row) },
      env: { now, newId, regions, roles: row.roles, builtins: { kontak: { nomor: message.phone } } },
      capabilities: capabilities(message.channel),
      context: {
        ...{ db: pool, vault, now, newId, inboundId, program: program.hash, contactId: row.contactId },
        ...{
          channel: message.channel,
          simulator: row.simulator,
          phone: message.phone,
          pendingQuestion: row.question,
        },
      },
    };
  }

  async #programOf(session: Session): Promise<Program> {
    const { library } = this.#options;
    const program = session.program === null ? library.current : await library.find(session.program);
    if (program === null) throw new Error('the flow program of a conversation is gone');
    return program;
  }
}

/** Whether the writer can have seen the pending question: it was accepted by the provider before he wrote. */
function wasSeen(message: InboundMessage, row: TurnRow): boolean {
  if (row.question === null) return true;
  return row.questionSeenAt !== null && row.questionSeenAt <= message.writtenAt;
}

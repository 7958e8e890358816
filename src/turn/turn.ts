import type { InboundMessage } from '../channels/contract.js';
import type { ActionContext } from '../domain/action.js';
import { type OutsideAnswer, outsideAnswer } from '../domain/outside-answers.js';
import type { Program } from '../flow/program.js';
import { idleSession, type Session } from '../flow/session.js';
import type { Vault } from '../store/crypto.js';
import { keepIn } from '../store/files.js';
import { isOutage, isUniqueViolation } from '../store/outage.js';
import type { DueTimer } from '../store/timers.js';
import { unfinishedInbound } from '../store/turn-failure.js';
import { addContact, readTurns, type TurnKey, type TurnRow } from '../store/turns.js';
import { commit, commitFailure } from './commit.js';
import { enclosedFile } from './enclosed.js';
import { decodeInbound, type Incoming, isTimer, type Kept, wordsOf } from './inbound.js';
import { joinWished } from './joining.js';
import { type Known, Memory } from './memory.js';
import { offerShared } from './offering.js';
import type { Item, Ready, Turn, TurnOptions, Workshop } from './options.js';
import { phoneOf, sealedPhone } from './phone.js';
import { asJson, asSession, prepare } from './prepare.js';
import { KeyedQueue, type Verdict } from './queue.js';
import { regionIn } from './region.js';
import { type Question, think } from './think.js';
import { timerMessage } from './timer.js';
import { OutdatedProcess, type Settled, settle } from './versions.js';

/** How many messages are picked up again at once after a crash. */
const recoverAtOnce = 1000;
/** In front of the first message of all. */
const inFront = '0';

/**
 * One inbound message, one turn, one transaction. Turns of one contact follow each other, turns of different contacts are
 * read and written together. A turn that loses the compare-and-set starts again from its read.
 */
export class Turns {
  readonly #shop: Workshop;
  readonly #queue: KeyedQueue<Item>;
  /** Rows that could not be treated again and were reported; they are found anew every few seconds. */
  readonly #reported = new Set<string>();
  /** How far `recover` came: it goes on there, and begins again in front when nothing is left. */
  #recovered = inFront;

  constructor(options: TurnOptions) {
    this.#shop = { ...options, memory: new Memory(), signalled: () => void this.#catchUp() };
    const { gather = 64 } = options;
    this.#queue = new KeyedQueue({
      batch: gather,
      inFlight: gather === 1 ? 64 : 2,
      work: (items) => this.#work(items),
    });
  }

  /**
   * Treats a message; resolves when it is stored for good (treated, parked or known from before), rejects when the database
   * is out of reach, so that the provider keeps it. A file is fetched before the message takes its place in the line: the
   * channel hands over one message of an address after the other, and nobody else waits for a slow one.
   */
  receive(message: InboundMessage): Promise<void> {
    return this.#take(message);
  }

  #take(message: Kept): Promise<void> {
    const { content, channel } = message;
    if (content.kind !== 'file') return this.#push(message, null);
    const { fetchFile, newId } = this.#shop;
    return enclosedFile(channel, content, fetchFile, newId).then((file) => this.#push(message, file));
  }

  /**
   * Lets a timer happen that is due, once, however often and by however many processes this is said: its turn is deduped like
   * a message. One whose question is not pending any more leaves nothing behind. Rejects when the database is out of reach.
   */
  async fire(due: DueTimer): Promise<void> {
    await this.#push(timerMessage(this.#shop, due), null);
  }

  #push(message: Incoming, enclosed: Item['enclosed']): Promise<void> {
    const line = lineOf(message);
    return this.#queue.push(line, { message, enclosed, line, tries: 0 });
  }

  /**
   * Picks up what was stored but not treated to the end: after a crash, signals that another process left, contacts that are
   * to become one, and numbers that two have proved. To be
   * repeated every few seconds; a message that is in hand already is treated once all the same, and those that cannot be
   * treated do not keep what stands behind them from being reached.
   */
  async recover(): Promise<void> {
    const { pool } = this.#shop;
    await joinWished(this.#shop, (error, id) => this.#report(error, id));
    await offerShared(this.#shop);
    const rows = await unfinishedInbound(pool, this.#recovered, recoverAtOnce);
    this.#recovered = rows[recoverAtOnce - 1]?.seq ?? inFront;
    await Promise.all(rows.map((row) => this.#receiveAgain(row)));
  }

  /** A signal of this process is picked up at once; if the database is away, the next `recover` finds it. */
  async #catchUp(): Promise<void> {
    await this.recover().catch(() => {});
  }

  /** A row that cannot be opened any more is reported once and left, and keeps nobody else waiting. */
  async #receiveAgain(row: { readonly id: string; readonly body: Buffer }): Promise<void> {
    try {
      const message = decodeInbound(this.#shop.vault.openJson(row.body));
      // What is remembered takes every message for a new one; this one has a row.
      this.#shop.memory.forget(lineOf(message));
      await this.#take(message);
    } catch (error) {
      this.#report(error, row.id);
    }
  }

  #report(error: unknown, id: string): void {
    if (!this.#reported.has(id)) this.#shop.onFailure(error, id);
    this.#reported.add(id);
  }

  /** Resolves when all turns in hand are done. */
  drain(): Promise<void> {
    return this.#queue.drain();
  }

  async #work(items: readonly Item[]): Promise<readonly Verdict[]> {
    const turns = await this.#recall(items);
    const thought = await Promise.all(turns.map((turn) => ('kind' in turn ? turn : this.#think(turn))));
    const ready = thought.filter((one) => 'write' in one);
    const written = await commit(this.#shop, ready);
    return thought.map((one) => ('write' in one ? (written.get(one) ?? { kind: 'again' }) : one));
  }

  /** What is known of each conversation: from the last turn of this process, or read from the database, all in one go. */
  async #recall(items: readonly Item[]): Promise<readonly (Turn | Verdict)[]> {
    const now = this.#shop.now();
    const remembered = items.map((item) => this.#remember(item, now));
    const unknown = items.filter((_, at) => remembered[at] === null);
    const rows = unknown.length === 0 ? [] : await this.#read(unknown);
    const read = await Promise.all(unknown.map((item, at) => this.#open(item, rows[at], now)));
    const found = new Map(unknown.map((item, at) => [item, read[at]]));
    return items.map((item, at) => remembered[at] ?? found.get(item) ?? missing);
  }

  /** A conversation left here lately; not after a lost race, which says that the memory is outdated. */
  #remember(item: Item, now: Date): Turn | null {
    const { memory, newId } = this.#shop;
    if (item.tries > 0) memory.forget(item.line);
    const known = memory.recall(item.line, now);
    if (known === null) return null;
    return { item, known, now, inboundId: newId(), seen: true, seenAssumed: true, stored: false };
  }

  /** Opens what was read. A conversation that cannot be opened fails alone, not with everybody else's. */
  async #open(item: Item, row: TurnRow | undefined, now: Date): Promise<Turn | Verdict> {
    if (row === undefined) return missing;
    if (row.inboundState === 'done' || row.inboundState === 'parked') return { kind: 'done' };
    const inboundId = row.inboundId ?? this.#shop.newId();
    try {
      const known = knownFrom(row, this.#shop.vault, now);
      const stored = row.inboundId !== null;
      return { item, known, inboundId, now, stored, seen: wasSeen(item.message, row), seenAssumed: false };
    } catch (error) {
      return commitFailure(this.#shop, item, { ...row, inboundId }, error);
    }
  }

  async #read(items: readonly Item[]): Promise<readonly (TurnRow | undefined)[]> {
    const { pool, vault } = this.#shop;
    const keys = items.map(({ message }) => keyOf(message, vault));
    const rows = byPosition(await readTurns(pool, keys));
    const strangers = items.filter((_, at) => !rows.has(at));
    if (strangers.length === 0) return items.map((_, at) => rows.get(at));
    await Promise.all(strangers.map((item) => this.#meet(item)));
    const all = byPosition(await readTurns(pool, keys));
    return items.map((_, at) => all.get(at));
  }

  /** Makes the contact of an address nobody has written from before. */
  async #meet({ message }: Item): Promise<void> {
    const { pool, vault, newId, isSimulator } = this.#shop;
    const { channel, account, address, phone } = message;
    const ids = { contactId: newId(), addressId: newId() };
    const sealed = {
      value: vault.seal(address),
      valueIndex: vault.index('address', address),
      state: vault.sealJson(asJson(idleSession)),
    };
    try {
      await addContact(pool, {
        ...ids,
        ...sealed,
        phone: phone === null ? null : sealedPhone(vault, phone),
        channel,
        account,
        simulator: isSimulator(channel),
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }

  async #think(turn: Turn): Promise<Ready | Verdict> {
    try {
      const settled = await settle(this.#shop.library, turn.known.session);
      const outside = await this.#outside(turn);
      const thought = await think(this.#question(turn, settled, outside));
      if (thought.facts.length === 0 && isTimer(turn.item.message)) return { kind: 'done' };
      const ready = prepare(
        this.#shop,
        turn,
        settled.facts.length === 0 ? thought : { ...thought, facts: [...settled.facts, ...thought.facts] },
      );
      const { kept } = ready;
      if (kept !== null) await this.#shop.fileStore.put(kept.file, kept.bytes);
      return ready;
    } catch (error) {
      if (isOutage(error) || error instanceof OutdatedProcess) return { kind: 'failed', error };
      const { item, known, inboundId } = turn;
      return commitFailure(this.#shop, item, { ...known, inboundId }, error);
    }
  }

  /** What a message answers that a broadcast asked; the choice of the pending question is looked for nowhere else. */
  async #outside({ item, known, now }: Turn): Promise<OutsideAnswer | null> {
    const { content } = item.message;
    const { contactId, question } = known;
    if (content.kind !== 'text' && content.kind !== 'choice') return null;
    if (content.kind === 'choice' && content.question === question) return null;
    return outsideAnswer(this.#shop.pool, content, { contactId, now });
  }

  #question(turn: Turn, { session, program }: Settled, outside: OutsideAnswer | null): Question {
    const { regions, actions, newId, capabilities } = this.#shop;
    const { item, known, now, seen } = turn;
    const { message, enclosed } = item;
    const builtins = { kontak: { nomor: phoneOf(turn) } };
    return {
      ...{ message, enclosed, session, program, actions, seen, answers: outside?.signal ?? null },
      env: { now, newId, regions, roles: known.roles, language: known.language, builtins },
      capabilities: capabilities(message.channel),
      context: () => this.#context(turn, session, program, outside),
    };
  }

  #context(turn: Turn, session: Session, program: Program, outside: OutsideAnswer | null): ActionContext {
    const { item, known, inboundId, now } = turn;
    const { vault, pool, newId, doors, outreach, fileStore } = this.#shop;
    const { contactId, addressId, simulator, question } = known;
    const { channel, account, address } = item.message;
    const phone = phoneOf(turn);
    return {
      ...{ db: pool, vault, now, newId, inboundId, program: program.hash, contactId },
      ...{ channel, simulator, phone, pendingQuestion: question, said: wordsOf(item.message), outside },
      reach: { addressId, channel, account, address, phone },
      regionCode: regionIn(session, program),
      languages: program.languages,
      idleState: idleStateOf(vault),
      doors,
      outreach,
      keepFile: (bytes) => keepIn(fileStore, bytes),
    };
  }
}

/** Makes the state of a conversation with nothing in it. */
export function idleStateOf(vault: Vault): () => Buffer {
  return () => vault.sealJson(asJson(idleSession));
}

/** Whose turn follows whose. */
function lineOf({ account, address }: Incoming): string {
  return `${account}\n${address}`;
}

function keyOf({ account, address, dedupeKey }: Incoming, vault: Vault): TurnKey {
  return { account, dedupeKey, valueIndex: vault.index('address', address) };
}

const missing: Verdict = { kind: 'failed', error: new Error('the contact of a message is missing') };

function byPosition(rows: readonly TurnRow[]): ReadonlyMap<number, TurnRow> {
  return new Map(rows.map((row) => [row.at, row]));
}

function knownFrom(row: TurnRow, vault: Vault, readAt: Date): Known {
  const { contactId, addressId, simulator, roles, language, version, question, state, phoneSealed } = row;
  const session = asSession(vault.openJson(state));
  const phone = phoneSealed === null ? null : vault.open(phoneSealed);
  return { contactId, addressId, simulator, roles, language, phone, version, question, session, readAt };
}

/** Whether the writer can have seen the pending question: it was accepted by the provider before he wrote. */
function wasSeen(message: Incoming, row: TurnRow): boolean {
  if (row.question === null) return true;
  return row.questionSeenAt !== null && row.questionSeenAt <= message.writtenAt;
}

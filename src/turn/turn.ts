import type pg from 'pg';
import type { InboundMessage } from '../channels/contract.js';
import type { Action } from '../domain/action.js';
import type { Capabilities } from '../flow/capabilities.js';
import { type Fact, outcomeOf } from '../flow/fact.js';
import type { Json } from '../flow/json.js';
import { type Message, saying } from '../flow/message.js';
import type { RegionIndex } from '../flow/regions.js';
import { idleSession, type Session } from '../flow/session.js';
import { indonesian } from '../flow/wording.js';
import type { Vault } from '../store/crypto.js';
import { isOutage, isUniqueViolation } from '../store/outage.js';
import type { Statement } from '../store/statement.js';
import {
  addContact,
  alarmStatement,
  failTurn,
  type NewDelivery,
  type NewFact,
  readTurns,
  type TurnKey,
  type TurnRow,
  type TurnWrite,
  unfinishedInbound,
  writeTurns,
  writeTurnWith,
} from '../store/turns.js';
import { decodeInbound, encodeInbound } from './inbound.js';
import type { Library } from './library.js';
import { KeyedQueue, type Verdict } from './queue.js';
import { type Thought, think } from './think.js';

/** A row that can be sent now. */
export interface Woken {
  readonly id: string;
  readonly account: string;
  readonly lane: 'reply';
}

/** What turns need: handed in by the composition root. */
export interface TurnOptions {
  readonly pool: pg.Pool;
  readonly vault: Vault;
  readonly library: Library;
  readonly actions: Readonly<Record<string, Action>>;
  readonly regions: RegionIndex;
  readonly capabilities: (channel: string) => Capabilities;
  readonly isSimulator: (channel: string) => boolean;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Told after the commit, never awaited. */
  readonly wake: (rows: readonly Woken[]) => void;
  readonly onFailure: (error: unknown, inboundId: string) => void;
  /** Turns written in one statement at most (1 turns gathering off). */
  readonly gather?: number;
}

/** A message on its way through; `tries` counts lost races, which end some time. */
interface Item {
  readonly message: InboundMessage;
  readonly key: TurnKey;
  tries: number;
}

/** A turn thought through and ready to be written. */
interface Ready {
  readonly item: Item;
  readonly write: TurnWrite;
  readonly writes: readonly Statement[];
}

const parkAfter = 3;
const mostTries = 50;
/** A session larger than this is stuck in something; 64 kB is some hundred times an ordinary one. */
const mostStateBytes = 64 * 1024;

/**
 * One inbound message, one turn, one transaction. Turns of one contact follow each other, turns of different contacts are
 * read and written together. A turn that loses the compare-and-set starts again from its read.
 */
export class Turns {
  readonly #options: TurnOptions;
  readonly #queue: KeyedQueue<Item>;

  constructor(options: TurnOptions) {
    this.#options = options;
    this.#queue = new KeyedQueue({
      batch: options.gather ?? 64,
      inFlight: options.gather === 1 ? 64 : 2,
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
    const rows = await unfinishedInbound(pool, 1000);
    await Promise.all(rows.map((row) => this.receive(decodeInbound(vault.openJson(row.body)))));
  }

  /** Resolves when all turns in hand are done. */
  drain(): Promise<void> {
    return this.#queue.drain();
  }

  async #work(items: readonly Item[]): Promise<readonly Verdict[]> {
    const rows = await this.#read(items);
    const thought = await Promise.all(items.map((item, at) => this.#think(item, rows.get(at))));
    const ready = thought.flatMap((one) => ('write' in one ? [one] : []));
    const written = await this.#write(ready);
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
    try {
      return await this.#ready(item, row, inboundId);
    } catch (error) {
      return isOutage(error) ? { kind: 'failed', error } : this.#fail(item, row, inboundId, error);
    }
  }

  async #ready(item: Item, row: TurnRow, inboundId: string): Promise<Ready> {
    const { vault, library, regions, actions, pool, newId } = this.#options;
    const { message } = item;
    const now = this.#options.now();
    const session = asSession(vault.openJson(row.state));
    const pinned = session.program === null ? library.current : await library.find(session.program);
    if (pinned === null) throw new Error(`flow program ${session.program} is gone`);
    const env = { now, newId, regions, roles: row.roles, builtins: { kontak: { nomor: message.phone } } };
    const thought = await think({
      ...{ message, session, program: pinned, env, actions },
      seen: row.question === null || (row.questionSeenAt !== null && row.questionSeenAt <= message.writtenAt),
      capabilities: this.#options.capabilities(message.channel),
      context: {
        ...{ db: pool, vault, now, newId, inboundId, program: pinned.hash, contactId: row.contactId },
        ...{
          channel: message.channel,
          simulator: row.simulator,
          phone: message.phone,
          pendingQuestion: row.question,
        },
      },
    });
    return this.#prepare(item, row, inboundId, now, thought);
  }

  #prepare(item: Item, row: TurnRow, inboundId: string, now: Date, thought: Thought): Ready {
    const { vault } = this.#options;
    const { session, writes, messages } = this.#bounded(thought);
    const top = session.frames[session.frames.length - 1];
    const replaced = thought.facts.some((fact) => fact.kind === 'unseen') ? row.question : null;
    const write: TurnWrite = {
      ...{
        contactId: row.contactId,
        addressId: row.addressId,
        version: row.version,
        inboundId,
        now,
        replaced,
      },
      ...{
        account: item.message.account,
        dedupeKey: item.message.dedupeKey,
        writtenAt: item.message.writtenAt,
      },
      state: vault.sealJson(asJson(session)),
      body: vault.sealJson(encodeInbound(item.message)),
      ...{
        program: session.program,
        flow: top?.flow ?? null,
        step: top?.step ?? null,
        question: top?.wait?.question ?? null,
      },
      deliveries: messages.map((message) => this.#delivery(message)),
      facts: thought.facts.map((fact) => this.#fact(fact)),
    };
    const failed = thought.facts.find((fact) => fact.kind === 'failed');
    const alarms =
      failed === undefined
        ? []
        : [alarmStatement('conversation-stuck', `a conversation was given up: ${failed.why}`, now)];
    return { item, write, writes: [...writes, ...alarms] };
  }

  /** A conversation that outgrew its bounds is ended with a word to the person, not with an error for ever. */
  #bounded(thought: Thought): Thought {
    if (JSON.stringify(thought.session).length <= mostStateBytes) return thought;
    const alarm = alarmStatement(
      'conversation-stuck',
      'a conversation was given up: its state grew too large',
      this.#options.now(),
    );
    return { ...thought, session: idleSession, messages: [saying(indonesian.stuck)], writes: [alarm] };
  }

  #delivery(message: Message): NewDelivery {
    const { vault, newId } = this.#options;
    return { id: newId(), body: vault.sealJson(asJson(message)), question: message.question };
  }

  #fact(fact: Fact): NewFact {
    const payload = payloadOf(fact);
    const { kind, flow, step } = fact;
    return {
      kind,
      flow,
      step,
      outcome: outcomeOf(fact),
      payload: payload === null ? null : this.#options.vault.sealJson(payload),
    };
  }

  /** Turns that bring domain statements go in a transaction of their own; all others share one statement. */
  async #write(ready: readonly Ready[]): Promise<ReadonlyMap<Ready, Verdict>> {
    const plain = ready.filter((one) => one.writes.length === 0);
    const alone = ready.filter((one) => one.writes.length > 0);
    const verdicts = await Promise.all([
      this.#writeTogether(plain),
      ...alone.map((one) => this.#writeAlone(one)),
    ]);
    return new Map(verdicts.flat());
  }

  async #writeTogether(ready: readonly Ready[]): Promise<readonly (readonly [Ready, Verdict])[]> {
    if (ready.length === 0) return [];
    try {
      const won = await writeTurns(
        this.#options.pool,
        ready.map((one) => one.write),
      );
      return ready.map((one) => [one, this.#verdict(one, won.has(one.write.contactId))]);
    } catch (error) {
      if (ready.length > 1 && !isOutage(error))
        return await Promise.all(ready.map((one) => this.#writeAlone(one)));
      return await Promise.all(ready.map(async (one) => [one, await this.#notWritten(one, error)] as const));
    }
  }

  async #writeAlone(one: Ready): Promise<readonly [Ready, Verdict]> {
    try {
      return [one, this.#verdict(one, await writeTurnWith(this.#options.pool, one.write, one.writes))];
    } catch (error) {
      return [one, isUniqueViolation(error) ? again(one.item) : await this.#notWritten(one, error)];
    }
  }

  #verdict(one: Ready, won: boolean): Verdict {
    if (!won) return again(one.item);
    const { account, deliveries } = one.write;
    this.#options.wake(deliveries.map(({ id }) => ({ id, account, lane: 'reply' as const })));
    return { kind: 'done' };
  }

  async #notWritten(one: Ready, error: unknown): Promise<Verdict> {
    if (isOutage(error)) return { kind: 'failed', error };
    return this.#fail(one.item, one.write, one.write.inboundId, error);
  }

  /** Commits a failed turn as a failure; it is tried again until it is parked, so that the next message is served. */
  async #fail(
    item: Item,
    to: { readonly contactId: string; readonly addressId: string },
    inboundId: string,
    error: unknown,
  ): Promise<Verdict> {
    const { pool, vault, newId, now, onFailure, wake } = this.#options;
    const { account, dedupeKey, writtenAt } = item.message;
    onFailure(error, inboundId);
    const apology = this.#delivery(saying(indonesian.stuck));
    const state = await failTurn(pool, {
      ...{
        contactId: to.contactId,
        addressId: to.addressId,
        account,
        dedupeKey,
        writtenAt,
        inboundId,
        now: now(),
        parkAfter,
        apology,
      },
      body: vault.sealJson(encodeInbound(item.message)),
      handoverId: newId(),
      idleState: vault.sealJson(asJson(idleSession)),
      code: error instanceof Error ? error.name : 'error',
    });
    wake([{ id: apology.id, account, lane: 'reply' }]);
    return state === 'failed' ? again(item) : { kind: 'done' };
  }
}

function again(item: Item): Verdict {
  item.tries += 1;
  return item.tries < mostTries
    ? { kind: 'again' }
    : { kind: 'failed', error: new Error('lost every race for the session') };
}

/** What of a fact a person may have typed; messages are kept with their deliveries. */
function payloadOf(fact: Fact): Json {
  switch (fact.kind) {
    case 'saved':
      return { value: fact.value };
    case 'misunderstood':
      return { reason: fact.reason };
    case 'actionWanted':
      return { args: fact.args };
    default:
      return null;
  }
}

/** Sessions and messages are made of JSON alone, which their interfaces cannot say. */
function asJson(value: Session | Message): Json {
  return value as unknown as Json;
}

/** A session is read back exactly as this program wrote it, sealed; nobody else can have written it. */
function asSession(value: Json): Session {
  return value as unknown as Session;
}

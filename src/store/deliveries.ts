import type { Pool, PoolClient } from 'pg';
import type { Acquaintance } from '../channels/contract.js';
import type { Lane, State, StateMachine } from '../delivery/states.js';
import type { Addressee } from '../domain/opening.js';
import { alarmStands, clearAlarm, type Raise, raiseAlarm } from './alarms.js';
import { cancelRows, createRun, type Run } from './delivery-statements.js';
import { addresseesOf } from './openings.js';
import { run as runStatement } from './statement.js';
import { inTransaction } from './transaction.js';

/** A row as a wake-up names it: nothing personal. */
export interface RowRef {
  readonly id: string;
  readonly account: string;
  readonly lane: Lane;
}

/** A row that one worker holds, with what is needed to send it. */
export interface LeasedRow {
  readonly id: string;
  readonly token: string;
  readonly addressSealed: Buffer;
  /** Null for a broadcast's row: its text stands once in the broadcast. */
  readonly bodySealed: Buffer | null;
  readonly broadcastId: string | null;
  readonly attempts: number;
}

/** What a lease found: rows to send now, and rows that are not: ended (expired, opted out, cancelled) or put off. */
export interface LeaseResult {
  readonly rows: readonly LeasedRow[];
  readonly passed: readonly string[];
}

/** How long broadcasts wait for the hour and for people who are in the middle of a conversation. */
export interface Patience {
  /** When broadcasts may be sent again; null: now. */
  readonly opening: Date | null;
  /** A conversation that stands still for so long, in milliseconds, is waited for no longer. */
  readonly stillMs: number;
  /** How soon it is looked again whether it has ended, in milliseconds. */
  readonly lookMs: number;
}

/** How long and how firmly rows are held. */
export interface Hold {
  readonly token: string;
  readonly now: Date;
  readonly until: Date;
}

/** A row that follows an ended one, with its id made beforehand so that a repeated write cannot make two. */
export interface Sequel {
  readonly id: string;
  /** `failover`: the same to the contact's next address; `follow-up`: once more to the same one; `without-file`: there, its words. */
  readonly kind: 'failover' | 'follow-up' | 'without-file';
  /** Null: the body of the row it follows. */
  readonly bodySealed: Buffer | null;
}

/** A timer of an accepted question: when it is due. */
export interface RunningTimer {
  readonly flow: string;
  readonly name: string;
  readonly reminder: boolean;
  readonly dueAt: Date;
}

/** What became of one held row. It is written only while `token` still holds the row. */
export interface Ending {
  readonly id: string;
  readonly token: string;
  readonly state: State;
  readonly code: string | null;
  readonly providerId: string | null;
  /** When to try again; null leaves the time as it is. */
  readonly dueAt: Date | null;
  /** Attempts this used up. */
  readonly spent: 0 | 1;
  /** True when another than the holder writes it, because the lease ran out. */
  readonly stale: boolean;
  readonly sequel: Sequel | null;
  /** What begins to run with this row's acceptance. */
  readonly timers: readonly RunningTimer[];
}

/** A row whose holder died after it said that it would send. */
export interface Abandoned {
  readonly id: string;
  readonly token: string;
  readonly account: string;
  readonly lane: Lane;
  readonly bodySealed: Buffer | null;
  readonly attempts: number;
}

/** Which row a provider speaks of. */
interface Reported {
  readonly account: string;
  readonly providerId: string;
  readonly parcelId?: string | null;
  readonly at: Date;
}

/** How a provider's receipt changes a row. */
export interface ReceiptUpdate extends Reported {
  readonly kind: 'accepted' | 'delivered' | 'read';
}

/** A message that did not arrive after all: why, and what follows it. */
export interface LateFailure extends Reported {
  readonly code: string;
  /** `failover`: the same to the contact's next address; `again`: once more to the same, from `dueAt` on. */
  readonly sequel: { readonly id: string; readonly kind: 'failover' | 'again'; readonly dueAt: Date } | null;
  /** The person takes no advertising over this account from now on. */
  readonly unwanted: boolean;
  /** The broadcast it belongs to waits for a person. */
  readonly pauses: boolean;
}

/**
 * What a report found: no such message, one that is being sent right now (its own result comes first, so it is to be told again
 * later), or the row, which is moved if it may be.
 */
export type ReportResult = 'not-ours' | 'too-early' | 'taken';

/** What a late failure found, and what it changed. */
export interface LateResult {
  readonly result: ReportResult;
  /** Whether it was news. */
  readonly moved: boolean;
  readonly next: readonly RowRef[];
}

/** The delivery table as the senders use it. Every write names the states it starts from, so a late one changes nothing. */
export interface DeliveryStore {
  /**
   * Leases the first unended row of each address that `ids` belong to, when it is due: of the bulk lane with `patience`, else of the
   * reply lane. A row that must not be
   * sent any more is ended instead, and one of a broadcast that is to wait is put off. `to` is the state of what is leased.
   */
  lease(
    ids: readonly string[],
    hold: Hold,
    to: 'leased' | 'written',
    patience?: Patience,
  ): Promise<LeaseResult>;
  /** Says that these held rows are about to be sent; returns those that are still held. */
  markWritten(ids: readonly string[], hold: Hold): Promise<ReadonlySet<string>>;
  /** Writes results together; returns the rows that follow. */
  settle(endings: readonly Ending[], now: Date, accounts: readonly string[]): Promise<readonly RowRef[]>;
  /** Keeps holding rows whose sending takes long. */
  renew(tokens: readonly string[], ids: readonly string[], until: Date): Promise<void>;
  /** Gives rows back that nobody began to send; returns how many. */
  releaseExpired(now: Date): Promise<number>;
  /**
   * Rows whose holder said that it would send and then fell silent. None within `leaseMs` of the start of the database: who holds
   * them may be alive, and could not say so while it was away.
   */
  abandoned(now: Date, accounts: readonly string[], leaseMs: number): Promise<readonly Abandoned[]>;
  /** Due rows that are first at their address and that no job seems to have taken. */
  forgotten(account: string, lane: Lane, before: Date, limit: number): Promise<readonly string[]>;
  /** Moves planned rows of the running broadcasts, urgent or not, into the account's window, in turn; returns them. */
  feed(account: string, window: number, now: Date, urgent: boolean): Promise<readonly string[]>;
  /** Ends unsent rows whose time has passed; returns how many of a bounded number. */
  expire(now: Date): Promise<number>;
  /** Takes the rows of paused broadcasts out of the window and ends those of cancelled ones; returns how many. */
  tidyBroadcasts(now: Date): Promise<number>;
  /** Marks broadcasts with nothing left to send and nobody left to be told as done; `excluded`: why somebody is not to be told. */
  finishBroadcasts(now: Date, excluded: readonly string[]): Promise<void>;
  /** The sealed text of a broadcast. */
  broadcastBody(id: string): Promise<Buffer | null>;
  /** Moves an accepted row forward, and one of which nobody knew whether it was. */
  receipt(receipt: ReceiptUpdate): Promise<ReportResult>;
  /** Ends a row that was accepted, or perhaps was, and has not arrived; once, however often it is told. */
  failLate(failure: LateFailure, accounts: readonly string[]): Promise<LateResult>;
  /** Whom these rows of broadcasts speak to. */
  addressees(ids: readonly string[]): Promise<ReadonlyMap<string, Addressee>>;
  /** How the people of these rows stand to their accounts. */
  acquaintances(ids: readonly string[]): Promise<ReadonlyMap<string, Acquaintance>>;
  /** Remembers that the person of this row wants no advertising over its account. */
  refuseMarketing(id: string, at: Date): Promise<void>;
  /** Stops a running broadcast until a person goes on with it. */
  pauseBroadcast(id: string): Promise<void>;
  /** Raises an alarm, or leaves the standing one as it is. */
  raiseAlarm(alarm: Raise): Promise<void>;
  /** Clears an alarm that stands. */
  clearAlarm(kind: string, now: Date): Promise<void>;
  /** Whether an alarm stands. */
  alarmStands(kind: string): Promise<boolean>;
}

/** Opens the delivery table. The states come from `src/delivery/states.ts`; the SQL is built from them once. */
export function createDeliveryStore(pool: Pool, machine: StateMachine): DeliveryStore {
  const run = createRun(pool, machine);
  const inTheAir = (state: State) => !machine.hasEnded(state);
  return {
    ...{ ...sending(run), ...recovering(run), ...feeding(run), ...finishing(pool, machine) },
    ...{ ...reporting(run, inTheAir), ...meeting(run), ...alarming(pool) },
    addressees: (ids) => addresseesOf(pool, ids),
  };
}

function sending(
  run: Run,
): Pick<DeliveryStore, 'lease' | 'markWritten' | 'settle' | 'renew' | 'broadcastBody'> {
  return {
    lease: async (ids, hold, to, patience) => {
      const values = [ids, hold.now, hold.token, hold.until, to];
      const records =
        patience === undefined
          ? await run<LeaseRecord>('leaseReply', values)
          : await run<LeaseRecord>('leaseBulk', [...values, ...patienceColumns(patience)]);
      return sortLease(records, hold.token);
    },
    markWritten: async (ids, hold) => {
      const rows = await run<{ id: string }>('markWritten', [ids, hold.token, hold.now, hold.until]);
      return new Set(rows.map((row) => row.id));
    },
    settle: (endings, now, accounts) => {
      const values = [...columnsOf(endings), now, accounts];
      const timers = endings.flatMap(({ id, timers }) => timers.map((timer) => ({ id, ...timer })));
      if (timers.length === 0) return run<RowRef>('settle', values);
      return run<RowRef>('settleTimed', [...values, ...timerColumns(timers)]);
    },
    renew: async (tokens, ids, until) => void (await run('renew', [tokens, ids, until])),
    broadcastBody: async (id) =>
      (await run<{ body_sealed: Buffer }>('broadcastBody', [id]))[0]?.body_sealed ?? null,
  };
}

function recovering(run: Run): Pick<DeliveryStore, 'releaseExpired' | 'abandoned' | 'forgotten' | 'expire'> {
  return {
    releaseExpired: async (now) => (await run('releaseExpired', [now])).length,
    abandoned: (now, accounts, leaseMs) => run<Abandoned>('abandoned', [now, accounts, leaseMs]),
    forgotten: async (account, lane, before, limit) =>
      (await run<{ id: string }>('forgotten', [account, lane, before, limit])).map((row) => row.id),
    expire: async (now) =>
      (await run('expireDue', [now])).length + (await run('expirePlanned', [now])).length,
  };
}

function feeding(run: Run): Pick<DeliveryStore, 'feed' | 'tidyBroadcasts'> {
  return {
    feed: async (account, window, now, urgent) =>
      (await run<{ id: string }>('feed', [account, window, now, urgent])).map((row) => row.id),
    tidyBroadcasts: async (now) =>
      (await run('unfeedPaused', [])).length + (await cancelRows(run, now, null)),
  };
}

function finishing(pool: Pool, machine: StateMachine): Pick<DeliveryStore, 'finishBroadcasts'> {
  const finish = async (connection: PoolClient, now: Date, excluded: readonly string[]) => {
    const run = createRun(connection, machine);
    const held = await run<{ id: string }>('holdFinished', [now, excluded]);
    if (held.length === 0) return false;
    await run('finishBroadcasts', [now, excluded, held.map(({ id }) => id)]);
    return true;
  };
  return {
    finishBroadcasts: async (now, excluded) =>
      void (await inTransaction(pool, (connection) => finish(connection, now, excluded))),
  };
}

function reporting(
  run: Run,
  inTheAir: (state: State) => boolean,
): Pick<DeliveryStore, 'receipt' | 'failLate'> {
  const resultOf = (rows: readonly FoundRecord[]): ReportResult => {
    if (rows.length === 0) return 'not-ours';
    return rows.some(({ state }) => inTheAir(state)) ? 'too-early' : 'taken';
  };
  return {
    receipt: async (receipt) =>
      resultOf(await run<FoundRecord>('receipt', [...whichRow(receipt), receipt.kind, receipt.at])),
    failLate: async (failure, accounts) => {
      const { code, at, sequel, unwanted, pauses } = failure;
      const next = [sequel?.id ?? null, sequel?.kind ?? null, sequel?.dueAt ?? at];
      const values = [...whichRow(failure), code, at, ...next, accounts, unwanted, pauses];
      const rows = await run<LateRecord>('failLate', values);
      return { result: resultOf(rows), moved: rows.some(({ moved }) => moved), next: rows.flatMap(nextOf) };
    },
  };
}

function alarming(pool: Pool): Pick<DeliveryStore, 'raiseAlarm' | 'clearAlarm' | 'alarmStands'> {
  return {
    raiseAlarm: async (alarm) => void (await runStatement(pool, raiseAlarm(alarm))),
    clearAlarm: async (kind, now) => void (await runStatement(pool, clearAlarm(kind, now))),
    alarmStands: (kind) => alarmStands(pool, kind),
  };
}

function meeting(run: Run): Pick<DeliveryStore, 'acquaintances' | 'refuseMarketing' | 'pauseBroadcast'> {
  return {
    acquaintances: async (ids) => {
      const rows = await run<Acquaintance & { readonly id: string }>('acquaintances', [ids]);
      return new Map(rows.map(({ id, heardAt, takesMarketing }) => [id, { heardAt, takesMarketing }]));
    },
    refuseMarketing: async (id, at) => void (await run('refuseMarketing', [id, at])),
    pauseBroadcast: async (id) => void (await run('pauseBroadcast', [id])),
  };
}

interface FoundRecord {
  readonly state: State;
}

interface LateRecord extends FoundRecord {
  readonly moved: boolean;
  readonly nextId: string | null;
  readonly nextAccount: string;
  readonly nextLane: Lane;
}

function whichRow({ account, providerId, parcelId }: Reported): readonly unknown[] {
  return [account, providerId, parcelId ?? null];
}

function nextOf({ nextId, nextAccount, nextLane }: LateRecord): readonly RowRef[] {
  return nextId === null ? [] : [{ id: nextId, account: nextAccount, lane: nextLane }];
}

interface LeaseRecord {
  readonly id: string;
  readonly state: State;
  readonly address_sealed: Buffer;
  readonly body_sealed: Buffer | null;
  readonly broadcast_id: string | null;
  readonly attempts: number;
}

function sortLease(records: readonly LeaseRecord[], token: string): LeaseResult {
  const held = records.filter((record) => record.state === 'leased' || record.state === 'written');
  return {
    rows: held.map((record) => ({
      id: record.id,
      token,
      addressSealed: record.address_sealed,
      bodySealed: record.body_sealed,
      broadcastId: record.broadcast_id,
      attempts: record.attempts,
    })),
    passed: records.filter((record) => !held.includes(record)).map((record) => record.id),
  };
}

function patienceColumns({ opening, lookMs, stillMs }: Patience): readonly unknown[] {
  return [opening, `${lookMs} milliseconds`, `${stillMs} milliseconds`];
}

function columnsOf(endings: readonly Ending[]): readonly unknown[] {
  return [
    endings.map((ending) => ending.id),
    endings.map((ending) => ending.token),
    endings.map((ending) => ending.state),
    endings.map((ending) => ending.code),
    endings.map((ending) => ending.providerId),
    endings.map((ending) => ending.dueAt),
    endings.map((ending) => ending.spent),
    endings.map((ending) => ending.stale),
    endings.map((ending) => ending.sequel?.id ?? null),
    endings.map((ending) => ending.sequel?.kind ?? null),
    endings.map((ending) => ending.sequel?.bodySealed ?? null),
  ];
}

function timerColumns(timers: readonly (RunningTimer & { readonly id: string })[]): readonly unknown[] {
  return [
    timers.map((timer) => timer.id),
    timers.map((timer) => timer.flow),
    timers.map((timer) => timer.name),
    timers.map((timer) => timer.reminder),
    timers.map((timer) => timer.dueAt),
  ];
}

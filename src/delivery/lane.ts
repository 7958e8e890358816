import type { Acquaintance, ChannelFault, Parcel } from '../channels/contract.js';
import { type Addressee, greeted } from '../domain/opening.js';
import type { Capabilities } from '../flow/capabilities.js';
import type { Message } from '../flow/message.js';
import { render } from '../flow/render.js';
import type { LeasedRow, LeaseResult, Patience } from '../store/deliveries.js';
import { type Account, obey, type Workshop } from './account.js';
import { type Attempt, accepted, faultOf, type Outcome, outcomeOf } from './outcome.js';
import type { Profile } from './profile.js';
import { nextBulkTime } from './quiet.js';
import { sendInTime } from './send.js';
import { endingOf } from './sequel.js';
import type { Lane } from './states.js';

/** A leased row that is ready to be handed to its channel. */
interface Letter {
  readonly row: LeasedRow;
  readonly message: Message;
  readonly parcel: Parcel;
}

/** One lane of one account at work. */
interface Sender {
  readonly shop: Workshop;
  readonly account: Account;
  readonly lane: Lane;
}

/** Does one job; returns how many rows of it ended. */
export type WorkLane = (ids: readonly string[]) => Promise<number>;

/**
 * The work of one lane: sends the first due row of each address that a job names, and goes on with the next row of these
 * addresses until none is due. Looking again comes after the result is committed, so a row that was added meanwhile is
 * either seen here or by its own job.
 */
export function createLane(shop: Workshop, account: Account, lane: Lane): WorkLane {
  const sender: Sender = { shop, account, lane };
  return async (ids) => {
    let ended = 0;
    let spots = ids;
    while (spots.length > 0 && !shop.signal.aborted) {
      spots = await round(sender, spots);
      ended += spots.length;
    }
    return ended;
  };
}

async function round(sender: Sender, spots: readonly string[]): Promise<readonly string[]> {
  const gate = sender.account.gates[sender.lane];
  const lease = await gate.through(
    () => take(sender, spots),
    (taken) => taken.rows.length,
  );
  if (lease === null) return [];
  const ids = lease.rows.map((row) => row.id);
  try {
    await sendRows(sender, lease.rows);
  } finally {
    for (const id of ids) sender.shop.leases.drop(id);
  }
  return [...lease.passed, ...ids];
}

async function take({ shop, account, lane }: Sender, spots: readonly string[]): Promise<LeaseResult> {
  const hold = shop.leases.hold();
  // Where a repeat is one message, `leased` and `written` are recovered alike: one statement says both.
  const to = account.channel.sameIdIsOneMessage ? 'written' : 'leased';
  const lease = await shop.store.lease(spots, hold, to, patienceOf(shop.profile, lane, hold.now));
  shop.leases.keep(
    hold.token,
    lease.rows.map((row) => row.id),
  );
  return lease;
}

/** An answer in a conversation waits for nothing. */
function patienceOf({ bulkHours, stillMs, lookMs }: Profile, lane: Lane, now: Date): Patience | undefined {
  if (lane === 'reply') return undefined;
  const opening = nextBulkTime(now, bulkHours);
  return { opening: opening > now ? opening : null, stillMs, lookMs };
}

async function sendRows(sender: Sender, rows: readonly LeasedRow[]): Promise<void> {
  const known = await acquaintancesOf(sender, rows);
  const addressees = await addresseesOf(sender, rows);
  const letters = await allOf(
    rows.map((row) =>
      prepare(sender, row, { acquaintance: known.get(row.id), addressee: addressees.get(row.id) }),
    ),
  );
  const ready = await announce(
    sender,
    letters.filter((letter) => letter !== null),
  );
  await allOf(ready.map((letter) => deliver(sender, letter)));
}

/** Waits for all even when one fails, so that no send goes on behind the back of `stop`. */
async function allOf<Value>(work: readonly Promise<Value>[]): Promise<readonly Value[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

const nobody: ReadonlyMap<string, Acquaintance> = new Map();

/** Looked up only where it matters to the channel. */
async function acquaintancesOf({ shop, account }: Sender, rows: readonly LeasedRow[]) {
  if (account.channel.asksOfPeople !== true || rows.length === 0) return nobody;
  return shop.store.acquaintances(rows.map((row) => row.id));
}

const noAddressees: ReadonlyMap<string, Addressee> = new Map();

/** Whom the text of a broadcast is for; what has a body of its own was written for its person. */
async function addresseesOf({ shop }: Sender, rows: readonly LeasedRow[]) {
  const shared = rows.filter((row) => row.bodySealed === null);
  return shared.length === 0 ? noAddressees : shop.store.addressees(shared.map((row) => row.id));
}

/** The person a row is for, as far as it matters. */
interface Reader {
  readonly acquaintance: Acquaintance | undefined;
  readonly addressee: Addressee | undefined;
}

/** Opens and renders a row. One that cannot be read is our bug and ends as such; one with a file that cannot be sent ends, too. */
async function prepare(
  sender: Sender,
  row: LeasedRow,
  { acquaintance, addressee }: Reader,
): Promise<Letter | null> {
  const { shop, account } = sender;
  const body = await shop.bodies(row);
  const message = body === null ? null : greeted(body, addressee);
  const parcel = message === null ? null : parcelOf(sender, row, message);
  if (message === null || parcel === null)
    return unsent(sender, row, null, { kind: 'bug', code: 'unreadable' });
  if (addressee !== undefined && !isWithin(parcel, message, account.channel.capabilities))
    return unsent(sender, row, message, { kind: 'bug', code: 'too-long' });
  const file = await shop.files(message, account.channel.capabilities);
  if (typeof file === 'string') return unsent(sender, row, message, { kind: 'file', code: file });
  const more = {
    ...(file === null ? {} : { file }),
    ...(acquaintance === undefined ? {} : { acquaintance }),
  };
  return { row, message, parcel: { ...parcel, ...more } };
}

/** Whoever writes a broadcast is told how long it may be; nothing of it is cut here. */
function isWithin({ message: { text } }: Parcel, { enclosure }: Message, limits: Capabilities): boolean {
  return text.length <= (enclosure === undefined ? limits.textLimit : limits.captionLimit);
}

async function unsent(
  sender: Sender,
  row: LeasedRow,
  message: Message | null,
  fault: ChannelFault,
): Promise<null> {
  await conclude(sender, row, message, outcomeOf(fault, attemptOf(sender, row)));
  return null;
}

function parcelOf({ shop, account, lane }: Sender, row: LeasedRow, message: Message): Parcel | null {
  try {
    const address = shop.vault.open(row.addressSealed);
    const parcel = { id: row.id, address, message: render(message, account.channel.capabilities) };
    return lane === 'bulk' ? { ...parcel, bulk: true } : parcel;
  } catch {
    return null;
  }
}

/** Says in the database what is about to be sent; a row that is no longer ours is left alone. */
async function announce({ shop, account }: Sender, letters: readonly Letter[]): Promise<readonly Letter[]> {
  const [first] = letters;
  if (first === undefined || account.channel.sameIdIsOneMessage) return letters;
  const ids = letters.map((letter) => letter.row.id);
  const held = await shop.store.markWritten(ids, { ...shop.leases.hold(), token: first.row.token });
  return letters.filter((letter) => held.has(letter.row.id));
}

async function deliver(sender: Sender, { row, message, parcel }: Letter): Promise<void> {
  await conclude(sender, row, message, await attempt(sender, row, parcel));
}

async function attempt(sender: Sender, row: LeasedRow, parcel: Parcel): Promise<Outcome> {
  const { shop, account } = sender;
  try {
    return accepted(await sendInTime(account.channel, parcel, shop.profile.sendTimeoutMs));
  } catch (error) {
    return outcomeOf(faultOf(error), attemptOf(sender, row));
  }
}

function attemptOf({ shop, account }: Sender, row: LeasedRow): Attempt {
  const { sameIdIsOneMessage } = account.channel;
  return {
    sameIdIsOneMessage,
    attempts: row.attempts,
    maxAttempts: shop.profile.maxAttempts,
    now: shop.now(),
  };
}

/** Lets the account feel the outcome, then writes it: a raise that is repeated is harmless, a lost one is not. */
async function conclude(
  sender: Sender,
  row: LeasedRow,
  message: Message | null,
  outcome: Outcome,
): Promise<void> {
  const { shop, account, lane } = sender;
  obey(account, lane, outcome.account);
  if (outcome.alarm !== null) await shop.alarms.raise(account.channel.account, outcome.alarm, outcome.code);
  if (outcome.unwanted) await shop.store.refuseMarketing(row.id, shop.now());
  if (outcome.pauses && row.broadcastId !== null) await shop.store.pauseBroadcast(row.broadcastId);
  const ended = { id: row.id, token: row.token, lane, attempts: row.attempts, message };
  await shop.settle(endingOf(ended, outcome, account.channel.capabilities, false, shop));
}

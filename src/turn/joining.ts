import type { PoolClient } from 'pg';
import { accountsLinked, conversationResumed } from '../domain/links.js';
import { type Mailbox, type Reach, sendTo, signalTo } from '../domain/reach.js';
import { titleOfChannel } from '../flow/capabilities.js';
import { isUnderWay, type Session } from '../flow/session.js';
import { pnAndLid } from '../store/contact-join.js';
import { lockMerging, mergeContacts } from '../store/contact-merge.js';
import { isOutage } from '../store/outage.js';
import { run, type Statement } from '../store/statement.js';
import { inTransaction } from '../store/transaction.js';
import type { TurnOptions } from './options.js';
import { asSession } from './prepare.js';

/** As many at once. */
const atOnce = 100;

const listText = 'SELECT id FROM link_wish ORDER BY asked_at LIMIT $1';

/**
 * Makes one contact of two wherever people have said so: after the turn in which they did, and of what a process that was
 * killed has left. Any number of processes may do it; each wish is fulfilled once. One that cannot be is reported and left.
 */
export async function joinWished(
  options: TurnOptions,
  report: (error: unknown, id: string) => void,
): Promise<void> {
  const wishes = await run<{ id: string }>(options.pool, {
    ...{ name: 'link-wishes', text: listText, values: [atOnce] },
  });
  for (const { id } of wishes) {
    await joinOne(options, id).catch((error: unknown) => {
      // Neither is a fault of the wish: it is tried again.
      if (!isOutage(error)) report(error, id);
    });
  }
}

const takeText = `
DELETE FROM link_wish w USING address a, address b WHERE w.id = $1 AND a.id = w.address_id AND b.id = w.other_id
RETURNING w.id, w.reason, a.id AS "addressId", a.contact_id AS "contactId", a.channel, a.account, a.value_sealed AS "valueSealed",
  a.phone_sealed AS "phoneSealed", b.id AS "otherId", b.contact_id AS "otherContactId", b.channel AS "otherChannel",
  b.account AS "otherAccount"`;

interface WishRow {
  readonly id: string;
  readonly reason: string;
  readonly addressId: string;
  readonly contactId: string;
  readonly channel: string;
  readonly account: string;
  readonly valueSealed: Buffer;
  readonly phoneSealed: Buffer | null;
  readonly otherId: string;
  readonly otherContactId: string;
  readonly otherChannel: string;
  readonly otherAccount: string;
}

/** In one transaction: the wish goes, both contacts become one, and both sides hear of it. */
async function joinOne(options: TurnOptions, id: string): Promise<void> {
  const { pool } = options;
  let told: readonly Statement[] = [];
  const done = await inTransaction(pool, async (connection) => {
    await lockMerging(connection);
    const [wish] = await run<WishRow>(connection, { name: 'link-wish-take', text: takeText, values: [id] });
    if (wish === undefined) return false;
    told = tellings(options, wish, await oneContact(connection, options, wish));
    for (const statement of told) await run(connection, statement);
    return true;
  });
  if (done) options.wake(told.flatMap(({ wakes }) => (typeof wakes === 'object' ? [wakes] : [])));
}

/** What becomes of the two conversations. */
interface Joined {
  /** Something that was under way had to make room for something else. */
  readonly givenUp: boolean;
  /** Both were waiting for an answer: the last question the person saw may be of the one that ended. */
  readonly crossed: boolean;
}

/** Goes on as the contact that is known longer. Another wish may have made them one already. */
async function oneContact(
  connection: PoolClient,
  options: TurnOptions,
  { contactId, otherContactId, reason }: WishRow,
): Promise<Joined> {
  if (contactId === otherContactId) return { givenUp: false, crossed: false };
  const [kept = contactId, merged = otherContactId] = [contactId, otherContactId].sort();
  const [first, second] = await conversationsOf(connection, options, [kept, merged]);
  const ahead = first?.contactId ?? kept;
  await mergeContacts(connection, { kept, merged, ahead, reason, at: options.now() });
  return { givenUp: second?.open === true, crossed: first?.idle === false && second?.idle === false };
}

const sessionsText = `
SELECT contact_id AS "contactId", state_sealed AS state, updated_at AS "updatedAt" FROM session
WHERE contact_id = ANY($1::uuid[]) ORDER BY contact_id FOR UPDATE`;

interface SessionRow {
  readonly contactId: string;
  readonly state: Buffer;
  readonly updatedAt: Date;
}

interface Standing {
  readonly contactId: string;
  readonly updatedAt: Date;
  /** Something would be lost if it ended here. */
  readonly open: boolean;
  /** Nothing is going on at all. */
  readonly idle: boolean;
}

/** The conversation that goes on first: an open one before any other, else the one that was moved last. */
async function conversationsOf(
  connection: PoolClient,
  { vault, library }: TurnOptions,
  contacts: readonly string[],
): Promise<readonly Standing[]> {
  const statement = { name: 'link-sessions', text: sessionsText, values: [contacts] };
  const rows = await run<SessionRow>(connection, statement);
  const { fallback } = library.current.program;
  const isOpen = ({ frames }: Session) => frames.some((frame) => isUnderWay(frame, fallback));
  return rows
    .map(({ contactId, state, updatedAt }) => {
      const session = asSession(vault.openJson(state));
      return { contactId, updatedAt, open: isOpen(session), idle: session.frames.length === 0 };
    })
    .sort((a, b) => Number(b.open) - Number(a.open) || b.updatedAt.getTime() - a.updatedAt.getTime());
}

const goesOn = 'Kami lanjutkan yang terakhir; yang lain dapat dimulai lagi kapan saja.';
const madeRoom = `Yang sedang berjalan di kedua aplikasi tidak dapat dilanjutkan bersamaan. ${goesOn}`;
const madeRoomHere = `Ada dua hal yang sedang berjalan di percakapan ini, dan tidak dapat dilanjutkan bersamaan. ${goesOn}`;

function tellings(options: TurnOptions, wish: WishRow, joined: Joined): readonly Statement[] {
  return wish.reason === pnAndLid ? toldHere(options, wish, joined) : toldBoth(options, wish, joined);
}

/** The person hears of it where he wrote; whoever is at the other address is told, as it may be somebody else. */
function toldBoth(options: TurnOptions, wish: WishRow, { givenUp }: Joined): readonly Statement[] {
  const tools = { ...options, now: options.now() };
  const here = reachOf(options, wish);
  const { channel, otherId, otherChannel, otherAccount } = wish;
  const there: Mailbox = { addressId: otherId, channel: otherChannel, account: otherAccount };
  const text = `Percakapan ini baru saja disatukan dengan percakapan Bapak/Ibu di ${titleOfChannel(channel)}. Bila bukan Bapak/Ibu yang memintanya, ketik *PETUGAS*.`;
  return [
    ...sendTo(there, text, wish.id, tools),
    ...(givenUp ? sendTo(here, madeRoom, wish.id, tools) : []),
    signalTo(here, accountsLinked, tools),
  ];
}

/** Both addresses are one chat on one phone: the person hears only of what changes for him. */
function toldHere(options: TurnOptions, wish: WishRow, { givenUp, crossed }: Joined): readonly Statement[] {
  const tools = { ...options, now: options.now() };
  const here = reachOf(options, wish);
  return [
    ...(givenUp ? sendTo(here, madeRoomHere, wish.id, tools) : []),
    ...(crossed ? [signalTo(here, conversationResumed, tools)] : []),
  ];
}

function reachOf({ vault }: TurnOptions, wish: WishRow): Reach {
  const { addressId, channel, account, valueSealed, phoneSealed } = wish;
  const phone = phoneSealed === null ? null : vault.open(phoneSealed);
  return { addressId, channel, account, address: vault.open(valueSealed), phone };
}

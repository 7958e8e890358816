import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { machine, type State, states } from '../../src/delivery/states.js';
import { type Mailbox, sendTo, signalTo } from '../../src/domain/reach.js';
import { lookKept } from '../../src/domain/requests.js';
import { saying } from '../../src/flow/message.js';
import { planBroadcast } from '../../src/store/broadcasts.js';
import { lockMerging, mergeContacts } from '../../src/store/contact-merge.js';
import { createVault } from '../../src/store/crypto.js';
import { createDeliveryStore, type Ending } from '../../src/store/deliveries.js';
import { newId } from '../../src/store/ids.js';
import { isOutage } from '../../src/store/outage.js';
import { run } from '../../src/store/statement.js';
import { inTransaction } from '../../src/store/transaction.js';
import { failTurn } from '../../src/store/turn-failure.js';
import { addContact } from '../../src/store/turns.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';
import { waitFor } from '../support/wait.js';

const vault = createVault(randomBytes(32));
const at = new Date(Date.UTC(2026, 10, 25, 3));
const later = new Date(at.getTime() + 60_000);
/** An ending with nothing remarkable. */
const quiet = {
  ...{ code: null, providerId: null, dueAt: null, stale: false, sequel: null },
  spent: 1,
} as const;
let database: FreshDatabase;
let pool: pg.Pool;
const rows = async (text: string, values: readonly unknown[] = []) =>
  (await pool.query(text, [...values])).rows;

beforeAll(async () => {
  database = await freshDatabase();
  pool = database.pool;
});
afterAll(() => database?.drop());

interface Person {
  readonly contactId: string;
  readonly box: Mailbox;
}

let people = 0;
/** Somebody with one address, on an account of this name. */
async function person(account: string): Promise<Person> {
  people += 1;
  const [contactId, addressId, value] = [randomUUID(), randomUUID(), `orang-${people}`];
  await addContact(pool, {
    ...{ contactId, addressId, simulator: false, channel: 'telegram', account, phone: null },
    ...{ value: vault.seal(value), valueIndex: vault.index('address', value), state: vault.sealJson({}) },
  });
  return { contactId, box: { addressId, channel: 'telegram', account } };
}

interface Two {
  readonly kept: Person;
  readonly merged: Person;
}

async function two(): Promise<Two> {
  return { kept: await person('satu'), merged: await person('dua') };
}

async function merging(connection: pg.PoolClient, { kept, merged }: Two, ahead = kept): Promise<void> {
  await lockMerging(connection);
  const ids = { kept: kept.contactId, merged: merged.contactId, ahead: ahead.contactId };
  await mergeContacts(connection, { ...ids, reason: 'test', at });
}

function merge(pair: Two, ahead = pair.kept): Promise<boolean> {
  return inTransaction(pool, async (connection) => {
    await merging(connection, pair, ahead);
    return true;
  });
}

/** Leaves a merge uncommitted while something else begins that must wait for it, or at least heed it. */
async function duringMerge<Result>(pair: Two, work: () => Promise<Result>): Promise<Result> {
  let begun: Promise<Result> | null = null;
  await inTransaction(pool, async (connection) => {
    await merging(connection, pair);
    begun = work();
    await waitFor('it to wait for the merge', async () => {
      const found = await rows(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return found.length > 0;
    });
    return true;
  });
  if (begun === null) throw new Error('nothing was begun');
  return begun;
}

const inOneGo = (work: (connection: pg.PoolClient) => Promise<unknown>) =>
  inTransaction(pool, async (connection) => {
    await work(connection);
    return true;
  });
const tools = { vault, newId, now: at };
const contactsOf = (table: string, address: string) =>
  rows(`SELECT contact_id AS id FROM ${table} WHERE address_id = $1`, [address]);

describe('what is written by somebody who read the contact before it was merged', () => {
  it('a relayed message and a signal are the kept contact’s, before, during and after', async () => {
    const pair = await two();
    const { box } = pair.merged;
    const relay = () =>
      inOneGo(async (connection) => {
        for (const one of sendTo(box, 'Halo', newId(), tools)) await run(connection, one);
        await run(connection, signalTo({ ...box, address: 'x', phone: null }, 'halo', tools));
      });
    await relay();
    await duringMerge(pair, relay);
    await relay();
    const kept = { id: pair.kept.contactId };
    for (const table of ['delivery', 'inbound'])
      expect(await contactsOf(table, box.addressId)).toEqual([kept, kept, kept]);
  });

  it('a look at the person is kept of the kept contact', async () => {
    const pair = await two();
    await merge(pair);
    await run(pool, lookKept('local:test', 'read-conversation', pair.merged.contactId, at));
    await run(pool, lookKept('local:test', 'read-conversation', pair.kept.contactId, at));
    const found = await rows(
      `SELECT count(*)::int AS looks FROM person_key n JOIN audit_entry e ON e.person = n.id
       WHERE n.subject = $1 AND e.kind = 'look'`,
      [pair.kept.contactId],
    );
    expect(found).toEqual([{ looks: 2 }]);
  });

  it('a turn that fails for the third time parks the conversation that goes on', async () => {
    const pair = await two();
    const { addressId, account } = pair.merged.box;
    const fail = () =>
      failTurn(pool, {
        ...{ addressId, account, dedupeKey: `x-${addressId}`, inboundId: newId(), body: null },
        ...{ writtenAt: at, now: at, parkAfter: 3, handoverId: newId(), reach: vault.sealJson({}) },
        apology: { id: newId(), body: vault.sealJson({}), question: null },
        ...{ idleState: vault.sealJson({ idle: true }), code: 'Error' },
      });
    expect(await fail()).toBe('failed');
    expect(await duringMerge(pair, fail)).toBe('failed');
    expect(await fail()).toBe('parked');
    const kept = { id: pair.kept.contactId };
    for (const table of ['delivery', 'inbound']) expect(await contactsOf(table, addressId)).toEqual([kept]);
    const [session] = await rows('SELECT state_sealed FROM session WHERE contact_id = $1', [kept.id]);
    expect(vault.openJson(session.state_sealed)).toEqual({ idle: true });
    expect(await rows('SELECT reason FROM handover WHERE contact_id = $1', [kept.id])).toEqual([
      { reason: 'turn-failed' },
    ]);
  });

  it('a broadcast that was being planned for both is one invitation to one person', async () => {
    const pair = { kept: await person('tiga'), merged: await person('tiga') };
    const id = randomUUID();
    const plan = {
      ...{ id, message: saying('Undangan'), account: 'tiga', createdBy: 'test', now: at, expiresAt: null },
      contacts: [pair.kept.contactId, pair.merged.contactId],
    };
    expect(await duringMerge(pair, () => planBroadcast(pool, vault, plan))).toBe(2);
    const planned = await rows(
      'SELECT contact_id AS id, state FROM delivery WHERE broadcast_id = $1 ORDER BY state',
      [id],
    );
    expect(planned).toEqual([
      { id: pair.kept.contactId, state: 'planned' },
      { id: pair.kept.contactId, state: 'cancelled' },
    ]);
  });

  it('a row in the gone contact’s name is the kept one’s once it is leased, with its timers and what follows it', async () => {
    const pair = await two();
    await merge(pair);
    const { addressId, account } = pair.merged.box;
    const store = createDeliveryStore(pool, machine);
    const ids = [newId(), newId()];
    for (const id of ids)
      await rows(
        `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, question, due_at)
         VALUES ($1, $2, $3, $4, 'reply', 'due', $5, $1, $6)`,
        [id, pair.merged.contactId, addressId, account, vault.sealJson({}), at],
      );
    const token = newId();
    const end = async (id: string, more: Partial<Ending>) => {
      await store.lease([id], { token, now: at, until: later }, 'written');
      const ending = { ...quiet, id, token, state: 'accepted' as const, timers: [], ...more };
      return store.settle([ending], at, ['satu', 'dua']);
    };
    const [first = '', second = ''] = ids;
    await end(first, { timers: [{ flow: 'registrasi', name: 'ingatkan', reminder: true, dueAt: later }] });
    const sequel = { id: newId(), kind: 'failover', bodySealed: null } as const;
    expect(await end(second, { state: 'failed', sequel })).toEqual([
      { id: sequel.id, account: 'satu', lane: 'reply' },
    ]);
    const { contactId } = pair.kept;
    expect(await rows('SELECT contact_id AS id FROM timer WHERE question = $1', [first])).toEqual([
      { id: contactId },
    ]);
    const sent = await rows('SELECT DISTINCT contact_id AS id FROM delivery WHERE id = ANY($1)', [
      [...ids, sequel.id],
    ]);
    expect(sent).toEqual([{ id: contactId }]);
  });
});

/** As whoever is given up by the database does it: once more. */
async function again<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error)) throw error;
    }
  }
}

it('whatever happens at the same time: no row is left in the name of who is gone', async () => {
  const store = createDeliveryStore(pool, machine);
  const hold = { token: newId(), now: at, until: later };
  const pairs = await Promise.all(Array.from({ length: 24 }, two));
  const work = pairs.flatMap((pair) => {
    const { addressId, account } = pair.merged.box;
    const [id, question] = [newId(), newId()];
    const told = () =>
      inOneGo(async (connection) => {
        await run(connection, signalTo({ ...pair.merged.box, address: 'x', phone: null }, 'halo', tools));
        for (const one of sendTo(pair.merged.box, 'Halo', newId(), tools)) await run(connection, one);
      });
    const sent = async () => {
      await rows(
        `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, question, due_at)
         SELECT $1, contact_id, id, $3, 'reply', 'due', $4, $5, $6 FROM address WHERE id = $2 FOR SHARE`,
        [id, addressId, account, vault.sealJson({}), question, at],
      );
      await store.lease([id], hold, 'written');
      const sequel = { id: newId(), kind: 'failover', bodySealed: null } as const;
      const ending = { id, token: hold.token, code: null, providerId: null, dueAt: null, spent: 1 } as const;
      await again(() =>
        store.settle([{ ...ending, state: 'failed', stale: false, sequel, timers: [] }], at, ['satu', 'dua']),
      );
    };
    const failed = () =>
      failTurn(pool, {
        ...{ addressId, account, dedupeKey: `y-${addressId}`, inboundId: newId(), body: null },
        ...{ writtenAt: at, now: at, parkAfter: 1, handoverId: newId(), reach: vault.sealJson({}) },
        apology: { id: newId(), body: vault.sealJson({}), question: null },
        ...{ idleState: vault.sealJson({}), code: 'Error' },
      });
    return [() => merge(pair, pair.merged), told, sent, failed, told];
  });
  await Promise.all(work.map((one) => again<unknown>(one)));
  const gone = pairs.map(({ merged }) => merged.contactId);
  for (const table of ['delivery', 'inbound', 'timer', 'handover'])
    expect(await rows(`SELECT FROM ${table} WHERE contact_id = ANY($1)`, [gone]), table).toEqual([]);
  const kept = pairs.map(({ kept: { contactId } }) => contactId);
  // Two messages that were relayed and one that failed; what failed after the merge went on to the other address.
  const found = await rows('SELECT account FROM delivery WHERE contact_id = ANY($1)', [kept]);
  expect(found.filter(({ account }) => account === 'dua')).toHaveLength(3 * pairs.length);
});

const toCome: readonly State[] = ['planned', 'due', 'leased'];
const nothingArrives: readonly State[] = ['skipped', 'failed', 'cancelled', 'expired'];
const farthest = (a: State, b: State) => (states.indexOf(b) > states.indexOf(a) ? b : a);

/** What the two rows of one broadcast are after the merge. */
function afterMerge(kept: State, merged: State): readonly [State, State] {
  if (nothingArrives.includes(kept) || nothingArrives.includes(merged)) return [kept, merged];
  const stays = farthest(kept, merged);
  if (kept === stays) return [kept, toCome.includes(merged) ? 'cancelled' : merged];
  return [toCome.includes(kept) ? 'cancelled' : kept, merged];
}

const combinations = states.flatMap((kept) => states.map((merged) => [kept, merged] as const));

describe('two invitations of one person', () => {
  let broadcast: string;
  beforeEach(async () => {
    broadcast = randomUUID();
    await rows(
      "INSERT INTO broadcast (id, state, body_sealed, created_by) VALUES ($1, 'running', '\\x00', 'test')",
      [broadcast],
    );
  });

  async function invitation({ contactId, box }: Person, state: State, more = { cause: '' }): Promise<string> {
    const id = newId();
    const held = state === 'leased' || state === 'written';
    const cause = more.cause === '' ? null : more.cause;
    await rows(
      `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, broadcast_id, cause, due_at, lease_token, lease_until)
       VALUES ($1, $2, $3, $4, 'bulk', $5, $6, $7, $8, $9, $10)`,
      [
        ...[id, contactId, box.addressId, box.account, state, broadcast, cause, at],
        ...(held ? [broadcast, later] : [null, null]),
      ],
    );
    return id;
  }
  const stateOf = async (id: string): Promise<State> =>
    (await rows('SELECT state FROM delivery WHERE id = $1', [id]))[0]?.state;

  it.each(combinations)('kept %s, merged %s: one goes on', async (kept, merged) => {
    const pair = await two();
    const ids = [await invitation(pair.kept, kept), await invitation(pair.merged, merged)] as const;
    await merge(pair);
    const after = [await stateOf(ids[0]), await stateOf(ids[1])];
    expect(after).toEqual(afterMerge(kept, merged));
    const onTheWay = after.filter((state) => !nothingArrives.includes(state ?? 'failed'));
    const before = [kept, merged].filter((state) => !nothingArrives.includes(state));
    const sentAlready = before.filter((state) => !toCome.includes(state));
    // Not two, unless two were sent before anybody knew; not none, unless both had come to nothing.
    expect(onTheWay).toHaveLength(Math.max(sentAlready.length, Math.min(before.length, 1)));
    expect(await rows('SELECT contact_id AS id FROM delivery WHERE id = ANY($1)', [[...ids]])).toEqual([
      { id: pair.kept.contactId },
      { id: pair.kept.contactId },
    ]);
  });

  it('a worker that holds the one that is cancelled does not send it', async () => {
    const pair = await two();
    await invitation(pair.kept, 'written');
    const held = await invitation(pair.merged, 'leased');
    await merge(pair);
    const hold = { token: broadcast, now: at, until: later };
    expect(await createDeliveryStore(pool, machine).markWritten([held], hold)).toEqual(new Set());
  });

  it.each([
    ['accepted', 'cancelled'],
    ['due', 'cancelled'],
    ['failed', 'planned'],
  ] as const)(
    'one that went on over another address and is %s counts: the other is %s',
    async (sequel, other) => {
      const pair = await two();
      const failed = await invitation(pair.kept, 'failed');
      await invitation(pair.kept, sequel, { cause: failed });
      const planned = await invitation(pair.merged, 'planned');
      await merge(pair);
      expect(await stateOf(planned)).toBe(other);
    },
  );

  it('those of different broadcasts have nothing to do with each other', async () => {
    const pair = await two();
    const first = await invitation(pair.kept, 'due');
    broadcast = randomUUID();
    const second = await invitation(pair.merged, 'due');
    await merge(pair);
    expect([await stateOf(first), await stateOf(second)]).toEqual(['due', 'due']);
  });
});

it('what either was reminded of is told once, and one of two on the same day keeps it', async () => {
  const pair = await two();
  const remind = (of: Person, rule: string, about: string, state: string, day: string | null) =>
    rows(
      `INSERT INTO reminder (rule, about, contact_id, due_at, useful_until, state, at, told_on) VALUES ($1, $2, $3, $4, $4, $5, $4, $6)`,
      [rule, about, of.contactId, at, state, day],
    );
  await remind(pair.kept, 'r', 'both', 'waiting', null);
  await remind(pair.merged, 'r', 'both', 'told', '2026-11-24');
  await remind(pair.kept, 'r', 'own', 'told', '2026-11-25');
  await remind(pair.merged, 'r', 'other', 'told', '2026-11-25');
  await merge(pair);
  expect(
    await rows('SELECT about, state, told_on FROM reminder WHERE contact_id = $1 ORDER BY about', [
      pair.kept.contactId,
    ]),
  ).toEqual([
    { about: 'both', state: 'told', told_on: null },
    { about: 'other', state: 'told', told_on: null },
    { about: 'own', state: 'told', told_on: '2026-11-25' },
  ]);
});

describe.each(['kept', 'merged'] as const)('when the conversation of the %s goes on', (side) => {
  async function timerOf({ contactId, box }: Person, flow: string): Promise<string> {
    const question = newId();
    await rows(
      `INSERT INTO timer (contact_id, flow, name, question, address_id, reminder, sent_at, due_at)
       VALUES ($1, $2, 'ingatkan', $3, $4, true, $5, $5)`,
      [contactId, flow, question, box.addressId, at],
    );
    return question;
  }
  async function questionTo({ contactId, box }: Person, state: State): Promise<string> {
    const id = newId();
    await rows(
      `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, question, due_at)
       VALUES ($1, $2, $3, $4, 'reply', $5, $6, $1, $7)`,
      [id, contactId, box.addressId, box.account, state, vault.sealJson({}), at],
    );
    return id;
  }

  it('its timers go on and those of the other end, though they have the same name', async () => {
    const pair = await two();
    const [ahead, behind] = side === 'kept' ? [pair.kept, pair.merged] : [pair.merged, pair.kept];
    const question = await timerOf(ahead, 'registrasi');
    // The one that ends was asked later: by time alone it would take the place of the other.
    await timerOf(behind, 'registrasi');
    await timerOf(behind, 'cek-sk');
    await merge(pair, ahead);
    const ids = [pair.kept.contactId, pair.merged.contactId];
    expect(
      await rows('SELECT contact_id, flow, question FROM timer WHERE contact_id = ANY($1)', [ids]),
    ).toEqual([{ contact_id: pair.kept.contactId, flow: 'registrasi', question }]);
  });

  it('a question of the other that is accepted afterwards starts no timer', async () => {
    const pair = await two();
    const [ahead, behind] = side === 'kept' ? [pair.kept, pair.merged] : [pair.merged, pair.kept];
    const question = await timerOf(ahead, 'registrasi');
    const late = await questionTo(behind, 'due');
    const own = await questionTo(ahead, 'due');
    await merge(pair, ahead);
    const store = createDeliveryStore(pool, machine);
    const token = newId();
    for (const [id, flow] of [
      [late, 'registrasi'],
      [own, 'cek-sk'],
    ] as const) {
      await store.lease([id], { token, now: at, until: later }, 'written');
      const timers = [{ flow, name: 'ingatkan', reminder: true, dueAt: later }];
      await store.settle([{ ...quiet, id, token, state: 'accepted', timers }], at, []);
    }
    const { contactId } = pair.kept;
    expect(
      await rows('SELECT flow, question FROM timer WHERE contact_id = $1 ORDER BY flow', [contactId]),
    ).toEqual([
      { flow: 'cek-sk', question: own },
      { flow: 'registrasi', question },
    ]);
  });

  it('a talk with a human goes on with it, and one of the other is asked for again', async () => {
    const pair = await two();
    const [ahead, behind] = side === 'kept' ? [pair.kept, pair.merged] : [pair.merged, pair.kept];
    const officers = [await person('tiga'), await person('tiga')];
    for (const [index, { contactId }] of [ahead, behind].entries())
      await rows(
        `INSERT INTO handover (id, contact_id, member_sealed, operator_sealed, operator_id, reason, area, state, opened_at)
         VALUES ($1, $2, $3, $3, $4, 'asked', '33', 'taken', $5)`,
        [newId(), contactId, vault.sealJson({}), officers[index]?.contactId, at],
      );
    await merge(pair, ahead);
    const { contactId } = pair.kept;
    expect(
      await rows('SELECT state, operator_id FROM handover WHERE contact_id = $1 ORDER BY state', [contactId]),
    ).toEqual([
      { state: 'open', operator_id: null },
      { state: 'taken', operator_id: officers[0]?.contactId },
    ]);
  });
});

/** Columns that name a contact. What a merge leaves as it is, is history: it says which contact became which. */
const contactColumns: Readonly<Record<string, 'moves' | 'ends' | 'history'>> = {
  'contact.id': 'ends',
  'address.contact_id': 'moves',
  'session.contact_id': 'moves',
  'inbound.contact_id': 'moves',
  'delivery.contact_id': 'moves',
  'timer.contact_id': 'moves',
  'broadcast.created_by': 'moves',
  'rakor.created_by': 'moves',
  'invitation.contact_id': 'moves',
  'invitation.checked_in_by': 'moves',
  'broadcast.approved_by': 'moves',
  'recipient.contact_id': 'moves',
  'recipient.contacted_by': 'moves',
  'member_contact.contact_id': 'moves',
  'member_change.contact_id': 'moves',
  'problem.contact_id': 'moves',
  'consent.contact_id': 'moves',
  'role_grant.granted_by': 'moves',
  'role_offer.contact_id': 'moves',
  'handover.contact_id': 'moves',
  'handover.operator_id': 'moves',
  'handover.declined': 'moves',
  'attachment.contact_id': 'moves',
  'sk_move.who': 'moves',
  'sk_member.held_by': 'moves',
  'reminder.contact_id': 'moves',
  'named_list.made_by': 'moves',
  'roster.made_by': 'moves',
  'roster_job.contact_id': 'moves',
  'member_twin.decided_by': 'moves',
  'member_join.joined_by': 'moves',
  'person_key.subject': 'moves',
  'privacy_request.contact_id': 'moves',
  'contact_leaving.contact_id': 'ends',
  'consent_news.contact_id': 'ends',
  'contact_merge.merged_id': 'history',
  'contact_merge.kept_id': 'history',
};
/** Ids of other things, by the name of their column. */
const otherIds =
  /^(id|(address|opened|other|member|first|second|document|attachment|report|certificate|roster|broadcast|rakor|inbound|grant|list|letter|delegate_of|person|provider|message|key|residency)_id|question|cause|lease_token|actor|person)$/;

interface Column {
  readonly name: string;
  readonly couldNameContact: boolean;
}

/** Every column of the schema; any id could name a contact, and so could a text about who did or saw something. */
function columnsOfSchema(): readonly Column[] {
  const schema = readFileSync('prisma/schema.prisma', 'utf8');
  return [...schema.matchAll(/^model \w+ \{\n(.*?)^\}/gms)].flatMap(([, body = '']) => {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '';
    return [...body.matchAll(/^ {2}(\w+) +(\w+)(\[\])?\??(.*)$/gm)].flatMap(
      ([, field = '', type, , more = '']) => {
        if (type !== 'String') return [];
        const column = /@map\("(\w+)"\)/.exec(more)?.[1] ?? field;
        const isId = more.includes('@db.Uuid') && !otherIds.test(column);
        const isSomebody = /(_by|_of|_for|viewer|subject|owner|contact|operator)$|^(by|who)/.test(column);
        return [{ name: `${table}.${column}`, couldNameContact: isId || isSomebody }];
      },
    );
  });
}

/** A row of every kind that names this contact. */
async function everythingOf({ contactId, box }: Person, other: Person): Promise<void> {
  const [member, broadcast, rakor, { region, residency }] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    (
      await rows(
        "SELECT code AS region, (SELECT id FROM residency LIMIT 1) AS residency FROM region WHERE level = 'village' LIMIT 1",
      )
    )[0],
  ];
  const c = contactId;
  const sealed = vault.sealJson({});
  const index = randomBytes(8);
  const inserts: readonly (readonly [string, readonly unknown[]])[] = [
    [
      `INSERT INTO member (id, name, birth_date, sex, region_code, education) VALUES ($1, 'Contoh', '1970-08-17', 'P', $2, 'SMA')`,
      [member, region],
    ],
    [
      `INSERT INTO broadcast (id, state, body_sealed, created_by, approved_by) VALUES ($1, 'done', $2, $3, $3)`,
      [broadcast, sealed, c],
    ],
    [
      `INSERT INTO rakor (id, area, state, details_sealed, starts_at, created_by) VALUES ($1, '33', 'called', $2, $3, $4)`,
      [rakor, sealed, at, c],
    ],
    [
      `INSERT INTO invitation (id, rakor_id, contact_id, checked_in_by) VALUES (gen_random_uuid(), $1, $2::uuid, $2::text)`,
      [rakor, c],
    ],
    [
      `INSERT INTO recipient (broadcast_id, contact_id, contacted_by, contacted_at) VALUES ($1, $2::uuid, $2::uuid::text, $3)`,
      [broadcast, c, at],
    ],
    [
      `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, broadcast_id, due_at) VALUES (gen_random_uuid(), $1, $2, $3, 'bulk', 'read', $4, $5)`,
      [c, box.addressId, box.account, broadcast, at],
    ],
    [
      `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, state, written_at, received_at) VALUES (gen_random_uuid(), $1, $2, $3, gen_random_uuid()::text, 'done', $4, $4)`,
      [c, box.addressId, box.account, at],
    ],
    [
      `INSERT INTO timer (contact_id, flow, name, question, address_id, reminder, sent_at, due_at) VALUES ($1, 'x', 'x', gen_random_uuid(), $2, true, $3, $3)`,
      [c, box.addressId, at],
    ],
    [`INSERT INTO member_contact (member_id, contact_id) VALUES ($1, $2)`, [member, c]],
    [
      `INSERT INTO member_change (id, member_id, contact_id, item, changed_at) VALUES (gen_random_uuid(), $1, $2, 'nama', $3)`,
      [member, c, at],
    ],
    [
      `INSERT INTO problem (id, contact_id, topic, text_sealed, text_index, region_code, residency_id, named, simulator, proposed_at) VALUES (gen_random_uuid(), $1, 'x', $2, $3, $4, $5, false, false, $6)`,
      [c, sealed, index, region, residency, at],
    ],
    [
      `INSERT INTO consent (id, contact_id, purpose, version, granted, text_sealed, reply_sealed, channel, program, at) VALUES (gen_random_uuid(), $1, 'x', '1', true, $2, $2, 'x', 'x', $3)`,
      [c, sealed, at],
    ],
    [
      `INSERT INTO role_grant (id, phone_sealed, phone_index, role, area, granted_by) VALUES (gen_random_uuid(), $1, $2, 'chair', '33.74', $3)`,
      [sealed, index, c],
    ],
    [
      `INSERT INTO handover (id, contact_id, member_sealed, reason, area, opened_at) VALUES (gen_random_uuid(), $1, $2, 'asked', '33', $3)`,
      [c, sealed, at],
    ],
    [
      `INSERT INTO handover (id, contact_id, member_sealed, reason, area, opened_at, operator_id) VALUES (gen_random_uuid(), $1, $2, 'asked', '33', $3, $4)`,
      [other.contactId, sealed, at, c],
    ],
    [
      `INSERT INTO handover (id, contact_id, member_sealed, reason, area, opened_at, declined) VALUES (gen_random_uuid(), $1, $2, 'asked', '33', $3, ARRAY[$4::uuid])`,
      [other.contactId, sealed, at, c],
    ],
    [
      `INSERT INTO attachment (id, contact_id, inbound_id, type, size, bytes_sealed, created_at) VALUES (gen_random_uuid(), $1, gen_random_uuid(), 'x', 1, $2, $3)`,
      [c, sealed, at],
    ],
    [
      `INSERT INTO sk_member (member_id, status, held_by, held_until, held_from) VALUES ($1, 'diperiksa', $2, $3, 'dilaporkan_ada')`,
      [member, c, at],
    ],
    [
      `INSERT INTO sk_move (id, member_id, move, from_state, to_state, who, at) VALUES (gen_random_uuid(), $1, 'buka', 'x', 'x', $2, $3)`,
      [member, c, at],
    ],
    [
      `INSERT INTO reminder (rule, about, contact_id, due_at, useful_until, state, at, told_on) VALUES ('x', gen_random_uuid()::text, $1, $2, $2, 'told', $2, '2026-11-24')`,
      [c, at],
    ],
    [
      `INSERT INTO named_list (id, name, area, simulator, made_by, made_at) VALUES (gen_random_uuid(), 'x', '33', false, $1, $2)`,
      [c, at],
    ],
    [
      `INSERT INTO roster (id, file_index, made_by, made_at, simulator) VALUES (gen_random_uuid(), $1, $2, $3, false)`,
      [sealed, c, at],
    ],
    [
      `INSERT INTO roster_job (id, contact_id, reach_sealed, state, simulator, asked_at) VALUES (gen_random_uuid(), $1, $2, 'undo', false, $3)`,
      [c, sealed, at],
    ],
    [
      `WITH m AS (INSERT INTO member (id, name, region_code) VALUES (gen_random_uuid(), 'Contoh', $2) RETURNING id)
       INSERT INTO member_twin (first_id, second_id, verdict, decided_by, decided_at)
       SELECT least($1::uuid, id), greatest($1::uuid, id), 'different', $3, $4 FROM m`,
      [member, region, c, at],
    ],
    [
      `INSERT INTO member_join (member_id, other_id, snapshot_sealed, joined_by, joined_at) VALUES ($1, gen_random_uuid(), $2, $3, $4)`,
      [member, sealed, c, at],
    ],
    [
      `INSERT INTO role_offer (id, code_index, role, area, simulator, contact_id, made_at, ends_at)
       VALUES (gen_random_uuid(), $2, 'operator', '33', false, $1, $3, $3)`,
      [c, sealed, at],
    ],
    [`SELECT audit_name($1::uuid, $2)`, [c, sealed]],
    [`INSERT INTO contact_leaving (contact_id, since) VALUES ($1, $2)`, [c, at]],
    [`INSERT INTO consent_news (contact_id, version) VALUES ($1, 'x')`, [c]],
    [
      `INSERT INTO privacy_request (id, kind, simulator, contact_id, area, asked_at, due_at) VALUES (gen_random_uuid(), 'access', false, $1, '33', $2, $2)`,
      [c, at],
    ],
    [
      `INSERT INTO contact_merge (merged_id, kept_id, reason, at) VALUES (gen_random_uuid(), $1, 'x', $2)`,
      [c, at],
    ],
  ];
  for (const [text, values] of inserts) await rows(text, values);
}

const naming = async (column: string, id: string): Promise<number> => {
  const [table, name] = column.split('.');
  const [row] = await rows(
    `SELECT count(*)::int AS count FROM ${table} WHERE ${name}::text LIKE '%' || $1 || '%'`,
    [id],
  );
  return row?.count;
};

describe('the schema', () => {
  it('every column that could name a contact is known here', () => {
    const columns = columnsOfSchema();
    const names = columns.map(({ name }) => name);
    expect(Object.keys(contactColumns).filter((name) => !names.includes(name))).toEqual([]);
    // A new one: say here whether it names a contact (then the merge must treat it) or something else.
    const unknown = columns.filter(
      ({ name, couldNameContact }) => couldNameContact && !(name in contactColumns),
    );
    expect(unknown.map(({ name }) => name)).toEqual([]);
  });

  it('after a merge nothing names the contact that is gone, but the history of merges', async () => {
    const pair = await two();
    const other = await person('tiga');
    await everythingOf(pair.merged, other);
    const gone = pair.merged.contactId;
    const before = await Promise.all(
      Object.keys(contactColumns).map(async (column) => [column, await naming(column, gone)] as const),
    );
    expect(before.filter(([column, count]) => count === 0 && column !== 'contact_merge.merged_id')).toEqual(
      [],
    );
    await merge(pair, pair.merged);
    for (const [column, fate] of Object.entries(contactColumns)) {
      const isLeft = (await naming(column, gone)) > 0;
      expect([column, isLeft]).toEqual([column, fate === 'history']);
      if (fate === 'moves')
        expect([column, await naming(column, pair.kept.contactId)]).not.toEqual([column, 0]);
    }
    for (const { name } of columnsOfSchema())
      if (!(name in contactColumns)) expect([name, await naming(name, gone)]).toEqual([name, 0]);
  });
});

import { beforeEach, expect, test } from 'vitest';
import { removeLeft } from '../../src/domain/leaving.js';
import { lastRetention, retain, retentionRules } from '../../src/domain/retention.js';
import { newId } from '../../src/store/ids.js';
import {
  addDelivery,
  addInbound,
  addMember,
  addPerson,
  count,
  everything,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
} from './world.js';

const day = 24 * 60 * 60 * 1000;
const begin = new Date('2026-01-01T03:00:00Z');
const at = (days: number) => new Date(begin.getTime() + days * day);

let world: World;
let today = 0;
const retaining = () => ({ ...world, now: () => at(today), idleState: () => world.vault.sealJson({}) });
const pass = () => retain(retaining());
const sql = async (text: string, values: readonly unknown[] = []) =>
  (await world.db.pool.query(text, [...values])).rows;

beforeEach(async () => {
  world = await openWorld();
  today = 0;
});

/** How to make something of that age, and how to see whether it is still there. */
interface Thing {
  readonly rule: string;
  readonly make: (person: Person, days: number) => Promise<string>;
  readonly there: string;
}

const things: readonly Thing[] = [
  {
    rule: 'messages received',
    make: (person, days) => addInbound(world, person, `masuk ${days}`, at(days)),
    there: 'SELECT FROM inbound WHERE id = $1 AND body_sealed IS NOT NULL',
  },
  {
    rule: 'messages sent',
    make: (person, days) =>
      addDelivery(world, person, { state: 'read', text: `keluar ${days}`, at: at(days) }),
    there: 'SELECT FROM delivery WHERE id = $1 AND body_sealed IS NOT NULL',
  },
  {
    rule: 'files sent to or by a human',
    make: (person, days) => file(person, days, 'handover.to-officer'),
    there: 'SELECT FROM attachment WHERE id = $1',
  },
  {
    rule: 'files made for whoever asked',
    make: async (person, days) => {
      await perform(world, 'member.file', {}, person, { now: at(days) });
      return (await sql('SELECT id FROM attachment ORDER BY created_at DESC, id DESC LIMIT 1'))[0].id;
    },
    there: 'SELECT FROM attachment WHERE id = $1',
  },
  {
    rule: 'drafts of broadcasts that nobody sent (they end as cancelled)',
    make: (_, days) => broadcast('draft', days),
    there: `SELECT FROM broadcast WHERE id = $1 AND state = 'draft'`,
  },
  {
    rule: 'letters of rakor, and files sent along by the command',
    make: async (_, days) => {
      const id = newId();
      await sql(
        `INSERT INTO attachment (id, type, size, file, created_at) VALUES ($1, 'letter-brought', 1, 'x', $2)`,
        [id, at(days)],
      );
      return id;
    },
    there: 'SELECT FROM attachment WHERE id = $1',
  },
  {
    rule: 'what a helper was shown',
    make: async (person, days) => {
      const id = newId();
      await sql(
        `INSERT INTO handover (id, contact_id, member_sealed, reason, area, state, context_sealed, opened_at, closed_at)
         VALUES ($1, $2, $3, 'asked', '33', 'closed', $3, $4, $4)`,
        [id, person.contactId, world.vault.sealJson({}), at(days)],
      );
      return id;
    },
    there: 'SELECT FROM handover WHERE id = $1 AND context_sealed IS NOT NULL',
  },
  {
    rule: 'codes for linking',
    make: async ({ addressId }, days) => {
      const code = newId();
      await sql(
        'INSERT INTO link_code (code_index, address_id, made_at, ends_at) VALUES (uuid_send($1), $2, $3, $3)',
        [code, addressId, at(days)],
      );
      return code;
    },
    there: 'SELECT FROM link_code WHERE code_index = uuid_send($1::uuid)',
  },
  {
    rule: 'codes for roles',
    make: async ({ contactId }, days) => {
      const id = newId();
      await sql(
        `INSERT INTO role_offer (id, code_index, role, area, simulator, contact_id, made_at, ends_at)
         VALUES ($1, uuid_send($1), 'operator', '33.74', false, $2, $3, $3)`,
        [id, contactId, at(days)],
      );
      return id;
    },
    there: 'SELECT FROM role_offer WHERE id = $1',
  },
  {
    rule: 'wrong codes',
    make: async ({ addressId }, days) => {
      const text = `INSERT INTO link_guess (address_id, fault, at) VALUES ($1, 'none', $2) RETURNING id`;
      return (await sql(text, [addressId, at(days)]))[0].id;
    },
    there: 'SELECT FROM link_guess WHERE id = $1',
  },
  {
    rule: 'consents and refusals of who is no member',
    make: (person, days) => consentOf(person, days, null),
    there: 'SELECT FROM consent WHERE id = $1',
  },
  {
    rule: 'requests of living members',
    make: (_, days) => request(days, 'suspension'),
    there: 'SELECT FROM privacy_request WHERE id = $1',
  },
];

async function file(person: Person, days: number, action: string): Promise<string> {
  const [id, inbound] = [newId(), await addInbound(world, person, 'foto', at(days))];
  await sql('UPDATE inbound SET outcomes = ARRAY[$2] WHERE id = $1', [inbound, action]);
  await sql(
    `INSERT INTO attachment (id, contact_id, inbound_id, type, size, bytes_sealed, created_at) VALUES ($1, $2, $3, 'jpeg', 1, $4, $5)`,
    [id, person.contactId, inbound, world.vault.sealBytes(Buffer.from('x')), at(days)],
  );
  return id;
}

async function consentOf(person: Person, days: number, memberId: string | null): Promise<string> {
  const id = newId();
  await sql(
    `INSERT INTO consent (id, contact_id, member_id, purpose, version, granted, text_sealed, reply_sealed, channel, program, at)
     VALUES ($1, $2, $3, 'x', '1', false, $4, $4, 'x', 'x', $5)`,
    [id, person.contactId, memberId, world.vault.sealJson({}), at(days)],
  );
  return id;
}

async function request(days: number, kind: string): Promise<string> {
  const id = newId();
  await sql(
    `INSERT INTO privacy_request (id, kind, simulator, area, asked_at, due_at, closed_at, result) VALUES ($1, $2, false, '33', $3, $3, $3, 'done')`,
    [id, kind, at(days)],
  );
  return id;
}

test.each(things)(
  '$rule are there as long as the rule says, over months, and not longer',
  async ({ rule, make, there }) => {
    const person = rule === 'files made for whoever asked' ? await addMember(world) : await addPerson(world);
    const days = retentionRules.find(({ what }) => what === rule)?.days ?? 0;
    const step = Math.ceil(days / 9);
    const made = [0, step, 4 * step, 7 * step];
    const ids: string[] = [];
    for (const age of made) ids.push(await make(person, age));
    for (today = 0; today <= 20 * step; today += step) {
      await pass();
      const kept = await Promise.all(ids.map(async (id) => (await sql(there, [id])).length === 1));
      expect([today, kept]).toEqual([today, made.map((age) => today - age < days)]);
    }
  },
);

test('what is not to be touched by age stays: what waits, what answers a question, proofs, members and their consents', async () => {
  const person = await addMember(world);
  const [member] = await world.prisma.member.findMany();
  await consentOf(person, 0, member?.id ?? null);
  for (const state of ['planned', 'due', 'leased', 'written'])
    await addDelivery(world, person, { state, text: 'nanti', at: at(0) });
  const waiting = await addInbound(world, person, 'belum dibaca', at(0));
  await sql(`UPDATE inbound SET state = 'pending' WHERE id = $1`, [waiting]);
  await file(person, 0, 'sk.send');
  await request(0, 'erasure');
  await perform(world, 'handover.open', {}, person, { now: at(0) });
  const before = await everything(world);
  for (today = 100; today < 3000; today += 400) await pass();
  const after = await everything(world);
  const lines = (text: string) =>
    text
      .split('\n')
      .filter((line) => line !== 'null')
      .sort();
  // Only the words under the photo went, which were a message of their own; the runs were written down.
  expect(lines(before).filter((line) => !lines(after).includes(line))).toEqual([
    expect.stringContaining('foto'),
  ]);
  expect(await count(world, 'attachment')).toBe(1);
});

/** A broadcast that was made on a day, in some state. */
async function broadcast(state: string, days: number, expires: number | null = null): Promise<string> {
  const id = newId();
  await sql(
    `INSERT INTO broadcast (id, state, body_sealed, created_by, created_at, expires_at) VALUES ($1, $2, $3, 'local:test', $4, $5)`,
    [id, state, world.vault.sealJson({}), at(days), expires === null ? null : at(expires)],
  );
  return id;
}

test('a draft that nobody can send any more ends, with a word in the audit; what waits for a second person stays until it is of no use', async () => {
  const [left, late] = [await broadcast('draft', 0), await broadcast('draft', 4, 5)];
  const others = [
    ...[await broadcast('waiting', 0), await broadcast('waiting', 0, 8), await broadcast('running', 0, 1)],
    ...[await broadcast('paused', 0, 1), await broadcast('done', 0, 1), await broadcast('draft', 3)],
  ];
  const states = async (ids: readonly string[]) => {
    const rows = await world.prisma.broadcast.findMany({ where: { id: { in: [...ids] } } });
    return ids.map((id) => rows.find((row) => row.id === id)?.state);
  };
  today = 5;
  await pass();
  expect(await states([left, late])).toEqual(['draft', 'cancelled']);
  today = 7;
  await pass();
  expect(await states([left, late])).toEqual(['cancelled', 'cancelled']);
  const unmoved = ['waiting', 'waiting', 'running', 'paused', 'done', 'draft'];
  expect(await states(others)).toEqual(unmoved);
  today = 8;
  await pass();
  expect(await states(others)).toEqual(unmoved.with(1, 'cancelled'));
  const told = await world.prisma.auditEntry.findMany({ orderBy: { id: 'asc' } });
  expect(told.map(({ kind, action, detail }) => [kind, action, detail])).toEqual(
    [late, left, others[1]].map((id) => ['broadcast', 'lapsed', id]),
  );
  expect(await world.prisma.broadcast.findUnique({ where: { id: left } })).toMatchObject({ endedAt: at(7) });
});

test('who withdrew is erased after two years, unless they consented again before', async () => {
  const [sri, budi] = [await addMember(world), await addMember(world, { nama: 'BUDI CONTOH', nik: null })];
  for (const one of [sri, budi]) await perform(world, 'privacy.withdraw', {}, one, { now: at(0) });
  today = 729;
  await pass();
  expect(await count(world, 'member')).toBe(2);
  await perform(world, 'privacy.resume', {}, budi, { now: at(729) });
  today = 730;
  await pass();
  await removeLeft(world.db.pool, at(today));
  expect(await world.prisma.member.findMany()).toMatchObject([{ name: 'BUDI CONTOH' }]);
  expect(await everything(world)).not.toContain('CONTOHWATI');
  expect(await world.prisma.privacyRequest.findMany({ where: { kind: 'erasure' } })).toMatchObject([
    { result: 'retention', memberId: null, contactId: null },
  ]);
  expect(await world.prisma.auditEntry.findMany({ where: { kind: 'erasure' } })).toMatchObject([
    { action: 'retention' },
  ]);
  const again = await addPerson(world);
  expect(await perform(world, 'member.register', registration(), again)).toMatchObject({
    outcome: 'registered',
  });
});

test('each rule is followed once an hour, by one of those who try, in batches', async () => {
  const person = await addPerson(world);
  await sql(
    `INSERT INTO link_guess (address_id, fault, at) SELECT $1, 'none', $2 FROM generate_series(1, 1200)`,
    [person.addressId, at(0)],
  );
  today = 31;
  expect(await lastRetention(world.db.pool)).toBeNull();
  const counts = await Promise.all([pass(), pass(), pass()]);
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(1200);
  expect(await sql(`SELECT erased FROM retention_run WHERE rule = 'wrong codes'`)).toEqual([
    { erased: 1200 },
  ]);
  expect(await lastRetention(world.db.pool)).toEqual(at(31));
  await sql(`INSERT INTO link_guess (address_id, fault, at) VALUES ($1, 'none', $2)`, [
    person.addressId,
    at(0),
  ]);
  today = 31 + 59 / (24 * 60);
  expect(await pass()).toBe(0);
  today = 31 + 60 / (24 * 60);
  expect(await pass()).toBe(1);
});

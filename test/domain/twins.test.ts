import { beforeEach, expect, test } from 'vitest';
import {
  addHelper,
  addMember,
  addPerson,
  contextOf,
  decide,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
  write,
} from './world.js';

let world: World;
let chair: Person;
beforeEach(async () => {
  world = await openWorld();
  chair = await addHelper(world, 'chair', '33.74');
});

/** Two who registered from two phones with one name, birth date and village; only the second gave a NIK and has a verified SK. */
async function twice() {
  const first = await addMember(world, {
    nik: null,
    sk: 'belum',
    'nomor-sk': null,
    'tanggal-sk': null,
    'penerbit-sk': null,
  });
  const second = await addMember(world, { nama: 'Sri Contohwati, S.Sos' });
  const members = await world.prisma.member.findMany({ orderBy: { createdAt: 'asc' } });
  await world.db.pool.query(`UPDATE sk_member SET status = 'terverifikasi' WHERE document_id IS NOT NULL`);
  return { first, second, members };
}

const next = async (by = chair) => perform(world, 'twin.next', {}, by);

async function pair(by = chair): Promise<string> {
  const { values } = await next(by);
  const { id } = Object(values['mirip']);
  return String(id);
}

/** Everything about members, to be compared before and after; the audit and what is about the join itself left out. */
async function everything() {
  const tables = ['member', 'sk_member', 'member_contact', 'sk_move', 'consent', 'problem', 'member_change'];
  const all = await Promise.all(
    tables.map((table) => world.db.pool.query(`SELECT t::text AS row FROM ${table} t ORDER BY 1`)),
  );
  return all.map(({ rows }) => rows.map(({ row }) => row));
}

test('shows the chair two of one name, birth date and village, with masked NIK, and keeps the looks', async () => {
  await twice();
  const { outcome, values } = await next();
  expect(outcome).toBe('found');
  expect(values['mirip']).toMatchObject({ jumlah: '1', satu: expect.stringContaining('Sri Contohwati') });
  expect(JSON.stringify(values)).not.toContain('9901015708700001');
  const looks = await world.prisma.auditEntry.count({ where: { kind: 'look', action: 'compare-members' } });
  expect(looks).toBe(2);
});

test('is nobody else’s to decide: not in another regency, not without a role, not about oneself', async () => {
  const { first } = await twice();
  const elsewhere = await addHelper(world, 'chair', '33.15');
  const pasangan = await pair();
  for (const other of [elsewhere, await addPerson(world), first]) {
    expect((await next(other)).outcome).toBe('none');
    expect((await perform(world, 'twin.join', { pasangan }, other)).outcome).toBe('gone');
    expect((await perform(world, 'twin.keep', { pasangan }, other)).outcome).toBe('gone');
  }
});

test('shows nobody whose data may not be used now', async () => {
  const { members } = await twice();
  const pasangan = await pair();
  await world.prisma.member.update({ where: { id: members[1]?.id ?? '' }, data: { standing: 'withdrawn' } });
  expect((await next()).outcome).toBe('none');
  expect((await perform(world, 'twin.join', { pasangan }, chair)).outcome).toBe('gone');
});

test('made one: NIK and verified SK are taken over, both phones speak for the one', async () => {
  const { first, second, members } = await twice();
  expect((await perform(world, 'twin.join', { pasangan: await pair() }, chair)).outcome).toBe('joined');
  const left = await world.prisma.member.findMany({ include: { sk: true, contacts: true } });
  expect(left).toMatchObject([
    { id: members[0]?.id, nikIndex: expect.anything(), sk: [{ status: 'terverifikasi' }] },
  ]);
  expect(left[0]?.contacts.map(({ contactId }) => contactId).sort()).toEqual(
    [first.contactId, second.contactId].sort(),
  );
  expect((await next()).outcome).toBe('none');
});

test('taken back, everything stands as before', async () => {
  await twice();
  const before = await everything();
  await perform(world, 'twin.join', { pasangan: await pair() }, chair);
  expect(await everything()).not.toEqual(before);
  expect((await perform(world, 'twin.part', {}, chair)).outcome).toBe('done');
  expect(await everything()).toEqual(before);
  expect((await next()).outcome).toBe('found');
  expect((await perform(world, 'twin.part', {}, chair)).outcome).toBe('none');
});

test('taken back, what was changed since stays with the one who stayed', async () => {
  const { first } = await twice();
  await perform(world, 'twin.join', { pasangan: await pair() }, chair);
  await perform(world, 'member.update', { butir: 'tahun', tahun: 2001 }, first);
  await perform(world, 'twin.part', {}, chair);
  const members = await world.prisma.member.findMany({ orderBy: { createdAt: 'asc' } });
  expect(members.map(({ psmSince }) => psmSince).sort()).toEqual([1998, 2001]);
});

test('of two who decide at once, the second starts again and finds nothing left', async () => {
  await twice();
  const other = await addHelper(world, 'chair', '33.74');
  const pasangan = await pair();
  const both = await Promise.all(
    [chair, other].map((by) => decide('twin.join', { pasangan }, contextOf(world, by))),
  );
  await write(world, both[0]?.writes ?? []);
  await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow('found nothing any more');
  expect((await perform(world, 'twin.join', { pasangan }, other)).outcome).toBe('gone');
});

test('behind the pair that was passed over comes the next one, and then none', async () => {
  await twice();
  await addMember(world, {
    nama: 'Budi Contoh',
    nik: null,
    lahir: { tempat: 'Pati', tanggal: '1960-01-02' },
  });
  await addMember(world, {
    nama: 'budi contoh',
    nik: null,
    lahir: { tempat: 'Pati', tanggal: '1960-01-02' },
  });
  const sesudah = await pair();
  const second = Object((await perform(world, 'twin.next', { sesudah }, chair)).values['mirip']);
  expect(second.id).not.toBe(sesudah);
  expect((await perform(world, 'twin.next', { sesudah: second.id }, chair)).outcome).toBe('none');
});

test('said to be two, they are not shown again', async () => {
  await twice();
  expect((await perform(world, 'twin.keep', { pasangan: await pair() }, chair)).outcome).toBe('done');
  expect((await next()).outcome).toBe('none');
  expect(await world.prisma.member.count()).toBe(2);
});

test('a NIK the list holds goes with the one who registered once both are one', async () => {
  await world.db.pool.query(
    `INSERT INTO member (id, name, birth_date, region_code, nik_sealed, nik_index) VALUES (gen_random_uuid(), 'Sri', '1970-08-18', '33.74.14.1001', $1, $2)`,
    [world.vault.seal('9901015708700001'), world.vault.index('nik', '9901015708700001')],
  );
  await addMember(world, registration());
  expect((await perform(world, 'twin.join', { pasangan: await pair() }, chair)).outcome).toBe('joined');
  const members = await world.prisma.member.findMany();
  expect(members).toMatchObject([
    { birthDate: '1970-08-17', claimedAt: expect.any(Date), nikIndex: expect.anything() },
  ]);
});

test('every table with a member is known to the join', async () => {
  const { rows } = await world.db.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'member_id' ORDER BY 1`,
  );
  // A new one: let it go along with the member who goes (`member-join.ts`), or say here why not.
  const goAlong = [
    'board_office',
    'certificate',
    'consent',
    'invitation',
    'member_change',
    'member_news',
    'named_list_person',
    'number_change',
    'privacy_request',
    'problem',
    'recipient',
    'sk_move',
  ];
  const otherwise = ['death_report', 'member_contact', 'member_join', 'roster_change', 'sk_member'];
  expect(rows.map(({ name }) => name)).toEqual([...goAlong, ...otherwise].sort());
});

import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Audience, readAudience } from '../../src/domain/audience.js';
import { countPeople, overPeople, readKnown } from '../../src/domain/audience-people.js';
import {
  type Announcement,
  type Approval,
  approveBroadcast,
  decideApproval,
  draftBroadcast,
  findBroadcast,
} from '../../src/domain/broadcasts.js';
import { viewerNow } from '../../src/domain/helpers.js';
import { localAdministrator, type Viewer } from '../../src/domain/roles.js';
import { saying } from '../../src/flow/message.js';
import { run } from '../../src/store/statement.js';
import {
  addHelper,
  addInbound,
  addMember,
  addPerson,
  now,
  openWorld,
  type Person,
  textsTo,
  type World,
  write,
} from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const making = (secondYesAbove = 50) => ({
  ...{ db: world.pool, vault: world.vault, now, newId: world.newId, secondYesAbove },
});
const records = (secondYesAbove = 50) => ({ ...world, secondYesAbove });

let niks = 0;
/** A member with a NIK of its own, in a village. */
async function member(kode: string, name: string): Promise<Person> {
  niks += 1;
  const nik = `99010157087${String(niks).padStart(5, '0')}`;
  return addMember(world, { nama: name, wilayah: { kode, desa: 'A', kecamatan: 'B', kabupaten: 'C' }, nik });
}

const memberOf = async ({ contactId }: Person): Promise<string> =>
  (await world.prisma.memberContact.findFirst({ where: { contactId } }))?.memberId ?? '';

async function listed(region: string, name: string): Promise<string> {
  const id = randomUUID();
  await world.prisma.member.create({ data: { id, name, regionCode: region } });
  return id;
}

const standing = async (person: Person, to: string) =>
  world.prisma.member.update({ where: { id: await memberOf(person) }, data: { standing: to } });

const wish = (audience: Audience, more: Partial<Announcement> = {}): Announcement => ({
  ...{ kind: 'message', rakorId: null, message: saying('Rapat hari Senin.'), audience, area: '33' },
  ...{ urgency: 'normal', expiresAt: null, simulator: false, ...more },
});

async function drafted(viewer: Viewer, announcement: Announcement): Promise<string> {
  const draft = await draftBroadcast(viewer, announcement, making());
  if (draft === null) throw new Error('not allowed');
  await write(world, draft.writes);
  return draft.id;
}

const broadcastOf = (id: string) => world.prisma.broadcast.findUniqueOrThrow({ where: { id } });
const recipients = (broadcastId: string) =>
  world.prisma.recipient.findMany({ where: { broadcastId }, orderBy: { seq: 'asc' } });
const deliveries = (broadcastId: string) => world.prisma.delivery.findMany({ where: { broadcastId } });
const viewer = (person: Person) => viewerNow(world.pool, person.contactId, person.simulator);
const local = (name = 'sri') => localAdministrator(name);

/** The names of those who are meant, sorted. */
async function meant(
  text: string,
  { area = '33', simulator = false }: Partial<Announcement> = {},
): Promise<readonly string[]> {
  const read = readAudience(text);
  if (!read.ok) throw new Error(read.what);
  const known = await readKnown(world.pool, { simulator, now, area });
  const asked = { audience: read.audience, area, lawful: false, known };
  const named =
    () => `SELECT coalesce(m.name, CASE WHEN p.grant_id IS NULL THEN 'TAMU' ELSE 'PERAN' END) AS name
    FROM meant p LEFT JOIN member m ON m.id = p.member_id ORDER BY 1`;
  return (await run<{ name: string }>(world.pool, overPeople(asked, named))).map(({ name }) => name);
}

const [sindurejo, semarang] = ['33.15.01.2001', '33.74.14.1001'];

describe('who is meant', () => {
  test('by role, area, SK, channel, last seen, office and board; a holder of a role who is no member is one too', async () => {
    const chair = await addHelper(world, 'chair', '33.15');
    const ani = await member(sindurejo, 'ANI');
    const budi = await member(semarang, 'BUDI');
    await listed(semarang, 'CITRA');
    await world.prisma.skMember.updateMany({
      where: { memberId: await memberOf(budi) },
      data: { status: 'terverifikasi' },
    });
    await addInbound(world, ani, 'halo', new Date(now.getTime() - 20 * 86_400_000));
    await addInbound(world, chair, 'halo', new Date(now.getTime() - 2 * 86_400_000));
    await world.prisma.board.create({
      data: { area: '33.15', simulator: false, termFrom: 2023, termTo: 2028, confirmedAt: now },
    });
    await world.prisma.boardOffice.create({
      data: {
        id: randomUUID(),
        area: '33.15',
        simulator: false,
        office: 'ketua',
        memberId: await memberOf(ani),
        since: '2023',
      },
    });
    const tried: Record<string, readonly string[]> = {};
    for (const text of [
      ...[
        'semua',
        'anggota',
        'anggota:terdaftar',
        'anggota:terdata',
        'peran:ketua',
        'wilayah:33.74',
        'wilayah:33.15',
      ],
      ...[
        'wilayah:33.74.14.1001',
        'eks-karesidenan:semarang',
        'sk:ada',
        'sk:belum',
        'saluran:test',
        'saluran:telegram',
      ],
      ...[
        'terlihat:7 hari',
        'terlihat:30 hari',
        'jabatan:ketua',
        'jabatan:bidang',
        'pengurus:aktif',
        'pengurus:kosong',
      ],
      ...[
        'semua kecuali peran:ketua',
        'peran:ketua atau sk:ada',
        'wilayah:33.74 dan sk:belum',
        'eks-karesidenan:tidakada',
      ],
    ])
      tried[text] = await meant(text);
    expect(tried).toEqual({
      semua: ['ANI', 'BUDI', 'CITRA', 'PERAN'],
      anggota: ['ANI', 'BUDI', 'CITRA'],
      'anggota:terdaftar': ['ANI', 'BUDI'],
      'anggota:terdata': ['CITRA'],
      'peran:ketua': ['PERAN'],
      'wilayah:33.74': ['BUDI', 'CITRA'],
      'wilayah:33.15': ['ANI', 'PERAN'],
      'wilayah:33.74.14.1001': ['BUDI', 'CITRA'],
      'eks-karesidenan:semarang': expect.arrayContaining(['ANI', 'PERAN']),
      'sk:ada': ['BUDI'],
      'sk:belum': ['ANI', 'CITRA'],
      'saluran:test': ['ANI', 'BUDI', 'PERAN'],
      'saluran:telegram': [],
      'terlihat:7 hari': ['PERAN'],
      'terlihat:30 hari': ['ANI', 'PERAN'],
      'jabatan:ketua': ['ANI'],
      'jabatan:bidang': [],
      'pengurus:aktif': ['ANI', 'PERAN'],
      'pengurus:kosong': ['BUDI', 'CITRA'],
      'semua kecuali peran:ketua': ['ANI', 'BUDI', 'CITRA'],
      'peran:ketua atau sk:ada': ['BUDI', 'PERAN'],
      'wilayah:33.74 dan sk:belum': ['CITRA'],
      'eks-karesidenan:tidakada': [],
    });
  });

  test('is cut down to the area in which its maker speaks, and to one world', async () => {
    await member(sindurejo, 'ANI');
    await member(semarang, 'BUDI');
    await addHelper(world, 'operator', '33.15');
    await addHelper(world, 'chair', '33.15', { simulator: true });
    expect(await meant('semua', { area: '33.15' })).toEqual(['ANI', 'PERAN']);
    expect(await meant('wilayah:33.74', { area: '33.15' })).toEqual([]);
    expect(await meant('semua', { area: 'residency/semarang' })).toEqual(['ANI', 'BUDI', 'PERAN']);
    expect(await meant('semua', { area: 'residency/pati' })).toEqual([]);
    expect(await meant('semua', { simulator: true })).toEqual(['PERAN']);
  });

  test('a holder of a role who is a member is that member, once, whatever roles there are', async () => {
    const ani = await member(sindurejo, 'ANI');
    for (const role of ['chair', 'operator'])
      await world.prisma.roleGrant.create({
        data: {
          ...{
            id: randomUUID(),
            role,
            area: '33.74',
            grantedBy: 'test',
            phoneSealed: new Uint8Array(world.vault.seal(ani.phone ?? '')),
          },
          phoneIndex: new Uint8Array(world.vault.index('phone', ani.phone ?? '')),
        },
      });
    expect(await meant('peran:ketua')).toEqual(['ANI']);
    expect(await meant('semua')).toEqual(['ANI']);
    expect(await meant('wilayah:33.74', { area: '33.74' })).toEqual(['ANI']);
  });

  test('everyone has one message or a reason, and who shares a phone shares the message', async () => {
    const [ani, wafat, diam] = [
      await member(sindurejo, 'ANI'),
      await member(sindurejo, 'WAFAT'),
      await member(sindurejo, 'DIAM'),
    ];
    const [stop, blokir, pergi] = [
      await member(sindurejo, 'STOP'),
      await member(sindurejo, 'BLOKIR'),
      await member(sindurejo, 'PERGI'),
    ];
    await listed(sindurejo, 'DAFTAR');
    await standing(wafat, 'deceased');
    await standing(diam, 'suspended');
    await standing(pergi, 'left');
    await world.prisma.contact.update({ where: { id: stop.contactId }, data: { optedOutAt: now } });
    await world.prisma.address.update({ where: { id: blokir.addressId }, data: { blockedAt: now } });
    const shared = await member(sindurejo, 'SUAMI');
    const wife = await listed(sindurejo, 'ISTRI');
    await world.prisma.member.update({ where: { id: wife }, data: { claimedAt: null } });
    const son = await member(sindurejo, 'ANAK');
    await world.prisma.memberContact.deleteMany({ where: { contactId: son.contactId } });
    const anak = await world.prisma.member.findFirstOrThrow({ where: { name: 'ANAK' } });
    await world.prisma.memberContact.create({ data: { memberId: anak.id, contactId: shared.contactId } });
    const bisu = await member(sindurejo, 'BISU');
    await world.prisma.memberContact.deleteMany({ where: { contactId: bisu.contactId } });

    const id = await drafted(local(), wish({ everyone: true }));
    expect(await approveBroadcast(local(), id, records())).toMatchObject({ result: 'running', messages: 2 });
    const members = await world.prisma.member.findMany();
    const nameOf = (memberId: string | null) => members.find((one) => one.id === memberId)?.name ?? '';
    const reasons = Object.fromEntries(
      (await recipients(id)).map((row) => [nameOf(row.memberId), row.reason]),
    );
    expect(reasons).toEqual({
      ...{ ANI: null, SUAMI: null, ANAK: null, WAFAT: 'deceased', DIAM: 'suspended', PERGI: 'left' },
      ...{ STOP: 'opted-out', BLOKIR: 'blocked', DAFTAR: 'listed', ISTRI: 'listed', BISU: 'unlinked' },
    });
    const rows = await deliveries(id);
    expect(rows.map(({ addressId }) => addressId).sort()).toEqual([ani.addressId, shared.addressId].sort());
    expect(
      rows.every((row) => row.state === 'planned' && row.lane === 'bulk' && row.bodySealed === null),
    ).toBe(true);
    const known = await readKnown(world.pool, { simulator: false, now, area: '33' });
    const asked = { audience: { everyone: true } as const, area: '33', known };
    expect(await countPeople(world.pool, { ...asked, lawful: false })).toEqual({
      people: 11,
      messages: { test: 2 },
      without: { deceased: 1, suspended: 1, left: 1, 'opted-out': 1, blocked: 1, listed: 2, unlinked: 1 },
    });
    // What the law demands reaches everybody whose data is kept and who can be reached.
    expect(await countPeople(world.pool, { ...asked, lawful: true })).toMatchObject({
      messages: { test: 5 },
      without: { deceased: 1, blocked: 1, listed: 2, unlinked: 1 },
    });
  });

  test('who has several addresses is written to where he wrote last, blocked ones left out', async () => {
    const ani = await member(sindurejo, 'ANI');
    const other = async (more: object = {}) => {
      const id = randomUUID();
      await world.prisma.address.create({
        data: {
          ...{ id, contactId: ani.contactId, channel: 'telegram', account: `bot-${id}` },
          ...{ valueSealed: new Uint8Array(1), valueIndex: new Uint8Array(Buffer.from(id)), ...more },
        },
      });
      return id;
    };
    const telegram = await other();
    await other({ blockedAt: now });
    await addInbound(world, { ...ani, addressId: telegram }, 'lama', new Date(now.getTime() - 5000));
    await addInbound(world, ani, 'baru');
    const id = await drafted(local(), wish({ everyone: true }));
    await approveBroadcast(local(), id, records());
    expect((await deliveries(id)).map(({ addressId }) => addressId)).toEqual([ani.addressId]);
    await world.prisma.address.update({ where: { id: ani.addressId }, data: { blockedAt: now } });
    const next = await drafted(local(), wish({ everyone: true }));
    await approveBroadcast(local(), next, records());
    expect((await deliveries(next)).map(({ addressId }) => addressId)).toEqual([telegram]);
  });

  test('those of a rakor are meant by it, by answer and by who came, guests too', async () => {
    const [ani, budi, tamu] = [
      await member(sindurejo, 'ANI'),
      await member(semarang, 'BUDI'),
      await addPerson(world),
    ];
    const chair = await addHelper(world, 'chair', '33.15');
    const grant = await world.prisma.roleGrant.findFirstOrThrow();
    const rakor = await world.prisma.rakor.create({
      data: {
        id: randomUUID(),
        area: '33',
        state: 'called',
        detailsSealed: new Uint8Array(1),
        startsAt: now,
        createdBy: 'test',
      },
    });
    const invite = (data: object) =>
      world.prisma.invitation.create({ data: { id: randomUUID(), rakorId: rakor.id, ...data } });
    await invite({ memberId: await memberOf(ani), answer: 'hadir', checkedInAt: now });
    await invite({ memberId: await memberOf(budi) });
    await invite({ grantId: grant.id, answer: 'tidak', contactId: chair.contactId });
    await invite({ contactId: tamu.contactId, answer: 'hadir' });
    const by = (more = '') => meant(`rakor:${rakor.number}${more}`);
    expect(await by()).toEqual(['ANI', 'BUDI', 'PERAN', 'TAMU']);
    expect(await by(' jawaban:hadir')).toEqual(['ANI', 'TAMU']);
    expect(await by(' jawaban:belum,tidak')).toEqual(['BUDI', 'PERAN']);
    expect(await by(' datang:ya')).toEqual(['ANI']);
    expect(await by(' datang:tidak')).toEqual(['BUDI', 'PERAN', 'TAMU']);
    expect(await meant(`rakor:${rakor.id}`, { area: '33.15' })).toEqual(['ANI', 'PERAN']);
    expect(await meant('semua')).toEqual(['ANI', 'BUDI', 'PERAN']);
    const id = await drafted(local(), wish({ rakor: rakor.id, answer: ['hadir'] }));
    await approveBroadcast(local(), id, records());
    expect((await deliveries(id)).map(({ contactId }) => contactId).sort()).toEqual(
      [ani.contactId, tamu.contactId].sort(),
    );
  });
});

describe('approval', () => {
  const why = (approval: Approval) => (approval.result === 'refused' ? approval.why : approval.result);
  const yes = async (by: Viewer, id: string, above = 0) =>
    why(await approveBroadcast(by, id, records(above)));

  test('a small one is sent by its maker, once; a larger one waits for a second person, who is asked, and is told', async () => {
    const [maker, second] = [
      await addHelper(world, 'chair', '33.15'),
      await addHelper(world, 'residency-lead', 'residency/semarang'),
    ];
    const operator = await addHelper(world, 'operator', '33.15');
    await member(sindurejo, 'ANI');
    const chair = await viewer(maker);
    const small = await drafted(chair, wish({ members: 'any' }, { area: '33.15' }));
    expect([await yes(chair, small, 1), await yes(chair, small, 1)]).toEqual(['running', 'decided']);
    expect(await broadcastOf(small)).toMatchObject({
      state: 'running',
      approvedBy: maker.contactId,
      approvedAt: now,
    });

    const large = await drafted(chair, wish({ members: 'any' }, { area: '33.15' }));
    expect(await yes(await viewer(second), large)).toBe('not-yours');
    expect(await approveBroadcast(chair, large, records(0))).toMatchObject({
      result: 'waiting',
      messages: 1,
      asked: 1,
    });
    const { number } = await broadcastOf(large);
    expect(await textsTo(world, second)).toEqual([expect.stringContaining(`SETUJUI ${number}`)]);
    expect(await textsTo(world, operator)).toEqual([]);
    expect([await yes(chair, large), await yes(await viewer(operator), large)]).toEqual(['own', 'unknown']);
    expect((await deliveries(large)).length).toBe(0);
    expect(await yes(await viewer(second), large)).toBe('running');
    expect(await broadcastOf(large)).toMatchObject({ state: 'running', approvedBy: second.contactId });
    expect((await deliveries(large)).length).toBe(1);
    expect(await textsTo(world, maker)).toEqual([expect.stringContaining('sudah disetujui orang kedua')]);
    const entries = await world.prisma.auditEntry.findMany({
      where: { kind: 'broadcast' },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ action }) => action)).toEqual([
      'drafted',
      'approved',
      'drafted',
      'asked',
      'approved',
    ]);
  });

  test.each(['urgent', 'lawful'] as const)(
    '%s always needs a second person, and the word says why',
    async (urgency) => {
      const second = await addHelper(world, 'province-team', '33');
      const id = await drafted(local(), wish({ everyone: true }, { urgency }));
      expect(await yes(local(), id, 50)).toBe('waiting');
      const word = urgency === 'urgent' ? 'mendesak' : 'kewajiban hukum';
      expect(await textsTo(world, second)).toEqual([expect.stringContaining(word)]);
      expect([await yes(local(), id, 50), await yes(local('budi'), id, 50)]).toEqual(['own', 'running']);
    },
  );

  test('of two who say yes at once one does it, and there is one message each', async () => {
    await member(sindurejo, 'ANI');
    const id = await drafted(local(), wish({ members: 'any' }));
    await yes(local(), id);
    const both = await Promise.all([yes(local('budi'), id), yes(local('citra'), id)]);
    expect(both.sort()).toEqual(['decided', 'running']);
    expect([(await deliveries(id)).length, (await recipients(id)).length]).toEqual([1, 1]);
  });

  test('nobody sends in an area that is not theirs, in another world, or what is too late', async () => {
    const chair = await viewer(await addHelper(world, 'chair', '33.15'));
    const there = await viewer(await addHelper(world, 'chair', '33.15', { simulator: true }));
    expect(await draftBroadcast(chair, wish({ everyone: true }), making())).toBeNull();
    expect(await draftBroadcast(chair, wish({ everyone: true }, { area: '33.74' }), making())).toBeNull();
    const id = await drafted(local(), wish({ everyone: true }, { area: '33.15' }));
    expect(await yes(there, id)).toBe('unknown');
    expect(await findBroadcast(chair, id, making())).toMatchObject({
      broadcast: { message: saying('Rapat hari Senin.') },
    });
    const elsewhere = await drafted(local(), wish({ everyone: true }));
    expect([await findBroadcast(chair, elsewhere, making()), await yes(chair, elsewhere)]).toEqual([
      null,
      'unknown',
    ]);
    const late = await drafted(local(), wish({ everyone: true }, { expiresAt: now }));
    expect([
      await yes(local(), late),
      await yes(local(), randomUUID()),
      why(await decideApproval(local(), 999_999, making())),
    ]).toEqual([...['expired', 'unknown', 'unknown']]);
  });

  test('a role that was taken back sends nothing any more', async () => {
    const maker = await addHelper(world, 'chair', '33.15');
    const id = await drafted(await viewer(maker), wish({ everyone: true }, { area: '33.15' }));
    await world.prisma.roleGrant.updateMany({ data: { revokedAt: now } });
    expect(await yes(await viewer(maker), id)).toBe('unknown');
  });
});

const crowdText = `
  WITH n AS MATERIALIZED (SELECT gen_random_uuid() AS contact, gen_random_uuid() AS member FROM generate_series(1, $1::int)),
  c AS (INSERT INTO contact (id) SELECT contact FROM n),
  a AS (INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index)
    SELECT contact, contact, 'test', 'wa', '', uuid_send(contact) FROM n),
  m AS (INSERT INTO member (id, name, region_code, claimed_at, birth_date, sex, education)
    SELECT member, 'ORANG REKAAN', '33.22.01.2001', now(), '1970-08-17', 'L', 'SMA' FROM n)
  INSERT INTO member_contact (member_id, contact_id) SELECT member, contact FROM n`;
const countedText = `SELECT relname AS table, reltuples::int AS rows FROM pg_class WHERE relname IN ('delivery', 'recipient') ORDER BY 1`;

test('once many are planned the server knows how many rows there are, so that no plan of before is gone by', async () => {
  await world.pool.query('ANALYZE delivery, recipient');
  await world.pool.query(crowdText, [1_001]);
  const id = await drafted(local(), wish({ everyone: true }));
  await approveBroadcast(local(), id, records(2_000));
  const { rows } = await world.pool.query(countedText);
  expect(rows).toEqual([
    { table: 'delivery', rows: 1_001 },
    { table: 'recipient', rows: 1_001 },
  ]);
});

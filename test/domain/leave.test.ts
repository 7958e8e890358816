import { describe, expect, test } from 'vitest';
import { countConsolidation, membersIn } from '../../src/domain/consolidation.js';
import { viewerNow } from '../../src/domain/helpers.js';
import { tellOfMembers } from '../../src/domain/member-news.js';
import { listMembers } from '../../src/domain/people.js';
import { retain } from '../../src/domain/retention.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import { remindedAt } from './reminding.js';
import {
  addHelper,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  invited,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  textsTo,
  type World,
  write,
} from './world.js';

const day = 86_400_000;

/** A member with a verified SK, and the chair. */
async function serving() {
  const world = await openWorld();
  const chair = await addHelper(world, 'chair', '33.74');
  const member = await addMember(world);
  await world.db.pool.query(`UPDATE sk_member SET status = 'terverifikasi'`);
  return { world, chair, member };
}

const stateOf = async (world: World) => (await world.prisma.skMember.findFirstOrThrow()).status;
const standingOf = async (world: World) => (await world.prisma.member.findFirstOrThrow()).standing;

/** How many members the chair sees counted and in the list. */
async function seenBy(world: World, chair: Person) {
  const viewer = await viewerNow(world.db.pool, chair.contactId, false);
  const counted = await countConsolidation(viewer, { db: world.db.pool, now });
  const listed = await listMembers(viewer, world);
  return [counted.map(membersIn), listed.length];
}

describe('a member who leaves', () => {
  test('is a PSM no longer: neither counted nor listed, and the SK has ended', async () => {
    const { world, chair, member } = await serving();
    expect(await seenBy(world, chair)).toEqual([[1], 1]);
    const left = await perform(world, 'member.leave', { alasan: 'Sudah sepuh' }, member);
    expect(left).toMatchObject({ outcome: 'done', values: { hasil: { tanggal: '24 November 2026' } } });
    expect(await seenBy(world, chair)).toEqual([[0], 0]);
    expect([await standingOf(world), await stateOf(world)]).toEqual(['left', 'berakhir']);
    const entries = await world.prisma.auditEntry.findMany({ where: { kind: 'standing' } });
    expect(entries.map(({ detail }) => detail)).toEqual(['active>left']);
  });

  test('leaves the offices vacant, and boards are not confirmed by it', async () => {
    const { world, chair, member } = await serving();
    const { id } = await world.prisma.member.findFirstOrThrow();
    const office = { papan: '33.74', jabatan: 'ketua', nama: 'Sri Contohwati', anggota: id };
    await perform(world, 'board.hold', office, chair);
    const before = await world.prisma.board.findMany();
    await perform(world, 'member.leave', {}, member);
    expect(await count(world, 'board_office')).toBe(0);
    expect(await world.prisma.board.findMany()).toEqual(before);
    await tellOfMembers(world);
    expect(await textsTo(world, chair)).toEqual([
      'Kabar anggota IPSM Kota Semarang:\n- *Sri Contohwati* mengundurkan diri sebagai PSM pada 24 November 2026. Jabatan yang kosong: Ketua IPSM Kota Semarang.',
    ]);
  });

  test('the chair hears why, without numbers of phones or NIK, and the reason is kept nowhere else', async () => {
    const { world, chair, member } = await serving();
    const alasan = 'Sudah sepuh, hubungi 081200001234';
    await perform(world, 'member.leave', { alasan }, member);
    await tellOfMembers(world);
    const [told] = await textsTo(world, chair);
    expect(told).toContain('Alasan: Sudah sepuh');
    expect(told).not.toContain('081200001234');
  });

  test('gets no invitation and no reminder any more, whoever shares the phone still does', async () => {
    const { world, member } = await serving();
    await world.prisma.certificate.create({
      data: {
        ...{ id: world.newId(), kind: 'kompetensi', issuedOn: '2021-12-01', expiresOn: '2026-12-01' },
        ...{ issuerSealed: new Uint8Array(world.vault.seal('LSP')), createdAt: now },
        memberId: (await world.prisma.member.findFirstOrThrow()).id,
      },
    });
    await perform(world, 'member.leave', {}, member);
    expect(await remindedAt(world, now)).toEqual([]);
    expect(await invited(world, member)).toBe('skipped');
    const other = { nama: 'Budi Contoh', nik: null, lahir: { tempat: 'Blora', tanggal: '1968-01-02' } };
    await perform(world, 'member.register', registration(other), member);
    expect(await invited(world, member)).toBe('leased');
  });

  test('an SK that was only reported stays as it was, in nobody’s queue', async () => {
    const { world, chair, member } = await serving();
    await world.db.pool.query(`UPDATE sk_member SET status = 'dilaporkan_ada'`);
    await perform(world, 'member.leave', {}, member);
    expect(await stateOf(world)).toBe('dilaporkan_ada');
    expect((await perform(world, 'sk.open-next', {}, chair)).outcome).toBe('none');
  });

  test('is erased two years later, and not a day before', async () => {
    const { world, member } = await serving();
    await perform(world, 'member.leave', {}, member);
    const at = (days: number) => ({
      ...{ ...world, now: () => new Date(now.getTime() + days * day) },
      idleState: () => world.vault.sealJson({}),
    });
    await retain(at(729));
    expect(await count(world, 'member')).toBe(1);
    await retain(at(731));
    expect(await count(world, 'member')).toBe(0);
  });
});

describe('comes back by his own word', () => {
  test('and is counted again; the SK is looked at again', async () => {
    const { world, chair, member } = await serving();
    await perform(world, 'member.leave', {}, member);
    expect(await perform(world, 'member.return', {}, member)).toMatchObject({ outcome: 'sk-recheck' });
    expect(await seenBy(world, chair)).toEqual([[1], 1]);
    expect(await stateOf(world)).toBe('dilaporkan_ada');
    expect((await perform(world, 'sk.open-next', {}, chair)).outcome).toBe('found');
    await tellOfMembers(world);
    expect((await textsTo(world, chair))[0]).toContain('aktif lagi sebagai PSM sejak 24 November 2026');
  });

  test('also without an SK', async () => {
    const { world, member } = await serving();
    await world.db.pool.query(`UPDATE sk_member SET status = 'belum_ada', document_id = NULL`);
    await perform(world, 'member.leave', {}, member);
    expect(await perform(world, 'member.return', {}, member)).toMatchObject({ outcome: 'done' });
    expect(await stateOf(world)).toBe('belum_ada');
  });

  test('only by this one: suspending, withdrawing and resuming do nothing', async () => {
    const { world, member } = await serving();
    await perform(world, 'member.leave', {}, member);
    for (const action of ['privacy.suspend', 'privacy.withdraw', 'privacy.resume'])
      expect(await perform(world, action, {}, member)).toMatchObject({ outcome: 'gone', writes: [] });
    expect((await perform(world, 'privacy.standing', {}, member)).outcome).toBe('left');
  });
});

test.each([
  ['member.leave', 'active', 'done'],
  ['member.leave', 'suspended', 'done'],
  ['member.leave', 'left', 'same'],
  ['member.leave', 'withdrawn', 'gone'],
  ['member.return', 'left', 'sk-recheck'],
  ['member.return', 'active', 'same'],
  ['member.return', 'suspended', 'same'],
  ['member.return', 'withdrawn', 'same'],
])('%s of who is %s: %s', async (action, standing, result) => {
  const { world, member } = await serving();
  await world.db.pool.query('UPDATE member SET standing = $1', [standing]);
  if (standing === 'left') await world.db.pool.query(`UPDATE sk_member SET status = 'berakhir'`);
  expect((await perform(world, action, {}, member)).outcome).toBe(result);
  expect((await perform(world, action, {}, await addPerson(world))).outcome).toBe('gone');
});

test('to register is to come back for who has left', async () => {
  const { world, member } = await serving();
  const check = async () => (await perform(world, 'member.check-left', {}, member)).outcome;
  expect(await check()).toBe('active');
  await perform(world, 'member.leave', {}, member);
  expect(await check()).toBe('left');
});

test.each(['member.leave', 'member.return'])('of two %s at once one finds it', async (action) => {
  const { world, member } = await serving();
  if (action === 'member.return') await perform(world, 'member.leave', {}, member);
  const both = await Promise.all([1, 2].map(() => decide(action, {}, contextOf(world, member))));
  await write(world, both[0]?.writes ?? []);
  await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
  expect((await perform(world, action, {}, member)).outcome).toBe('same');
});

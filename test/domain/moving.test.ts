import { describe, expect, test } from 'vitest';
import { tellOfMembers } from '../../src/domain/member-news.js';
import type { JsonRecord } from '../../src/flow/json.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import {
  addHelper,
  addMember,
  contextOf,
  count,
  decide,
  everything,
  now,
  openWorld,
  type Person,
  perform,
  textsTo,
  type World,
  write,
} from './world.js';

const day = 86_400_000;
const later = (world: World, days: number): World => ({
  ...world,
  now: () => new Date(now.getTime() + days * day),
});

const toToroh: JsonRecord = { wilayah: { kode: '33.15.04.2005' }, sejak: '2026-11-01' };
const inSemarang: JsonRecord = { wilayah: { kode: '33.74.14.1002' }, sejak: '2026-11-02' };

/** A member of Kota Semarang, and the chairs of there and of Grobogan. */
async function served(more: JsonRecord = {}) {
  const world = await openWorld();
  const [here, there] = [await addHelper(world, 'chair', '33.74'), await addHelper(world, 'chair', '33.15')];
  return { world, here, there, member: await addMember(world, more) };
}

const stateOf = async (world: World) => (await world.prisma.skMember.findFirstOrThrow()).status;
const regionIn = async (world: World) => (await world.prisma.member.findFirstOrThrow()).regionCode;

describe('a member who moves to another village', () => {
  test('serves there from now on; where he was before and since when stays as history', async () => {
    const { world, member } = await served();
    const result = await perform(world, 'member.move', toToroh, member);
    expect(result).toMatchObject({ outcome: 'sk-recheck' });
    expect(await regionIn(world)).toBe('33.15.04.2005');
    const [change] = await world.prisma.memberChange.findMany();
    expect(change).toMatchObject({ item: 'pindah', since: '2026-11-01' });
    expect(world.vault.open(change?.oldSealed ?? Buffer.alloc(0))).toBe('33.74.14.1001');
    const entries = await world.prisma.auditEntry.findMany({ where: { kind: 'correction' } });
    expect(entries.map(({ action }) => action)).toEqual(['pindah']);
  });

  test('keeps the SK of the old village as history, which is looked at again', async () => {
    const { world, member } = await served();
    await world.db.pool.query(`UPDATE sk_member SET status = 'terverifikasi'`);
    await perform(world, 'member.move', toToroh, member);
    expect(await stateOf(world)).toBe('perlu_cek_ulang');
    expect(await count(world, 'sk_document')).toBe(1);
    const moves = await world.prisma.skMove.findMany({ orderBy: { at: 'asc' } });
    expect(moves.map(({ move }) => move)).toContain('pindah');
  });

  test('without an SK has none after it either', async () => {
    const { world, member } = await served({ sk: 'belum', 'nomor-sk': null });
    expect(await perform(world, 'member.move', toToroh, member)).toMatchObject({ outcome: 'done' });
    expect(await stateOf(world)).toBe('belum_ada');
  });

  test('twice is once, and from two phones at once too', async () => {
    const { world, member } = await served();
    const both = [toToroh, inSemarang].map((to) => decide('member.move', to, contextOf(world, member)));
    const [first, second] = await Promise.all(both);
    await write(world, first?.writes ?? []);
    await expect(write(world, second?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect(await perform(world, 'member.move', toToroh, member)).toMatchObject({
      outcome: 'same',
      writes: [],
    });
    expect(await count(world, 'member_change')).toBe(1);
  });

  test('is nobody else’s to move', async () => {
    const { world, here } = await served();
    expect(await perform(world, 'member.move', toToroh, here)).toMatchObject({ outcome: 'gone', writes: [] });
  });
});

const line = (to: string) =>
  `- *Sri Contohwati* pindah tugas dari Kelurahan Cangkiran, Kota Semarang ke ${to}, sejak 1 November 2026.`;

describe('both chairs', () => {
  test('hear of it, once, and nothing is left that would tell it again', async () => {
    const { world, here, there, member } = await served();
    await perform(world, 'member.move', toToroh, member);
    const [one, two] = await Promise.all([tellOfMembers(world), tellOfMembers(world)]);
    expect([...one, ...two].length).toBe(2);
    const told = line('Desa Sindurejo, Kabupaten Grobogan');
    expect(await textsTo(world, here)).toEqual([`Kabar anggota IPSM Kota Semarang:\n${told}`]);
    expect(await textsTo(world, there)).toEqual([`Kabar anggota IPSM Kabupaten Grobogan:\n${told}`]);
    expect(await world.prisma.memberNews.count({ where: { cause: null } })).toBe(0);
    expect(await tellOfMembers(later(world, 1))).toEqual([]);
  });

  test('are one where both villages are in one regency, and hear no more than once a day', async () => {
    const { world, here, member } = await served();
    await perform(world, 'member.move', inSemarang, member);
    expect((await tellOfMembers(world)).length).toBe(1);
    await perform(world, 'member.move', toToroh, member);
    expect((await tellOfMembers(world)).length).toBe(1);
    expect((await textsTo(world, here)).length).toBe(1);
    expect((await tellOfMembers(later(world, 1))).length).toBe(1);
    expect((await textsTo(world, here)).length).toBe(2);
  });

  test('hear nothing at night, nor of whom the data may not be used just now', async () => {
    const { world, member } = await served();
    await perform(world, 'member.move', toToroh, member);
    expect(await tellOfMembers(later(world, 0.5))).toEqual([]);
    await perform(world, 'privacy.suspend', {}, member);
    expect(await tellOfMembers(world)).toEqual([]);
    await perform(world, 'privacy.resume', {}, member);
    expect((await tellOfMembers(world)).length).toBe(2);
  });

  test('keep nothing of who is erased after it was told', async () => {
    const { world, here, member } = await served();
    const other = await addMember(world, { nama: 'Budi Contoh', nik: null });
    for (const one of [member, other]) await perform(world, 'member.move', inSemarang, one);
    await tellOfMembers(world);
    await world.db.pool.query(`UPDATE delivery SET state = 'accepted'`);
    expect(await everything(world)).toContain('*Sri Contohwati* pindah');
    await perform(world, 'privacy.erase', {}, member);
    expect(await everything(world)).not.toMatch(/sri contohwati/i);
    expect(
      (await world.prisma.delivery.findFirst({ where: { contactId: here.contactId } }))?.bodySealed,
    ).toBe(null);
  });

  test('wait while there is nobody, and the province hears in their place', async () => {
    const world = await openWorld();
    const member = await addMember(world);
    await perform(world, 'member.move', inSemarang, member);
    expect(await tellOfMembers(world)).toEqual([]);
    const admin: Person = await addHelper(world, 'province-admin', '33');
    expect((await tellOfMembers(world)).length).toBe(1);
    expect((await textsTo(world, admin)).length).toBe(1);
  });
});

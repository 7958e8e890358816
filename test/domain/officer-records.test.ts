import { beforeEach, describe, expect, test } from 'vitest';
import { tellOfMembers } from '../../src/domain/member-news.js';
import type { JsonRecord } from '../../src/flow/json.js';
import {
  addHelper,
  addMember,
  contextOf,
  decide,
  looksIn,
  openWorld,
  type Person,
  perform,
  textsTo,
  type World,
  write,
} from './world.js';

let world: World;
let chair: Person;
let member: Person;
beforeEach(async () => {
  world = await openWorld();
  chair = await addHelper(world, 'chair', '33.74');
  member = await addMember(world);
});

const stateOf = async () => (await world.prisma.skMember.findFirstOrThrow()).status;
const standingOf = async () => (await world.prisma.member.findFirstOrThrow()).standing;
const idOf = async () => (await world.prisma.member.findFirstOrThrow()).id;
const verified = () => world.pool.query(`UPDATE sk_member SET status = 'terverifikasi'`);
const moves = async () =>
  (await world.prisma.skMove.findMany({ orderBy: { at: 'asc' } })).map(({ move }) => move);

describe('an SK that was asked for', () => {
  const propose = (args: JsonRecord) => perform(world, 'sk.propose', args, member);

  test('is kept with whom and when, and told so by CEK SK', async () => {
    await world.pool.query(`UPDATE sk_member SET status = 'belum_ada'`);
    expect((await propose({ kepada: 'camat', tanggal: '2026-08-17' })).outcome).toBe('done');
    expect([await stateOf(), (await moves()).includes('usulkan')]).toEqual(['sedang_diusulkan', true]);
    const told = await perform(world, 'sk.find-for-contact', {}, member);
    expect(told.values['sk']).toMatchObject({
      statusLabel: 'Sedang diproses',
      alasan: 'Diusulkan kepada: Camat pada 17 Agustus 2026.',
    });
    expect((await propose({ kepada: 'camat' })).outcome).toBe('same');
    expect(await world.prisma.auditEntry.count({ where: { kind: 'sk', action: 'usulkan' } })).toBe(1);
  });

  test('is not kept where there is one, nor for somebody else', async () => {
    expect((await propose({ kepada: 'lain' })).outcome).toBe('gone');
    const other = await addHelper(world, 'operator', '33.74');
    const args = { anggota: await idOf(), kepada: 'lain' };
    expect((await perform(world, 'sk.propose', args, other)).outcome).toBe('gone');
    expect(await stateOf()).toBe('dilaporkan_ada');
  });
});

describe('an SK that its office has withdrawn', () => {
  const revoke = async (by: Person) =>
    perform(world, 'sk.revoke', { anggota: await idOf(), alasan: 'Diganti kepala desa' }, by);

  test('is recorded by a verifier of the area, and its member hears why', async () => {
    await verified();
    const found = await perform(world, 'sk.find-revocable', { nama: 'sri contohwati' }, chair);
    expect(found.values['daftar']).toMatchObject([{ id: await idOf() }]);
    const shown = await perform(world, 'sk.show-revocable', { anggota: await idOf() }, chair);
    expect(shown.values['sk']).toMatchObject({ nama: 'Sri Contohwati', nomor: '141/07/2021' });
    expect(await looksIn(world, 'verify-sk')).toMatchObject([{ viewer: chair.contactId }]);
    expect((await revoke(chair)).outcome).toBe('done');
    expect([await stateOf(), (await moves()).at(-1)]).toEqual(['dicabut', 'cabut']);
    expect((await textsTo(world, member)).join()).toContain('Catatan petugas: Diganti kepala desa');
    expect(await world.prisma.auditEntry.count({ where: { kind: 'sk', action: 'cabut' } })).toBe(1);
    expect((await revoke(chair)).outcome).toBe('gone');
  });

  test('is none of anybody else: other areas, the province, the member, and one that is not verified', async () => {
    expect((await revoke(chair)).outcome).toBe('gone');
    await verified();
    for (const [role, area] of [
      ['chair', '33.15'],
      ['province-admin', '33'],
    ] as const) {
      const other = await addHelper(world, role, area);
      expect((await perform(world, 'sk.find-revocable', { nama: 'sri' }, other)).outcome).toBe('none');
      expect((await revoke(other)).outcome).toBe('gone');
    }
    expect((await revoke(member)).outcome).toBe('gone');
    expect(await stateOf()).toBe('terverifikasi');
  });

  test('of two who record it at once one does', async () => {
    await verified();
    const args = { anggota: await idOf(), alasan: 'Diganti' };
    const both = await Promise.all([0, 1].map(() => decide('sk.revoke', args, contextOf(world, chair))));
    await write(world, both[0]?.writes ?? []);
    await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow('sk-move');
  });
});

describe('somebody who does not write and has left', () => {
  const record = async (by = chair) =>
    perform(world, 'leaving.record', { anggota: await idOf(), alasan: 'Pindah ke Sumatera' }, by);
  const undo = async (by = chair) => perform(world, 'leaving.undo', { anggota: await idOf() }, by);

  test('is recorded by an officer: a PSM no longer, told with the reason, as the chair is', async () => {
    await verified();
    expect((await record()).values).toEqual({ hasil: { nama: 'Sri Contohwati' } });
    expect([await standingOf(), await stateOf()]).toEqual(['left', 'berakhir']);
    expect((await textsTo(world, member)).join()).toContain('Alasan: Pindah ke Sumatera');
    await tellOfMembers(world);
    expect((await textsTo(world, chair)).join()).toContain('dicatat petugas berhenti sebagai PSM');
    expect((await record()).outcome).toBe('gone');
  });

  test('is none of another area', async () => {
    const other = await addHelper(world, 'chair', '33.15');
    expect((await record(other)).outcome).toBe('gone');
    expect(await standingOf()).toBe('active');
  });

  test('by mistake: it is taken back by whoever recorded it, and the SK is looked at again', async () => {
    await verified();
    await record();
    const other = await addHelper(world, 'operator', '33.74');
    expect((await undo(other)).outcome).toBe('gone');
    expect((await perform(world, 'leaving.list', {}, chair)).values['daftar']).toMatchObject([
      { id: await idOf() },
    ]);
    expect((await undo()).outcome).toBe('done');
    expect([await standingOf(), await stateOf()]).toEqual(['active', 'perlu_cek_ulang']);
    expect((await perform(world, 'leaving.list', {}, chair)).outcome).toBe('none');
  });

  test('by his own word comes back by his own alone; who was recorded can come back by it too', async () => {
    await perform(world, 'member.leave', {}, member);
    expect((await undo()).outcome).toBe('gone');
    await perform(world, 'member.return', {}, member);
    await record();
    expect((await perform(world, 'member.return', {}, member)).outcome).not.toBe('gone');
    expect(await standingOf()).toBe('active');
  });
});

import { describe, expect, test } from 'vitest';
import { countConsolidation, membersIn } from '../../src/domain/consolidation.js';
import { viewerNow } from '../../src/domain/helpers.js';
import { tellOfMembers } from '../../src/domain/member-news.js';
import { listMembers } from '../../src/domain/people.js';
import { retain } from '../../src/domain/retention.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import { remindedAt } from './reminding.js';
import {
  addDelivery,
  addHelper,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  everything,
  invited,
  looksIn,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  textsTo,
  type World,
  write,
} from './world.js';

/** A member with a verified SK and an office, her chair and an operator. */
async function serving() {
  const world = await openWorld();
  const chair = await addHelper(world, 'chair', '33.74');
  const operator = await addHelper(world, 'operator', '33.74.14');
  const member = await addMember(world);
  await world.db.pool.query(`UPDATE sk_member SET status = 'terverifikasi'`);
  const { id } = await world.prisma.member.findFirstOrThrow();
  const office = { papan: '33.74', jabatan: 'ketua', nama: 'Sri Contohwati', anggota: id };
  await perform(world, 'board.hold', office, chair);
  return { world, chair, operator, member, id };
}

const record = (world: World, anggota: string, by: Person, laporan: string | null = null) =>
  perform(world, 'death.record', { anggota, laporan }, by);
const standingOf = async (world: World) => (await world.prisma.member.findFirstOrThrow()).standing;
const stateOf = async (world: World) => (await world.prisma.skMember.findFirstOrThrow()).status;
const reportIn = async (world: World) => (await world.prisma.deathReport.findFirst())?.id ?? null;
const found = async (world: World, by: Person) =>
  (await perform(world, 'death.find', { nama: 'Sri Contohwati' }, by)).outcome;

describe('an officer', () => {
  test('finds a member of the own area by name, sees who it is, and the look is kept', async () => {
    const { world, operator, id } = await serving();
    const { values } = await perform(world, 'death.find', { nama: 'contohwati' }, operator);
    expect(values['daftar']).toEqual([{ id, label: 'Sri Contohwati, Kelurahan Cangkiran' }]);
    const shown = await perform(world, 'death.show', { anggota: id }, operator);
    expect(shown.values['almarhum']).toMatchObject({
      ...{ nama: 'Sri Contohwati', lahir: '17 Agustus 1970', sk: 'Sudah terverifikasi' },
      ...{ jabatan: 'Ketua IPSM Kota Semarang', laporan: null, dikabarkan: null },
    });
    expect(await looksIn(world, 'record-death')).toEqual([
      { viewer: operator.contactId, action: 'record-death', subject: id },
    ]);
  });

  test('of elsewhere, without a role or at her own phone finds nobody and decides nothing', async () => {
    const { world, member, id } = await serving();
    const elsewhere = await addHelper(world, 'chair', '33.15');
    const team = await addHelper(world, 'province-team', '33');
    for (const other of [elsewhere, team, await addPerson(world), member]) {
      expect(await found(world, other)).toBe('none');
      expect((await perform(world, 'death.show', { anggota: id }, other)).outcome).toBe('gone');
      for (const action of ['death.record', 'death.refuse', 'death.undo'])
        expect(await perform(world, action, { anggota: id }, other)).toMatchObject({
          ...{ outcome: 'gone', writes: [] },
        });
    }
  });

  test('records it: not counted, not listed, the SK has ended, the office is vacant, the chair hears of it', async () => {
    const { world, chair, operator, id } = await serving();
    const recorded = await record(world, id, operator);
    expect(recorded).toMatchObject({ outcome: 'done', values: { hasil: { nama: 'Sri Contohwati' } } });
    expect([await standingOf(world), await stateOf(world)]).toEqual(['deceased', 'berakhir']);
    expect(await count(world, 'board_office')).toBe(0);
    const viewer = await viewerNow(world.db.pool, chair.contactId, false);
    const counted = await countConsolidation(viewer, { db: world.db.pool, now });
    expect([counted.map(membersIn), (await listMembers(viewer, world)).length]).toEqual([[0], 0]);
    await tellOfMembers(world);
    expect(await textsTo(world, chair)).toEqual([
      'Kabar anggota IPSM Kota Semarang:\n- *Sri Contohwati* dicatat wafat pada 24 November 2026. Jabatan yang kosong: Ketua IPSM Kota Semarang.',
    ]);
  });

  test('and another one at once: one finds it, the other finds nobody any more', async () => {
    const { world, chair, operator, id } = await serving();
    const given = { anggota: id };
    const both = await Promise.all(
      [chair, operator].map((by) => decide('death.record', given, contextOf(world, by))),
    );
    await write(world, both[0]?.writes ?? []);
    await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect((await record(world, id, operator)).outcome).toBe('gone');
    expect(await found(world, operator)).toBe('none');
  });

  test('takes it back: she is a member as before, and the SK is looked at again', async () => {
    const { world, chair, operator, member, id } = await serving();
    await record(world, id, operator);
    const { values } = await perform(world, 'death.list', {}, chair);
    expect(values['daftar']).toMatchObject([{ id }]);
    const both = await Promise.all(
      [chair, operator].map((by) => decide('death.undo', { anggota: id }, contextOf(world, by))),
    );
    expect(both[0]).toMatchObject({ outcome: 'done', values: { hasil: { nama: 'Sri Contohwati' } } });
    await write(world, both[0]?.writes ?? []);
    await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect([await standingOf(world), await stateOf(world)]).toEqual(['active', 'perlu_cek_ulang']);
    expect((await perform(world, 'death.list', {}, chair)).outcome).toBe('none');
    expect((await perform(world, 'death.undo', { anggota: id }, chair)).outcome).toBe('gone');
    expect((await perform(world, 'member.find-for-contact', {}, member)).outcome).toBe('found');
    expect((await perform(world, 'sk.open-next', {}, chair)).outcome).toBe('found');
  });
});

describe('in the name of who died', () => {
  test('nothing is sent any more: what waited is cancelled, invitations, reminders and results are not sent', async () => {
    const { world, operator, member, id } = await serving();
    const certificate = { kind: 'kompetensi', issuedOn: '2021-12-01', expiresOn: '2026-12-01' };
    const issuerSealed = new Uint8Array(world.vault.seal('LSP'));
    await world.prisma.certificate.create({
      data: { ...certificate, id: world.newId(), issuerSealed, createdAt: now, memberId: id },
    });
    await perform(world, 'privacy.ask', { jenis: 'access', isi: 'Data saya apa saja?' }, member);
    const { number } = await world.prisma.privacyRequest.findFirstOrThrow();
    const waiting = await addDelivery(world, member, { state: 'due', text: 'Sertifikat berakhir' });
    const answer = { state: 'due', text: 'Jawaban', cause: world.newId() };
    const answered = await addDelivery(world, member, answer);
    await world.prisma.timer.create({
      data: {
        ...{ contactId: member.contactId, flow: 'registrasi', name: 'nudge', question: world.newId() },
        ...{ addressId: member.addressId, reminder: true, sentAt: now, dueAt: now },
      },
    });
    await record(world, id, operator);
    const states = await world.prisma.delivery.findMany({ where: { contactId: member.contactId } });
    const state = (of: string) => states.find((one) => one.id === of)?.state;
    expect([state(waiting), state(answered)]).toEqual(['cancelled', 'due']);
    expect(await count(world, 'timer')).toBe(0);
    const before = await world.prisma.delivery.count({ where: { contactId: member.contactId } });
    expect(await remindedAt(world, now)).toEqual([]);
    const close = { permintaan: String(number), putusan: 'done', hasil: 'Sudah kami kirim' };
    expect((await perform(world, 'privacy.close', close, operator)).outcome).toBe('gone');
    expect((await perform(world, 'sk.open-next', {}, operator)).outcome).toBe('none');
    await tellOfMembers(world);
    expect(await world.prisma.delivery.count({ where: { contactId: member.contactId } })).toBe(before);
    expect(await invited(world, member)).toBe('skipped');
  });

  test('nobody speaks any more, whoever shares the phone goes on', async () => {
    const { world, operator, member, id } = await serving();
    const other = { nama: 'Budi Contoh', nik: null, lahir: { tempat: 'Blora', tanggal: '1968-01-02' } };
    await perform(world, 'member.register', registration(other), member);
    const notice = await addDelivery(world, member, { state: 'due', text: 'Untuk Budi' });
    await record(world, id, operator);
    expect(await perform(world, 'member.find-for-contact', {}, member)).toMatchObject({
      ...{ outcome: 'found', values: { anggota: { nama: 'Budi Contoh' } } },
    });
    for (const action of ['member.profile', 'privacy.erase', 'privacy.resume', 'death.report'])
      expect((await perform(world, action, { anggota: id }, member)).outcome).toMatch(/gone|unknown/);
    expect((await world.prisma.delivery.findUnique({ where: { id: notice } }))?.state).toBe('due');
    expect(await invited(world, member)).toBe('leased');
  });

  test('nobody registers: an officer must look', async () => {
    const { world, operator, member, id } = await serving();
    await record(world, id, operator);
    for (const phone of [member, await addPerson(world)])
      expect((await perform(world, 'member.register', registration(), phone)).outcome).toBe('nik-taken');
  });

  test('everything is erased two years later', async () => {
    const { world, operator, id } = await serving();
    await record(world, id, operator);
    const at = (days: number) => ({
      ...{ ...world, now: () => new Date(now.getTime() + days * 86_400_000) },
      idleState: () => world.vault.sealJson({}),
    });
    await retain(at(729));
    expect(await count(world, 'member')).toBe(1);
    await retain(at(731));
    expect(await everything(world)).not.toMatch(/contohwati/i);
  });
});

describe('a family', () => {
  async function told() {
    const all = await serving();
    const { world, member } = all;
    expect((await perform(world, 'death.report', {}, member)).outcome).toBe('reported');
    return { ...all, laporan: await reportIn(world) };
  }

  test('tells it at the phone of the member: the nearest officer hears of it, without a name', async () => {
    const { world, operator, chair, member, id } = await told();
    expect(await textsTo(world, operator)).toEqual([
      'Ada kabar duka dari keluarga seorang anggota di wilayah Bapak/Ibu.\n\nKetik *CATAT WAFAT* untuk memastikannya.',
    ]);
    expect(await textsTo(world, chair)).toEqual([]);
    expect(await standingOf(world)).toBe('active');
    expect((await perform(world, 'death.report', {}, member)).outcome).toBe('already');
    expect((await perform(world, 'death.waiting', {}, chair)).values['daftar']).toMatchObject([{ id }]);
    expect((await perform(world, 'death.waiting', {}, member)).outcome).toBe('none');
    expect((await perform(world, 'death.report', {}, await addPerson(world))).outcome).toBe('gone');
  });

  test('hears kind words once a human has recorded it', async () => {
    const { world, operator, member, id, laporan } = await told();
    const shown = await perform(world, 'death.show', { anggota: id }, operator);
    expect(shown.values['almarhum']).toMatchObject({ laporan, dikabarkan: '24 November 2026' });
    await record(world, id, operator, laporan);
    expect(await textsTo(world, member)).toEqual([
      'Kami turut berduka cita atas wafatnya *Sri Contohwati*. Terima kasih atas pengabdian beliau kepada masyarakat.\n\nTidak ada lagi pesan atas nama beliau yang kami kirim.',
    ]);
    expect(await reportIn(world)).toBeNull();
  });

  test('hears that it could not be made sure of, and can tell it again', async () => {
    const { world, operator, member, id, laporan } = await told();
    const refused = await perform(world, 'death.refuse', { anggota: id, laporan }, operator);
    expect(refused.outcome).toBe('done');
    expect((await textsTo(world, member))[0]).toMatch(/belum dapat memastikannya/);
    expect(await standingOf(world)).toBe('active');
    expect((await perform(world, 'death.refuse', { anggota: id }, operator)).outcome).toBe('none');
    expect((await perform(world, 'death.report', {}, member)).outcome).toBe('reported');
  });

  test.each([
    ['death.record', 'death.refuse'],
    ['death.refuse', 'death.record'],
  ])('is answered once: %s and %s at once', async (first, second) => {
    const { world, operator, chair, member, id, laporan } = await told();
    const given = { anggota: id, laporan };
    const one = await decide(first, given, contextOf(world, operator));
    const two = await decide(second, given, contextOf(world, chair));
    await write(world, one.writes);
    await expect(write(world, two.writes)).rejects.toThrow(ChangedMeanwhile);
    expect((await perform(world, second, given, chair)).outcome).toBe('gone');
    expect((await textsTo(world, member)).length).toBe(1);
  });

  test('nothing of what it told is left once the member is erased', async () => {
    const { world, member } = await told();
    await perform(world, 'privacy.erase', {}, member);
    expect(await count(world, 'death_report')).toBe(0);
  });
});

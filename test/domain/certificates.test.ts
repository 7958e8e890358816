import { describe, expect, test } from 'vitest';
import { expiryOf } from '../../src/domain/certificate.js';
import type { JsonRecord } from '../../src/flow/json.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import { remindedAt } from './reminding.js';
import {
  addAttachment,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  everything,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  textsTo,
  type World,
  write,
} from './world.js';

const certificate = (more: JsonRecord = {}): JsonRecord => ({
  jenis: 'kompetensi',
  bernomor: true,
  nomor: 'LSP-123/2022',
  penerbit: 'LSP Contoh',
  tanggal: '2022-02-24',
  ...more,
});

async function owner() {
  const world = await openWorld();
  return { world, member: await addMember(world) };
}

async function told(world: World, person: Person, given: JsonRecord = {}) {
  const { outcome, values } = await perform(world, 'certificate.find', given, person);
  return [outcome, Object(values['sertifikat']).rincian];
}

const reminders = async (world: World, iso: string) => (await remindedAt(world, iso)).length;

test.each([
  ['dasar', '2022-02-24', null],
  ['khusus', '2022-02-24', null],
  ['kompetensi', '2022-02-24', '2027-02-24'],
  ['kompetensi', '2024-02-29', '2029-02-28'],
] as const)('a certificate of %s of %s is good until %s', (kind, issuedOn, until) => {
  expect(expiryOf(kind, issuedOn)).toBe(until);
});

describe('a member', () => {
  test('adds certificates, sees them here and in DATA SAYA, and removes a wrong one with its photo', async () => {
    const { world, member } = await owner();
    expect(await told(world, member)).toEqual(['none', undefined]);
    const foto = { id: await addAttachment(world, member, 'foto'), jenis: 'jpeg', ukuran: 4 };
    const added = await perform(world, 'certificate.add', certificate({ foto }), member);
    expect(added).toMatchObject({ outcome: 'saved', values: { hasil: { berlaku: '24 Februari 2027' } } });
    expect(await perform(world, 'certificate.add', certificate(), member)).toMatchObject({
      outcome: 'already',
      writes: [],
    });
    const training = certificate({
      jenis: 'dasar',
      nomor: null,
      penerbit: 'Dinas Contoh',
      tanggal: '2020-01-02',
    });
    expect(await perform(world, 'certificate.add', training, member)).toMatchObject({
      values: { hasil: { berlaku: null } },
    });
    const lines =
      'Kompetensi (LSP), 24 Februari 2022, oleh LSP Contoh, nomor LSP-123/2022, berlaku sampai 24 Februari 2027\nPelatihan dasar, 2 Januari 2020, oleh Dinas Contoh';
    expect(await told(world, member)).toEqual(['found', lines]);
    const profile = await perform(world, 'member.profile', {}, member);
    expect(profile.values['profil']).toMatchObject({ sertifikat: lines, jabatan: null });
    const listed = await perform(world, 'certificate.list', {}, member);
    const sertifikat = Object(listed.values['daftar'])[0].id;
    const [one, other] = await Promise.all(
      [1, 2].map(() => decide('certificate.remove', { sertifikat }, contextOf(world, member))),
    );
    await write(world, one?.writes ?? []);
    await expect(write(world, other?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect([await count(world, 'certificate'), await count(world, 'attachment')]).toEqual([1, 0]);
    expect(await perform(world, 'certificate.remove', { sertifikat }, member)).toMatchObject({
      outcome: 'gone',
    });
  });

  test('keeps none for others, with no photo of others, and hears of one that has ended', async () => {
    const { world, member } = await owner();
    const stranger = await addPerson(world);
    const foto = { id: await addAttachment(world, stranger, 'foto'), jenis: 'jpeg', ukuran: 4 };
    await perform(
      world,
      'certificate.add',
      certificate({ foto, tanggal: '2020-11-23', nomor: null }),
      member,
    );
    expect(await world.prisma.certificate.findMany()).toMatchObject([{ attachmentId: null }]);
    expect(await told(world, member)).toEqual([
      'found',
      'Kompetensi (LSP), 23 November 2020, oleh LSP Contoh, *sudah berakhir 23 November 2025*',
    ]);
    const { id: anggota } = await world.prisma.member.findFirstOrThrow();
    const { id: sertifikat } = await world.prisma.certificate.findFirstOrThrow();
    for (const given of [{}, { anggota }]) {
      expect(await told(world, stranger, given)).toEqual(['unknown', undefined]);
      for (const [name, more] of [
        ['certificate.add', certificate()],
        ['certificate.remove', { sertifikat }],
      ] as const)
        expect(await perform(world, name, { ...given, ...more }, stranger)).toMatchObject({
          outcome: 'gone',
          writes: [],
        });
      expect(await perform(world, 'certificate.list', given, stranger)).toMatchObject({ outcome: 'none' });
    }
  });

  test('of several on one phone each has their own', async () => {
    const { world, member } = await owner();
    await perform(world, 'member.register', registration({ nama: 'Budi Contoh', nik: null }), member);
    const several = await perform(world, 'certificate.find', {}, member);
    const [sri, budi] = Object(several.values['daftar']).map(({ id }: { id: string }) => id);
    await perform(world, 'certificate.add', certificate({ anggota: budi }), member);
    expect([
      (await told(world, member, { anggota: sri }))[0],
      (await told(world, member, { anggota: budi }))[0],
    ]).toEqual(['none', 'found']);
  });

  test('who is erased leaves no certificate, no photo and no reminder', async () => {
    const { world, member } = await owner();
    const foto = { id: await addAttachment(world, member, 'foto'), jenis: 'jpeg', ukuran: 4 };
    await perform(world, 'certificate.add', certificate({ foto }), member);
    expect(await reminders(world, '2026-12-01T03:00:00Z')).toBe(1);
    await perform(world, 'privacy.erase', {}, member);
    for (const table of ['certificate', 'reminder', 'attachment'])
      expect([table, await count(world, table)]).toEqual([table, 0]);
    expect(await everything(world)).not.toContain('LSP Contoh');
  });
});

describe('the reminder', () => {
  test('comes 90 and 30 days before the end, in human hours, each once', async () => {
    const { world, member } = await owner();
    await perform(world, 'certificate.add', certificate(), member);
    await perform(world, 'certificate.add', certificate({ jenis: 'dasar' }), member);
    const days = [
      '2026-11-25T03:00:00Z',
      '2026-11-25T20:00:00Z',
      '2026-11-26T01:00:00Z',
      '2026-11-27T03:00:00Z',
    ];
    const early: number[] = [];
    for (const day of days) early.push(await reminders(world, day));
    expect(early).toEqual([0, 0, 1, 0]);
    const both = await Promise.all([1, 2].map(() => reminders(world, '2027-01-25T03:00:00Z')));
    expect(both.toSorted()).toEqual([0, 1]);
    expect([
      await reminders(world, '2027-02-24T03:00:00Z'),
      await reminders(world, '2027-02-25T03:00:00Z'),
    ]).toEqual([0, 0]);
    const text =
      'Sertifikat kompetensi atas nama *Sri Contohwati* berlaku sampai 24 Februari 2027. Mohon mulai disiapkan perpanjangannya bersama pengurus IPSM setempat.\n\nKetik *SERTIFIKAT* untuk melihatnya, atau *PETUGAS* bila perlu dibantu.';
    expect(await textsTo(world, member)).toEqual([text, text]);
    const kept = await world.prisma.reminder.findMany({ orderBy: { dueAt: 'asc' } });
    expect(kept.map(({ state, dueAt, toldOn }) => [state, dueAt.toISOString(), toldOn])).toEqual([
      ['told', '2026-11-26T01:00:00.000Z', '2026-11-26'],
      ['told', '2027-01-25T01:00:00.000Z', '2027-01-25'],
    ]);
  });

  test('of one told late comes once only, and none after its end', async () => {
    const { world, member } = await owner();
    await perform(world, 'certificate.add', certificate({ tanggal: '2021-12-10' }), member);
    await perform(world, 'certificate.add', certificate({ tanggal: '2021-11-23' }), member);
    expect([
      await reminders(world, '2026-11-24T03:00:00Z'),
      await reminders(world, '2026-11-25T03:00:00Z'),
    ]).toEqual([1, 0]);
  });

  test('is not for who opted out, suspended or blocked us; it comes when that ends in time', async () => {
    const { world, member } = await owner();
    await perform(world, 'certificate.add', certificate(), member);
    const day = '2026-12-01T03:00:00Z';
    await world.prisma.contact.updateMany({ data: { optedOutAt: now } });
    expect(await reminders(world, day)).toBe(0);
    await world.prisma.contact.updateMany({ data: { optedOutAt: null } });
    await world.prisma.member.updateMany({ data: { standing: 'suspended' } });
    expect(await reminders(world, day)).toBe(0);
    await world.prisma.member.updateMany({ data: { standing: 'active' } });
    await world.prisma.address.updateMany({ data: { blockedAt: now } });
    expect([await reminders(world, day), await count(world, 'reminder')]).toEqual([0, 0]);
    await world.prisma.address.updateMany({ data: { blockedAt: null } });
    expect(await reminders(world, day)).toBe(1);
  });
});

import { describe, expect, test } from 'vitest';
import { boardStanding, isToBeConfirmed } from '../../src/domain/board.js';
import type { JsonRecord } from '../../src/flow/json.js';
import { ChangedMeanwhile } from '../../src/store/statement.js';
import { remindedAt } from './reminding.js';
import {
  addHelper,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  looksIn,
  now,
  openWorld,
  type Person,
  perform,
  textsTo,
  type World,
  write,
} from './world.js';

const day = 86_400_000;
const later = (days: number) => new Date(now.getTime() + days * day);
const papan = '33.74';

async function chaired() {
  const world = await openWorld();
  const chair = await addHelper(world, 'chair', papan);
  return { world, chair };
}

const office = (more: JsonRecord = {}) => ({ papan, jabatan: 'ketua', nama: 'Wati Contoh', ...more });

async function boardFor(world: World, person: Person, more: JsonRecord = {}, at = now) {
  const { outcome, values } = await perform(world, 'board.find', more, person, { now: at });
  return { outcome, ...Object(values['pengurus']) };
}

async function idOf(world: World, name: string): Promise<string> {
  const { id } = await world.prisma.member.findFirstOrThrow({ where: { name } });
  return id;
}

/** A board with chair and term, as of now. */
async function running() {
  const { world, chair } = await chaired();
  await perform(world, 'board.hold', office(), chair);
  await perform(world, 'board.set-term', { papan, dari: 2023, sampai: 2028 }, chair);
  return { world, chair };
}

describe('the state of a board', () => {
  const whole = { hasChair: true, termTo: 2028, confirmedAt: now };
  test.each([
    ['is active with chair, term and word of the year', whole, 0, 'active', 'Aktif'],
    ['lasts until the end of the last year of its term', { ...whole, termTo: 2026 }, 30, 'active', 'Aktif'],
    ['ends with its term', { ...whole, termTo: 2026 }, 60, 'ended', 'Masa bakti sudah berakhir'],
    ['is vacant without a chair', { ...whole, hasChair: false }, 0, 'vacant', 'Belum ada ketua'],
    ['is vacant without a term', { ...whole, termTo: null }, 0, 'vacant', 'Masa bakti belum diisi'],
    ['waits two months for an answer', whole, 424, 'active', 'Aktif'],
    ['is vacant when nobody vouches for it', whole, 425, 'vacant', 'Sudah lama tidak dipastikan'],
    [
      'is vacant when nobody ever did',
      { ...whole, confirmedAt: null },
      0,
      'vacant',
      'Sudah lama tidak dipastikan',
    ],
  ])('%s', (_, facts, days, state, words) => {
    expect(boardStanding(facts, later(days))).toMatchObject({ state, words });
  });

  test('is asked for a year later, of boards that could be active only', () => {
    const asked = [364, 365, 500].map((days) => isToBeConfirmed(whole, later(days)));
    expect(asked).toEqual([false, true, true]);
    const others = [
      { ...whole, hasChair: false },
      { ...whole, termTo: null },
      { ...whole, termTo: 2026 },
    ];
    expect(others.map((facts) => isToBeConfirmed(facts, later(400)))).toEqual([false, false, false]);
  });
});

describe('a chair', () => {
  test('sees the board of his own regency, fills it, and every move is in the audit', async () => {
    const { world, chair } = await chaired();
    expect(await boardFor(world, chair)).toMatchObject({
      outcome: 'found',
      id: papan,
      nama: 'Kota Semarang',
      keadaan: 'Belum ada ketua',
      masa: null,
      dipastikan: null,
    });
    expect(await perform(world, 'board.confirm', { papan }, chair)).toMatchObject({
      outcome: 'none',
      writes: [],
    });
    await perform(world, 'board.hold', office(), chair);
    await perform(world, 'board.hold', office({ jabatan: 'bidang', bidang: 'sertifikasi' }), chair);
    await perform(world, 'board.set-term', { papan, dari: 2023, sampai: 2028 }, chair);
    expect(await perform(world, 'board.confirm', { papan }, chair)).toMatchObject({ outcome: 'done' });
    expect(await boardFor(world, chair)).toMatchObject({
      outcome: 'found',
      keadaan: 'Aktif',
      masa: '2023-2028',
      rincian: 'Ketua: Wati Contoh\nAnggota bidang sertifikasi: Wati Contoh',
      dipastikan: '24 November 2026',
    });
    const entries = await world.prisma.auditEntry.findMany({
      where: { kind: 'board' },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ action, detail }) => [action, detail])).toEqual([
      ['hold', '33.74 ketua'],
      ['hold', '33.74 bidang'],
      ['term', '33.74 2023-2028'],
      ['confirm', '33.74'],
    ]);
    expect(entries.every(({ actor }) => actor !== null)).toBe(true);
  });

  test('gives an office to a member of his regency, found by name; the one before has it no more', async () => {
    const { world, chair } = await chaired();
    await addMember(world);
    await addMember(world, { nama: 'Sri Contoh', nik: null, wilayah: { kode: '33.15.04.2005' } });
    await addMember(world, { nama: 'Sri Ditangguhkan', nik: null });
    await world.prisma.member.updateMany({
      where: { name: 'Sri Ditangguhkan' },
      data: { standing: 'suspended' },
    });
    const sri = await idOf(world, 'SRI CONTOHWATI');
    const found = await perform(world, 'board.find-member', { papan, nama: 'sri' }, chair);
    expect(found.values['daftar']).toEqual([{ id: sri, label: expect.stringMatching(/^Sri Contohwati, /) }]);
    expect(await looksIn(world, 'manage-board')).toEqual([
      { viewer: chair.contactId, action: 'manage-board', subject: sri },
    ]);
    expect(await perform(world, 'board.find-member', { papan, nama: 'Bambang' }, chair)).toMatchObject({
      outcome: 'none',
    });
    await perform(world, 'board.hold', office(), chair);
    await perform(world, 'board.hold', office({ nama: 'sri', anggota: sri }), chair);
    expect(await boardFor(world, chair)).toMatchObject({ rincian: 'Ketua: Sri Contohwati' });
    const elsewhere = await idOf(world, 'Sri Contoh');
    expect(await perform(world, 'board.hold', office({ anggota: elsewhere }), chair)).toMatchObject({
      outcome: 'gone',
      writes: [],
    });
  });

  test('does not name a holder whose data may not be used, and loses one who is erased', async () => {
    const { world, chair } = await chaired();
    const member = await addMember(world);
    const anggota = await idOf(world, 'SRI CONTOHWATI');
    await perform(world, 'board.hold', office({ anggota }), chair);
    await perform(world, 'privacy.suspend', {}, member);
    expect(await boardFor(world, chair)).toMatchObject({
      rincian: 'Ketua: (datanya sedang tidak digunakan)',
    });
    await perform(world, 'privacy.erase', {}, member);
    expect([await count(world, 'board_office'), (await boardFor(world, chair)).keadaan]).toEqual([
      0,
      'Belum ada ketua',
    ]);
  });

  test('has several deputies and one of the others, and empties an office that somebody holds', async () => {
    const { world, chair } = await chaired();
    for (const jabatan of ['wakil-ketua', 'sekretaris'])
      for (const nama of ['Wati Contoh', 'Tuti Contoh'])
        await perform(world, 'board.hold', office({ jabatan, nama }), chair);
    const listed = await perform(world, 'board.holders', { papan }, chair);
    const daftar = Object(listed.values['daftar']);
    expect(daftar.map(({ label }: { label: string }) => label)).toEqual([
      'Wakil ketua: Wati Contoh',
      'Wakil ketua: Tuti Contoh',
      'Sekretaris: Tuti Contoh',
    ]);
    const given = { papan, pemegang: daftar[0].id };
    const [one, other] = await Promise.all(
      [1, 2].map(() => decide('board.vacate', given, contextOf(world, chair))),
    );
    await write(world, one?.writes ?? []);
    await expect(write(world, other?.writes ?? [])).rejects.toThrow(ChangedMeanwhile);
    expect(await perform(world, 'board.vacate', given, chair)).toMatchObject({ outcome: 'gone', writes: [] });
    expect(await count(world, 'board_office')).toBe(2);
  });

  test('sets no term that cannot be one', async () => {
    const { world, chair } = await chaired();
    for (const [dari, sampai] of [
      [2028, 2023],
      [2023, 2023],
      [2001, 2023],
    ] as const)
      expect(await perform(world, 'board.set-term', { papan, dari, sampai }, chair)).toMatchObject({
        outcome: 'differs',
        writes: [],
      });
    expect(await perform(world, 'board.holders', { papan }, chair)).toMatchObject({ outcome: 'none' });
  });
});

describe('a board is looked after', () => {
  test('by nobody elsewhere, by no operator, and in no other world', async () => {
    const { world } = await running();
    const pemegang = (await world.prisma.boardOffice.findFirstOrThrow()).id;
    const others = [
      await addHelper(world, 'chair', '33.15'),
      await addHelper(world, 'operator', papan),
      await addHelper(world, 'province-team', '33'),
      await addPerson(world),
    ];
    const moves = {
      ...{
        'board.find': { wilayah: { kode: papan } },
        'board.confirm': { papan },
        'board.holders': { papan },
      },
      ...{
        'board.set-term': { papan, dari: 2020, sampai: 2025 },
        'board.hold': office(),
        'board.vacate': { papan, pemegang },
      },
      'board.find-member': { papan, nama: 'sri' },
    };
    for (const person of others)
      for (const [name, given] of Object.entries(moves))
        expect([name, await perform(world, name, given, person)]).toMatchObject([
          name,
          { outcome: 'refused', writes: [] },
        ]);
    const pretended = await addHelper(world, 'chair', papan, { simulator: true });
    expect(await boardFor(world, pretended)).toMatchObject({ keadaan: 'Belum ada ketua' });
  });

  test('by the lead of an eks-karesidenan in all its regencies, and by the province', async () => {
    const world = await openWorld();
    const { residencyId } = await world.prisma.region.findUniqueOrThrow({ where: { code: papan } });
    const area = `residency/${residencyId}`;
    const regencies = await world.prisma.region.findMany({
      where: { residencyId },
      orderBy: { code: 'asc' },
    });
    const lead = await addHelper(world, 'residency-lead', area);
    const several = await perform(world, 'board.find', {}, lead);
    expect(several.outcome).toBe('several');
    expect(Object(several.values['daftar']).map(({ id }: { id: string }) => id)).toEqual([
      area,
      ...regencies.map(({ code }) => code),
    ]);
    expect(await boardFor(world, lead, { papan: area })).toMatchObject({ outcome: 'found', id: area });
    const province = await addHelper(world, 'province-admin', '33');
    const all = await perform(world, 'board.find', {}, province);
    expect(Object(all.values['daftar'])).toHaveLength(7);
    expect(await boardFor(world, province, { wilayah: { kode: '33.15' } })).toMatchObject({
      outcome: 'found',
      id: '33.15',
    });
    await addMember(world);
    for (const [who, where] of [
      [lead, area],
      [province, '33'],
    ] as const)
      expect(await perform(world, 'board.find-member', { papan: where, nama: 'sri' }, who)).toMatchObject({
        outcome: 'some',
      });
  });
});

describe('the yearly question', () => {
  const asked = (world: World, days: number, hour = 3) =>
    remindedAt(world, new Date(later(days).setUTCHours(hour)), 'pengurus-dipastikan');

  test('comes a year later in human hours, once, and again the year after', async () => {
    const { world, chair } = await running();
    expect(await asked(world, 364)).toEqual([]);
    expect(await asked(world, 366, 20)).toEqual([]);
    const told = await Promise.all([1, 2].map(() => asked(world, 366)));
    expect(told.flat()).toHaveLength(1);
    expect(await asked(world, 370)).toEqual([]);
    expect(await textsTo(world, chair)).toEqual([
      'Kepengurusan IPSM Kota Semarang terakhir dipastikan pada 24 November 2026. Setahun sekali kami mohon dipastikan lagi.\n\nKetik *PENGURUS* untuk menjawab apakah masih sama.',
    ]);
    expect(await boardFor(world, chair, {}, later(371))).toMatchObject({ outcome: 'due', keadaan: 'Aktif' });
    await perform(world, 'board.confirm', { papan }, chair, { now: later(371) });
    expect(await boardFor(world, chair, {}, later(372))).toMatchObject({ outcome: 'found' });
    expect(await asked(world, 732)).toEqual([]);
    expect(await asked(world, 737)).toHaveLength(1);
  });

  test('comes once more when nobody answered for two years', async () => {
    const { world } = await running();
    const days = [365, 366, 500, 729, 730, 731, 900];
    const told: number[] = [];
    for (const day of days) told.push((await asked(world, day)).length);
    expect(told).toEqual([1, 0, 0, 0, 1, 0, 0]);
  });

  test('waits while there is nobody to be asked, and is not for a board that cannot be active', async () => {
    const { world } = await running();
    await world.prisma.roleGrant.updateMany({ data: { revokedAt: now } });
    expect(await asked(world, 400)).toEqual([]);
    const chair = await addHelper(world, 'chair', papan);
    expect(await asked(world, 401)).toHaveLength(1);
    await world.prisma.reminder.deleteMany();
    await world.prisma.board.updateMany({ data: { termTo: 2026 } });
    expect(await asked(world, 401)).toEqual([]);
    expect(await textsTo(world, chair)).toHaveLength(1);
  });
});

describe('the end of a term', () => {
  const ended = (world: World, day: string) => remindedAt(world, `${day}T03:00:00Z`, 'masa-bakti-berakhir');

  test('is told 90 and 30 days before, and not once there is a new term', async () => {
    const { world, chair } = await running();
    const told: number[] = [];
    for (const day of ['2028-10-01', '2028-10-02', '2028-10-03', '2028-12-01', '2028-12-02'])
      told.push((await ended(world, day)).length);
    expect(told).toEqual([0, 1, 0, 1, 0]);
    expect((await textsTo(world, chair)).at(0)).toBe(
      'Masa bakti pengurus IPSM Kota Semarang berakhir pada akhir tahun 2028. Mohon mulai disiapkan pemilihan pengurus berikutnya.\n\nKetik *PENGURUS* bila sudah ada pengurus baru, atau *PETUGAS* bila perlu dibantu.',
    );
    await world.prisma.reminder.deleteMany();
    await perform(world, 'board.set-term', { papan, dari: 2029, sampai: 2033 }, chair);
    expect(await ended(world, '2028-12-02')).toEqual([]);
  });
});

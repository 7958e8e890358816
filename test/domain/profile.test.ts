import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { educations } from '../../src/domain/educations.js';
import { listHandovers } from '../../src/domain/handovers.js';
import { explain } from '../../src/domain/history.js';
import { listMembers } from '../../src/domain/people.js';
import { lookKept } from '../../src/domain/requests.js';
import { type Grant, localAdministrator, viewerOf } from '../../src/domain/roles.js';
import { afterSkMove, type SkState, skStates } from '../../src/domain/sk.js';
import { isRecord, type JsonRecord } from '../../src/flow/json.js';
import { readFlows } from '../../src/flows.js';
import { isUniqueViolation } from '../../src/store/outage.js';
import {
  addHelper,
  addMember,
  addPerson,
  contextOf,
  count,
  decide,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
  write,
} from './world.js';

const nik = '9901015708700001';

async function registered(more: JsonRecord = {}, options = {}) {
  const world = await openWorld();
  return { world, person: await addMember(world, more, options) };
}

async function profileOf(world: World, person: Person, given: JsonRecord = {}): Promise<JsonRecord> {
  const { outcome, values, writes } = await perform(world, 'member.profile', given, person);
  expect([outcome, writes]).toEqual(['found', []]);
  const profil = values['profil'] ?? null;
  if (!isRecord(profil)) throw new Error('no profile');
  return profil;
}

/** What of the stored rows can be read without the key, and the rest opened. */
async function storedOf({ prisma, vault }: World) {
  const [member] = await prisma.member.findMany({ include: { sk: { include: { document: true } } } });
  const open = (sealed: Uint8Array | null | undefined) => (sealed ? vault.open(sealed) : null);
  const document = member?.sk[0]?.document;
  return {
    ...{ name: member?.name, birthDate: member?.birthDate, sex: member?.sex, region: member?.regionCode },
    ...{ since: member?.psmSince, education: member?.education, proved: member?.phoneProved },
    ...{
      place: open(member?.birthPlaceSealed),
      phone: open(member?.phoneSealed),
      nik: open(member?.nikSealed),
    },
    ...{ status: member?.sk[0]?.status, number: open(document?.numberSealed) },
    ...{ decidedOn: document?.decidedOn, issuer: document?.issuer },
  };
}

async function changesIn({ prisma, vault }: World) {
  const rows = await prisma.memberChange.findMany({ orderBy: { id: 'asc' } });
  return rows.map(({ item, oldSealed, contactId, changedAt }) => ({
    ...{ item, contactId, changedAt, old: oldSealed === null ? null : vault.open(oldSealed) },
  }));
}

describe('what is kept of a member', () => {
  test('is told whole, the NIK masked', async () => {
    const { world, person } = await registered();
    const profile = await profileOf(world, person);
    expect(profile).toEqual({
      nama: 'SRI CONTOHWATI',
      aplikasi: 'test',
      tempat: 'Semarang',
      tanggal: '1970-08-17',
      'jenis-kelamin': 'P',
      wilayah: expect.stringMatching(/^Kelurahan .+, Kecamatan .+, Kota Semarang$/),
      tahun: '1998',
      pendidikan: 'SMA atau SMK',
      telepon: '+6281200009999',
      sk: 'Menunggu pemeriksaan',
      'nomor-sk': '141/07/2021',
      'tanggal-sk': '1 Maret 2021',
      'penerbit-sk': 'Lurah',
      nik: '9901••••••••0001',
      'punya-nik': true,
      terdaftar: '24 November 2026',
      perubahan: null,
      'riwayat-sk': '24 November 2026: dilaporkan',
      jabatan: null,
      sertifikat: null,
      dilihat: null,
    });
    expect(JSON.stringify(profile)).not.toContain(nik);
  });

  test('what was left out is empty', async () => {
    const { world, person } = await registered({ sk: 'belum', nik: null, telepon: null });
    const empty = { telepon: null, 'nomor-sk': null, 'tanggal-sk': null, 'penerbit-sk': null, nik: null };
    expect(await profileOf(world, person)).toMatchObject({
      ...empty,
      sk: 'Belum ada SK',
      'punya-nik': false,
    });
  });

  test('of several members the one that is picked, and of strangers none', async () => {
    const { world, person } = await registered();
    await perform(world, 'member.register', registration({ nama: 'Budi Contoh', nik: null }), person);
    const found = await perform(world, 'member.find-for-contact', {}, person);
    const daftar = [{ label: 'Sri Contohwati' }, { label: 'Budi Contoh' }];
    expect(found).toMatchObject({ outcome: 'several', values: { daftar } });
    expect(await perform(world, 'member.profile', {}, person)).toMatchObject({ outcome: 'unknown' });
    const stranger = await addPerson(world);
    for (const { id: anggota, name } of await world.prisma.member.findMany()) {
      expect(await profileOf(world, person, { anggota })).toMatchObject({ nama: name });
      for (const action of ['member.profile', 'member.update']) {
        const given = { anggota, butir: 'tahun', tahun: 2001 };
        const outcome = action === 'member.profile' ? 'unknown' : 'gone';
        expect(await perform(world, action, given, stranger)).toMatchObject({ outcome, writes: [] });
      }
    }
  });

  test('schooling is told as registration offered it', () => {
    const { steps } = parse(readFlows('flows')['flows/registrasi.yaml'] ?? '');
    for (const [id, label] of Object.entries(educations))
      expect(steps.pendidikan.choices[id]).toMatchObject({ label });
  });
});

describe('who looked', () => {
  const look = async (world: World, person: Person, ...grants: readonly Grant[]) =>
    listMembers(viewerOf(person.contactId, grants, person.simulator), world);

  test.each([
    ['operator', '33.74', 'petugas Kota Semarang'],
    ['chair', '33.74', 'ketua IPSM Kota Semarang'],
    ['residency-lead', 'residency/semarang', 'wakil ketua eks-karesidenan Semarang'],
    ['province-team', '33', 'Tim Motivator dan Dinamisator Provinsi Jawa Tengah'],
    ['province-admin', '33', 'pengelola Provinsi Jawa Tengah'],
  ] as const)('%s of %s is told by role and area, never by name', async (role, area, words) => {
    const { world, person } = await registered();
    const helper = await addHelper(world, role, area);
    await look(world, helper, { role, area });
    await look(world, helper, { role, area });
    expect(await profileOf(world, person)).toMatchObject({ dilihat: `24 November 2026: ${words}` });
  });

  test('a look at the conversation counts, one at the machine is told as such', async () => {
    const { world, person } = await registered();
    await perform(world, 'handover.open', {}, person);
    await listHandovers(localAdministrator('test'), world);
    expect(await profileOf(world, person)).toMatchObject({ dilihat: '24 November 2026: pengelola sistem' });
  });

  test('a role that was given later, or to a pretended helper, is not told', async () => {
    const { world, person } = await registered();
    const helper = await addHelper(world, 'operator', '33.74');
    await look(world, helper, { role: 'operator', area: '33.74' });
    await world.prisma.roleGrant.updateMany({ data: { grantedAt: new Date(now.getTime() + 1000) } });
    expect(await profileOf(world, person)).toMatchObject({ dilihat: '24 November 2026: petugas IPSM' });
    await world.prisma.roleGrant.updateMany({ data: { grantedAt: now, simulator: true } });
    expect(await profileOf(world, person)).toMatchObject({ dilihat: '24 November 2026: petugas IPSM' });
  });

  test('the last five days are told, the latest first', async () => {
    const { world, person } = await registered();
    const [member] = await world.prisma.member.findMany();
    for (let day = 1; day <= 7; day += 1) {
      const at = new Date(Date.UTC(2026, 10, day));
      await write(world, [lookKept('local:test', 'list-members', member?.id ?? '', at)]);
    }
    const days = [7, 6, 5, 4, 3].map((day) => `${day} November 2026: pengelola sistem`);
    expect(await profileOf(world, person)).toMatchObject({ dilihat: [...days, 'dan sebelumnya'].join('\n') });
  });
});

describe('a correction', () => {
  test.each<readonly [string, JsonRecord, JsonRecord, string | null]>([
    ['nama', { nama: 'Sri Rahayu' }, { name: 'Sri Rahayu' }, 'SRI CONTOHWATI'],
    [
      'lahir',
      { lahir: { tempat: 'Blora', tanggal: '1970-08-17' } },
      { place: 'Blora', birthDate: '1970-08-17' },
      'Semarang, 1970-08-17',
    ],
    ['jenis-kelamin', { 'jenis-kelamin': 'L', nikless: true }, { sex: 'L' }, 'P'],
    ['tahun', { tahun: 2001 }, { since: 2001 }, '1998'],
    ['pendidikan', { pendidikan: 'sarjana' }, { education: 'sarjana' }, 'sma'],
    ['telepon', { telepon: '+6281200000002' }, { phone: '+6281200000002', proved: false }, '+6281200009999'],
    ['nik', { nik: '9901015708700002', nikless: true }, { nik: '9901015708700002' }, null],
  ])('of %s is written with what stood there; twice is once', async (butir, given, stored, old) => {
    const { nikless, ...answers } = given;
    const { world, person } = await registered(nikless === true ? { nik: null } : {});
    const before = await storedOf(world);
    const args = { butir, ...answers };
    expect(await perform(world, 'member.update', args, person)).toMatchObject({ outcome: 'saved' });
    expect(await perform(world, 'member.update', args, person)).toMatchObject({
      outcome: 'same',
      writes: [],
    });
    expect(await storedOf(world)).toEqual({ ...before, ...stored });
    expect(await changesIn(world)).toEqual([
      { item: butir, old, contactId: person.contactId, changedAt: now },
    ]);
  });

  test.each<readonly [string, JsonRecord, JsonRecord, string | null]>([
    ['nomor-sk', { 'nomor-sk': '141/08/2021' }, { number: '141/08/2021' }, '141/07/2021'],
    ['tanggal-sk', { 'tanggal-sk': '2021-03-02' }, { decidedOn: '2021-03-02' }, '2021-03-01'],
    ['penerbit-sk', { 'penerbit-sk': 'camat' }, { issuer: 'camat' }, 'lurah'],
  ])('of the SK, its %s: the rest of the document stays', async (part, given, stored, old) => {
    const { world, person } = await registered();
    const before = await storedOf(world);
    const args = { butir: 'sk', 'butir-sk': part, ...given };
    expect(await perform(world, 'member.update', args, person)).toMatchObject({ outcome: 'saved' });
    expect(await perform(world, 'member.update', args, person)).toMatchObject({ outcome: 'same' });
    expect(await storedOf(world)).toEqual({ ...before, ...stored });
    expect(await changesIn(world)).toMatchObject([{ item: part, old }]);
    expect(await count(world, 'sk_document')).toBe(1);
  });

  test('of an SK that appoints others too leaves theirs as it is', async () => {
    const { world, person } = await registered();
    const other = await addPerson(world);
    await perform(world, 'member.register', registration({ nama: 'Budi Contoh', nik: null }), other);
    const [document] = await world.prisma.skDocument.findMany();
    await world.prisma.skMember.updateMany({ data: { documentId: document?.id ?? '' } });
    const args = { butir: 'sk', 'butir-sk': 'nomor-sk', 'nomor-sk': '141/08/2021' };
    await perform(world, 'member.update', args, person);
    expect(await profileOf(world, person)).toMatchObject({ 'nomor-sk': '141/08/2021' });
    expect(await profileOf(world, other)).toMatchObject({ 'nomor-sk': '141/07/2021' });
  });

  test('a first SK number is reported, not verified', async () => {
    const { world, person } = await registered({ sk: 'belum' });
    const args = { butir: 'sk', 'butir-sk': 'nomor-sk', 'nomor-sk': '141/08/2021' };
    expect(await perform(world, 'member.update', args, person)).toMatchObject({ outcome: 'saved' });
    expect(await storedOf(world)).toMatchObject({ number: '141/08/2021', status: 'dilaporkan_ada' });
    expect(await changesIn(world)).toMatchObject([{ item: 'nomor-sk', old: null }]);
  });

  test.each<readonly [SkState, SkState, SkState]>([
    ['belum_ada', 'dilaporkan_ada', 'belum_ada'],
    ['sedang_diusulkan', 'dilaporkan_ada', 'sedang_diusulkan'],
    ['dilaporkan_ada', 'dilaporkan_ada', 'perlu_cek_ulang'],
    ['berkas_diterima', 'berkas_diterima', 'perlu_cek_ulang'],
    ['diperiksa', 'perlu_cek_ulang', 'perlu_cek_ulang'],
    ['terverifikasi', 'perlu_cek_ulang', 'perlu_cek_ulang'],
    ['perlu_perbaikan', 'dilaporkan_ada', 'perlu_cek_ulang'],
    ['ditolak', 'dilaporkan_ada', 'ditolak'],
    ['diperbarui', 'perlu_cek_ulang', 'perlu_cek_ulang'],
    ['dicabut', 'dilaporkan_ada', 'dicabut'],
    ['berakhir', 'dilaporkan_ada', 'berakhir'],
    ['perlu_cek_ulang', 'perlu_cek_ulang', 'perlu_cek_ulang'],
  ])('an SK that is %s becomes %s when corrected, and %s after a move', (state, corrected, moved) => {
    const moving = afterSkMove(state, 'pindah', 'member') ?? state;
    expect([afterSkMove(state, 'koreksi', 'member'), moving]).toEqual([corrected, moved]);
    expect(skStates).toHaveProperty(corrected);
  });

  test.each([
    ['ada', 'sk-recheck', 'perlu_cek_ulang'],
    ['belum', 'saved', 'belum_ada'],
  ])('of the region, with SK "%s", is %s', async (sk, outcome, status) => {
    const { world, person } = await registered({ sk });
    const args = { butir: 'wilayah', wilayah: { kode: '33.15.04.2005' } };
    expect(await perform(world, 'member.update', args, person)).toMatchObject({ outcome });
    expect(await storedOf(world)).toMatchObject({ region: '33.15.04.2005', status });
    expect(await perform(world, 'member.update', args, person)).toMatchObject({ outcome: 'same' });
    expect(await changesIn(world)).toMatchObject([{ item: 'wilayah', old: '33.74.14.1001' }]);
  });

  test('the number the channel proves is proved, any other is not', async () => {
    const { world, person } = await registered({}, { phone: '+6281200008888' });
    const own = { butir: 'telepon', telepon: '+6281200008888' };
    await perform(world, 'member.update', own, person);
    expect(await storedOf(world)).toMatchObject({ proved: true });
    await perform(world, 'member.update', { ...own, telepon: '+6281200000002' }, person);
    expect(await storedOf(world)).toMatchObject({ proved: false });
  });

  test.each([
    ['lahir', { lahir: { tempat: 'Semarang', tanggal: '1970-08-18' } }, /^Tanggal lahir dalam NIK/],
    ['jenis-kelamin', { 'jenis-kelamin': 'L' }, /^Jenis kelamin dalam NIK/],
  ])('of %s that the NIK contradicts is saved, and said', async (butir, given, words) => {
    const { world, person } = await registered();
    const result = await perform(world, 'member.update', { butir, ...given }, person);
    expect(result.outcome).toBe('nik-differs');
    expect(result.values['perbedaan']).toMatch(words);
    expect(await count(world, 'member_change')).toBe(1);
  });

  test('to the birth date of a child changes nothing', async () => {
    const { world, person } = await registered();
    const before = await storedOf(world);
    const child = { butir: 'lahir', lahir: { tempat: 'Semarang', tanggal: '2008-11-25' } };
    for (const _twice of [1, 2])
      expect(await perform(world, 'member.update', child, person)).toMatchObject({
        outcome: 'minor',
        writes: [],
      });
    expect(await storedOf(world)).toEqual(before);
    expect(await count(world, 'member_change')).toBe(0);
  });

  test('an item that was never answered is a bug, and is not told', async () => {
    const { world, person } = await registered();
    const failing = decide('member.update', { butir: 'nama' }, contextOf(world, person));
    await expect(failing).rejects.toThrow('not answered');
  });

  test('is told to the member, and to who may read the conversation', async () => {
    const { world, person } = await registered();
    await perform(world, 'member.update', { butir: 'tahun', tahun: 2001 }, person);
    await perform(world, 'member.update', { butir: 'telepon', telepon: '+6281200000002' }, person);
    const perubahan = 'nomor (24 November 2026), tahun menjadi PSM (24 November 2026)';
    expect(await profileOf(world, person)).toMatchObject({ perubahan });
    const chain = await explain(localAdministrator('test'), world, person.contactId);
    expect(chain?.map(({ text }) => text)).toEqual([
      'corrected tahun, before: 1998',
      'corrected telepon, before: +6281…',
    ]);
  });
});

describe('a NIK', () => {
  const given = { butir: 'nik', nik };

  test('that is stored already stays, and goes to an officer', async () => {
    const { world, person } = await registered();
    const other = { butir: 'nik', nik: '9901015708700002' };
    expect(await perform(world, 'member.update', other, person)).toMatchObject({
      outcome: 'nik-stored',
      writes: [],
    });
    expect(await perform(world, 'member.update', given, person)).toMatchObject({ outcome: 'same' });
    expect(await storedOf(world)).toMatchObject({ nik });
  });

  test.each([
    ['somebody else', {}, false, 'nik-taken'],
    ['another member of the same phone', {}, true, 'nik-taken'],
    ['a pretended person', { simulator: true }, false, 'saved'],
  ])('of %s', async (_, options, shared, outcome) => {
    const { world, person } = await registered({ nama: 'Budi Contoh', nik: null });
    const [member] = await world.prisma.member.findMany();
    const owner = shared ? person : await addPerson(world, options);
    await perform(world, 'member.register', registration(), owner);
    const args = { ...given, anggota: member?.id ?? '' };
    expect(await perform(world, 'member.update', args, person)).toMatchObject({ outcome });
  });

  test('of two who give it at once one is refused by the database, and then told', async () => {
    const { world, person } = await registered({ nik: null });
    const other = await addPerson(world);
    await perform(world, 'member.register', registration({ nama: 'Budi Contoh', nik: null }), other);
    const first = await decide('member.update', given, contextOf(world, person));
    const second = await decide('member.update', given, contextOf(world, other));
    expect([first.outcome, second.outcome]).toEqual(['saved', 'saved']);
    const results = await Promise.allSettled([write(world, first.writes), write(world, second.writes)]);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused.map(isUniqueViolation)).toEqual([true]);
    expect(await count(world, 'member_change')).toBe(1);
    const loser = results[0].status === 'rejected' ? person : other;
    expect(await perform(world, 'member.update', given, loser)).toMatchObject({ outcome: 'nik-taken' });
  });
});

describe('where a number comes from', () => {
  test.each<readonly [string, string | null, string | null]>([
    ['a chair of the regency', '33.74', 'Kota Semarang'],
    ['a chair elsewhere', '33.22', null],
    ['no chair', null, null],
  ])('registered, with %s', async (_, area, ketua) => {
    const { world, person } = await registered();
    if (area !== null) await addHelper(world, 'chair', area);
    const asal = { terdaftar: '24 November 2026', ketua };
    for (const _twice of [1, 2])
      expect(await perform(world, 'contact.origin', {}, person)).toEqual({
        outcome: 'registered',
        values: { asal },
        writes: [],
      });
  });

  test('a former chair and a pretended one are not told, nor one of several regencies', async () => {
    const { world, person } = await registered();
    await addHelper(world, 'chair', '33.74', { simulator: true });
    const none = { values: { asal: { ketua: null } } };
    expect(await perform(world, 'contact.origin', {}, person)).toMatchObject(none);
    await addHelper(world, 'chair', '33.74');
    const elsewhere = registration({ nama: 'Budi Contoh', nik: null, wilayah: { kode: '33.15.04.2005' } });
    await perform(world, 'member.register', elsewhere, person);
    expect(await perform(world, 'contact.origin', {}, person)).toMatchObject(none);
    await world.prisma.memberContact.deleteMany({ where: { member: { name: 'Budi Contoh' } } });
    await world.prisma.roleGrant.updateMany({ data: { revokedAt: now } });
    expect(await perform(world, 'contact.origin', {}, person)).toMatchObject(none);
  });

  test('a stranger wrote first', async () => {
    const world = await openWorld();
    const stranger = await addPerson(world);
    expect(await perform(world, 'contact.origin', {}, stranger)).toMatchObject({ outcome: 'wrote' });
  });
});

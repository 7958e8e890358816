import { describe, expect, test } from 'vitest';
import { actions } from '../../src/domain/actions.js';
import { countByPart } from '../../src/domain/area-counts.js';
import { pngOf } from '../../src/domain/picture.js';
import { type RoleName, viewerOf } from '../../src/domain/roles.js';
import { fileTypeOf } from '../../src/flow/attachment.js';
import { isRecord, type JsonRecord } from '../../src/flow/json.js';
import { attachmentBytes } from '../../src/store/attachments.js';
import {
  addHelper,
  addMember,
  addPerson,
  looksIn,
  now,
  openWorld,
  type Person,
  perform,
  type World,
} from './world.js';

const sekaran = '33.74.14.1001';
const toroh = '33.15.08.2001';

interface Made {
  readonly name?: string;
  readonly born?: string | null;
  readonly village?: string;
  readonly claimed?: boolean;
  readonly sk?: string;
  readonly standing?: string;
  readonly simulator?: boolean;
}

/** A member, made without a talk; gives its id. */
async function member(world: World, options: Made = {}): Promise<string> {
  const { born = '1970-08-17', village = sekaran, claimed = true, sk, standing = 'active' } = options;
  const id = world.newId();
  await world.prisma.member.create({
    data: {
      ...{ id, name: options.name ?? 'Contoh', birthDate: born, regionCode: village, standing },
      ...(claimed ? { sex: 'P', education: 'sma', psmSince: 2001 } : {}),
      ...{ claimedAt: claimed ? now : null, simulator: options.simulator ?? false },
      ...(sk === undefined ? {} : { sk: { create: [{ status: sk }] } }),
    },
  });
  return id;
}

/** Lets a verifier have the SK of a member open. */
async function opened(world: World, memberId: string): Promise<void> {
  const data = {
    ...{ status: 'diperiksa', heldBy: (await addPerson(world)).contactId },
    ...{ heldFrom: 'dilaporkan_ada', heldUntil: now },
  };
  await world.prisma.skMember.update({ where: { memberId }, data });
}

describe('the counts of an area', () => {
  const seen = (world: World, role: RoleName, area: string, simulator = false) =>
    countByPart(viewerOf('somebody', [{ role, area }], simulator), { db: world.pool, now });

  test('are told part by part: regencies of the province, districts of a regency, villages below', async () => {
    const world = await openWorld();
    await member(world, { sk: 'terverifikasi', born: '1990-01-01' });
    await opened(world, await member(world, { sk: 'dilaporkan_ada', claimed: false }));
    await member(world, { sk: 'dilaporkan_ada' });
    await member(world, { standing: 'suspended' });
    await member(world, { simulator: true });
    await member(world, { village: toroh, sk: 'perlu_perbaikan' });
    const here = { registered: 2, listed: 1, verified: 1, waiting: 2, young: 1 };
    const nobody = { registered: 0, listed: 0, verified: 0, waiting: 0, young: 0 };
    const province = await seen(world, 'province-team', '33');
    expect(province).toHaveLength(35);
    expect(province).toContainEqual({ place: 'Kota Semarang', ...here });
    expect(province).toContainEqual({ place: 'Kabupaten Grobogan', ...nobody, registered: 1 });
    const city = await seen(world, 'chair', '33.74');
    expect(city).toHaveLength(16);
    expect(city).toContainEqual({ place: 'Kecamatan Mijen', ...here });
    const district = await seen(world, 'operator', '33.74.14');
    expect(district).toHaveLength(14);
    expect(district.filter(({ registered }) => registered > 0)).toHaveLength(1);
    expect(await seen(world, 'operator', sekaran)).toEqual([
      { place: expect.stringMatching(/^Kelurahan /), ...here },
    ]);
    expect(await seen(world, 'chair', '33.74', true)).toContainEqual({
      place: 'Kecamatan Mijen',
      ...nobody,
      registered: 1,
    });
    expect(await seen(world, 'member', '33.74')).toEqual([]);
  });

  test('come with a picture, which its asker alone is sent', async () => {
    const world = await openWorld();
    await member(world, { sk: 'terverifikasi' });
    await member(world, { village: toroh });
    const chair = await addHelper(world, 'chair', '33.74');
    const { outcome, values } = await perform(world, 'area.summary', {}, chair);
    expect(outcome).toBe('found');
    expect(values['ringkasan']).toEqual({
      ...{ tempat: 'Kota Semarang', tanggal: '24 November 2026', anggota: '1', terdaftar: '1', terdata: '0' },
      ...{ sah: '1', persen: '100', menunggu: '0', belum: '0', muda: '0', pengurus: 'Belum ada ketua' },
    });
    const [picture] = list(values['gambar']);
    expect(picture).toMatchObject({ kind: 'photo', mime: 'image/png', name: 'ringkasan.png' });
    const bytes = await attachmentBytes(
      { db: world.pool, vault: world.vault, fileStore: world.fileStore },
      String(picture?.['content']),
    );
    expect(fileTypeOf(bytes ?? new Uint8Array())).toBe('png');
    expect(bytes).toHaveLength(Number(picture?.['size']));
    expect(await world.prisma.attachment.findMany()).toMatchObject([
      { contactId: chair.contactId, type: 'chart' },
    ]);
    expect(await world.prisma.auditEntry.findMany({ where: { action: 'summary' } })).toMatchObject([
      { person: null },
    ]);
  });

  test('tell of several boards how many are active, and of a district none', async () => {
    const world = await openWorld();
    await member(world);
    const of = async (person: Person) => {
      const { values } = await perform(world, 'area.summary', {}, person);
      return Object(values['ringkasan']);
    };
    expect(await of(await addHelper(world, 'province-team', '33'))).toMatchObject({
      ...{ tempat: 'Provinsi Jawa Tengah', pengurus: 'aktif di 0 dari 35 kabupaten/kota' },
    });
    expect(await of(await addHelper(world, 'operator', '33.74.14'))).toMatchObject({
      ...{ tempat: 'Kecamatan Mijen', pengurus: null },
    });
  });

  test('of an area without members, or for nobody with a role, are none', async () => {
    const world = await openWorld();
    await member(world);
    const far = await addHelper(world, 'chair', '33.15');
    expect(await perform(world, 'area.summary', {}, far)).toMatchObject({ outcome: 'none', writes: [] });
    const stranger = await addPerson(world);
    expect(await perform(world, 'area.summary', {}, stranger)).toMatchObject({ outcome: 'none', writes: [] });
  });
});

function list(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

test('what is no drawing is a failure, and nobody waits for it for ever', async () => {
  await expect(pngOf('no drawing')).rejects.toThrow(
    'the process that makes a picture ended with 1 and no picture',
  );
});

describe('what waits', () => {
  test('is counted by kind, each for who may do it there', async () => {
    const world = await openWorld();
    await addMember(world);
    await addMember(world, { nik: '9901015708700002' });
    const asker = await addMember(world, { nama: 'Wati Contoh', nik: '9901015708700003' });
    await perform(world, 'privacy.ask', { jenis: 'access', isi: 'Mohon salinan data saya' }, asker);
    await perform(world, 'handover.open', {}, await addPerson(world), { regionCode: sekaran });
    await perform(world, 'death.report', {}, asker);
    await world.db.pool.query(
      `INSERT INTO number_change (id, member_id, address_id, other_id, asked_at)
       SELECT gen_random_uuid(), member_id, $2, $3, now() FROM member_contact WHERE contact_id = $1`,
      [asker.contactId, (await addPerson(world)).addressId, asker.addressId],
    );
    const duties = async (person: Person) => {
      const { outcome, values } = await perform(world, 'area.duties', {}, person);
      return { outcome, ...Object(values['tugas']) };
    };
    const batas = 'sebelum 27 November pukul 10.00 WIB';
    const all = { outcome: 'some', sk: '3', data: '1', batas, permintaan: '1', nomor: '1', wafat: '1' };
    expect(await duties(await addHelper(world, 'chair', '33.74'))).toEqual({ ...all, mirip: '1' });
    expect(await duties(await addHelper(world, 'operator', '33.74.14'))).toEqual({ ...all, mirip: null });
    expect(await duties(await addHelper(world, 'province-team', '33'))).toEqual({
      ...all,
      ...{ sk: null, mirip: null, nomor: null, wafat: null },
    });
    expect(await duties(await addHelper(world, 'chair', '33.15'))).toEqual({ outcome: 'none' });
  });
});

test('nothing of it is for who has no role', async () => {
  const world = await openWorld();
  const stranger = await addPerson(world);
  for (const name of Object.keys(actions).filter((one) => one.startsWith('area.')))
    expect((await perform(world, name, {}, stranger)).outcome).toBe('none');
  expect(await looksIn(world)).toEqual([]);
});

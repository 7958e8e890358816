import fc from 'fast-check';
import readSheets from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import { readResidencies } from '../../src/domain/areas.js';
import {
  cardOf,
  findByName,
  membersById,
  membersOfVillage,
  membersWithoutSk,
} from '../../src/domain/found-members.js';
import { may, type RoleName, viewerOf } from '../../src/domain/roles.js';
import { isRecord, type Json, type JsonRecord } from '../../src/flow/json.js';
import { attachmentBytes } from '../../src/store/attachments.js';
import {
  addHelper,
  addInbound,
  addMember,
  addPerson,
  count,
  everything,
  looksIn,
  now,
  openWorld,
  type Person,
  perform,
  type World,
} from './world.js';

const village = '33.74.14.1001';
const neighbour = '33.74.14.1002';
const far = '33.16.01.2001';

interface Made {
  readonly village?: string;
  readonly sk?: string;
  readonly claimed?: boolean;
  readonly standing?: string;
  readonly simulator?: boolean;
}

/** A member, made without a talk; gives its id. */
async function member(world: World, name: string, options: Made = {}): Promise<string> {
  const { claimed = true, sk, standing = 'active', simulator = false } = options;
  const id = world.newId();
  await world.prisma.member.create({
    data: {
      ...{ id, name, regionCode: options.village ?? village, standing, simulator },
      ...(claimed
        ? { claimedAt: now, birthDate: '1970-08-17', sex: 'P', education: 'sma', psmSince: 2001 }
        : {}),
      ...(sk === undefined ? {} : { sk: { create: [{ status: sk }] } }),
    },
  });
  return id;
}

const ask = async (world: World, name: string, args: JsonRecord, person: Person) => {
  const { outcome, values } = await perform(world, name, args, person);
  return { outcome, values };
};
const records = (value: Json | undefined): readonly JsonRecord[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];
const labels = (value: Json | undefined) => records(value).map(({ label }) => label);

describe('looking for a name', () => {
  const names = ['SRI CONTOHWATI', 'Dra. Sri Contohsari, M.Si', 'Soekarno Contoh', 'Slamet', 'Wati'];
  test.each<[string, string, readonly string[]]>([
    ['by a part of it', 'contoh', ['Dra. Sri Contohsari, M.Si', 'SRI CONTOHWATI', 'Soekarno Contoh']],
    ['by two parts in any order', 'contohw sri', ['SRI CONTOHWATI']],
    ['with the title that stands before it', 'Dra Sri Contohsari', ['Dra. Sri Contohsari, M.Si']],
    ['in another spelling', 'sukarno', ['Soekarno Contoh']],
    ['with one letter wrong', 'selamet', ['Slamet']],
    ['not by a short word with one letter wrong', 'sra', []],
    ['not by the middle of a word', 'karno', []],
    ['not by one word twice', 'wati w', []],
  ])('finds %s', async (_, typed, found) => {
    const world = await openWorld();
    for (const name of names) await member(world, name);
    const viewer = viewerOf('somebody', [{ role: 'chair', area: '33.74' }], false);
    const { count: all, people } = await findByName(viewer, typed, 8, world.pool);
    expect(people.map(({ name }) => name)).toEqual(found);
    expect(all).toBe(found.length);
  });

  test('by chat offers the first eight, says how many more there are, and keeps who was seen', async () => {
    const world = await openWorld();
    const ids = await Promise.all(
      Array.from({ length: 10 }, (_, at) => member(world, `Sri Contoh ${String.fromCharCode(65 + at)}`)),
    );
    await member(world, 'Sri Jauh', { village: far });
    const chair = await addHelper(world, 'chair', '33.74');
    const { outcome, values } = await ask(world, 'people.find', { nama: 'sri' }, chair);
    expect(outcome).toBe('some');
    expect(values['temuan']).toEqual({ jumlah: '10', lebih: '2' });
    expect(labels(values['daftar'])).toHaveLength(8);
    expect(labels(values['daftar'])[0]).toMatch(/^Sri Contoh A, Kelurahan /);
    const seen = await looksIn(world, 'find-member');
    expect(seen.map(({ subject }) => subject).sort()).toEqual(ids.slice(0, 8).sort());
    expect(seen[0]?.viewer).toBe(chair.contactId);
    expect((await ask(world, 'people.find', { nama: 'jauh' }, chair)).outcome).toBe('none');
  });
});

describe('a card', () => {
  test('shows a member of the own area with NIK and number cut, and the look is kept', async () => {
    const world = await openWorld();
    await addMember(world);
    const [one] = await world.prisma.member.findMany();
    const chair = await addHelper(world, 'chair', '33.74');
    const { values } = await ask(world, 'people.show', { anggota: one?.id ?? '' }, chair);
    expect(values['kartu']).toMatchObject({
      ...{ nama: 'Sri Contohwati', lahir: '1970', sejak: '1998', sk: 'Menunggu pemeriksaan' },
      ...{ telepon: '0812…', asal: 'mendaftar sendiri' },
      wilayah: expect.stringMatching(/^Kelurahan .+, Kecamatan Mijen, Kota Semarang$/),
    });
    for (const secret of ['9901015708700001', '81200009999', '1970-08-17'])
      expect(JSON.stringify(values)).not.toContain(secret);
    expect(await looksIn(world, 'show-member')).toMatchObject([
      { viewer: chair.contactId, subject: one?.id },
    ]);
  });

  test('of a listed one leaves out what the list does not say; elsewhere there is none', async () => {
    const world = await openWorld();
    const id = await member(world, 'WATI CONTOH', { claimed: false });
    const seen = await ask(
      world,
      'people.show',
      { anggota: id },
      await addHelper(world, 'operator', '33.74.14'),
    );
    expect(seen.values['kartu']).toMatchObject({
      ...{ nama: 'Wati Contoh', lahir: null, sejak: null, nik: null, telepon: null },
      ...{ sk: 'Belum ada SK', asal: 'baru terdata dari daftar' },
    });
    const other = await addHelper(world, 'chair', '33.16');
    expect((await ask(world, 'people.show', { anggota: id }, other)).outcome).toBe('gone');
    expect((await ask(world, 'people.show', { anggota: id }, await addPerson(world))).outcome).toBe('gone');
  });
});

describe('the members of a village', () => {
  test('are found by its name in the own area, page by page', async () => {
    const world = await openWorld();
    const { name, kind } = await world.prisma.region.findUniqueOrThrow({ where: { code: village } });
    for (let at = 0; at < 12; at += 1)
      await member(world, `Contoh ${String.fromCharCode(65 + at)}`, { sk: 'terverifikasi' });
    await member(world, 'Contoh Tetangga', { village: neighbour });
    await member(world, 'Contoh Ditangguhkan', { standing: 'suspended' });
    const chair = await addHelper(world, 'chair', '33.74');
    const found = await ask(world, 'people.find-village', { nama: `kel ${name}` }, chair);
    expect(found).toMatchObject({
      outcome: 'one',
      values: { wilayah: { kode: village, nama: `${kind} ${name}` } },
    });
    const first = await ask(world, 'people.of-village', { desa: village }, chair);
    expect(first).toMatchObject({ outcome: 'more', values: { halaman: { jumlah: '12', sampai: '10' } } });
    const rest = await ask(world, 'people.of-village', { desa: village, sesudah: '10' }, chair);
    expect(rest.values['halaman']).toEqual({
      ...{ jumlah: '12', sampai: '12' },
      rincian: '- Contoh K, Sudah terverifikasi\n- Contoh L, Sudah terverifikasi',
    });
    expect(rest.outcome).toBe('last');
    expect((await ask(world, 'people.of-village', { desa: village, sesudah: '12' }, chair)).outcome).toBe(
      'none',
    );
    expect((await ask(world, 'people.of-village', { desa: far }, chair)).outcome).toBe('none');
    expect(await looksIn(world, 'list-village')).toHaveLength(12);
  });

  test('of a name that several villages have are asked for by the kecamatan; one elsewhere is not found', async () => {
    const world = await openWorld();
    const twice = await world.pool.query<{ name: string; regency: string }>(
      `SELECT name, left(code, 5) AS regency FROM region WHERE level = 'village' GROUP BY 1, 2 HAVING count(*) = 2 ORDER BY 2, 1 LIMIT 1`,
    );
    const { name = '', regency = '' } = twice.rows[0] ?? {};
    const chair = await addHelper(world, 'chair', regency);
    const { outcome, values } = await ask(world, 'people.find-village', { nama: name }, chair);
    expect(outcome).toBe('several');
    const [, second] = records(values['daftar']);
    const picked = { nama: name, pilihan: second?.['id'] ?? null };
    expect(await ask(world, 'people.find-village', picked, chair)).toMatchObject({
      ...{ outcome: 'one', values: { wilayah: { kode: second?.['id'] } } },
    });
    const elsewhere = await addHelper(world, 'chair', regency === '33.74' ? '33.16' : '33.74');
    const unknown = await ask(world, 'people.find-village', { nama: 'Tidak Ada Namanya' }, elsewhere);
    expect(unknown.outcome).toBe('none');
  });
});

describe('members without a verified SK', () => {
  test('stand by district, page by page, and in a workbook without NIK and numbers', async () => {
    const world = await openWorld();
    await addMember(world);
    await member(world, 'Contoh Sah', { sk: 'terverifikasi' });
    await member(world, 'Contoh Mijen', { sk: 'ditolak', claimed: false });
    await member(world, 'Contoh Lain', { village: '33.74.15.1001' });
    await member(world, 'Contoh Jauh', { village: far });
    const chair = await addHelper(world, 'chair', '33.74');
    const { outcome, values } = await ask(world, 'people.without-sk', {}, chair);
    expect(outcome).toBe('last');
    expect(Object(values['halaman']).rincian.split('\n')).toEqual([
      expect.stringMatching(/^\*Kecamatan Mijen\*$/),
      expect.stringMatching(/^- Contoh Mijen, Kelurahan .*\. Belum ada SK$/),
      expect.stringMatching(/^- Sri Contohwati, Kelurahan .*\. Menunggu pemeriksaan$/),
      expect.stringMatching(/^\*Kecamatan /),
      expect.stringMatching(/^- Contoh Lain, /),
    ]);
    const made = await ask(world, 'people.file-without-sk', {}, chair);
    const [file] = records(made.values['berkas']);
    expect(file).toMatchObject({ kind: 'document', name: 'tanpa-sk.xlsx' });
    const { pool: db, vault, fileStore } = world;
    const bytes = await attachmentBytes({ db, vault, fileStore }, String(file?.['content']));
    const [sheet] = await readSheets(Buffer.from(bytes ?? []));
    expect(sheet?.data.map((row) => row[3])).toEqual([
      ...['Nama', 'Contoh Mijen', 'Sri Contohwati', 'Contoh Lain'],
    ]);
    expect(sheet?.data[2]?.slice(4)).toEqual(['Menunggu pemeriksaan', 'ya']);
    expect(JSON.stringify(sheet)).not.toMatch(/\d{9}/);
    expect(await looksIn(world, 'list-without-sk')).toHaveLength(6);
  });

  test('are none where all are verified, and too many for one file where it is a province', async () => {
    const world = await openWorld();
    const chair = await addHelper(world, 'chair', '33.74');
    expect((await ask(world, 'people.without-sk', {}, chair)).outcome).toBe('none');
    expect((await ask(world, 'people.file-without-sk', {}, chair)).outcome).toBe('none');
    await world.pool.query(
      `INSERT INTO member (id, name, region_code, simulator, created_at)
       SELECT gen_random_uuid(), 'Contoh', $1, false, $2 FROM generate_series(1, 3001)`,
      [village, now],
    );
    const made = await ask(world, 'people.file-without-sk', {}, chair);
    expect(made.outcome).toBe('too-long');
    expect(await count(world, 'attachment')).toBe(0);
  });
});

test('nobody sees a member outside the own area, whatever the role, the area and the way of looking', async () => {
  const world = await openWorld();
  const residencyOf = await readResidencies(world.prisma);
  const villages = [village, neighbour, '33.74.15.1001', far, '33.15.08.2001'];
  const ids = new Map<string, string>();
  for (const code of villages) ids.set(await member(world, 'Sri Contoh', { village: code }), code);
  await member(world, 'Sri Contoh', { simulator: true });
  const areas = ['33', 'residency/pati', 'residency/semarang', '33.74', '33.16', '33.74.14', ...villages];
  const roles: readonly RoleName[] = ['province-team', 'residency-lead', 'chair', 'operator', 'member'];
  const grants = fc.array(fc.record({ role: fc.constantFrom(...roles), area: fc.constantFrom(...areas) }), {
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(grants, async (held) => {
      const viewer = viewerOf('somebody', held, false);
      const allowed = [...ids].filter(([, code]) => may(viewer, 'read-people', code, residencyOf));
      const own = allowed.map(([id]) => id).sort();
      const db = world.pool;
      const all = { most: 100, after: 0 };
      const found = [
        (await findByName(viewer, 'sri', 100, db)).people,
        await membersById(viewer, [...ids.keys()], db),
        (await membersWithoutSk(viewer, all, db)).people,
        (await Promise.all(villages.map((code) => membersOfVillage(viewer, code, all, db)))).flatMap(
          ({ people }) => people,
        ),
        (await Promise.all([...ids.keys()].map((id) => cardOf(viewer, id, db)))).flatMap(
          (card) => card ?? [],
        ),
      ];
      for (const people of found) expect(people.map(({ id }) => id).sort()).toEqual(own);
    }),
    { numRuns: 60 },
  );
});

test('an erased member is in no list that anybody was shown, and in no file that was made', async () => {
  const world = await openWorld();
  const person = await addMember(world);
  const chair = await addHelper(world, 'chair', '33.74');
  const shown: readonly (readonly [string, JsonRecord])[] = [
    ['people.find', { nama: 'sri' }],
    ['people.without-sk', {}],
    ['people.of-village', { desa: village }],
    ['people.file-without-sk', {}],
  ];
  for (const [action, args] of shown) {
    const inbound = await addInbound(world, chair, 'cari Sri Contohwati');
    await world.pool.query(`UPDATE inbound SET outcomes = $2, processed_at = $3 WHERE id = $1`, [
      ...[inbound, [action], now],
    ]);
    const { values } = await perform(world, action, args, chair, { inboundId: inbound });
    const body = world.vault.sealJson({ text: JSON.stringify(values), choices: [], question: null });
    await world.pool.query(
      `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, cause, due_at, created_at)
       VALUES ($1, $2, $3, 'wa', 'reply', 'read', $4, $5, $6, $6)`,
      [world.newId(), chair.contactId, chair.addressId, body, inbound, now],
    );
  }
  expect(await count(world, 'attachment')).toBe(1);
  expect(await everything(world)).toContain('Contohwati');
  await perform(world, 'privacy.erase', { anggota: null }, person);
  expect(await count(world, 'attachment')).toBe(0);
  expect((await everything(world)).toLowerCase()).not.toContain('contohwati');
});

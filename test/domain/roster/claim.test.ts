import { beforeEach, expect, test } from 'vitest';
import { localAdministrator } from '../../../src/domain/roles.js';
import { importRoster } from '../../../src/domain/roster/import.js';
import { countsOf } from '../../../src/domain/roster/report.js';
import type { JsonRecord } from '../../../src/flow/json.js';
import { buildRegionIndex } from '../../../src/flow/region-index.js';
import { readRegions } from '../../../src/store/regions.js';
import { addPerson, openWorld, type Person, perform, registration, type World } from '../world.js';

const regions = buildRegionIndex(await readRegions());
const village = regions.get('33.74.14.1001');
const district = regions.get('33.74.14');
const listedPhone = '+6281200007777';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

/** A list with one line, about the person of `registration()` unless said otherwise. */
async function listed(more: Readonly<Record<string, string>> = {}) {
  const line = {
    Nama: 'Sri Contohwati, S.Sos',
    NIK: '9901015708700001',
    'Tanggal lahir': '17-08-1970',
    Kota: 'Kota Semarang',
    Kecamatan: district?.name ?? '',
    Desa: village?.name ?? '',
    'Nomor SK': '141/12/2020',
    ...more,
  };
  const text = [Object.keys(line), Object.values(line)].map((cells) => cells.join(';')).join('\n');
  const file = { bytes: Buffer.from(text), byHand: {}, regency: null };
  const wish = { viewer: localAdministrator('test'), regions, apply: true, simulator: false };
  const done = await importRoster(file, wish, world);
  if (!done.ok) throw new Error(done.what);
  return countsOf(done.planned);
}

async function registered(more: JsonRecord = {}, person?: Person): Promise<string> {
  const who = person ?? (await addPerson(world));
  return (await perform(world, 'member.register', registration(more), who)).outcome;
}

async function kept() {
  const members = await world.prisma.member.findMany({
    include: { sk: true },
    orderBy: { createdAt: 'asc' },
  });
  const twins = await world.prisma.memberTwin.findMany();
  return { members, twins };
}

test('is counted as listed, and nobody is written to', async () => {
  expect(await listed()).toMatchObject({ new: 1 });
  const { members } = await kept();
  expect(members).toMatchObject([{ claimedAt: null, sex: null, education: null }]);
  expect(await world.prisma.memberContact.count()).toBe(0);
});

test('is claimed by who has the NIK and the birth date; what he says replaces the list', async () => {
  await listed();
  expect(await registered({ 'nomor-sk': '141/07/2021' })).toBe('registered');
  const { members, twins } = await kept();
  expect([members.length, twins.length]).toEqual([1, 0]);
  expect(members[0]).toMatchObject({
    name: 'SRI CONTOHWATI',
    education: 'sma',
    sk: [{ status: 'dilaporkan_ada' }],
  });
  expect(members[0]?.claimedAt).not.toBeNull();
});

test('the SK of the list stays for somebody who has forgotten its number', async () => {
  await listed();
  const [before] = await world.prisma.skDocument.findMany();
  await registered({ sk: 'tanpa-nomor', 'nomor-sk': null, 'tanggal-sk': null, 'penerbit-sk': null });
  expect((await world.prisma.skDocument.findMany()).map(({ id }) => id)).toEqual([before?.id]);
  expect((await kept()).members[0]?.sk).toMatchObject([{ documentId: before?.id }]);
});

test('with a phone in the list, only the phone that is proved may claim', async () => {
  await listed({ 'No HP': '081200007777' });
  expect(await registered()).toBe('registered');
  const { members, twins } = await kept();
  const claimed = members.map(({ claimedAt, nikIndex }) => [claimedAt !== null, nikIndex !== null]);
  expect(claimed.toSorted()).toEqual([
    [false, true],
    [true, false],
  ]);
  expect(twins).toMatchObject([{ verdict: 'open' }]);
  expect(twins[0]?.nikSealed).not.toBeNull();
});

test('the proved phone of the list claims', async () => {
  await listed({ 'No HP': '081200007777' });
  expect(await registered({}, await addPerson(world, { phone: listedPhone }))).toBe('registered');
  const { members, twins } = await kept();
  expect([members.length, twins.length]).toEqual([1, 0]);
});

test.each([
  ['another birth date', { lahir: { tempat: 'Semarang', tanggal: '1970-08-18' } }, true],
  ['no NIK, but the same name, birth date and village', { nik: null }, false],
])('leaves it to a human: %s', async (_, more, holdsNik) => {
  await listed();
  expect(await registered(more)).toBe('registered');
  const { members, twins } = await kept();
  expect(members.length).toBe(2);
  expect(twins.map(({ nikSealed }) => nikSealed !== null)).toEqual([holdsNik]);
});

test('somebody of another name in that village is nobody’s twin', async () => {
  await listed();
  await registered({ nik: null, nama: 'Budi Contoh' });
  expect((await kept()).twins).toEqual([]);
});

test('a NIK that is registered is taken; one only a list knows is free', async () => {
  await listed();
  const person = await addPerson(world);
  const check = async () => (await perform(world, 'nik.check', { nik: '9901015708700001' }, person)).outcome;
  expect(await check()).toBe('free');
  await registered();
  expect(await check()).toBe('taken');
  expect(await registered({ nama: 'Budi Contoh' })).toBe('nik-taken');
});

test('of two who claim one line at once the second starts again, and then it is taken', async () => {
  await listed();
  const [one, other] = [await addPerson(world), await addPerson(world)];
  const { contextOf, decide, write } = await import('../world.js');
  const both = await Promise.all(
    [one, other].map((who) => decide('member.register', registration(), contextOf(world, who))),
  );
  await write(world, both[0]?.writes ?? []);
  await expect(write(world, both[1]?.writes ?? [])).rejects.toThrow('found nothing any more');
  expect(await registered({}, other)).toBe('nik-taken');
});

test('a list that comes after the registration changes nothing of it', async () => {
  await registered();
  expect(await listed({ Pendidikan: 'SD' })).toMatchObject({ registered: 1, new: 0, changed: 0 });
  expect((await kept()).members).toMatchObject([{ education: 'sma' }]);
});

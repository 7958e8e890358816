import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import * as audience from '../../src/cli/audience.js';
import * as broadcast from '../../src/cli/broadcast.js';
import { keepIn } from '../../src/store/files.js';
import { writeTogether } from '../../src/store/transaction.js';
import { addMember, looksIn, openWorld, type World } from '../domain/world.js';

let world: World;
let said: string[] = [];
let desk: broadcast.Desk;
beforeEach(async () => {
  world = await openWorld();
  said = [];
  const outreach = { secondYesAbove: 50, speeds: {}, opens: (at: Date) => at, prices: null };
  const write = (statements: Parameters<typeof writeTogether>[1]) => writeTogether(world.pool, statements);
  const keepFile = (bytes: Uint8Array) => keepIn(world.fileStore, bytes);
  desk = { records: world, outreach, write, print: (line) => void said.push(line), keepFile };
  await addMember(world);
});

const by = { by: 'Sri', area: '33' };

function sheet(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sapa-audience-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'daftar.csv');
  writeFileSync(file, text);
  return file;
}

test('a query is kept under a name, told with what it means, used, and removed', async () => {
  expect(await audience.save(desk, 'Semua PSM', { ...by, to: 'anggota' })).toBe(true);
  expect(said).toEqual(['Orang: 1', 'Pesan: 1 (test 1)', expect.stringContaining('daftar:semua-psm')]);
  expect(await world.prisma.namedList.findMany()).toMatchObject([
    { name: 'semua-psm', area: '33', audience: { members: 'any' }, madeBy: 'local:sri' },
  ]);
  expect(await audience.save(desk, 'semua-psm', { ...by, to: 'semua' })).toBe(false);
  const wish = { by: 'sri', text: 'Rapat hari Senin.', to: 'daftar:semua-psm' };
  expect(await broadcast.newBroadcast(desk, null, wish)).toBe(true);
  expect(said).toContain('Kepada: daftar:semua-psm');
  said = [];
  expect(await audience.showAll(desk)).toBe(true);
  expect(said).toEqual(['33  semua-psm: anggota:semua (2026-11-24)']);
  expect(await audience.remove(desk, 'semua-psm', by)).toBe(true);
  expect(await audience.remove(desk, 'semua-psm', by)).toBe(false);
  const number = (await world.prisma.broadcast.findFirstOrThrow()).number;
  said = [];
  expect(await broadcast.preview(desk, number)).toBe(false);
  expect(await broadcast.approve(desk, number, 'sri')).toBe(false);
  expect(await broadcast.newBroadcast(desk, null, wish)).toBe(false);
  expect(said).toEqual([
    `${number}: Daftar "semua-psm" tidak ada, atau sudah dihapus.`,
    expect.stringContaining('names a list that is not there'),
    'to: Daftar "semua-psm" tidak ada, atau sudah dihapus.',
  ]);
  expect(await world.prisma.broadcast.count()).toBe(1);
});

test('the people of a sheet are kept, and each line that fits nobody is told', async () => {
  const file = sheet('Nama;NIK\nSri Contohwati;9901015708700001\nTidak Ada;\n');
  expect(await audience.save(desk, 'inti', { ...by, file })).toBe(true);
  expect(said).toEqual([
    'baris 3 (Tidak Ada): Nama ini tidak ditemukan di wilayah Bapak/Ibu.',
    'List inti is kept: 1 people, 1 lines left out. Use it: daftar:inti',
  ]);
  said = [];
  expect(await audience.show(desk, 'inti', { ...by, area: 'Provinsi' })).toBe(false);
  expect(await audience.show(desk, 'inti', by)).toBe(true);
  expect(said.slice(1)).toEqual([
    '33  inti: 1 people (2026-11-24)',
    'Orang: 1',
    'Pesan: 1 (test 1)',
    expect.stringMatching(/^ {2}Sri Contohwati, /),
  ]);
  expect((await looksIn(world, 'choose-people')).length).toBe(2);
});

test.each([
  ['!', { to: 'semua' }, 'is no name of a list'],
  ['inti', { to: 'semua', area: 'Negeri Jauh' }, 'no area'],
  ['inti', {}, '--to QUERY'],
  ['inti', { to: 'teman saya' }, 'to: Kami belum mengerti'],
  ['inti', { to: 'daftar:lain' }, 'to: Sebuah daftar tidak dapat berisi daftar lain'],
  ['inti', { file: '/tidak/ada.xlsx' }, 'cannot be read'],
])('what is wrong is said, and nothing is kept: %s %j', async (name, wish, what) => {
  expect(await audience.save(desk, name, { ...by, ...wish })).toBe(false);
  expect(said.join('\n')).toContain(what);
  expect(await world.prisma.namedList.count()).toBe(0);
});

test('a sheet in which nobody is found keeps nothing', async () => {
  expect(
    await audience.save(desk, 'inti', { ...by, file: sheet('Telepon;Nama\n081200000999;Tidak Ada\n') }),
  ).toBe(false);
  expect(said.at(-1)).toContain('Nobody of that file was found');
  expect(await audience.save(desk, 'inti', { ...by, file: sheet('PK\u0003\u0004 rusak') })).toBe(false);
  expect(said.at(-1)).toContain('tidak dapat dibaca');
});

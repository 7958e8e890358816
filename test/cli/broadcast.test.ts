import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import * as broadcast from '../../src/cli/broadcast.js';
import { channelCapabilities } from '../../src/flow/capabilities.js';
import { keepIn } from '../../src/store/files.js';
import { writeTogether } from '../../src/store/transaction.js';
import { addHelper, addMember, looksIn, openWorld, textsTo, type World } from '../domain/world.js';

let world: World;
let said: string[] = [];
let desk: broadcast.Desk;
beforeEach(async () => {
  world = await openWorld();
  said = [];
  const outreach = { secondYesAbove: 0, speeds: {}, opens: (at: Date) => at, prices: null };
  const write = (statements: Parameters<typeof writeTogether>[1]) => writeTogether(world.pool, statements);
  const keepFile = (bytes: Uint8Array) => keepIn(world.fileStore, bytes);
  desk = { records: world, outreach, write, print: (line) => void said.push(line), keepFile };
  const sri = await addMember(world);
  await world.prisma.member.create({
    data: {
      ...{ id: world.newId(), name: 'BUDI CONTOH', regionCode: '33.74.14.1001' },
      phoneSealed: new Uint8Array(world.vault.seal('+628120000777')),
    },
  });
  expect(sri.simulator).toBe(false);
});

const text = 'Rapat hari *Senin* pukul 9.';
const only = async () => (await world.prisma.broadcast.findMany()).at(-1);

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sapa-broadcast-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

test('made from options, seen on every channel, sent by another one than its maker', async () => {
  expect(await broadcast.newBroadcast(desk, null, { by: 'Sri', text, to: 'anggota' })).toBe(true);
  const made = await only();
  expect(made).toMatchObject({ state: 'draft', createdBy: 'local:sri', area: '33', urgency: 'normal' });
  expect(said).toContain('Kepada: anggota:semua');
  expect(said).toContain('Orang: 2');
  expect(said.filter((line) => line.startsWith('---')).length).toBe(
    Object.keys(channelCapabilities).length + 1,
  );
  expect(said.join('\n')).toContain('Yth. Bapak/Ibu Nama Anggota,');
  expect(said.join('\n')).toContain('ketik *BERHENTI*');
  const number = made?.number ?? 0;
  const yes = (by: string) => broadcast.approve(desk, number, by);
  expect([await yes('budi'), said.at(-1)]).toEqual([
    false,
    expect.stringContaining('draft of somebody else'),
  ]);
  expect([await yes('SRI '), said.at(-1)]).toEqual([
    true,
    expect.stringContaining('waits for a second person'),
  ]);
  expect([await yes('sri'), said.at(-1)]).toEqual([
    false,
    expect.stringContaining('cannot be the second person'),
  ]);
  expect([await yes('budi'), said.at(-1)]).toEqual([true, `Broadcast ${number} goes out: 1 messages.`]);
  expect([await yes('budi'), said.at(-1)]).toEqual([false, expect.stringContaining('decided already')]);
  expect(await broadcast.preview(desk, number)).toBe(true);
  expect(await broadcast.preview(desk, 999_999)).toBe(false);
});

test('made from a file; the officers of its area are asked in the chat', async () => {
  const team = await addHelper(world, 'province-team', '33');
  const file = join(folder(), 'siaran.yaml');
  writeFileSync(
    file,
    `text: ${text}\nto: wilayah:33.74\nurgency: lawful\narea: "33.74"\nexpires: "2026-12-01T09:00:00+07:00"\n`,
  );
  expect(await broadcast.newBroadcast(desk, file, { by: 'sri' })).toBe(true);
  const made = await only();
  expect(made).toMatchObject({
    ...{ urgency: 'lawful', area: '33.74', audience: { area: '33.74' } },
    expiresAt: new Date('2026-12-01T02:00:00Z'),
  });
  await broadcast.approve(desk, made?.number ?? 0, 'sri');
  expect(await textsTo(world, team)).toEqual([expect.stringContaining('kewajiban hukum')]);
});

const pdf = Buffer.from('%PDF-1.7 contoh');

/** The YAML of a broadcast beside the file it names. */
function beside(bytes: Buffer, words = text): string {
  const made = folder();
  writeFileSync(join(made, 'surat'), bytes);
  writeFileSync(join(made, 'siaran.yaml'), `text: ${words}\nto: anggota\nlampiran: ./surat\n`);
  return join(made, 'siaran.yaml');
}

test('a file goes along: kept, and shown on every channel that carries it', async () => {
  expect(await broadcast.newBroadcast(desk, beside(pdf), { by: 'sri' })).toBe(true);
  const carried = said.filter((line) => line === '[siaran.pdf, 1 KB]');
  expect(carried.length).toBe(Object.keys(channelCapabilities).length);
  const [kept] = await world.prisma.attachment.findMany();
  expect(kept).toMatchObject({ contactId: null, type: 'letter', size: pdf.length });
  expect(await world.fileStore.read(kept?.file ?? '')).toEqual(pdf);
  const made = await only();
  expect(world.vault.openJson(Buffer.from(made?.bodySealed ?? []))).toMatchObject({
    enclosure: { kind: 'document', content: kept?.id, mime: 'application/pdf', name: 'siaran.pdf' },
  });
  const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(600_000)]);
  expect(await broadcast.newBroadcast(desk, beside(photo), { by: 'sri' })).toBe(true);
  expect(said).toContain('[siaran.jpg, 600 KB]');
});

test.each([
  ['no photo and no PDF', Buffer.from('halo'), text, 'neither a photo'],
  ['a sheet', Buffer.from('a;b\nc;d\n'), text, 'neither a photo'],
  ['too large', Buffer.concat([pdf, Buffer.alloc(5_000_000)]), text, '5,0 MB; 5 MB is the most'],
  ['under too long a text', pdf, 'x'.repeat(625), 'at most 624 characters; these are 625'],
])('a file that cannot go along is told, and nothing is kept: %s', async (_, bytes, words, what) => {
  expect(await broadcast.newBroadcast(desk, beside(bytes, words), { by: 'sri' })).toBe(false);
  expect(said.join('\n')).toContain(what);
  expect([await only(), await world.prisma.attachment.count()]).toEqual([undefined, 0]);
});

test('a file that is not there is told', async () => {
  const made = join(folder(), 'siaran.yaml');
  writeFileSync(made, `text: ${text}\nto: anggota\nlampiran: hilang.pdf\n`);
  expect(await broadcast.newBroadcast(desk, made, { by: 'sri' })).toBe(false);
  expect(said.join('\n')).toMatch(/lampiran: ".*hilang\.pdf" cannot be read/);
});

test.each([
  [{ text: 'pendek', to: 'semua' }, 'text: '],
  [{ text }, 'to: '],
  [{ text, to: 'teman saya' }, 'to: Kami belum mengerti'],
  [{ text, to: 'semua', area: 'Semarang' }, 'area: '],
  [{ text, to: 'semua', expires: 'besok' }, 'expires: '],
])('what is wrong is said, and nothing is kept: %j', async (wish, what) => {
  expect(await broadcast.newBroadcast(desk, null, { by: 'sri', ...wish })).toBe(false);
  expect(said.join('\n')).toContain(what);
  expect(await only()).toBeUndefined();
});

test('who cannot be reached, with a number and a message to pass on, and told by hand', async () => {
  await broadcast.newBroadcast(desk, null, { by: 'sri', text, to: 'anggota', urgent: true });
  const number = (await only())?.number ?? 0;
  for (const by of ['sri', 'budi']) await broadcast.approve(desk, number, by);
  said = [];
  expect(await broadcast.unreachable(desk, number, {})).toBe(true);
  expect(said[0]).toMatch(
    /^\d+ {2}Budi Contoh, .* {2}terdata, belum mendaftar {2}0812-0000-777\n.*\*PESAN [A-Z2-9]{8}\*$/,
  );
  expect((await looksIn(world, 'list-unreached')).length).toBe(1);
  const seq = said[0]?.split(' ')[0] ?? '';
  const file = join(folder(), 'daftar.xlsx');
  expect(await broadcast.unreachable(desk, number, { xlsx: file })).toBe(true);
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
  expect(await broadcast.contacted(desk, number, seq, 'Budi')).toBe(true);
  expect(await broadcast.contacted(desk, number, seq, 'Budi')).toBe(false);
  expect(await broadcast.contacted(desk, number, 'budi', 'Budi')).toBe(false);
  expect(await world.prisma.recipient.findFirst({ where: { reason: 'listed' } })).toMatchObject({
    contactedBy: 'local:budi',
  });
  await broadcast.unreachable(desk, number, { page: '1' });
  expect(said.at(-1)).toContain('Nobody of broadcast');
});

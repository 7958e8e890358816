import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { preview } from '../../src/cli/broadcast.js';
import { changeByFile, newRakor, type RakorRecords } from '../../src/cli/rakor.js';
import { approveBroadcast } from '../../src/domain/broadcasts.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { attachmentBytes } from '../../src/store/attachments.js';
import { keepIn } from '../../src/store/files.js';
import { inviteTo } from '../domain/rakor-scene.js';
import { addHelper, openWorld, type World } from '../domain/world.js';
import { fileOf } from '../support/files.js';

let world: World;
let records: RakorRecords;
let said: string[] = [];
let folder: string;
beforeEach(async () => {
  world = await openWorld();
  said = [];
  folder = mkdtempSync(join(tmpdir(), 'sapa-rakor-'));
  const made = folder;
  onTestFinished(() => rmSync(made, { recursive: true }));
  const keepFile = (bytes: Uint8Array) => keepIn(world.fileStore, bytes);
  records = { ...world, keepFile, secondYesAbove: 1000 };
  await addHelper(world, 'chair', '33.74');
});

const print = (line: string) => void said.push(line);
const lines = (tempat: string) => `nomor: 005/12/IPSM/2026
hal: Undangan Rapat Koordinasi
acara: Rakor Contoh
mulai: 10 Desember 2026 pukul 09.00
tempat: ${tempat}
surat: surat.pdf
`;

function written(text: string): string {
  const file = join(folder, 'rakor.yaml');
  writeFileSync(file, text);
  return file;
}

/** The yes to what the last command made. */
async function approved() {
  const { id } = await world.prisma.broadcast.findFirstOrThrow({ where: { state: 'draft', kind: 'change' } });
  expect(await approveBroadcast(localAdministrator('rakor'), id, records)).toMatchObject({
    result: 'running',
  });
}

const only = () => world.prisma.rakor.findFirstOrThrow();

test('the letter that a file names, as seen from its folder, is the letter; after a change another one is named', async () => {
  writeFileSync(join(folder, 'surat.pdf'), fileOf('pdf', 300, 'Surat resmi'));
  const file = written(lines('Aula Contoh'));
  expect(await newRakor(records, { file, simulator: false }, print), said.join()).toBe(true);
  const { id, number, letterId } = await only();
  const archive = { db: world.pool, vault: world.vault, fileStore: world.fileStore };
  const bytes = await attachmentBytes(archive, letterId ?? '');
  expect(Buffer.from(bytes ?? []).toString('latin1')).toContain('Surat resmi');
  expect(said.join('\n')).not.toContain('No letter goes with it');

  await inviteTo(world, id, { role: 'chair' });
  written(lines('Pendopo Contoh'));
  expect(await changeByFile(records, { number, file }, print), said.join()).toBe(true);
  expect(said.join('\n')).toContain('No letter goes with it');
  expect(said.join('\n')).toContain(`Rakor ${number} stays as it is until those who were invited are told.`);
  expect((await only()).letterId).toBe(letterId);
  await approved();
  expect((await only()).letterId).toBeNull();
  const outreach = { secondYesAbove: 1000, speeds: {}, opens: (at: Date) => at, prices: null };
  const change = await world.prisma.broadcast.findFirstOrThrow({ where: { kind: 'change' } });
  const { keepFile } = records;
  await preview({ records: world, outreach, write: async () => {}, print, keepFile }, change.number);
  expect(said.join('\n')).toContain('with a calendar file\nIni berkas kalender yang baru');

  writeFileSync(join(folder, 'surat.pdf'), fileOf('pdf', 300, 'Surat perubahan'));
  written(lines('Gedung Contoh'));
  expect(await changeByFile(records, { number, file }, print), said.join()).toBe(true);
  await approved();
  const after = await attachmentBytes(archive, (await only()).letterId ?? '');
  expect(Buffer.from(after ?? []).toString('latin1')).toContain('Surat perubahan');

  expect(await changeByFile(records, { number, file }, print)).toBe(false);
  expect(said.at(-1)).toBe('Nothing is different. Change the file first.');
  writeFileSync(join(folder, 'surat.pdf'), fileOf('pdf', 300, 'Surat ralat'));
  expect(await changeByFile(records, { number, file }, print), said.join()).toBe(true);
  await approved();
  const last = await attachmentBytes(archive, (await only()).letterId ?? '');
  expect(Buffer.from(last ?? []).toString('latin1')).toContain('Surat ralat');
});

test.each([
  ['is not there', null, 'cannot be read'],
  ['is no PDF', fileOf('jpeg', 300), 'is no PDF'],
  ['is too large', fileOf('pdf', 5 * 1024 * 1024 + 1), 'larger than 5 MB'],
])('a letter that %s is told with its line, and nothing is made', async (_, bytes, what) => {
  if (bytes !== null) writeFileSync(join(folder, 'surat.pdf'), bytes);
  const file = written(lines('Aula Contoh'));
  expect(await newRakor(records, { file, simulator: false }, print)).toBe(false);
  expect(said.join('\n')).toContain(`${file}:6: surat: `);
  expect(said.join('\n')).toContain(what);
  expect(await world.prisma.rakor.count()).toBe(0);
});

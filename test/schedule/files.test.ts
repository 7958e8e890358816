import { expect, test } from 'vitest';
import { skFilesKeptSince } from '../../src/domain/sk-files.js';
import { lookAfterFiles } from '../../src/schedule/files.js';
import { insertAttachment } from '../../src/store/attachments.js';
import { openFiles } from '../../src/store/files.js';
import {
  addHelper,
  addMember,
  count,
  now,
  openWorld,
  type Person,
  perform,
  type World,
  write,
} from '../domain/world.js';
import { ownFolder } from '../support/files.js';

const day = 86_400_000;

/** A member whose SK has one page, and what looks after it. */
async function openRig() {
  const world = await openWorld();
  let at = now;
  const fileStore = openFiles(ownFolder(), world.vault, () => at);
  const archive = { db: world.pool, vault: world.vault, fileStore };
  const look = (days: number, ms = 0) => {
    at = new Date(now.getTime() + days * day + ms);
    return lookAfterFiles(archive, at);
  };
  const officer = await addHelper(world, 'operator', '33.74');
  const member = await addMember(world);
  const file = await send(world, member);
  const open = async () => {
    const shown = await perform(world, 'sk.open-next', {}, officer);
    return { dokumen: String(Object(shown.values['periksa']).id) };
  };
  async function send(of: World, who: Person): Promise<string> {
    const bytes = Buffer.from(`foto SK ${who.contactId}`);
    const name = fileStore.nameOf(bytes);
    await fileStore.put(name, bytes);
    const id = of.newId();
    const row = { id, contactId: who.contactId, inboundId: of.newId(), type: 'jpeg', size: bytes.length };
    await write(of, [insertAttachment({ ...row, name: null, file: name, at: now })]);
    const page = { id, jenis: 'jpeg', ukuran: bytes.length };
    await perform(of, 'sk.submit', { yang: 'lama', 'halaman-1': page }, who);
    return name;
  }
  return { world, fileStore, look, officer, member, file, open, send };
}

test('ninety days', () => {
  expect(skFilesKeptSince(new Date('2026-11-24T03:00:00Z')).toISOString()).toBe('2026-08-26T03:00:00.000Z');
});

test.each([
  ['sk.approve', {}],
  ['sk.reject', { alasan: 'Bukan SK PSM.' }],
] as const)(
  'after %s the pages are erased when ninety days are over, row and file; what was typed of it stays',
  async (action, more) => {
    const { world, fileStore, look, officer, file, open } = await openRig();
    await perform(world, action, { ...(await open()), ...more }, officer);
    expect(await look(90, -1)).toMatchObject({ erased: 0, removed: 0 });
    expect(await fileStore.has(file)).toBe(true);
    expect(await look(90, 1)).toMatchObject({ erased: 1, removed: 1 });
    expect(await fileStore.has(file)).toBe(false);
    expect([await count(world, 'attachment'), await count(world, 'sk_file')]).toEqual([0, 0]);
    const document = await world.prisma.skDocument.findFirstOrThrow();
    expect(world.vault.open(document.numberSealed ?? new Uint8Array())).toBe('141/07/2021');
    expect(await look(91)).toEqual({ moved: 0, erased: 0, removed: 0 });
  },
);

test('what waits, is open, or is to be mended keeps its pages for as long as that', async () => {
  const { world, look, officer, open } = await openRig();
  expect(await look(400)).toMatchObject({ erased: 0 });
  const dokumen = await open();
  expect(await look(400)).toMatchObject({ erased: 0 });
  await perform(world, 'sk.send-back', { ...dokumen, alasan: 'Fotonya buram.' }, officer);
  expect(await look(400)).toMatchObject({ erased: 0 });
});

test('a decree that somebody has joined since is looked at once more', async () => {
  const { world, look, officer, open } = await openRig();
  await perform(world, 'sk.approve', await open(), officer);
  const { id: dokumen } = await world.prisma.skDocument.findFirstOrThrow();
  const budi = await addMember(world, { nama: 'Budi Contoh', nik: null, sk: 'belum' });
  await perform(world, 'sk.join', { dokumen }, budi);
  expect(await look(91)).toMatchObject({ erased: 0 });
});

test('files that people sent for something else are not touched', async () => {
  const { world, fileStore, look, member } = await openRig();
  const bytes = Buffer.from('foto lain');
  const name = fileStore.nameOf(bytes);
  await fileStore.put(name, bytes);
  const row = { id: world.newId(), contactId: member.contactId, inboundId: world.newId(), type: 'jpeg' };
  await write(world, [insertAttachment({ ...row, size: bytes.length, name: null, file: name, at: now })]);
  expect(await look(1000)).toMatchObject({ erased: 0, removed: 0 });
});

test('whoever is erased takes the file along', async () => {
  const { world, fileStore, look, member, file } = await openRig();
  await perform(world, 'privacy.erase', {}, member);
  expect(await look(1)).toMatchObject({ removed: 1 });
  expect(await fileStore.has(file)).toBe(false);
});

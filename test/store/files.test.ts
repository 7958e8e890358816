import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { attachmentBytes, countMissingFiles, moveOldFiles } from '../../src/store/attachments.js';
import { createVault } from '../../src/store/crypto.js';
import { openFiles } from '../../src/store/files.js';
import { newId } from '../../src/store/ids.js';
import type { Queryable } from '../../src/store/statement.js';
import { freshDatabase } from '../support/database.js';
import { ownFolder } from '../support/files.js';

const photo = Buffer.from('foto SK Sri Contohwati');
const hour = 60 * 60 * 1000;

/** A folder with a clock that is put forward, and a database in which rows may name its files. */
async function openRig() {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const { pool } = database;
  const vault = createVault(randomBytes(32));
  const folder = ownFolder();
  let at = Date.parse('2026-11-24T03:00:00Z');
  const files = openFiles(folder, vault, () => new Date(at));
  const contactId = newId();
  await pool.query('INSERT INTO contact (id) VALUES ($1)', [contactId]);
  const insert = async (columns: { readonly file?: string | undefined; readonly bytes?: Buffer }) => {
    const id = newId();
    await pool.query(
      `INSERT INTO attachment (id, contact_id, inbound_id, type, size, file, bytes_sealed, created_at)
       VALUES ($1, $2, $1, 'jpeg', 1, $3, $4, now())`,
      [id, contactId, columns.file ?? null, columns.bytes ?? null],
    );
    return id;
  };
  const later = (ms: number) => {
    at += ms;
  };
  return { pool, vault, folder, files, archive: { db: pool, vault, fileStore: files }, insert, later };
}

/** Everything in the folder, by its path. */
function listed(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

it('a file is kept once, sealed, under a name nobody can make without the key', async () => {
  const { files, folder } = await openRig();
  const name = files.nameOf(photo);
  for (const _twice of [1, 2]) await files.put(name, photo);
  const [path, ...others] = listed(folder);
  expect(others).toEqual([]);
  expect(readFileSync(path ?? '').includes('Sri')).toBe(false);
  expect(statSync(path ?? '').mode & 0o077).toBe(0);
  expect((await files.read(name))?.equals(photo)).toBe(true);
  expect(createVault(randomBytes(32)).indexBytes('file', photo).toString('hex')).not.toBe(name);
  expect(await files.read(files.nameOf(Buffer.from('ada yang lain')))).toBeNull();
});

it('many at once leave one whole file', async () => {
  const { files, folder } = await openRig();
  const name = files.nameOf(photo);
  await Promise.all(Array.from({ length: 20 }, () => files.put(name, photo)));
  expect(listed(folder)).toHaveLength(1);
  expect((await files.read(name))?.equals(photo)).toBe(true);
});

it('a damaged file, or one of another key, is as one that is missing', async () => {
  const { files, folder } = await openRig();
  const name = files.nameOf(photo);
  await files.put(name, photo);
  writeFileSync(listed(folder)[0] ?? '', 'rusak');
  expect(await files.read(name)).toBeNull();
});

it('what no row names for an hour is removed, with drafts of who died; what a row names stays', async () => {
  const { files, folder, pool, insert, later } = await openRig();
  const [kept, orphan] = [photo, Buffer.from('tidak jadi dikirim')].map((bytes) => files.nameOf(bytes));
  await files.put(kept ?? '', photo);
  await files.put(orphan ?? '', Buffer.from('tidak jadi dikirim'));
  await insert({ file: kept });
  const draft = `${listed(folder)[0]}.1.new`;
  writeFileSync(draft, 'separuh');
  utimesSync(draft, new Date('2026-11-24T03:00:00Z'), new Date('2026-11-24T03:00:00Z'));
  later(hour - 1);
  expect(await files.sweep(pool)).toBe(0);
  later(1);
  expect(await files.sweep(pool)).toBe(2);
  expect(listed(folder)).toHaveLength(1);
  expect((await files.read(kept ?? ''))?.equals(photo)).toBe(true);
  expect(await files.sweep(pool)).toBe(0);
});

it('of two rows that name one file the last takes it along', async () => {
  const { files, folder, pool, insert, later } = await openRig();
  const file = files.nameOf(photo);
  await files.put(file, photo);
  const [first] = [await insert({ file }), await insert({ file })];
  later(hour);
  await pool.query('DELETE FROM attachment WHERE id = $1', [first]);
  expect(await files.sweep(pool)).toBe(0);
  await pool.query('DELETE FROM attachment');
  expect(await files.sweep(pool)).toBe(1);
  expect(listed(folder)).toEqual([]);
});

it('whoever keeps a file while it is being removed has it in the end', async () => {
  const { files, pool, later } = await openRig();
  const name = files.nameOf(photo);
  for (let round = 0; round < 30; round += 1) {
    await files.put(name, photo);
    later(hour);
    // As it was when the sweep looked: nobody named it yet.
    await Promise.all([files.sweep(pool), files.put(name, photo), files.sweep(pool)]);
    expect((await files.read(name))?.equals(photo)).toBe(true);
  }
});

it('a sweep that died half-way is ended by the next: what a row names comes back', async () => {
  const { files, folder, pool, insert, later } = await openRig();
  const file = files.nameOf(photo);
  await files.put(file, photo);
  const [path = ''] = listed(folder);
  writeFileSync(`${path}.gone`, readFileSync(path));
  rmSync(path);
  expect((await files.read(file))?.equals(photo)).toBe(true);
  await insert({ file });
  later(hour);
  expect(await files.sweep(pool)).toBe(0);
  expect(listed(folder)).toEqual([path]);
});

it('files of earlier versions leave the table, may be read from either place, and one that cannot be opened stays', async () => {
  const { archive, insert, pool, vault } = await openRig();
  const contents = Array.from({ length: 25 }, (_, at) => Buffer.from(`foto ${at}`));
  const ids: string[] = [];
  for (const bytes of contents) ids.push(await insert({ bytes: vault.sealBytes(bytes) }));
  const broken = await insert({ bytes: Buffer.from('rusak') });
  const read = () => Promise.all(ids.map((id) => attachmentBytes(archive, id)));
  const before = await read();
  // It stops half-way, and goes on with the next look.
  let moves = 0;
  const dying: Queryable = {
    query(config) {
      moves += config.name === 'attachment-moved' ? 1 : 0;
      return moves > 12 ? Promise.reject(new Error('away')) : pool.query(config);
    },
  };
  await expect(moveOldFiles({ ...archive, db: dying })).rejects.toThrow('away');
  expect(await read()).toEqual(before);
  expect(await moveOldFiles(archive)).toBe(13);
  expect(await read()).toEqual(before);
  expect(before.map((bytes) => Buffer.from(bytes ?? []).toString())).toEqual(contents.map(String));
  const { rows } = await pool.query('SELECT id FROM attachment WHERE bytes_sealed IS NOT NULL');
  expect(rows).toEqual([{ id: broken }]);
  expect(await moveOldFiles(archive)).toBe(0);
  expect(await attachmentBytes(archive, broken)).toBeNull();
});

it('a file is in one of both places, and what is missing is counted', async () => {
  const { archive, files, insert } = await openRig();
  await expect(insert({})).rejects.toThrow('attachment_kept');
  const file = files.nameOf(photo);
  const id = await insert({ file });
  expect(await attachmentBytes(archive, id)).toBeNull();
  expect(await countMissingFiles(archive)).toBe(1);
  await files.put(file, photo);
  expect(await countMissingFiles(archive)).toBe(0);
});

import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type Vault, VaultError } from './crypto.js';
import { type Queryable, run } from './statement.js';

/**
 * Files outside the database: sealed, each under a keyed hash of its plain content, so that equal ones are kept once and nobody can
 * try whether a known one is there. All processes share one folder.
 */
export interface FileStore {
  readonly folder: string;
  nameOf(plain: Uint8Array): string;
  /** Keeps a file; to be awaited before the row that names it is written. The same again costs nothing. */
  put(name: string, plain: Uint8Array): Promise<void>;
  /** The plain file; null when it is missing or cannot be opened. */
  read(name: string): Promise<Buffer | null>;
  /** Whether it is there. */
  has(name: string): Promise<boolean>;
  /** Removes what no row names; gives how many files went. Any number of processes may do it, while others keep files. */
  sweep(db: Queryable): Promise<number>;
}

/** A file is kept before the row that names it commits; one that no row names for so long is nobody's. */
const graceMs = 60 * 60 * 1000;
/** A file on its way out, in case somebody keeps the same one at this very moment. */
const leaving = '.gone';
/** A file that is being written. */
const draft = '.new';

/** Opens the folder, which need not be there yet. `now` is the clock by which a file is old. */
export function openFiles(folder: string, vault: Vault, now: () => Date): FileStore {
  const pathOf = (name: string) => join(folder, name.slice(0, 2), name);
  return {
    folder,
    nameOf: (plain) => vault.indexBytes('file', plain).toString('hex'),
    async put(name, plain) {
      const path = pathOf(name);
      if (await touch(path, now())) return;
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      await writeWhole(path, vault.sealBytes(plain), now());
    },
    read: (name) => readSealed(pathOf(name), vault),
    has: async (name) => (await ageOf(pathOf(name), now())) !== null,
    async sweep(db) {
      let removed = 0;
      for (const part of await entriesOf(folder)) removed += await sweepPart(join(folder, part), db, now);
      return removed;
    },
  };
}

/** Keeps a file, and gives the name it is kept under. */
export async function keepIn(files: Pick<FileStore, 'nameOf' | 'put'>, plain: Uint8Array): Promise<string> {
  const name = files.nameOf(plain);
  await files.put(name, plain);
  return name;
}

/** A file as it lies there, sealed; null when it is missing. */
export async function sealedFile(folder: string, name: string): Promise<Buffer | null> {
  return lying(join(folder, name.slice(0, 2), name));
}

/** Puts a file back as it lay there, sealed. */
export async function putSealed(folder: string, name: string, bytes: Uint8Array, at: Date): Promise<void> {
  const part = join(folder, name.slice(0, 2));
  await mkdir(part, { recursive: true, mode: 0o700 });
  await writeWhole(join(part, name), bytes, at);
}

/**
 * Seals every file anew under another key; gives how many. Names stay: they are keyed with what outlives a change of the key. Cut off, it goes on:
 * a file says itself which key it wants, and one that neither opens stays as it is.
 */
export async function sealFilesAnew(folder: string, from: Vault, to: Vault): Promise<number> {
  let sealed = 0;
  for (const part of await entriesOf(folder))
    for (const name of await entriesOf(join(folder, part)))
      sealed += (await sealFileAnew(join(folder, part, name), from, to)) ? 1 : 0;
  return sealed;
}

async function sealFileAnew(path: string, from: Vault, to: Vault): Promise<boolean> {
  const found = await unlessMissing(stat(path));
  const plain = path.endsWith(draft) || found === null ? null : await readSealed(path, from);
  if (plain === null || found === null) return false;
  await writeWhole(path, to.sealBytes(plain), found.mtime);
  return true;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** What a missing file gives in the place of the work on it. */
async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Makes a file as young as one that was just written; false when there is none. */
async function touch(path: string, at: Date): Promise<boolean> {
  return (await unlessMissing(utimes(path, at, at).then(() => true))) ?? false;
}

/** All of a file or nothing of it, also when the machine stops. */
export async function writeWhole(path: string, bytes: Uint8Array, at: Date): Promise<void> {
  const temporary = `${path}.${randomUUID()}${draft}`;
  try {
    await withFile(temporary, 'wx', async (file) => {
      await file.writeFile(bytes);
      await file.utimes(at, at);
      await file.sync();
    });
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolderOf(path);
}

/** Lets the name of a file outlive a machine that stops now. */
export async function syncFolderOf(path: string): Promise<void> {
  await withFile(join(path, '..'), 'r', (folder) => folder.sync());
}

async function withFile(
  path: string,
  flags: string,
  work: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}

/** Also while it is on its way out: then somebody has named it at that moment, and it comes back. */
async function lying(path: string): Promise<Buffer | null> {
  return (await unlessMissing(readFile(path))) ?? (await unlessMissing(readFile(path + leaving)));
}

async function readSealed(path: string, vault: Vault): Promise<Buffer | null> {
  const sealed = await lying(path);
  try {
    return sealed === null ? null : vault.openBytes(sealed);
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  return (await unlessMissing(readdir(folder))) ?? [];
}

async function ageOf(path: string, now: Date): Promise<number | null> {
  const found = await unlessMissing(stat(path));
  return found === null ? null : now.getTime() - found.mtimeMs;
}

const namedText = 'SELECT DISTINCT file FROM attachment WHERE file = ANY($1::text[])';

async function sweepPart(folder: string, db: Queryable, now: () => Date): Promise<number> {
  const entries = await entriesOf(folder);
  const names = [...new Set(entries.map((entry) => entry.replace(leaving, '')))];
  const statement = { name: 'files-named', text: namedText, values: [names] };
  const named = new Set((await run<{ file: string }>(db, statement)).map(({ file }) => file));
  let removed = 0;
  for (const entry of entries) {
    const isNamed = named.has(entry.replace(leaving, ''));
    const path = join(folder, entry);
    if (isNamed && entry.endsWith(leaving)) await unlessMissing(rename(path, path.slice(0, -leaving.length)));
    if (!isNamed && (await removeOld(path, now()))) removed += 1;
  }
  return removed;
}

/**
 * Takes an old file out of the way first and looks once more: whoever keeps the same one meanwhile has either made it young, and it
 * comes back, or does not find it, and writes it anew.
 */
async function removeOld(path: string, now: Date): Promise<boolean> {
  if (!isOld(await ageOf(path, now))) return false;
  const aside = path.endsWith(leaving) ? path : path + leaving;
  if (aside !== path && (await unlessMissing(rename(path, aside).then(() => true))) === null) return false;
  if (isOld(await ageOf(aside, now))) {
    await rm(aside, { force: true });
    return true;
  }
  await unlessMissing(rename(aside, aside.slice(0, -leaving.length)));
  return false;
}

function isOld(age: number | null): boolean {
  return age !== null && age >= graceMs;
}

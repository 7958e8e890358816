import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Vault } from '../../src/store/crypto.js';
import { type FileStore, openFiles } from '../../src/store/files.js';

/** A folder of a test's own, removed with it. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sapa-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Files in a folder of a test's own. */
export function ownFiles(vault: Vault, now: () => Date = () => new Date()): FileStore {
  return openFiles(ownFolder(), vault, now);
}

/** The first bytes of each kind of file, as cameras and programs write them. */
export const heads = {
  jpeg: [0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46],
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13],
  webp: [...Buffer.from('RIFF'), 36, 1, 0, 0, ...Buffer.from('WEBPVP8 ')],
  heic: [0, 0, 0, 24, ...Buffer.from('ftypheic'), 0, 0, 0, 0],
  pdf: [...Buffer.from('%PDF-1.7\n')],
} as const;

/** A file of this kind and size, with words hidden in it. */
export function fileOf(type: keyof typeof heads, size: number, words = ''): Uint8Array {
  const bytes = new Uint8Array(size).fill(0x20);
  bytes.set(heads[type]);
  bytes.set(Buffer.from(words), 64);
  return bytes;
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sources } from './flow/compile.js';
import { type KnownOutlines, type Outline, readOutline } from './flow/outline.js';
import { projectRoot } from './root.js';

/** Where they are kept. */
export const outlineFile = join(projectRoot, 'build/outlines.json');

type Kept = Readonly<Record<string, Outline>>;

let kept: Kept | null = null;

/** The outlines that were made when the tree was made ready. A file that was changed since has another name here, and is read. */
export const knownOutlines: KnownOutlines = (source) => {
  kept ??= readKept();
  return kept[nameOf(source)] ?? null;
};

/** The outlines of all files that can be read, to be kept. */
export function outlinesOf(sources: Sources): Kept {
  return Object.fromEntries(
    Object.values(sources).flatMap((source) => {
      const read = readOutline(source);
      return read.ok ? [[nameOf(source), read.outline]] : [];
    }),
  );
}

function readKept(): Kept {
  try {
    return JSON.parse(readFileSync(outlineFile, 'utf8'));
  } catch {
    // Nothing was made ready here: everything is read.
    return {};
  }
}

function nameOf(source: string): string {
  return createHash('sha256').update(source).digest('hex');
}

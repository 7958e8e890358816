import { accessSync, chmodSync, constants, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
/** More than all databases of a run are at once, in bytes. */
const room = 4 * 1024 ** 3;

/**
 * A new folder for throw-away databases, which the server's own user may walk through. In memory where there is room: each
 * database is a thousand files, and on a disk making and removing them is most of what the tests wait for.
 */
export function databaseFolder(prefix: string): string {
  const folder = mkdtempSync(join(hasRoom() ? memory : tmpdir(), prefix));
  chmodSync(folder, 0o711);
  return folder;
}

function hasRoom(): boolean {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > room;
  } catch {
    return false;
  }
}

import { dropOldSkFiles } from '../domain/sk-files.js';
import { type Archive, moveOldFiles } from '../store/attachments.js';

/** What one look came to. */
export interface Upkept {
  /** Files of earlier versions that were moved out of the database. */
  readonly moved: number;
  /** Pages of SK whose time was over. */
  readonly erased: number;
  /** Files that no row names any more. */
  readonly removed: number;
}

/**
 * Looks after the files that are kept: moves old ones out of the database, erases the pages of SK whose time is over, and removes what
 * no row names. In this order, so that a page that is erased is gone from the disk as well. Any number of processes may do it.
 */
export async function lookAfterFiles(archive: Archive, now: Date): Promise<Upkept> {
  const moved = await moveOldFiles(archive);
  const erased = await dropOldSkFiles(archive.db, now);
  const removed = await archive.fileStore.sweep(archive.db);
  return { moved, erased, removed };
}

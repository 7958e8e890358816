import type { Vault } from './crypto.js';
import type { FileStore } from './files.js';
import { type Queryable, run, type Statement } from './statement.js';

/** A file that is kept, as a row. */
export interface NewAttachment {
  readonly id: string;
  /** Whose it is, and the message it came with; null: it was made for many. */
  readonly contactId: string | null;
  readonly inboundId: string | null;
  /** What its own bytes say it is. */
  readonly type: string;
  /** Of the plain file, in bytes. */
  readonly size: number;
  readonly name: Buffer | null;
  /** The name its bytes are kept under (`FileStore`). */
  readonly file: string;
  readonly at: Date;
}

const insertText = `INSERT INTO attachment (id, contact_id, inbound_id, type, size, name_sealed, file, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** Writes the row of a file, in the transaction of the turn that understood it as an answer. */
export function insertAttachment(one: NewAttachment): Statement {
  const { id, contactId, inboundId, type, size, name, file, at } = one;
  return {
    name: 'attachment-insert',
    text: insertText,
    values: [id, contactId, inboundId, type, size, name, file, at],
  };
}

/** Where files are read. */
export interface Archive {
  readonly db: Queryable;
  readonly vault: Vault;
  readonly fileStore: FileStore;
}

interface Kept {
  readonly file: string | null;
  readonly bytes: Buffer | null;
}

const keptText = 'SELECT file, bytes_sealed AS bytes FROM attachment WHERE id = $1::uuid';

/** The plain bytes of a file that is kept; null when there is none, or it was erased, or its file is missing or damaged. */
export async function attachmentBytes(
  { db, vault, fileStore }: Archive,
  id: string,
): Promise<Uint8Array | null> {
  const [kept] = await run<Kept>(db, { name: 'attachment-bytes', text: keptText, values: [id] });
  if (kept === undefined) return null;
  return kept.file === null ? opened(vault, kept.bytes) : fileStore.read(kept.file);
}

function opened(vault: Vault, sealed: Buffer | null): Buffer | null {
  try {
    return sealed === null ? null : vault.openBytes(sealed);
  } catch {
    return null;
  }
}

/** So many are moved in one go: each is held in memory meanwhile. */
const movedAtOnce = 10;
const oldText = `SELECT id, bytes_sealed AS bytes FROM attachment WHERE bytes_sealed IS NOT NULL AND ($1::uuid IS NULL OR id > $1)
ORDER BY id LIMIT ${movedAtOnce}`;
const movedText =
  'UPDATE attachment SET file = $2, bytes_sealed = NULL WHERE id = $1 AND bytes_sealed IS NOT NULL';

/**
 * Moves the files that earlier versions kept in the table into the folder; gives how many. What cannot be opened stays where it is. It
 * may stop anywhere and be done by several: each file is in one of both places at any time.
 */
export async function moveOldFiles({ db, vault, fileStore }: Archive): Promise<number> {
  let count = 0;
  let last: string | null = null;
  for (;;) {
    const statement = { name: 'attachment-old', text: oldText, values: [last] };
    const rows: readonly { readonly id: string; readonly bytes: Buffer }[] = await run(db, statement);
    for (const { id, bytes } of rows) {
      last = id;
      const plain = opened(vault, bytes);
      if (plain === null) continue;
      const name = fileStore.nameOf(plain);
      await fileStore.put(name, plain);
      await run(db, { name: 'attachment-moved', text: movedText, values: [id, name] });
      count += 1;
    }
    if (rows.length < movedAtOnce) return count;
  }
}

const namesText = 'SELECT DISTINCT file FROM attachment WHERE file IS NOT NULL';

/** How many files that rows name are not in the folder. */
export async function countMissingFiles({ db, fileStore }: Omit<Archive, 'vault'>): Promise<number> {
  const rows = await run<{ file: string }>(db, { name: 'attachment-files', text: namesText, values: [] });
  let missing = 0;
  for (const { file } of rows) if (!(await fileStore.has(file))) missing += 1;
  return missing;
}

import type { FileType } from '../flow/attachment.js';
import type { Enclosure } from '../flow/message.js';
import { type Queryable, run } from '../store/statement.js';
import { enclose } from './enclosures.js';
import { areasFor, type Viewer } from './roles.js';
import type { SkState } from './sk.js';
import { skInReach } from './sk-queue.js';

interface Page {
  readonly id: string;
  readonly type: FileType;
  readonly size: number;
}

// The areas of the viewer are asked here, not by whoever calls: there is no other way to the pages of a decree.
const pagesText = `
SELECT t.id, t.type, t.size FROM sk_file f JOIN attachment t ON t.id = f.attachment_id
WHERE f.document_id = $4::uuid AND EXISTS (
  SELECT FROM sk_member a JOIN member m ON m.id = a.member_id WHERE a.document_id = f.document_id AND ${skInReach})
ORDER BY f.page`;

/**
 * The photos and PDFs of a decree for a viewer who may verify it, as they go out with a message: the only way to them. Of a decree that
 * appoints nobody in the viewer's areas, or the viewer alone, there are none.
 */
export async function filesOfSk(
  viewer: Viewer,
  documentId: string,
  db: Queryable,
): Promise<readonly Enclosure[]> {
  const areas = areasFor(viewer, 'verify-sk');
  const values = [areas, viewer.simulator === true, viewer.id, documentId];
  const pages = await run<Page>(db, { name: 'sk-files', text: pagesText, values });
  return pages.map(({ id, type, size }, at) =>
    enclose({ id, jenis: type, ukuran: size }, `SK halaman ${at + 1}`),
  );
}

/** Pages of a decree are kept for so many days after the last decision about it (docs/privacy.md); its number, date and issuer stay. */
const daysAfterDecision = 90;

/** What was decided before this moment has its pages no longer. */
export function skFilesKeptSince(now: Date): Date {
  return new Date(now.getTime() - daysAfterDecision * 86_400_000);
}

/** The states in which nobody has to look at an SK, and its member has nothing to mend. */
const decided: readonly SkState[] = ['terverifikasi', 'diperbarui', 'ditolak', 'dicabut', 'berakhir'];

// A page that another decree has too goes when that one is over as well.
const overText = `
DELETE FROM attachment t WHERE EXISTS (SELECT FROM sk_file f WHERE f.attachment_id = t.id) AND NOT EXISTS (
  SELECT FROM sk_file f JOIN sk_document d ON d.id = f.document_id WHERE f.attachment_id = t.id AND (
    EXISTS (SELECT FROM sk_member a WHERE a.document_id = d.id AND (a.status <> ALL($1::text[]) OR a.changed_at > $2::timestamptz))
    OR EXISTS (SELECT FROM sk_move v WHERE v.document_id = d.id AND v.at > $2)
    OR NOT EXISTS (SELECT FROM sk_move v WHERE v.document_id = d.id)))
RETURNING t.id`;

/** Erases the rows of pages whose time is over; gives how many. Their files go with the next sweep (`FileStore`). */
export async function dropOldSkFiles(db: Queryable, now: Date): Promise<number> {
  const values = [decided, skFilesKeptSince(now)];
  return (await run(db, { name: 'sk-files-over', text: overText, values })).length;
}

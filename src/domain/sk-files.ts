import type { FileType } from '../flow/attachment.js';
import type { Enclosure } from '../flow/message.js';
import { type Queryable, run } from '../store/statement.js';
import { enclose } from './enclosures.js';
import { areasFor, type Viewer } from './roles.js';
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

import { normaliseSkNumber } from '../flow/inputs/sk-number.js';
import type { Statement } from '../store/statement.js';
import type { ActionContext } from './action.js';
import { verifiedStates } from './sk.js';

/** What is known of a decree. */
export interface SkParts {
  /** Exactly as typed. */
  readonly number: string | null;
  readonly decidedOn: string | null;
  readonly issuer: string | null;
}

type Tools = Pick<ActionContext, 'vault' | 'now'>;

const insertText = `INSERT INTO sk_document (id, number_sealed, number_index, decided_on, issuer, region_code, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)`;

/** Writes a decree that appoints somebody who serves in a region. */
export function insertDocument(
  id: string,
  parts: SkParts,
  regionCode: string,
  { vault, now }: Tools,
): Statement {
  const { number, decidedOn, issuer } = parts;
  const kept = number === null ? [null, null] : [vault.seal(number), numberIndex(number, vault)];
  const values = [id, ...kept, decidedOn, issuer, officeOf(issuer, regionCode), now];
  return { name: 'sk-document-insert', text: insertText, values };
}

/** By this the same number is found again, however it was typed. */
export function numberIndex(number: string, vault: ActionContext['vault']): Buffer {
  return vault.index('sk-number', normaliseSkNumber(number));
}

/** How many parts the code of an issuer's region has; offices we do not know are looked for in the regency. */
const levels: Readonly<Record<string, number>> = { kades: 4, lurah: 4, camat: 3 };
const regencyParts = 2;

/** The region whose office signed, when it signed for somebody who serves in `regionCode`; null while nobody knows who signed. */
export function officeOf(issuer: string | null, regionCode: string): string | null {
  if (issuer === null) return null;
  return regionCode
    .split('.')
    .slice(0, levels[issuer] ?? regencyParts)
    .join('.');
}

const unused = `d.id = $1::uuid AND NOT EXISTS (SELECT FROM sk_member a WHERE a.document_id = d.id)
  AND NOT EXISTS (SELECT FROM sk_move v WHERE v.document_id = d.id AND v.to_state = ANY($2::text[]))`;
const dropFiles = `DELETE FROM attachment t USING sk_file f, sk_document d
WHERE ${unused} AND f.document_id = d.id AND t.id = f.attachment_id
  AND NOT EXISTS (SELECT FROM sk_file o WHERE o.attachment_id = t.id AND o.document_id <> d.id)`;
const dropText = `DELETE FROM sk_document d WHERE ${unused}`;

/** Removes a decree that appoints nobody any more, with its pages; one that was verified once stays as history. */
export function dropUnused(id: string | null): readonly Statement[] {
  const values = [id, verifiedStates];
  return [
    { name: 'sk-document-drop-files', text: dropFiles, values },
    { name: 'sk-document-drop', text: dropText, values },
  ];
}

/** A decree has no more pages than this; what comes later is not added. */
const mostPages = 12;
const addPageText = `INSERT INTO sk_file (document_id, attachment_id, page)
SELECT $1, t.id, 1 + (SELECT coalesce(max(page), 0) FROM sk_file WHERE document_id = $1)
FROM attachment t WHERE t.id = $2 AND t.contact_id = $3 AND (SELECT count(*) FROM sk_file WHERE document_id = $1) < ${mostPages}
ON CONFLICT DO NOTHING`;

/** Adds pages that this contact has sent, in this order. */
export function addPages(
  documentId: string,
  pages: readonly string[],
  contactId: string,
): readonly Statement[] {
  return pages.map((page) => ({
    name: 'sk-file-add',
    text: addPageText,
    values: [documentId, page, contactId],
  }));
}

const copyPagesText = `INSERT INTO sk_file (document_id, attachment_id, page)
SELECT $1, attachment_id, page FROM sk_file WHERE document_id = $2`;

/** Gives a decree the pages of the one it takes the place of. */
export function copyPages(documentId: string, from: string): Statement {
  return { name: 'sk-file-copy', text: copyPagesText, values: [documentId, from] };
}

import { type Queryable, run, type Statement } from './statement.js';

/** A file to be kept, sealed. */
export interface NewAttachment {
  readonly id: string;
  readonly contactId: string;
  readonly inboundId: string;
  /** What its own bytes say it is. */
  readonly type: string;
  /** Of the plain file, in bytes. */
  readonly size: number;
  readonly name: Buffer | null;
  readonly bytes: Buffer;
  readonly at: Date;
}

const insertText = `INSERT INTO attachment (id, contact_id, inbound_id, type, size, name_sealed, bytes_sealed, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** Keeps a file, in the transaction of the turn that understood it as an answer. */
export function insertAttachment(one: NewAttachment): Statement {
  const { id, contactId, inboundId, type, size, name, bytes, at } = one;
  return {
    name: 'attachment-insert',
    text: insertText,
    values: [id, contactId, inboundId, type, size, name, bytes, at],
  };
}

const bytesText = 'SELECT bytes_sealed AS bytes FROM attachment WHERE id = $1::uuid';

/** The sealed bytes of a file that is kept; null when there is none, or it was erased. */
export async function attachmentBytes(db: Queryable, id: string): Promise<Buffer | null> {
  const statement = { name: 'attachment-bytes', text: bytesText, values: [id] };
  return (await run<{ bytes: Buffer }>(db, statement))[0]?.bytes ?? null;
}

import type { Fetched, InboundMessage } from '../channels/contract.js';
import { type Attachment, fileTypeOf, largestFile } from '../flow/attachment.js';
import type { Fact } from '../flow/fact.js';
import { insertAttachment } from '../store/attachments.js';
import type { Vault } from '../store/crypto.js';
import type { FileStore } from '../store/files.js';
import type { Statement } from '../store/statement.js';

/** What came with a message that is no words, and the bytes of a file that can be kept. */
export interface Enclosed {
  readonly attachment: Attachment;
  readonly bytes: Uint8Array | null;
}

/** Gets the file of a message from the channel it came by. */
export type FetchFile = (channel: string, ref: string, limitBytes: number) => Promise<Fetched>;

type FileContent = Extract<InboundMessage['content'], { kind: 'file' }>;

/**
 * Fetches a file and tells by its bytes what it is. Rejects when the provider may have it at the next try: the message is then
 * handed over again.
 */
export async function enclosedFile(
  channel: string,
  { ref, size, name, caption }: FileContent,
  fetchFile: FetchFile,
  newId: () => string,
): Promise<Enclosed> {
  if (size !== null && size > largestFile) return unusable('too-large', size);
  const bytes = await fetchFile(channel, ref, largestFile);
  if (bytes === 'gone') return unusable('gone', size);
  if (bytes === 'too-large' || bytes.length > largestFile) return unusable('too-large', size);
  const type = fileTypeOf(bytes);
  if (type === null) return unusable('unknown-type', bytes.length);
  const said = { ...(name === null ? {} : { name }), ...(caption === null ? {} : { caption }) };
  return { attachment: { kind: 'file', id: newId(), type, size: bytes.length, ...said }, bytes };
}

function unusable(why: Extract<Attachment, { kind: 'unusable-file' }>['why'], size: number | null): Enclosed {
  return { attachment: { kind: 'unusable-file', why, size }, bytes: null };
}

/** A file that a turn keeps: its bytes go into the folder before the turn is written, its row with the turn. */
export interface Keeping {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly write: Statement;
}

/** With what files are kept. */
interface Keeper {
  readonly vault: Vault;
  readonly fileStore: Pick<FileStore, 'nameOf'>;
}

/** A file that the turn found to be an answer; null for one that no question had asked for. */
export function keeping(
  facts: readonly Fact[],
  enclosed: Enclosed | null,
  of: {
    readonly contactId: string;
    readonly inboundId: string;
    readonly name: string | null;
    readonly at: Date;
  },
  { vault, fileStore }: Keeper,
): Keeping | null {
  const { attachment, bytes } = enclosed ?? { attachment: null, bytes: null };
  if (attachment?.kind !== 'file' || bytes === null) return null;
  if (!facts.some((fact) => fact.kind === 'kept' && fact.attachment === attachment.id)) return null;
  const { name, ...rest } = of;
  const { id, type, size } = attachment;
  const file = fileStore.nameOf(bytes);
  const sealedName = name === null ? null : vault.seal(name);
  return { file, bytes, write: insertAttachment({ id, type, size, ...rest, name: sealedName, file }) };
}

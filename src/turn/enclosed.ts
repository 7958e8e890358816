import type { Fetched, InboundMessage } from '../channels/contract.js';
import { type Attachment, fileTypeOf, largestFile } from '../flow/attachment.js';
import type { Fact } from '../flow/fact.js';
import { insertAttachment } from '../store/attachments.js';
import type { Vault } from '../store/crypto.js';
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

/** The row of a file that the turn found to be an answer; nothing for one that no question had asked for. */
export function keeping(
  facts: readonly Fact[],
  enclosed: Enclosed | null,
  of: {
    readonly contactId: string;
    readonly inboundId: string;
    readonly name: string | null;
    readonly at: Date;
  },
  vault: Vault,
): readonly Statement[] {
  const { attachment, bytes } = enclosed ?? { attachment: null, bytes: null };
  if (attachment?.kind !== 'file' || bytes === null) return [];
  if (!facts.some((fact) => fact.kind === 'kept' && fact.attachment === attachment.id)) return [];
  const { name, ...rest } = of;
  const { id, type, size } = attachment;
  const sealed = { name: name === null ? null : vault.seal(name), bytes: vault.sealBytes(bytes) };
  return [insertAttachment({ id, type, size, ...rest, ...sealed })];
}

import type { ParcelFile } from '../channels/contract.js';
import type { Capabilities } from '../flow/capabilities.js';
import type { Message } from '../flow/message.js';
import { type Carriage, carriageOf } from '../flow/render.js';
import { type Archive, attachmentBytes } from '../store/attachments.js';

/** Why a file cannot be sent, now or ever. */
type FileTrouble = Exclude<Carriage, ParcelFile['kind']> | 'file-gone';

/** Reads the file of a message for a channel; null where it has none. Rejects only while the database is away. */
export type Files = (
  message: Pick<Message, 'enclosure'>,
  capabilities: Capabilities,
) => Promise<ParcelFile | FileTrouble | null>;

/** Opens the files that go out with messages. */
export function createFiles(archive: Archive): Files {
  return async ({ enclosure }, capabilities) => {
    if (enclosure === undefined) return null;
    const kind = carriageOf(enclosure, capabilities);
    if (kind !== 'photo' && kind !== 'document') return kind;
    const bytes = await attachmentBytes(archive, enclosure.content);
    const { mime, name } = enclosure;
    return bytes === null ? 'file-gone' : { kind, mime, name, bytes };
  };
}

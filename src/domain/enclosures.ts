import { type FileType, mimeOf } from '../flow/attachment.js';
import { workbookMime } from '../flow/capabilities.js';
import type { Enclosure } from '../flow/message.js';
import { insertAttachment } from '../store/attachments.js';
import type { Statement } from '../store/statement.js';
import type { ActionContext } from './action.js';

/** A file that is kept: the id of its attachment, what its bytes say it is, and its size. */
export interface KeptFile {
  readonly id: string;
  readonly jenis: FileType;
  readonly ukuran: number;
}

const endings: Readonly<Record<FileType, string>> = {
  ...{ jpeg: 'jpg', png: 'png', webp: 'webp', heic: 'heic', pdf: 'pdf' },
};

/** A kept file as it goes out with a message; how its name ends is told by what the file is. */
export function enclose({ id: content, jenis, ukuran: size }: KeptFile, name: string): Enclosure {
  return {
    kind: jenis === 'pdf' ? 'document' : 'photo',
    content,
    mime: mimeOf(jenis),
    name: `${name}.${endings[jenis]}`,
    size,
  };
}

/** A file that the program makes for whoever asks: under which type it is kept (none that anybody can send us), and as what it goes out. */
const made = {
  txt: { kind: 'document', mime: 'text/plain' },
  chart: { kind: 'photo', mime: 'image/png' },
  ticket: { kind: 'photo', mime: 'image/png' },
  sheet: { kind: 'document', mime: workbookMime },
  paper: { kind: 'document', mime: 'application/pdf' },
  calendar: { kind: 'document', mime: 'text/calendar' },
} as const satisfies Readonly<Record<string, Pick<Enclosure, 'kind' | 'mime'>>>;

/** The types of files the program makes itself: sent at once, and made anew in a moment, so they are kept for a day (`retention.ts`). */
export const madeTypes = Object.keys(made);

/** A workbook that was made before, as it goes out with a message. */
export function workbookEnclosure(content: string, name: string, size: number): Enclosure {
  return { ...made.sheet, content, name, size };
}

/** A file that was made, as it goes out with a message, and the statement that keeps it. */
export interface MadeFile {
  readonly enclosure: Enclosure;
  readonly kept: Statement;
}

/** For whom a file is made, and with what it is kept. */
export type Making = Pick<ActionContext, 'vault' | 'newId' | 'now' | 'contactId' | 'inboundId' | 'keepFile'>;

/** Keeps a file made for somebody, by the message that it answers. */
export async function makeFile(
  type: keyof typeof made,
  name: string,
  bytes: Uint8Array,
  context: Making,
): Promise<MadeFile> {
  return keep(type, { ...made[type], name }, bytes, context);
}

/** Keeps a file that goes out to many: it is of nobody, and was sent long before it is erased (`retention.ts`). */
export function keepForMany(
  out: Out,
  bytes: Uint8Array,
  making: Omit<Making, 'contactId' | 'inboundId'>,
): Promise<MadeFile> {
  return keep('letter', out, bytes, { ...making, contactId: null, inboundId: null });
}

/** As what a file goes out. */
type Out = Pick<Enclosure, 'kind' | 'mime' | 'name'>;
interface Keeping extends Omit<Making, 'contactId' | 'inboundId'> {
  readonly contactId: string | null;
  readonly inboundId: string | null;
}

async function keep(type: string, out: Out, bytes: Uint8Array, keeping: Keeping): Promise<MadeFile> {
  const { vault, newId, now, contactId, inboundId, keepFile } = keeping;
  const [id, size, file] = [newId(), bytes.length, await keepFile(bytes)];
  const row = { id, contactId, inboundId, type, size, name: vault.seal(out.name), file, at: now };
  return { kept: insertAttachment(row), enclosure: { ...out, content: id, size } };
}

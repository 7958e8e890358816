import { type FileType, mimeOf } from '../flow/attachment.js';
import type { Enclosure } from '../flow/message.js';

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

/** The kinds of file that are taken. */
export const fileTypes = ['jpeg', 'png', 'webp', 'heic', 'pdf'] as const;
/** What a file can be, told by its own first bytes. */
export type FileType = (typeof fileTypes)[number];

/** The MIME type of a kind of file. */
export function mimeOf(type: FileType): string {
  return type === 'pdf' ? 'application/pdf' : `image/${type}`;
}

/** No file larger than this is fetched: 5 MB, which every channel can hand over (docs/channels-limits.md). */
export const largestFile = 5 * 1024 * 1024;

/**
 * What a person sent instead of words: a file (under the id it would be kept by; `size` in bytes; with the name the sender claims and
 * the words under it, if any), one that cannot be used and
 * why, or a place in degrees (south and west are negative).
 */
export type Attachment =
  | {
      readonly kind: 'file';
      readonly id: string;
      readonly type: FileType;
      readonly size: number;
      readonly name?: string;
      readonly caption?: string;
    }
  | {
      readonly kind: 'unusable-file';
      readonly why: 'too-large' | 'unknown-type' | 'gone';
      readonly size: number | null;
    }
  | { readonly kind: 'place'; readonly latitude: number; readonly longitude: number };

/** The marks files begin with, each at its place in the file (the formats' own specifications; HEIF brands of ISO/IEC 23008-12). */
const marks: readonly (readonly [type: FileType, at: number, mark: RegExp])[] = [
  ['jpeg', 0, /^\xff\xd8\xff/],
  ['png', 0, /^\x89PNG\r\n/],
  ['webp', 0, /^RIFF[\s\S]{4}WEBP/],
  ['heic', 4, /^ftyp(?:heic|heix|hevc|heim|heis|mif1|msf1)/],
  ['pdf', 0, /^%PDF-\d/],
];
const longestMark = 16;

/** What a file is by its first bytes, whatever its name or sender claim; null when it is none of those we take. */
export function fileTypeOf(bytes: Uint8Array): FileType | null {
  const head = String.fromCharCode(...bytes.subarray(0, longestMark));
  return marks.find(([, at, mark]) => mark.test(head.slice(at)))?.[0] ?? null;
}

/** A size as people read it: "850 KB", "1,2 MB". */
export function showSize(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} KB`;
  return `${(bytes / 1_000_000).toFixed(1).replace('.', ',')} MB`;
}

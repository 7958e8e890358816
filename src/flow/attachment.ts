/** The kinds of photo and document that are taken. */
export const fileTypes = ['jpeg', 'png', 'webp', 'heic', 'pdf'] as const;
/** What a photo or a document can be, told by its own bytes. */
export type FileType = (typeof fileTypes)[number];

/** The kinds of sheet that are taken: a workbook, or text with separators. */
export const sheetTypes = ['xlsx', 'csv'] as const;
/** What a sheet can be, told by its own bytes. */
export type SheetType = (typeof sheetTypes)[number];

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
      readonly type: FileType | SheetType;
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

/** What a file is by its bytes, whatever its name or sender claim; null when it is none of those we take. */
export function fileTypeOf(bytes: Uint8Array): FileType | SheetType | null {
  const head = String.fromCharCode(...bytes.subarray(0, longestMark));
  return marks.find(([, at, mark]) => mark.test(head.slice(at)))?.[0] ?? sheetTypeOf(bytes, head);
}

/** Every ZIP archive begins like this; a workbook is the one that has this part. */
const zipStart = 'PK\x03\x04';
const workbookPart = 'xl/workbook.xml';
/** Separators that stand in this many lines one after the other make a sheet of a text. */
const fewestLines = 2;
const looksAtBytes = 4096;

function sheetTypeOf(bytes: Uint8Array, head: string): SheetType | null {
  // Names of parts stand in an archive as they are.
  if (head.startsWith(zipStart)) return textIn(bytes, 'latin1').includes(workbookPart) ? 'xlsx' : null;
  const coding = head.startsWith('\xff\xfe') ? 'utf-16le' : 'windows-1252';
  return isTable(textIn(bytes.subarray(0, looksAtBytes), coding)) ? 'csv' : null;
}

function textIn(bytes: Uint8Array, coding: string): string {
  return new TextDecoder(coding).decode(bytes);
}

/** The only ones below the space that a text has. */
const breaks = '\t\n\v\f\r';
const isBinary = (text: string) => [...text].some((char) => char < ' ' && !breaks.includes(char));

function isTable(text: string): boolean {
  const lines = text.split(/\r?\n|\r/).filter((line) => line.trim() !== '');
  const first = lines.slice(0, fewestLines);
  if (isBinary(text) || first.length < fewestLines) return false;
  return [';', '\t', ','].some((separator) => first.every((line) => line.includes(separator)));
}

/** A size as people read it: "850 KB", "1,2 MB". */
export function showSize(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} KB`;
  return `${(bytes / 1_000_000).toFixed(1).replace('.', ',')} MB`;
}

import { z } from 'zod';
import { type Attachment, type FileType, largestFile, showSize } from '../attachment.js';
import { isRecord, type Json, type JsonRecord } from '../json.js';
import { textType, type ValueType } from '../types.js';
import { again } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const million = 1_000_000;
const options = z.strictObject({
  max: z
    .number()
    .positive()
    .max(Math.floor(largestFile / million))
    .default(Math.floor(largestFile / million))
    .describe('The most megabytes the file may have.'),
});
type Options = z.infer<typeof options>;

const names: Readonly<Record<FileType, string>> = {
  jpeg: 'foto',
  png: 'foto',
  webp: 'foto',
  heic: 'foto',
  pdf: 'berkas PDF',
};

const howTo = 'Mohon tekan tanda penjepit kertas atau tanda tambah di bawah, lalu pilih fotonya.';
/** What a person is told of a file that cannot be used. */
export const unusable: Readonly<Record<Extract<Attachment, { kind: 'unusable-file' }>['why'], string>> = {
  'too-large': 'Berkas ini terlalu besar. Mohon kirim foto biasa, bukan video atau pindaian yang besar.',
  'unknown-type': 'Berkas ini belum dapat saya buka. Mohon kirim foto atau berkas PDF.',
  gone: 'Berkas ini tidak sampai kepada saya. Mohon kirim sekali lagi.',
};

function nameOf(type: string): string {
  return Object.hasOwn(names, type) ? names[type as FileType] : 'berkas';
}

function showDocument(value: Json): string {
  if (!isRecord(value)) return '';
  return `${nameOf(String(value['jenis']))}, ${showSize(Number(value['ukuran']))}`;
}

/** The reference to a kept file: its id, its kind by its own bytes, its size; never the bytes. */
export const documentType: ValueType = {
  name: 'document',
  show: showDocument,
  fields: { id: textType, jenis: textType },
};

/** What is saved of a file. Its name is saved only where it is handed on. */
export function documentOf({ id, type, size }: Extract<Attachment, { kind: 'file' }>): JsonRecord {
  return { id, jenis: type, ukuran: size };
}

function take(attachment: Attachment, { options: { max } }: InputContext<Options>): Parsed | null {
  if (attachment.kind === 'place') return null;
  if (attachment.kind === 'unusable-file') return again(unusable[attachment.why]);
  const { type, size } = attachment;
  if (size > max * million)
    return again(`Berkas ini terlalu besar, ${showSize(size)}. Mohon kirim yang paling besar ${max} MB.`);
  const readback = `${nameOf(type)} diterima, ${showSize(size)}`;
  return { kind: 'ok', value: documentOf(attachment), readback };
}

/** A photo (JPEG, PNG, WebP, HEIC) or a PDF of at most `max` MB, 5 unless set. Its kind is told by its bytes, never by its name. */
export const document: InputKind<Options> = {
  name: 'document',
  options,
  type: () => documentType,
  example: () => null,
  choices: () => [],
  parse: () => again(`Yang diperlukan di sini foto atau berkas PDF. ${howTo}`),
  take,
};

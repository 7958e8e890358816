import { z } from 'zod';
import {
  type Attachment,
  type FileType,
  largestFile,
  type SheetType,
  sheetTypes,
  showSize,
} from '../attachment.js';
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
  sheet: z.boolean().default(false).describe('A sheet (.xlsx, .csv) instead of a photo or a PDF.'),
  pdf: z.boolean().default(false).describe('A PDF, and no photo.'),
});
type Options = z.infer<typeof options>;

const names: Readonly<Record<FileType | SheetType, string>> = {
  jpeg: 'foto',
  png: 'foto',
  webp: 'foto',
  heic: 'foto',
  pdf: 'berkas PDF',
  xlsx: 'berkas Excel',
  csv: 'berkas CSV',
};

const howTo = 'Mohon tekan tanda penjepit kertas atau tanda tambah di bawah, lalu pilih';
/** What is wanted where a person sends words instead. */
const wanted = {
  page: `Yang diperlukan di sini foto atau berkas PDF. ${howTo} fotonya.`,
  sheet: `Yang diperlukan di sini berkas Excel (.xlsx) atau CSV. ${howTo} berkasnya.`,
  pdf: `Yang diperlukan di sini berkas PDF. ${howTo} berkasnya.`,
};
/** What a person is told of a file that cannot be used. */
export const unusable: Readonly<Record<Extract<Attachment, { kind: 'unusable-file' }>['why'], string>> = {
  'too-large': 'Berkas ini terlalu besar. Mohon kirim foto biasa, bukan video atau pindaian yang besar.',
  'unknown-type': 'Berkas ini belum dapat saya buka. Mohon kirim foto atau berkas PDF.',
  gone: 'Berkas ini tidak sampai kepada saya. Mohon kirim sekali lagi.',
};
const refusals = {
  page: unusable,
  sheet: {
    ...unusable,
    'too-large': 'Berkas ini terlalu besar. Mohon bagi menjadi beberapa berkas.',
    'unknown-type':
      'Berkas ini bukan berkas Excel (.xlsx) atau CSV. Bila berformat lama (.xls), mohon simpan dahulu sebagai .xlsx.',
  },
  pdf: {
    ...unusable,
    'too-large': 'Berkas ini terlalu besar. Mohon kirim PDF yang paling besar 5 MB.',
    'unknown-type':
      'Berkas ini bukan PDF. Bila masih berupa foto atau berkas Word, mohon simpan dahulu sebagai PDF.',
  },
};

/** What the settings ask for. */
function wish({ sheet, pdf }: Options): keyof typeof wanted {
  if (sheet) return 'sheet';
  return pdf ? 'pdf' : 'page';
}

/** Whether a file is a sheet, and so no photo or document. */
export function isSheet(type: FileType | SheetType): type is SheetType {
  return sheetTypes.some((one) => one === type);
}

function nameOf(type: string): string {
  return Object.hasOwn(names, type) ? names[type as FileType | SheetType] : 'berkas';
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

/** The same of a sheet, which is no page of anything. */
const sheetType: ValueType = { ...documentType, name: 'sheet' };

/** What is saved of a file. Its name is saved only where it is handed on. */
export function documentOf({ id, type, size }: Extract<Attachment, { kind: 'file' }>): JsonRecord {
  return { id, jenis: type, ukuran: size };
}

const isWished: Readonly<Record<keyof typeof wanted, (type: FileType | SheetType) => boolean>> = {
  page: (type) => !isSheet(type),
  sheet: isSheet,
  pdf: (type) => type === 'pdf',
};

function take(attachment: Attachment, { options }: InputContext<Options>): Parsed | null {
  if (attachment.kind === 'place') return null;
  const [kind, { max }] = [wish(options), options];
  const reasons = refusals[kind];
  if (attachment.kind === 'unusable-file') return again(reasons[attachment.why]);
  const { type, size } = attachment;
  if (!isWished[kind](type)) return again(reasons['unknown-type']);
  if (size > max * million)
    return again(`Berkas ini terlalu besar, ${showSize(size)}. Mohon kirim yang paling besar ${max} MB.`);
  const readback = `${nameOf(type)} diterima, ${showSize(size)}`;
  return { kind: 'ok', value: documentOf(attachment), readback };
}

/**
 * A photo (JPEG, PNG, WebP, HEIC) or a PDF of at most `max` MB, 5 unless set; with `pdf` no photo; with `sheet` a workbook or text with separators. Its kind is
 * told by its bytes, never by its name.
 */
export const document: InputKind<Options> = {
  name: 'document',
  options,
  type: ({ sheet }) => (sheet ? sheetType : documentType),
  example: () => null,
  choices: () => [],
  parse: (_, { options }) => again(wanted[wish(options)]),
  take,
};

import { isUtf8 } from 'node:buffer';

/** What stands in one cell. A `number` keeps the digits as the file has them, a `day` is an ISO day. */
export interface Cell {
  readonly kind: 'text' | 'number' | 'day';
  readonly text: string;
}

/** One line of a sheet, by the number people see beside it; null is an empty cell. */
export interface SheetRow {
  readonly number: number;
  readonly cells: readonly (Cell | null)[];
}

/** One sheet of a workbook; a CSV file is one, without a name. */
export interface Sheet {
  readonly name: string | null;
  readonly rows: readonly SheetRow[];
}

/** The sheets of a file, or what is wrong with it and what to do. */
export type SheetsRead =
  | { readonly ok: true; readonly sheets: readonly Sheet[] }
  | { readonly ok: false; readonly what: string; readonly mend: string };

/** A workbook is a ZIP archive; the older binary format and locked files are OLE containers. */
const zipStart = Buffer.from('PK\x03\x04', 'latin1');
const oleStart = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const utf16Start = Buffer.from('fffe', 'hex');

const unreadable: SheetsRead = {
  ok: false,
  what: 'Berkas ini tidak dapat dibaca.',
  mend: 'Buka di Excel, lalu simpan lagi sebagai .xlsx.',
};

/** Reads a workbook (.xlsx) or text with separators (.csv); told apart by the first bytes, never by the name. */
export async function readSheets(bytes: Buffer): Promise<SheetsRead> {
  if (startsWith(bytes, oleStart))
    return {
      ok: false,
      what: 'Berkas ini berformat Excel lama (.xls) atau terkunci dengan kata sandi.',
      mend: 'Buka di Excel, lalu simpan sebagai .xlsx tanpa kata sandi.',
    };
  if (startsWith(bytes, zipStart)) return readWorkbook(bytes);
  return readText(bytes);
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}

/** A cell with a number, as the library hands it on: JavaScript's own numbers would lose the digits of a NIK. */
interface Digits {
  readonly digits: string;
}

async function readWorkbook(bytes: Buffer): Promise<SheetsRead> {
  const { default: read } = await import('read-excel-file/node');
  try {
    const sheets = await read<Digits>(bytes, { parseNumber: (digits) => ({ digits }), trim: false });
    return {
      ok: true,
      sheets: sheets.map(({ sheet, data }) => ({
        name: sheet,
        rows: rowsOf(data.map((row) => row.map(cellOf))),
      })),
    };
  } catch {
    return unreadable;
  }
}

// The library's own type says `typeof Date` where it gives a Date.
function cellOf(value: unknown): Cell | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return { kind: 'day', text: value.toISOString().slice(0, 10) };
  if (typeof value === 'object' && 'digits' in value) return { kind: 'number', text: String(value.digits) };
  return textCell(String(value));
}

function textCell(text: string): Cell | null {
  return text.trim() === '' ? null : { kind: 'text', text: text.trim() };
}

function rowsOf(rows: readonly (readonly (Cell | null)[])[]): readonly SheetRow[] {
  return rows
    .map((cells, at) => ({ number: at + 1, cells }))
    .filter(({ cells }) => cells.some((cell) => cell !== null));
}

async function readText(bytes: Buffer): Promise<SheetsRead> {
  const text = decoded(bytes);
  if (text === null) return unreadable;
  const { parse } = await import('csv-parse/sync');
  try {
    const records: readonly (readonly string[])[] = parse(text, {
      ...{ delimiter: delimiterOf(text), bom: true, relax_column_count: true, relax_quotes: true },
      skip_empty_lines: false,
    });
    return { ok: true, sheets: [{ name: null, rows: rowsOf(records.map((row) => row.map(textCell))) }] };
  } catch {
    return unreadable;
  }
}

/** Text as programs for sheets write it: UTF-8, UTF-16 ("Unicode text"), else the code page of Windows. Null for what is no text. */
function decoded(bytes: Buffer): string | null {
  if (startsWith(bytes, utf16Start)) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes.includes(0)) return null;
  return new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252').decode(bytes);
}

const delimiters = [';', '\t', ','] as const;
const looksAtLines = 20;

/** The separator that the first lines have most of; Excel in Indonesian writes semicolons, because the comma is decimal. */
function delimiterOf(text: string): string {
  const head = text.split('\n', looksAtLines).join('\n');
  const counts = delimiters.map((delimiter) => ({ delimiter, count: head.split(delimiter).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).delimiter;
}

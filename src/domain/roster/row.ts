import { nikDoubts } from '../../flow/inputs/nik.js';
import { levels, type Region, type RegionLevel } from '../../flow/regions.js';
import type { Table } from './columns.js';
import { type Field, type Listed, type ReadContext, readCell } from './fields.js';
import type { SheetRow } from './sheet.js';

/** A person as a list tells of him: at least a name and a village. */
export interface Person extends Omit<Listed, 'name' | 'regency' | 'district' | 'village'> {
  readonly name: string;
  readonly regionCode: string;
}

/** Where a line stands, and what was read of it: a person with what is doubtful, or all that is wrong with it. */
export interface Line {
  readonly sheet: string | null;
  readonly number: number;
  readonly name: string;
  readonly person: Person | null;
  /** Whole sentences: of a person, what should be looked at; else why there is none. */
  readonly remarks: readonly string[];
}

/** The regency of lists that do not say it, because everybody in them is of one. */
export interface RowContext extends ReadContext {
  readonly regency: Region | null;
}

/** Reads one line of a list. */
export function readLine(table: Table, row: SheetRow, context: RowContext): Line {
  const { listed, faults } = readCells(table, row, context);
  const place = placeOf({ ...listed, district: listed.district ?? districtOf(table, context) }, context);
  const all = [
    ...faults,
    ...(listed.name === undefined && !hasFaultOf(faults) ? ['Nama tidak diisi.'] : []),
    ...place.faults,
  ];
  const line = { sheet: table.sheet, number: row.number, name: listed.name ?? '' };
  if (all.length > 0 || listed.name === undefined || place.code === null)
    return { ...line, person: null, remarks: all };
  const { regency: _, district: __, village: ___, ...rest } = listed;
  const person = { ...rest, name: listed.name, regionCode: place.code };
  return { ...line, person, remarks: [...place.notes, ...doubtsOf(person, context)] };
}

interface Cells {
  readonly listed: Listed;
  readonly faults: readonly string[];
}

function hasFaultOf(faults: readonly string[]): boolean {
  return faults.some((fault) => fault.startsWith('Nama'));
}

function readCells({ columns }: Table, { cells }: SheetRow, context: RowContext): Cells {
  let listed: Listed = {};
  const faults: string[] = [];
  for (const { at, field } of columns) {
    const cell = cells[at] ?? null;
    if (field === null || cell === null || isBlank(field, cell.text)) continue;
    const read = readCell(field, cell, context);
    if (read.ok) listed = { ...listed, ...read.part };
    else faults.push(read.reason);
  }
  return { listed, faults };
}

/** What people write where there is nothing to write. */
const blank = /^[-–—_.\s]*$|^(?:tidak ada|belum ada|belum punya|kosong|nihil)$/i;

function isBlank(field: Field, text: string): boolean {
  return blank.test(text) && field.name !== 'nama';
}

interface Placed {
  readonly code: string | null;
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

const levelWords: Readonly<Record<RegionLevel, string>> = {
  regency: 'Kabupaten atau kota',
  district: 'Kecamatan',
  village: 'Desa atau kelurahan',
};

/** Lists with a sheet for each kecamatan, and no column for it, name it there. */
function districtOf({ sheet, columns }: Table, { regions, regency }: RowContext): string | undefined {
  const hasColumn = columns.some(({ field }) => field?.name === 'kecamatan');
  if (sheet === null || hasColumn || regency === null) return undefined;
  return regions.find('district', regency.code, sheet).kind === 'one' ? sheet : undefined;
}

type Places = { readonly [Level in 'regency' | 'district' | 'village']?: string | undefined };

/** From the regency down, each below the one before. */
function placeOf({ regency, district, village }: Places, context: RowContext): Placed {
  const { regions } = context;
  const words: Readonly<Record<RegionLevel, string | undefined>> = {
    regency:
      regency ?? (context.regency === null ? undefined : `${context.regency.kind} ${context.regency.name}`),
    district,
    village,
  };
  let parent = '33';
  const notes: string[] = [];
  for (const level of levels) {
    const typed = words[level];
    if (typed === undefined) return missing(`${levelWords[level]} tidak diisi.`);
    const match = regions.find(level, parent, typed);
    if (match.kind !== 'one') return missing(notOne(level, typed, match.kind, regions.get(parent)));
    parent = match.region.code;
    if (!match.exact) notes.push(`“${typed}” dibaca sebagai ${match.region.kind} ${match.region.name}.`);
  }
  return { code: parent, faults: [], notes };
}

function missing(fault: string): Placed {
  return { code: null, faults: [fault], notes: [] };
}

function notOne(
  level: RegionLevel,
  typed: string,
  kind: 'none' | 'several',
  parent: Region | undefined,
): string {
  const where = parent === undefined ? 'Jawa Tengah' : `${parent.kind} ${parent.name}`;
  if (kind === 'none') return `${levelWords[level]} “${typed}” tidak ditemukan di ${where}.`;
  return `${levelWords[level]} “${typed}” dapat berarti beberapa wilayah di ${where}. Tulis namanya dengan lengkap.`;
}

/** A difference between NIK and birth is worth looking at, never a refusal: a NIK stays when a date is corrected. */
function doubtsOf({ nik, birthDate, sex }: Person, { now }: RowContext): readonly string[] {
  return nik === undefined ? [] : nikDoubts(nik, birthDate ?? null, sex ?? null, now);
}

import type { Region } from '../../flow/regions.js';
import type { Vault } from '../../store/crypto.js';
import type { Queryable, Statement } from '../../store/statement.js';
import { type ByHand, type Column, isNobody, type Table, tableIn } from './columns.js';
import type { ReadContext } from './fields.js';
import { type Planned, planLines, type Register } from './plan.js';
import { readRegister } from './register.js';
import { type Line, readLine } from './row.js';
import { readSheets } from './sheet.js';
import { rosterLock, rosterWrites } from './writes.js';

/** A list somebody brings, and how it is to be understood. */
export interface RosterFile {
  readonly bytes: Buffer;
  readonly byHand: ByHand;
  /** The regency of lists that do not name it. */
  readonly regency: Region | null;
}

/** For whom a list is read, and with what. */
export interface RosterContext extends ReadContext {
  readonly db: Queryable;
  readonly vault: Vault;
  readonly newId: () => string;
  /** Whether this person may import people there. */
  readonly mayIn: (regionCode: string) => boolean;
  /** Who it is, for the history. */
  readonly madeBy: string;
  readonly simulator: boolean;
}

/** What a list would do, and the statements that do it; or why it cannot be read. */
export type Prepared =
  | {
      readonly ok: true;
      readonly columns: readonly Column[];
      readonly planned: readonly Planned[];
      readonly writes: readonly Statement[];
    }
  | { readonly ok: false; readonly what: string; readonly mend: string };

/** No list is longer: the whole province has some 11,400 PSM, and 45,000 is what it aims at. */
const mostRows = 50_000;

/** Reads a list and plans it against the members kept now. Nothing is written. */
export async function prepareRoster(file: RosterFile, context: RosterContext): Promise<Prepared> {
  const read = await readSheets(file.bytes);
  if (!read.ok) return read;
  const tables = read.sheets.flatMap((sheet) => tableIn(sheet, file.byHand) ?? []);
  if (tables.length === 0)
    return {
      ok: false,
      what: 'Judul kolom tidak ditemukan.',
      mend: 'Baris judul harus memuat paling sedikit Nama dan satu kolom lain, misalnya NIK atau Desa.',
    };
  const lines = tables.flatMap((table) => linesOf(table, file, context));
  if (lines.length > mostRows)
    return {
      ok: false,
      what: `Daftar ini lebih dari ${mostRows} baris.`,
      mend: 'Bagi menjadi beberapa berkas.',
    };
  const planned = await plan(lines, context);
  return { ok: true, columns: tables[0]?.columns ?? [], planned, writes: writesOf(file, planned, context) };
}

function linesOf(table: Table, { regency }: RosterFile, context: RosterContext): readonly Line[] {
  const people = table.rows.filter((row) => !isNobody(table, row));
  return people.map((row) => within(readLine(table, row, { ...context, regency }), context));
}

function within(line: Line, { mayIn }: RosterContext): Line {
  if (line.person === null || mayIn(line.person.regionCode)) return line;
  return { ...line, person: null, remarks: ['Wilayah tugasnya di luar wilayah Bapak/Ibu.'] };
}

async function plan(lines: readonly Line[], context: RosterContext): Promise<readonly Planned[]> {
  const { db, vault, simulator, newId } = context;
  const people = lines.flatMap(({ person }) => person ?? []);
  const register = await readRegister(db, vault, people, simulator);
  return planLines(lines, ownOnly(register, context), newId).map((one) => discreet(one, context));
}

/** By name only the members of the own area are compared; by NIK wherever they are. */
function ownOnly(register: Register, { mayIn }: RosterContext): Register {
  return {
    byNik: register.byNik,
    byPerson: (key) => register.byPerson(key).filter(({ person }) => mayIn(person.regionCode)),
  };
}

/** Of somebody outside the own area nothing is told but that the NIK is known. */
function discreet(planned: Planned, { mayIn }: RosterContext): Planned {
  const there = planned.member?.person ?? null;
  if (there === null || mayIn(there.regionCode)) return planned;
  const remark = 'NIK ini sudah tercatat di luar wilayah Bapak/Ibu. Mohon hubungi pengelola provinsi.';
  return { ...planned, fate: 'duplicate', member: null, remarks: [remark] };
}

function writesOf(
  file: RosterFile,
  planned: readonly Planned[],
  context: RosterContext,
): readonly Statement[] {
  const { vault, newId, madeBy } = context;
  const fileIndex = vault.index('roster-file', file.bytes.toString('base64'));
  return [rosterLock, ...rosterWrites({ id: newId(), fileIndex, madeBy }, planned, context)];
}

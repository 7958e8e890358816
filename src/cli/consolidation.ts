import {
  type Consolidation,
  listConsolidation,
  membersIn,
  totalOf,
  verifiedShare,
} from '../domain/consolidation.js';
import type { Records } from '../domain/records.js';
import { localAdministrator } from '../domain/roles.js';
import { writeAsked } from './asked-file.js';

type Cells = Readonly<Record<string, string | number>>;

function cellsOf(one: Omit<Consolidation, 'board' | 'area'>, board: string): Cells {
  return {
    regency: one.place,
    members: membersIn(one),
    registered: one.registered,
    listed: one.listed,
    'SK verified': one.verified,
    '%': verifiedShare(one),
    board,
    '<45': one.under45,
    '45-59': one.under60,
    '60+': one.over60,
    'no age': one.ageless,
    'certificates valid': one.valid,
    'ending in 90 days': one.ending,
    ended: one.ended,
  };
}

/** `sapa consolidation`: how far each regency has come, as a table, or into a CSV file. */
export async function consolidation(
  records: Records,
  file: string | null,
  print: (line: string) => void,
): Promise<boolean> {
  const all = await listConsolidation(localAdministrator('consolidation'), records);
  const active = all.filter(({ board }) => board.state === 'active').length;
  const total = cellsOf({ ...totalOf(all), place: 'all' }, `${active} active`);
  const rows = [...all.map((one) => cellsOf(one, one.board.state)), total];
  if (file === null) for (const line of tableOf(rows)) print(line);
  else {
    writeAsked(file, csvOf(rows));
    print(`${file}: ${all.length} regencies and their sum.`);
  }
  return true;
}

function linesOf(rows: readonly Cells[]): readonly (readonly string[])[] {
  return [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row).map(String))];
}

function tableOf(rows: readonly Cells[]): readonly string[] {
  const lines = linesOf(rows);
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** As RFC 4180 wants it. */
function csvOf(rows: readonly Cells[]): string {
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return linesOf(rows)
    .map((line) => `${line.map(quoted).join(',')}\r\n`)
    .join('');
}

import { fold } from '../../flow/text.js';
import { type Field, fields } from './fields.js';
import type { Sheet, SheetRow } from './sheet.js';

/** One column of a sheet: what stands above it, and what it is taken for; null is a column that is not read. */
export interface Column {
  readonly at: number;
  readonly heading: string;
  readonly field: Field | null;
}

/** The columns of a sheet and the lines below them. */
export interface Table {
  readonly sheet: string | null;
  readonly columns: readonly Column[];
  readonly rows: readonly SheetRow[];
}

/** Names for columns set by hand: heading to the name of a field, or to `-` for a column that is not read. */
export type ByHand = Readonly<Record<string, string>>;

/** Titles and dates stand above the headings; further down than this nobody puts them. */
const looksAtRows = 15;
/** A line with fewer known headings is a title or a sentence. */
const fewestKnown = 2;

/** Finds the line of headings and says what each column is taken for; null when there is no such line with a name among them. */
export function tableIn({ name, rows }: Sheet, byHand: ByHand): Table | null {
  const head = rows.slice(0, looksAtRows).find((row) => isHead(columnsOf(row, byHand)));
  if (head === undefined) return null;
  return {
    sheet: name,
    columns: columnsOf(head, byHand),
    rows: rows.filter(({ number }) => number > head.number),
  };
}

function isHead(columns: readonly Column[]): boolean {
  const known = columns.filter(({ field }) => field !== null);
  return known.length >= fewestKnown && known.some(({ field }) => field?.name === 'nama');
}

function columnsOf({ cells }: SheetRow, byHand: ByHand): readonly Column[] {
  const taken = new Set<Field>();
  return cells.flatMap((cell, at) => {
    if (cell === null) return [];
    const field = fieldOf(cell.text, byHand);
    const free = field !== null && !taken.has(field) ? field : null;
    if (free !== null) taken.add(free);
    return [{ at, heading: cell.text.replace(/\s+/g, ' '), field: free }];
  });
}

function fieldOf(heading: string, byHand: ByHand): Field | null {
  const folded = fold(heading.replaceAll('/', ' '));
  const hand = Object.entries(byHand).find(([each]) => fold(each) === folded);
  if (hand !== undefined) return fields.find(({ name }) => name === hand[1]) ?? null;
  return fields.find(({ headings }) => headings.includes(folded)) ?? null;
}

/** A line that numbers the columns ("1 2 3 …"), or repeats the headings on the next page, is nobody. */
export function isNobody({ columns }: Table, { cells }: SheetRow): boolean {
  const filled = cells.filter((cell) => cell !== null);
  const counts = filled.every((cell, at) => Number(cell.text) === at + 1);
  const repeats = columns.filter(({ at, heading }) => cells[at]?.text === heading).length;
  return counts || repeats >= fewestKnown;
}

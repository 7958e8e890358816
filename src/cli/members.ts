import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { findArea } from '../domain/grants.js';
import type { Records } from '../domain/records.js';
import { localAdministrator } from '../domain/roles.js';
import { fieldNames } from '../domain/roster/fields.js';
import { type Imported, importRoster } from '../domain/roster/import.js';
import { importedRosters } from '../domain/roster/lists.js';
import { countsOf, countsTold, fateWords, reportOf } from '../domain/roster/report.js';
import { undoRoster } from '../domain/roster/undo.js';
import type { Region, RegionIndex } from '../flow/regions.js';
import { refuseUnwritable, writeAsked } from './asked-file.js';

/** How a list is imported by command. */
export interface MembersWish {
  readonly apply?: boolean;
  readonly yes?: boolean;
  readonly area?: string;
  readonly report?: string;
  /** `HEADING=field`, for headings that are not understood by themselves. */
  readonly column?: readonly string[];
  readonly simulator?: boolean;
}

type Print = (line: string) => void;
type Good = Extract<Imported, { readonly ok: true }>;

/** `sapa members import FILE`: looks a list through, and with `--apply` writes it; false when it could not be. */
export async function importMembers(
  records: Records,
  {
    file,
    wish,
    regions,
  }: { readonly file: string; readonly wish: MembersWish; readonly regions: RegionIndex },
  print: Print,
): Promise<boolean> {
  const report = wish.report ?? `${file.replace(/\.[^./]+$/, '')}-laporan.xlsx`;
  const understood = await understand(records, file, wish, regions);
  if (typeof understood === 'string') return refused(understood, print);
  const { simulator = false } = wish;
  const asked = { viewer: localAdministrator('members import'), regions, simulator };
  const looked = await importRoster(understood, { ...asked, apply: false }, records);
  if (!looked.ok) return refused(`${looked.what} ${looked.mend}`, print);
  tellColumns(looked, print);
  refuseUnwritable(report);
  const apply = wish.apply === true && (wish.yes === true || (await agreed(looked, print)));
  const done = apply ? await importRoster(understood, { ...asked, apply }, records) : looked;
  if (!done.ok) return refused(`${done.what} ${done.mend}`, print);
  await tell(done, report, print);
  return true;
}

function refused(line: string, print: Print): false {
  print(line);
  return false;
}

async function understand(records: Records, file: string, wish: MembersWish, regions: RegionIndex) {
  const byHand = handSet(wish.column ?? []);
  if (typeof byHand === 'string') return byHand;
  const bytes = bytesOf(file);
  if (bytes === null) return `"${file}" cannot be read. Give the path of an .xlsx or .csv file.`;
  if (wish.area === undefined) return { bytes, byHand, regency: null };
  const area = await findArea(records, wish.area);
  const regency: Region | undefined = area === null ? undefined : regions.get(area.area);
  if (regency?.level !== 'regency')
    return `There is no regency "${wish.area}". Use a code such as 33.15 or "Kabupaten Grobogan".`;
  return { bytes, byHand, regency };
}

function bytesOf(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

function handSet(columns: readonly string[]): Readonly<Record<string, string>> | string {
  const pairs = columns.map((column) => column.split(/=(?=[^=]*$)/));
  const wrong = pairs.find(
    ([heading, field]) => !heading || (field !== '-' && !fieldNames.includes(field ?? '')),
  );
  if (wrong !== undefined)
    return `--column "${wrong.join('=')}" is not understood. Write HEADING=field with one of: ${fieldNames.join(', ')}, or - to leave it out.`;
  return Object.fromEntries(pairs);
}

function tellColumns({ columns }: Good, print: Print): void {
  print('Columns:');
  for (const { heading, field } of columns) print(`  ${heading} → ${field?.name ?? '(not read)'}`);
}

/** Asks whoever sits at the terminal; where nobody does, `--yes` must have said so. */
async function agreed(looked: Good, print: Print): Promise<boolean> {
  print(`${looked.planned.length} lines: ${countsTold(countsOf(looked.planned))}.`);
  if (!process.stdin.isTTY)
    return refused('Nothing was written: add --yes where nobody can be asked.', print);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    'Are the columns right, and is this list to be imported? (ya/tidak) ',
  );
  terminal.close();
  return /^(?:ya|y|yes)$/i.test(answer.trim());
}

async function tell(done: Good, report: string, print: Print): Promise<void> {
  writeAsked(report, await reportOf(done.planned));
  for (const { line, fate, remarks } of done.planned
    .filter((one) => one.fate === 'refused')
    .slice(0, mostShown))
    print(
      `  ${line.sheet === null ? '' : `${line.sheet} `}${line.number}: ${fateWords[fate]}. ${remarks.join(' ')}`,
    );
  print(`${done.planned.length} lines: ${countsTold(countsOf(done.planned))}. Every line is in ${report}.`);
  if (done.number === null) print('Nothing was written. Import it with --apply.');
  else print(`Imported as list ${done.number}. Take it back with: sapa members undo ${done.number}`);
}

/** More would push the sum out of the window; all of them are in the report. */
const mostShown = 20;

/** `sapa members undo NUMBER`. */
export async function undoMembers(records: Records, typed: string, print: Print): Promise<boolean> {
  const undone = await undoRoster(Number(typed), { who: 'local:members undo' }, records);
  if (!undone.ok)
    return refused(
      undone.later === null
        ? 'There is no such list, or it was undone already. See: sapa members lists'
        : `List ${undone.later} has changed the same people since. Undo it first: sapa members undo ${undone.later}`,
      print,
    );
  const { removed, restored, stayed } = undone;
  print(
    `List ${typed} is taken back: ${removed} members removed, ${restored} as before, ${stayed} stay because they have registered, were verified or hold an office since.`,
  );
  return true;
}

/** `sapa members lists`. */
export async function showLists(records: Records, print: Print): Promise<boolean> {
  const lists = await importedRosters(records);
  if (lists.length === 0) print('No list was imported yet.');
  for (const { number, madeAt, madeBy, members, undone } of lists)
    print(
      `${number}: ${madeAt.toISOString()} by ${madeBy}, ${members} members${undone ? ', taken back' : ''}`,
    );
  return true;
}

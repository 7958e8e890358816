import { type Guest, guestsOf, rakorFor } from '../domain/attendance.js';
import { attendancePaper, attendanceSheet } from '../domain/attendance-file.js';
import { pdfOf } from '../domain/paper.js';
import { logAccess } from '../domain/people.js';
import type { Records } from '../domain/records.js';
import { localAdministrator } from '../domain/roles.js';
import { writeAsked } from './asked-file.js';

/** What `sapa rakor attendance` writes, and where to. */
export interface AttendanceFiles {
  readonly pdf: string | null;
  readonly xlsx: string | null;
}

/** `sapa rakor attendance NUMBER`: how many are expected and in, or the list as files; false when there is no such rakor. */
export async function attendance(
  records: Records,
  number: string,
  { pdf, xlsx }: AttendanceFiles,
  print: (line: string) => void,
): Promise<boolean> {
  const looking = { db: records.pool, vault: records.vault, now: records.now() };
  const viewer = localAdministrator('attendance');
  const rakor = (await rakorFor(viewer, looking)).find((one) => String(one.number) === number);
  if (rakor === undefined) {
    print(`No rakor ${number} was called for the last two months or the next four.`);
    return false;
  }
  const guests = await guestsOf(viewer, [rakor.id], looking);
  print(countsTold(guests));
  if (pdf === null && xlsx === null) return true;
  const subjects = guests.flatMap(({ subject }) => subject ?? []);
  await logAccess(viewer, records, 'list-attendance', subjects);
  if (pdf !== null) writeAsked(pdf, await pdfOf(attendancePaper(rakor, guests)));
  if (xlsx !== null) writeAsked(xlsx, await attendanceSheet(rakor, guests));
  for (const file of [pdf, xlsx]) if (file !== null) print(`${file}: written.`);
  return true;
}

function countsTold(guests: readonly Guest[]): string {
  const count = (fits: (guest: Guest) => boolean) => guests.filter(fits).length;
  const late = count(({ kind }) => kind === 'late');
  return `${guests.length - late} expected, ${count(({ checkedInAt }) => checkedInAt !== null)} in, ${late} of them not invited.`;
}

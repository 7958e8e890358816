import { answerTold, type Guest } from './attendance.js';
import { momentInWords, type Rakor } from './rakor.js';
import { clockInWib } from './wib.js';

const columns = [
  ['No', 6],
  ['Nama', 32],
  ['Jabatan', 26],
  ['Kabupaten/kota', 24],
  ['Jawaban', 24],
  ['Masuk', 10],
  ['Tanda tangan', 24],
] as const;

/** Who is expected and who came, as a workbook, a line for each, with room to sign. NIK and numbers are not in it: it may be passed on. */
export async function attendanceSheet(
  { details, startsAt }: Rakor,
  guests: readonly Guest[],
): Promise<Buffer> {
  const { default: write } = await import('write-excel-file/node');
  const bold = (value: string) => ({ value, fontWeight: 'bold' as const });
  const title = [bold(`Daftar hadir ${details.acara}, ${momentInWords(startsAt)}`)];
  const head = columns.map(([heading]) => bold(heading));
  const body = guests.map((guest, at) => [
    ...[at + 1, guest.name, guest.position, guest.place, answerTold(guest)],
    ...[guest.checkedInAt === null ? '' : clockInWib(guest.checkedInAt), ''],
  ]);
  const written = write([title, head, ...body], {
    ...{ sheet: 'Daftar hadir', stickyRowsCount: 2, columns: columns.map(([, width]) => ({ width })) },
  });
  return written.toBuffer();
}

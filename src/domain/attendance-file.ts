import { answerTold, type Guest } from './attendance.js';
import type { Paper } from './paper.js';
import { dayOfRakor, hoursOfRakor, momentInWords, type Rakor } from './rakor.js';
import { headOf } from './rakor-letter.js';
import { tableSheet } from './table-sheet.js';
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
export function attendanceSheet({ details, startsAt }: Rakor, guests: readonly Guest[]): Promise<Buffer> {
  const title = `Daftar hadir ${details.acara}, ${momentInWords(startsAt)}`;
  const body = guests.map((guest, at) => [
    ...[at + 1, guest.name, guest.position, guest.place, answerTold(guest)],
    ...[timeOf(guest), ''],
  ]);
  return tableSheet({ name: 'Daftar hadir', title, columns, body });
}

/** The height of a row in which somebody signs, in points. */
const signable = 28;

/**
 * The list that lies at the door, to be signed: whoever may come, with the times of those who came once there are any. Who said no, or
 * sends somebody else, stands in it only when they came after all.
 */
export function attendancePaper(rakor: Rakor, guests: readonly Guest[]): Paper {
  const { acara, tempat } = rakor.details;
  const some = guests.filter(mayCome);
  const hasTimes = some.some(({ checkedInAt }) => checkedInAt !== null);
  const time = hasTimes ? [{ heading: 'Masuk', share: 12 }] : [];
  return {
    title: `Daftar hadir ${acara}`,
    blocks: [
      headOf(rakor),
      { kind: 'title', lines: ['DAFTAR HADIR', acara] },
      {
        kind: 'facts',
        facts: [
          ['Hari/Tanggal', dayOfRakor(rakor)],
          ['Waktu', hoursOfRakor(rakor)],
          ['Tempat', tempat],
        ],
      },
      {
        kind: 'table',
        columns: [...paperColumns, ...time, { heading: 'Tanda tangan', share: 24 }],
        rows: some.map((guest, at) => [...cellsOf(guest, at), ...(hasTimes ? [timeOf(guest)] : []), '']),
        least: signable,
      },
    ],
  };
}

const paperColumns = [
  { heading: 'No', share: 6 },
  { heading: 'Nama', share: 28 },
  { heading: 'Jabatan', share: 24 },
  { heading: 'Kabupaten/kota', share: 22 },
];

function mayCome({ answer, checkedInAt }: Guest): boolean {
  return checkedInAt !== null || (answer !== 'tidak' && answer !== 'diwakilkan');
}

function cellsOf({ name, position, place, kind }: Guest, at: number): readonly string[] {
  const marked = kind === 'late' ? `${name} (susulan)` : name;
  return [String(at + 1), marked, position, place];
}

function timeOf({ checkedInAt }: Guest): string {
  return checkedInAt === null ? '' : clockInWib(checkedInAt);
}

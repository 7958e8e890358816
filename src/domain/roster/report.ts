import type { Fate, Planned } from './plan.js';

/** What becomes of a line, in the words of the report. */
export const fateWords: Readonly<Record<Fate, string>> = {
  new: 'Baru',
  changed: 'Berubah',
  same: 'Tetap',
  registered: 'Sudah terdaftar',
  duplicate: 'Ganda',
  refused: 'Ditolak',
};

/** How many lines there are of each. */
export type Counts = Readonly<Record<Fate, number>>;

/** Counts the lines. */
export function countsOf(planned: readonly Planned[]): Counts {
  const counts = { new: 0, changed: 0, same: 0, registered: 0, duplicate: 0, refused: 0 };
  for (const { fate } of planned) counts[fate] += 1;
  return counts;
}

/** "10 baru, 2 ditolak": only what there is. */
export function countsTold(counts: Counts): string {
  const entries = Object.entries(fateWords).map(([fate, words]) => ({ count: countOf(counts, fate), words }));
  const told = entries
    .filter(({ count }) => count > 0)
    .map(({ count, words }) => `${count} ${words.toLowerCase()}`);
  return told.length === 0 ? 'tidak ada baris' : told.join(', ');
}

/** The same, a line for each. */
export function countsLines(counts: Counts): string {
  const kinds = Object.entries(fateWords).filter(([fate]) => countOf(counts, fate) > 0);
  return kinds.map(([fate, words]) => `- ${countOf(counts, fate)} ${words.toLowerCase()}`).join('\n');
}

function countOf(counts: Readonly<Record<string, number>>, fate: string): number {
  return counts[fate] ?? 0;
}

/** What the report is called where it is opened. */
export const reportName = 'laporan daftar.xlsx';

const headings = ['Lembar', 'Baris', 'Nama', 'Hasil', 'Keterangan'] as const;
const widths = [14, 8, 32, 18, 90] as const;

/** The report as a workbook: one line for each of the list, what needs a look first. NIK and numbers are not repeated in it. */
export async function reportOf(planned: readonly Planned[]): Promise<Buffer> {
  const { default: write } = await import('write-excel-file/node');
  const head = headings.map((value) => ({ value, fontWeight: 'bold' as const }));
  const sorted = planned.toSorted((a, b) => rank(a) - rank(b));
  const body = sorted.map(({ line, fate, remarks }) => [
    line.sheet,
    line.number,
    line.name,
    fateWords[fate],
    remarks.join(' '),
  ]);
  const written = write([head, ...body], {
    sheet: 'Laporan',
    columns: widths.map((width) => ({ width })),
    stickyRowsCount: 1,
  });
  return written.toBuffer();
}

const order: readonly Fate[] = ['refused', 'duplicate', 'registered', 'changed', 'new', 'same'];

function rank({ fate, remarks }: Planned): number {
  return order.indexOf(fate) * 2 - (remarks.length > 0 ? 1 : 0);
}

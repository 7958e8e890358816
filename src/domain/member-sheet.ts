import { titleCase } from '../flow/text.js';
import type { FoundMember } from './found-members.js';
import { plainStatus } from './sk.js';

const headings = [
  'Kabupaten/kota',
  'Kecamatan',
  'Desa/kelurahan',
  'Nama',
  'Status SK',
  'Terdaftar sendiri',
] as const;
const widths = [22, 24, 26, 32, 24, 18] as const;

/** Members as a workbook, a line for each. NIK and numbers are not in it: it may be passed on. */
export async function sheetOf(people: readonly FoundMember[]): Promise<Buffer> {
  const { default: write } = await import('write-excel-file/node');
  const head = headings.map((value) => ({ value, fontWeight: 'bold' as const }));
  const body = people.map(({ regency, district, village, name, skStatus, claimed }) => [
    ...[regency, district, village, titleCase(name), plainStatus(skStatus), claimed ? 'ya' : 'belum'],
  ]);
  const written = write([head, ...body], {
    ...{ sheet: 'Tanpa SK sah', stickyRowsCount: 1, columns: widths.map((width) => ({ width })) },
  });
  return written.toBuffer();
}

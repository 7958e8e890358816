import writeWorkbook from 'write-excel-file/node';
import type { Region } from '../../src/flow/regions.js';

/** A line of a made-up list: what stands in its cells, and what is wrong with it. */
export interface MadeLine {
  readonly cells: readonly MadeCell[];
  readonly fault: FaultName | null;
}
type MadeCell = string | number | Date | null;

const heads = [
  'No',
  'NAMA LENGKAP',
  'NIK',
  'Tempat Lahir',
  'Tgl. Lahir',
  'L/P',
  'Kabupaten/Kota',
  'Kecamatan',
  'Desa/Kelurahan',
  'Tahun Pengangkatan',
  'Pendidikan Terakhir',
  'No. HP/WA',
  'Nomor SK',
  'Tanggal SK',
  'Penerbit SK',
  'Keterangan',
] as const;
const column = {
  name: 1,
  nik: 2,
  born: 4,
  sex: 5,
  district: 7,
  village: 8,
  since: 9,
  education: 10,
  phone: 11,
  skDate: 13,
  issuer: 14,
};

const first = [
  'Sri',
  'Budi',
  'Siti',
  'Joko',
  'Tri',
  'Dwi',
  'Eko',
  'Wahyu',
  'Endang',
  'Agus',
  'Sugeng',
  'Yuni',
];
const syllables = ['con', 'toh', 'wa', 'ti', 'ru', 'mi', 'yan', 'ka', 'sa', 'ning', 'di', 'ro'];

/** A surname nobody has, another one for each number: only made-up people are in tests. */
function surname(at: number): string {
  const digits = at.toString(syllables.length).padStart(4, '0');
  const spelled = [...digits]
    .map((digit) => syllables[Number.parseInt(digit, syllables.length)] ?? '')
    .join('');
  return `Contoh${spelled}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function village(regions: Regions, at: number): readonly [string, string, string] {
  const each = regions.villages[(at * 7) % regions.villages.length];
  const district = regions.byCode.get(each?.parent ?? '');
  const regency = regions.byCode.get(district?.parent ?? '');
  const title = (region: Region | undefined) => `${region?.kind} ${region?.name}`;
  return [title(regency), title(district), title(each)];
}

interface Regions {
  readonly villages: readonly Region[];
  readonly byCode: ReadonlyMap<string, Region>;
}

/** The cells of a person without a fault, in the spellings lists have. */
function person(at: number, regions: Regions): MadeCell[] {
  const [day, month, year] = [1 + (at % 28), 1 + (at % 12), 1950 + (at % 45)];
  const woman = at % 2 === 0;
  const nik = `990101${two(woman ? day + 40 : day)}${two(month)}${two(year % 100)}${String(1 + (at % 9998)).padStart(4, '0')}`;
  const born = [
    `${two(day)}-${two(month)}-${year}`,
    new Date(Date.UTC(year, month - 1, day)),
    `${day}/${month}/${year}`,
  ][at % 3];
  const hasSk = at % 4 !== 0;
  return [
    ...[at, `${first[at % first.length]} ${surname(at)}`, nik, 'Semarang', born ?? null, woman ? 'P' : 'L'],
    ...village(regions, at),
    ...[
      1990 + (at % 30),
      ['SD', 'SLTP', 'SMA', 'D3', 'S1'][at % 5] ?? null,
      `08120${String(at).padStart(7, '0')}`,
    ],
    ...(hasSk ? [`141/${1 + (at % 400)}/2021`, '17-08-2021', 'Kepala Desa'] : [null, null, null]),
    null,
  ];
}

/** What can be wrong with a line, and how the report must say it. */
const faults = {
  'nik-as-number': [column.nik, 3.374e15, /NIK tersimpan sebagai angka/],
  'nik-shortened': [column.nik, '3,37E+15', /NIK tersimpan sebagai angka/],
  'nik-short': [column.nik, '99010117087000', /16 angka/],
  'nik-impossible': [column.nik, '9901013513700001', /tanggal lahir di dalam NIK/],
  'nik-letters': [column.nik, 'tidak hafal', /NIK hanya terdiri dari angka/],
  'no-name': [column.name, null, /Nama tidak diisi/],
  'name-with-digits': [column.name, 'Contoh 12', /Nama tidak memuat angka/],
  'birth-unreadable': [column.born, 'kemarin dulu', /Tanggal lahir/],
  'birth-impossible': [column.born, '31-02-1970', /Tanggal lahir/],
  'under-age': [column.born, '17-08-2015', /belum 18 tahun/],
  'sex-unknown': [column.sex, 'X', /Jenis kelamin harus L atau P/],
  'village-unknown': [
    column.village,
    'Desa Antah Berantah',
    /Desa atau kelurahan “Desa Antah Berantah” tidak ditemukan/,
  ],
  'district-missing': [column.district, null, /Kecamatan tidak diisi/],
  'phone-landline': [column.phone, '024-8311729', /telepon rumah/],
  'phone-too-long': [column.phone, '0812345678901234567', /terlalu banyak/],
  'education-unknown': [column.education, 'Pesantren kilat', /Pendidikannya tidak dikenal/],
  'sk-in-future': [column.skDate, '17-08-2099', /Tanggal SK/],
  'issuer-unknown': [column.issuer, 'Ketua RT', /Penerbit SK tidak dikenal/],
  'year-in-future': [column.since, 2099, /belum terjadi/],
  'formula-error': [column.village, '#REF!', /kesalahan rumus/],
} as const satisfies Readonly<Record<string, readonly [number, MadeCell, RegExp]>>;
/** One of them. */
export type FaultName = keyof typeof faults;

/** Every kind of fault. */
// Object.keys loses the type of the keys.
export const faultNames = Object.keys(faults) as readonly FaultName[];

/** What the report says of a fault. */
export function saidOf(fault: FaultName): RegExp {
  return faults[fault][2];
}

/** A list of so many people, each twentieth of them with a fault, all kinds in turn. */
export function madeList(count: number, rows: readonly Region[]): readonly MadeLine[] {
  const regions = {
    villages: rows.filter(({ level }) => level === 'village'),
    byCode: new Map(rows.map((row) => [row.code, row])),
  };
  return Array.from({ length: count }, (_, at) => {
    const cells = person(at + 1, regions);
    if (at % 20 !== 7) return { cells, fault: null };
    const fault = faultNames[Math.floor(at / 20) % faultNames.length] ?? 'no-name';
    const [where, value] = faults[fault];
    return { cells: cells.with(where, value), fault };
  });
}

/** The list as a workbook, with a title above and numbers under the headings, as such lists have. */
export function madeWorkbook(lines: readonly MadeLine[]): Promise<Buffer> {
  const row = (cells: readonly MadeCell[]) => cells.map(cellOf);
  const title = row(['DAFTAR PSM SE-JAWA TENGAH']);
  const numbers = row(heads.map((_, at) => at + 1));
  return writeWorkbook([title, row([null]), row(heads), numbers, ...lines.map(({ cells }) => row(cells))], {
    sheet: 'Daftar',
  }).toBuffer();
}

function cellOf(value: MadeCell) {
  if (value === null) return null;
  if (value instanceof Date) return { value, type: Date, format: 'dd/mm/yyyy' };
  return typeof value === 'number' ? { value, type: Number } : { value, type: String };
}

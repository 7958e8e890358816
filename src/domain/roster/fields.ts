import type { DateRule } from '../../flow/calendar.js';
import { checked, latestAdultBirthYear, readDate } from '../../flow/calendar.js';
import { birth } from '../../flow/inputs/birth.js';
import type { InputContext, InputKind, Parsed } from '../../flow/inputs/input.js';
import { nik, readSex } from '../../flow/inputs/nik.js';
import { personName } from '../../flow/inputs/person-name.js';
import { phone } from '../../flow/inputs/phone.js';
import { skNumber } from '../../flow/inputs/sk-number.js';
import { year } from '../../flow/inputs/year.js';
import { isRecord, type Json } from '../../flow/json.js';
import type { RegionIndex } from '../../flow/regions.js';
import { fold } from '../../flow/text.js';
import { isAdult } from '../actions/age.js';
import { educationIn } from '../educations.js';
import { issuerIn } from '../sk.js';
import type { Cell } from './sheet.js';

/** What a list may say of a person. Absent is what it does not say. */
export interface Listed {
  readonly name?: string;
  readonly nik?: string;
  readonly birthPlace?: string;
  readonly birthDate?: string;
  readonly sex?: 'L' | 'P';
  readonly regency?: string;
  readonly district?: string;
  readonly village?: string;
  readonly psmSince?: number;
  readonly education?: string;
  readonly phone?: string;
  readonly skNumber?: string;
  readonly skDate?: string;
  readonly skIssuer?: string;
}

/** What a cell says, or why it cannot be read: one sentence, with what to do where that is not plain. */
export type FieldRead =
  | { readonly ok: true; readonly part: Listed }
  | { readonly ok: false; readonly reason: string };

/** What reading looks at. */
export interface ReadContext {
  readonly now: Date;
  readonly regions: RegionIndex;
}

/** One kind of column. */
export interface Field {
  /** As it is shown when columns are confirmed, and as it is named to set them by hand. */
  readonly name: string;
  /** Headings it goes by, folded. */
  readonly headings: readonly string[];
  readonly read: (cell: Cell, context: ReadContext) => FieldRead;
}

function good(part: Listed): FieldRead {
  return { ok: true, part };
}

function bad(reason: string): FieldRead {
  return { ok: false, reason };
}

/** Reads a cell as the chat reads an answer: what would be asked back there is taken here, what would be asked again is a fault. */
function asAnswer<O>(kind: InputKind<O>, options: O, cell: Cell, { now, regions }: ReadContext): Parsed {
  const context: InputContext<O> = { options, refs: {}, state: null, now, regions, question: () => '' };
  return kind.parse(cell.text, context);
}

type Shaped = (value: Json) => Listed;

function answered(parsed: Parsed, shape: Shaped): FieldRead {
  if (parsed.kind === 'ok' || parsed.kind === 'confirm') return good(shape(parsed.value));
  return bad(parsed.kind === 'again' ? firstSentence(parsed.reason) : 'Isinya belum lengkap.');
}

/** The rest of what the chat says asks to type again, which nobody can do in a report. */
function firstSentence(reason: string): string {
  return reason.split(/(?<=\.) /u)[0] ?? reason;
}

/** What is wrong with a NIK that a sheet keeps as a number: Excel keeps fifteen digits of one, the last is already lost. */
export const lostDigits =
  'NIK tersimpan sebagai angka, sehingga angka akhirnya hilang. Ubah kolom NIK menjadi teks, lalu ketik ulang NIK ini.';

function readNik(cell: Cell, context: ReadContext): FieldRead {
  const shortened = /[eE]\+?\d/.test(cell.text) && !/\d{16}/.test(cell.text);
  const tooLong = cell.kind === 'number' && /^\d{16,}(\.0+)?$/.test(cell.text);
  if (shortened || tooLong || cell.kind === 'day') return bad(lostDigits);
  return answered(asAnswer(nik, {}, cell, context), (value) => ({ nik: String(value) }));
}

const oldestYear = 1900;
const excelEpoch = Date.UTC(1899, 11, 30);
const dayMs = 86_400_000;

/** A day written as text, as a date of the sheet, or as the bare day number behind such a date. */
function dayIn(cell: Cell, rule: DateRule): FieldRead & { readonly iso?: string } {
  const serial = cell.kind === 'number' && /^\d{5}$/.test(cell.text) ? Number(cell.text) : null;
  const iso = serial === null ? cell.text : new Date(excelEpoch + serial * dayMs).toISOString().slice(0, 10);
  const isDay = cell.kind === 'day' || serial !== null || /^\d{4}-\d\d-\d\d$/.test(cell.text);
  const read = isDay ? checked(iso, rule) : readDate(cell.text, rule);
  if (read.kind === 'date') return { ok: true, part: {}, iso: read.iso };
  return bad(read.kind === 'fault' ? firstSentence(read.reason) : 'Tanggalnya tidak dapat dibaca.');
}

function birthRule(now: Date): DateRule {
  return { now, latestShort: latestAdultBirthYear(now), minYear: oldestYear, lies: 'past', yearOnly: true };
}

function readBirthDate(cell: Cell, { now }: ReadContext): FieldRead {
  const day = dayIn(cell, birthRule(now));
  if (!day.ok) return bad(`Tanggal lahir: ${day.reason}`);
  return bornOn(day.iso ?? '', now);
}

function bornOn(iso: string, now: Date): FieldRead {
  return isAdult(iso, now) ? good({ birthDate: iso }) : bad('Usianya belum 18 tahun.');
}

function readBirth(cell: Cell, context: ReadContext): FieldRead {
  const parsed = asAnswer(birth, { 'year-only': true }, cell, context);
  if (parsed.kind === 'more') return bad('Tempat atau tanggal lahirnya tidak ada.');
  const read = answered(parsed, (value) =>
    isRecord(value) ? { birthPlace: String(value.tempat), birthDate: String(value.tanggal) } : {},
  );
  if (!read.ok || read.part.birthDate === undefined) return read;
  return isAdult(read.part.birthDate, context.now) ? read : bad('Usianya belum 18 tahun.');
}

function readSkDate(cell: Cell, { now }: ReadContext): FieldRead {
  const rule: DateRule = {
    now,
    latestShort: now.getUTCFullYear(),
    minYear: 1945,
    lies: 'past',
    yearOnly: true,
  };
  const day = dayIn(cell, rule);
  return day.ok ? good({ skDate: day.iso ?? '' }) : bad(`Tanggal SK: ${day.reason}`);
}

function readYear(cell: Cell, context: ReadContext): FieldRead {
  const day = cell.kind === 'day' ? { ...cell, text: cell.text.slice(0, 4) } : cell;
  const parsed = asAnswer(year, { min: 1945, past: true }, day, context);
  return answered(parsed, (value) => ({ psmSince: Number(value) }));
}

/** A sheet drops the nought in front of a number. */
function readPhone(cell: Cell, context: ReadContext): FieldRead {
  if (/[eE]\+?\d/.test(cell.text)) return bad('Nomor telepon tersimpan sebagai angka yang disingkat.');
  return answered(asAnswer(phone, {}, cell, context), (value) => ({ phone: String(value) }));
}

function known<Key extends keyof Listed>(
  key: Key,
  find: (folded: string) => Listed[Key] | undefined,
  otherwise: string,
): Field['read'] {
  return (cell) => {
    const found = find(fold(cell.text));
    return found === undefined ? bad(otherwise) : good({ [key]: found });
  };
}

function words<Key extends keyof Listed>(key: Key): Field['read'] {
  return (cell) => good({ [key]: cell.text });
}

const errorCell = /^#(?:REF|N\/A|VALUE|NAME\?|DIV\/0|NUM|NULL)[!?]?$/i;

/** Every column a list of members may have; a heading belongs to the first that goes by it. */
export const fields: readonly Field[] = [
  {
    name: 'nama',
    headings: [
      'nama',
      'n a m a',
      'nama lengkap',
      'nama psm',
      'nama anggota',
      'nama anggota psm',
      'nama sesuai ktp',
    ],
    read: (cell, context) =>
      answered(asAnswer(personName, {}, cell, context), (value) => ({ name: String(value) })),
  },
  {
    name: 'nik',
    headings: ['nik', 'n i k', 'no nik', 'nomor nik', 'no ktp', 'nomor ktp', 'nik ktp', 'no ktp nik'],
    read: readNik,
  },
  {
    name: 'tempat-tanggal-lahir',
    headings: [
      'ttl',
      'tempat tanggal lahir',
      'tempat tgl lahir',
      'tmp tgl lahir',
      'tempat dan tanggal lahir',
    ],
    read: readBirth,
  },
  { name: 'tempat-lahir', headings: ['tempat lahir', 'tmp lahir', 'tempat'], read: words('birthPlace') },
  {
    name: 'tanggal-lahir',
    headings: ['tanggal lahir', 'tgl lahir', 'lahir', 'tanggal'],
    read: readBirthDate,
  },
  {
    name: 'jenis-kelamin',
    headings: ['jenis kelamin', 'jk', 'j k', 'l p', 'kelamin', 'sex', 'jns kelamin'],
    read: known('sex', readSex, 'Jenis kelamin harus L atau P.'),
  },
  {
    name: 'kabupaten',
    headings: ['kabupaten', 'kab', 'kab kota', 'kabupaten kota', 'kota', 'kota kabupaten'],
    read: words('regency'),
  },
  { name: 'kecamatan', headings: ['kecamatan', 'kec'], read: words('district') },
  {
    name: 'desa',
    headings: [
      'desa',
      'kelurahan',
      'desa kelurahan',
      'desa kel',
      'ds kel',
      'kel desa',
      'kelurahan desa',
      'wilayah tugas',
      'lokasi tugas',
    ],
    read: words('village'),
  },
  {
    name: 'psm-sejak',
    headings: [
      'psm sejak',
      'tahun',
      'tahun pengangkatan',
      'tahun pengangkatan psm',
      'thn pengangkatan',
      'mulai aktif',
      'tahun menjadi psm',
      'tmt',
    ],
    read: readYear,
  },
  {
    name: 'pendidikan',
    headings: ['pendidikan', 'pendidikan terakhir', 'pend', 'pddk', 'ijazah'],
    read: known(
      'education',
      educationIn,
      'Pendidikannya tidak dikenal. Tulis SD, SMP, SMA, Diploma, Sarjana atau Lainnya.',
    ),
  },
  {
    name: 'telepon',
    headings: [
      'telepon',
      'telp',
      'no telp',
      'no telepon',
      'nomor telepon',
      'no hp',
      'hp',
      'nomor hp',
      'no wa',
      'wa',
      'no hp wa',
      'nomor wa',
      'no hp whatsapp',
      'nomor whatsapp',
    ],
    read: readPhone,
  },
  {
    name: 'nomor-sk',
    headings: ['sk', 'no sk', 'nomor sk', 'no sk psm', 'nomor sk psm', 'nomor dan tanggal sk'],
    read: (cell, context) =>
      answered(asAnswer(skNumber, {}, cell, context), (value) => ({ skNumber: String(value) })),
  },
  {
    name: 'tanggal-sk',
    headings: ['tanggal sk', 'tgl sk', 'tanggal penetapan', 'tgl penetapan'],
    read: readSkDate,
  },
  {
    name: 'penerbit-sk',
    headings: ['penerbit', 'penerbit sk', 'ditetapkan oleh', 'pejabat', 'yang menetapkan', 'penandatangan'],
    read: known(
      'skIssuer',
      issuerIn,
      'Penerbit SK tidak dikenal. Tulis Kepala desa, Lurah, Camat, Dinas sosial, Bupati atau Lainnya.',
    ),
  },
];

/** How fields are named when columns are set by hand. */
export const fieldNames: readonly string[] = fields.map(({ name }) => name);

/** Reads one cell of a column. An error left by a formula is a fault in whatever column. */
export function readCell(field: Field, cell: Cell, context: ReadContext): FieldRead {
  if (errorCell.test(cell.text)) return bad(`Kolom ${field.name} berisi kesalahan rumus (${cell.text}).`);
  return field.read(cell, context);
}

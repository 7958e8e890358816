import { z } from 'zod';
import { showDay } from '../flow/calendar.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run } from '../store/statement.js';
import { placeName } from './places.js';
import type { Area } from './roles.js';
import { clockInWib, dayInWib } from './wib.js';

/** How urgent a letter says it is. */
const natures = ['Biasa', 'Penting', 'Segera', 'Sangat Segera'] as const;

const line = (most: number) => z.string().trim().min(1).max(most);
const maybe = (most: number) => line(most).nullable().default(null);
const list = (many: number) => z.array(line(200)).max(many).readonly().default([]);

/** A point on the map, in degrees; south is negative. */
const point = z.strictObject({ lintang: z.number().min(-90).max(90), bujur: z.number().min(-180).max(180) });

/**
 * What the letter of a rakor says, in the letter's own words: kept sealed. When it is stands beside it in the row. `tandatangan` is
 * who signs, with the position; null: a line to be signed by hand.
 */
export const rakorDetails = z.strictObject({
  nomor: line(80),
  sifat: z.enum(natures).default('Penting'),
  lampiran: maybe(80),
  hal: line(150),
  kepada: line(150).default('Bapak/Ibu undangan'),
  acara: line(300),
  tempat: line(300),
  titik: point.nullable().default(null),
  dibawa: maybe(300),
  pakaian: maybe(150),
  narahubung: maybe(150),
  agenda: list(30),
  topik: list(30),
  kop: list(5),
  kota: maybe(60),
  tandatangan: z
    .strictObject({ jabatan: line(120), nama: line(120) })
    .nullable()
    .default(null),
  tembusan: list(20),
});

/** What the letter of a rakor says. */
export type RakorDetails = Readonly<z.infer<typeof rakorDetails>>;

/** When it is; `endsAt` null: "sampai selesai". `answerBy`: until when an answer is wished for. */
export interface RakorTimes {
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly answerBy: Date | null;
}

/** What becomes of one: not sent to anybody yet; sent; cancelled; over. */
export const rakorStates = ['draft', 'called', 'cancelled', 'held'] as const;
/** One of them. */
export type RakorState = (typeof rakorStates)[number];

/** A rakor as it is kept; `place` is its area in words. */
export interface Rakor extends RakorTimes {
  readonly id: string;
  readonly number: number;
  readonly simulator: boolean;
  readonly area: Area;
  readonly place: string;
  readonly state: RakorState;
  readonly version: number;
  readonly letterId: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly details: RakorDetails;
}

/** Seals what the letter says. */
export function sealDetails(details: RakorDetails, vault: Vault): Buffer {
  return vault.sealJson(details);
}

/** Reads `sealDetails` back. Throws when the row holds something else. */
export function openDetails(sealed: Uint8Array, vault: Vault): RakorDetails {
  return rakorDetails.parse(vault.openJson(sealed));
}

/** The columns of a rakor by the name `k` in a statement, as `rakorOf` reads them. */
export const rakorColumns = `k.id, k.number, k.simulator, k.area, ${placeName('k.area')} AS place, k.state, k.version,
  k.starts_at AS "startsAt", k.ends_at AS "endsAt", k.answer_by AS "answerBy", k.letter_id AS "letterId", k.created_by AS "createdBy",
  k.created_at AS "createdAt", k.details_sealed AS sealed`;

/** A row of `rakorColumns`. */
export interface RakorRow extends Omit<Rakor, 'details'> {
  readonly sealed: Buffer;
}

/** A rakor out of its row. */
export function rakorOf({ sealed, ...row }: RakorRow, vault: Vault): Rakor {
  return { ...row, details: openDetails(sealed, vault) };
}

/** Where rakor are read. */
export interface RakorReading {
  readonly db: Queryable;
  readonly vault: Vault;
}

const byIdText = `SELECT ${rakorColumns} FROM rakor k WHERE k.id = $1`;

/** The rakor of an id; null when there is none. */
export async function findRakor(id: string, { db, vault }: RakorReading): Promise<Rakor | null> {
  const [row] = await run<RakorRow>(db, { name: 'rakor-by-id', text: byIdText, values: [id] });
  return row === undefined ? null : rakorOf(row, vault);
}

/** "Selasa, 19 November 2024". */
export function dayOfRakor({ startsAt }: Pick<RakorTimes, 'startsAt'>): string {
  return showDay(dayInWib(startsAt));
}

/** "pukul 09.00 WIB s.d. selesai", "pukul 09.00 s.d. 12.00 WIB", and with its day when it ends on another one. */
export function hoursOfRakor({ startsAt, endsAt }: Pick<RakorTimes, 'startsAt' | 'endsAt'>): string {
  const begin = `pukul ${clockInWib(startsAt)}`;
  if (endsAt === null) return `${begin} WIB s.d. selesai`;
  const isSameDay = dayInWib(startsAt) === dayInWib(endsAt);
  if (isSameDay) return `${begin} s.d. ${clockInWib(endsAt)} WIB`;
  return `${begin} WIB s.d. ${momentInWords(endsAt)}`;
}

/** "Selasa, 19 November 2024 pukul 09.00 WIB". */
export function momentInWords(moment: Date): string {
  return `${showDay(dayInWib(moment))} pukul ${clockInWib(moment)} WIB`;
}

/** Whether it has begun: no answer is taken any more. */
export function hasBegun({ startsAt }: Pick<RakorTimes, 'startsAt'>, now: Date): boolean {
  return startsAt <= now;
}

/** A link to the point on a map; null when none was given. */
export function mapLink({ titik }: Pick<RakorDetails, 'titik'>): string | null {
  return titik === null ? null : `https://maps.google.com/?q=${titik.lintang},${titik.bujur}`;
}

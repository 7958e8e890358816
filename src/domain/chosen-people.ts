import { maskNik } from '../flow/inputs/nik.js';
import { nameKey } from '../flow/inputs/person-name.js';
import { phone as phoneInput } from '../flow/inputs/phone.js';
import { fold } from '../flow/text.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run } from '../store/statement.js';
import type { Known } from './audience-leaves.js';
import { overPeople, residencyOfKnown } from './audience-people.js';
import { meantAmong } from './found-members.js';
import { phoneOf } from './history.js';
import { type Area, may, type Viewer } from './roles.js';
import { fields, lostDigits } from './roster/fields.js';
import type { Cell, Sheet, SheetRow } from './roster/sheet.js';

/** By what one line names somebody. */
export interface Named {
  readonly nik?: string;
  readonly phone?: string;
  readonly name?: string;
}

/** A line that names nobody who can be chosen: where it stands, and why. */
export interface Unfit {
  readonly at: string;
  readonly why: string;
}

/** The lines of a list: those that name somebody, and the others. */
export interface Lines {
  readonly named: readonly (Named & { readonly at: string })[];
  readonly unfit: readonly Unfit[];
}

/** Reads what somebody typed or pasted: one person a line, by number, NIK or name, or by several of these. */
export function namedInText(text: string): Lines {
  return linesOf(
    text
      .split('\n')
      .flatMap((line, at) =>
        line.split(severalInOne).map((part) => ({ at: `baris ${at + 1}`, cells: cellsOf(part) })),
      ),
  );
}

/** A comma may stand in a name; between two numbers it parts them. */
const severalInOne = /;|(?<=\d)\s*,(?=\s*[+\d])/;

/** What stands before each line of a list that is numbered. */
const bullet = /^\s*(?:\d{1,3}[.)]\s+|[-•*]\s*)/;
const numberShape = /[+\d][\d\s.()-]{7,}\d/;

function cellsOf(line: string): readonly Cell[] {
  const bare = line.replace(bullet, '').trim();
  const [number = ''] = numberShape.exec(bare) ?? [];
  const parts = [number, bare.replace(number, ' ').replace(/^[\s,:-]+|[\s,:-]+$/g, '')];
  return parts.filter((text) => text !== '').map((text) => ({ kind: 'text', text }));
}

/** What a sheet is read by, where its columns have headings. */
const sought = fields.filter(({ name }) => ['nama', 'nik', 'telepon'].includes(name));
/** Titles stand above the headings; further down than this nobody puts them. */
const looksAtRows = 15;

/** Reads the sheets of a workbook: columns by their headings, or, where there are none, each cell by its form. */
export function namedInSheets(sheets: readonly Sheet[]): Lines {
  return linesOf(sheets.flatMap(rowsOf));
}

interface Row {
  readonly at: string;
  readonly cells: readonly Cell[];
}

function rowsOf({ name, rows }: Sheet): readonly Row[] {
  const head = rows.slice(0, looksAtRows).find((row) => columnsIn(row).length > 0);
  const columns = head === undefined ? null : columnsIn(head);
  return rows
    .filter(({ number }) => head === undefined || number > head.number)
    .map(({ number, cells }) => ({
      at: `${name === null ? '' : `lembar ${name} `}baris ${number}`,
      cells: (columns === null ? cells : columns.map((at) => cells[at])).flatMap((cell) => cell ?? []),
    }));
}

function columnsIn({ cells }: SheetRow): readonly number[] {
  const isSought = (cell: Cell | null) =>
    cell !== null && sought.some(({ headings }) => headings.includes(fold(cell.text.replaceAll('/', ' '))));
  return cells.flatMap((cell, at) => (isSought(cell) ? [at] : []));
}

function linesOf(rows: readonly Row[]): Lines {
  const filled = rows.filter(({ cells }) => cells.length > 0);
  const read = filled.map(({ at, cells }) => ({ at, named: namedBy(cells) }));
  return {
    named: read.flatMap(({ at, named }) => (typeof named === 'string' ? [] : [{ ...named, at }])),
    unfit: read.flatMap(({ at, named }) => (typeof named === 'string' ? [{ at, why: named }] : [])),
  };
}

const nikLength = 16;
/** A shorter one counts the lines. */
const leastDigits = 8;

/** Whom the cells of one line name; a sentence when they name nobody. */
function namedBy(cells: readonly Cell[]): Named | string {
  let named: Named = {};
  for (const cell of cells) {
    const part = partIn(cell);
    if (typeof part === 'string') return part;
    named = { ...part, ...named };
  }
  const isNobody = Object.keys(named).length === 0;
  return isNobody ? 'Tidak ada nomor telepon, NIK, atau nama yang terbaca.' : named;
}

function partIn({ kind, text }: Cell): Named | string {
  if (/\p{L}/u.test(text) && !/^\d[\d.,]*e\+?\d+$/i.test(text)) return { name: text };
  const digits = text.replace(/\D/g, '');
  const isLost = kind === 'number' && (digits.length >= nikLength || /e/i.test(text));
  if (isLost) return lostDigits;
  if (digits.length === nikLength) return { nik: digits };
  if (digits.length < leastDigits) return {};
  const [phone] = phoneOf(text);
  return phone === undefined ? 'Angkanya bukan nomor telepon dan bukan NIK.' : { phone };
}

/** Somebody who can be chosen: a member, or the holder of a role who is none and has no name here. */
export interface Chosen {
  readonly memberId: string | null;
  readonly grantId: string | null;
  readonly name: string | null;
  readonly place: string | null;
}

/** Who was found, each once, and the lines that fit nobody. */
export interface Choice {
  readonly people: readonly Chosen[];
  readonly unfit: readonly Unfit[];
}

interface Found extends Chosen {
  readonly nik: string | null;
  readonly phones: readonly string[];
}

/** Where people are looked for, and with what. */
export interface Choosing {
  readonly area: Area;
  readonly known: Known;
  readonly db: Queryable;
  readonly vault: Vault;
}

/**
 * Looks for the people whom these lines name, among those to whom the viewer may write in that area. Nobody guesses: what could be two people, or
 * has a number of one and the name of another, is no one.
 */
export async function choosePeople(viewer: Viewer, lines: Lines, choosing: Choosing): Promise<Choice> {
  const { area, known } = choosing;
  if (!may(viewer, 'broadcast', area, residencyOfKnown(known))) return { people: [], unfit: [] };
  const found = await foundFor(lines, choosing);
  const fits = lines.named.map((one) => ({
    at: `${one.at} (${shown(one)})`,
    who: whoIs(one, found, choosing.vault),
  }));
  const people = fits.flatMap(({ who }) => (typeof who === 'string' ? [] : [who]));
  const unfit = fits.flatMap(({ at, who }) => (typeof who === 'string' ? [{ at, why: who }] : []));
  return { people: [...new Set(people)], unfit: [...lines.unfit, ...unfit] };
}

const phoneType = phoneInput.type({});

/** By what the line is found again; nobody counts forty of them. */
function shown({ nik, phone, name }: Named): string {
  if (name !== undefined) return name;
  return phone === undefined ? maskNik(nik ?? '') : phoneType.show(phone);
}

const hex = (bytes: Buffer) => bytes.toString('hex');

async function foundFor({ named }: Lines, { area, known, db, vault }: Choosing): Promise<readonly Found[]> {
  const niks = named.flatMap(({ nik }) => nik ?? []).map((nik) => vault.index('nik', nik));
  const phones = named.flatMap(({ phone }) => phone ?? []).map((phone) => vault.index('phone', phone));
  const names = named.flatMap(({ name }) => name ?? []).map(patternOf);
  const asked = { audience: { everyone: true }, area, lawful: false, known } as const;
  return run<Found>(
    db,
    overPeople(asked, (bind) => {
      const [byNik, byPhone] = [`${bind(niks)}::bytea[]`, `${bind(phones)}::bytea[]`];
      return `, number AS MATERIALIZED (
          SELECT h.person, h.phone_index FROM holding h WHERE h.phone_index = ANY(${byPhone})
          UNION SELECT v.person, a.phone_index FROM address a JOIN voice v ON v.contact_id = a.contact_id WHERE a.phone_index = ANY(${byPhone})
          UNION SELECT m.id, m.phone_index FROM member m WHERE m.phone_index = ANY(${byPhone}))
        SELECT p.member_id AS "memberId", p.grant_id AS "grantId", m.name, r.kind || ' ' || r.name AS place, encode(m.nik_index, 'hex') AS nik,
          ARRAY(SELECT encode(n.phone_index, 'hex') FROM number n WHERE n.person = p.person) AS phones
        FROM meant p LEFT JOIN member m ON m.id = p.member_id LEFT JOIN region r ON r.code = m.region_code
        WHERE m.nik_index = ANY(${byNik}) OR p.person IN (SELECT n.person FROM number n) OR lower(m.name) LIKE ANY(${bind(names)}::text[])`;
    }),
  );
}

/** The longest word of a name, which stands in every way it is written with and without titles. */
function patternOf(name: string): string {
  const words = nameKey(name).split(' ');
  return `%${words.reduce((longest, word) => (word.length > longest.length ? word : longest), '')}%`;
}

function whoIs({ nik, phone, name }: Named, all: readonly Found[], vault: Vault): Found | string {
  if (nik !== undefined) {
    const index = hex(vault.index('nik', nik));
    return theOnly(
      all.filter((one) => one.nik === index),
      name,
      'NIK',
    );
  }
  if (phone === undefined) return byName(name ?? '', all);
  const index = hex(vault.index('phone', phone));
  return theOnly(
    all.filter(({ phones }) => phones.includes(index)),
    name,
    'Nomor',
  );
}

/** Of those with one number the one of that name; whoever holds a role and is no member has no name here. */
function theOnly(some: readonly Found[], name: string | undefined, what: 'NIK' | 'Nomor'): Found | string {
  if (some.length === 0) return `${what} ini belum dikenal di wilayah Bapak/Ibu.`;
  const fit = name === undefined ? some : some.filter((one) => isCalled(one, name));
  const [only, another] = fit;
  if (only === undefined) return `${what} ini tercatat atas nama lain.`;
  return another === undefined ? only : `${what} ini dipakai beberapa orang. Tulis juga nama lengkapnya.`;
}

function isCalled({ name }: Chosen, typed: string): boolean {
  return name === null || meantAmong([{ name }], typed).length > 0;
}

function byName(typed: string, all: readonly Found[]): Found | string {
  const key = nameKey(typed);
  const [only, another] = all.filter(({ name }) => name !== null && nameKey(name) === key);
  if (only === undefined) return 'Nama ini tidak ditemukan di wilayah Bapak/Ibu.';
  return another === undefined
    ? only
    : 'Ada beberapa orang dengan nama ini. Tulis nomor teleponnya atau NIK.';
}

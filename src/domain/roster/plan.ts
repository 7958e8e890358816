import { nameKey } from '../../flow/inputs/person-name.js';
import type { Appointment } from '../sk-moves.js';
import type { Line, Person } from './row.js';

/** What becomes of a line. */
export type Fate = 'new' | 'changed' | 'same' | 'registered' | 'duplicate' | 'refused';

/** A member that is already kept, as far as a list can be compared with it. */
export interface Kept {
  readonly id: string;
  /** Registered by chat: a list changes nothing any more. */
  readonly claimed: boolean;
  readonly person: Person;
  readonly appointment: Appointment;
}

/** A line with what becomes of it: of the new member its id, of a kept one what stands there now. */
export interface Planned {
  readonly line: Line;
  readonly fate: Fate;
  readonly member: Kept | { readonly id: string; readonly person: null; readonly appointment: null } | null;
  readonly remarks: readonly string[];
}

/** Who is kept, to be asked by what a line says. */
export interface Register {
  byNik(nik: string): Kept | null;
  byPerson(key: string): readonly Kept[];
}

interface Identity {
  readonly name: string;
  readonly birthDate?: string | undefined;
  readonly regionCode: string;
}

/** The same person, as far as a list can tell without a NIK: name without titles, birth and village. */
export function personKey({ name, birthDate, regionCode }: Identity): string {
  return `${nameKey(name)}|${birthDate ?? ''}|${regionCode}`;
}

/** Says what becomes of each line, in order; a line that repeats an earlier one is a duplicate of it. Pure. */
export function planLines(
  lines: readonly Line[],
  register: Register,
  newId: () => string,
): readonly Planned[] {
  const seen = new Map<string, Line>();
  return lines.map((line) => {
    if (line.person === null) return fated(line, 'refused', null);
    const earlier = keysOf(line.person)
      .map((key) => seen.get(key))
      .find((each) => each !== undefined);
    if (earlier !== undefined && isSamePerson(earlier.person, line.person))
      return fated(line, 'duplicate', null, `Orang ini sudah ada di ${placeOf(earlier)}.`);
    for (const key of keysOf(line.person)) if (!seen.has(key)) seen.set(key, line);
    return plannedFor(line, line.person, register, newId);
  });
}

function keysOf(person: Person): readonly string[] {
  return [...(person.nik === undefined ? [] : [`nik|${person.nik}`]), personKey(person)];
}

/** Two people of one name, birthday and village have two NIK. */
function isSamePerson(one: Person | null, other: Person): boolean {
  return one?.nik === undefined || other.nik === undefined || one.nik === other.nik;
}

function placeOf({ sheet, number }: Line): string {
  return sheet === null ? `baris ${number}` : `lembar ${sheet} baris ${number}`;
}

function fated(line: Line, fate: Fate, member: Planned['member'], ...more: readonly string[]): Planned {
  return { line, fate, member, remarks: [...more, ...line.remarks] };
}

function plannedFor(line: Line, person: Person, register: Register, newId: () => string): Planned {
  const byNik = person.nik === undefined ? null : register.byNik(person.nik);
  if (byNik !== null) return against(line, person, byNik);
  const alike = register.byPerson(personKey(person)).filter((kept) => isSamePerson(kept.person, person));
  const [only, another] = alike;
  if (only === undefined) return fated(line, 'new', { id: newId(), person: null, appointment: null });
  if (another !== undefined)
    return fated(
      line,
      'duplicate',
      null,
      'Beberapa anggota di desa itu bernama dan bertanggal lahir sama. Mohon diperiksa.',
    );
  return against(line, person, only);
}

function against(line: Line, person: Person, kept: Kept): Planned {
  const differing = differences(kept.person, person);
  const named = differing.length === 0 ? [] : [`Berbeda dari yang tercatat: ${differing.join(', ')}.`];
  if (kept.claimed)
    return fated(
      line,
      'registered',
      kept,
      'Sudah terdaftar sendiri lewat percakapan; tidak diubah.',
      ...named,
    );
  return fated(line, differing.length === 0 ? 'same' : 'changed', kept, ...named);
}

/** How the parts of a person are called in the report. */
const partWords: Readonly<Record<keyof Person, string>> = {
  name: 'nama',
  nik: 'NIK',
  birthPlace: 'tempat lahir',
  birthDate: 'tanggal lahir',
  sex: 'jenis kelamin',
  regionCode: 'wilayah tugas',
  psmSince: 'tahun menjadi PSM',
  education: 'pendidikan',
  phone: 'telepon',
  skNumber: 'nomor SK',
  skDate: 'tanggal SK',
  skIssuer: 'penerbit SK',
};

/** What a list says otherwise than is kept, in words; what it leaves out changes nothing. */
function differences(kept: Person, listed: Person): readonly string[] {
  // Object.entries loses the key type; the table above has exactly the keys of a person.
  const keys = Object.keys(partWords) as (keyof Person)[];
  return keys
    .filter((key) => listed[key] !== undefined && listed[key] !== kept[key])
    .map((key) => partWords[key]);
}

/** What is kept after a list has told more: what it says wins, what it leaves out stays. */
export function joined(kept: Person, listed: Person): Person {
  return { ...kept, ...listed };
}

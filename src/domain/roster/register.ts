import type { Vault } from '../../store/crypto.js';
import { type Queryable, run } from '../../store/statement.js';
import type { Appointment } from '../sk-moves.js';
import { type Kept, personKey, type Register } from './plan.js';
import type { Person } from './row.js';

interface Row extends Omit<Appointment, 'memberId'> {
  readonly id: string;
  readonly claimed: boolean;
  readonly name: string;
  readonly birthDate: string | null;
  readonly sex: 'L' | 'P' | null;
  readonly regionCode: string;
  readonly psmSince: number | null;
  readonly education: string | null;
  readonly nikIndex: Buffer | null;
  readonly nik: Buffer | null;
  readonly birthPlace: Buffer | null;
  readonly phone: Buffer | null;
  readonly skNumber: Buffer | null;
  readonly skDate: string | null;
  readonly skIssuer: string | null;
}

const columns = `
SELECT m.id, m.claimed_at IS NOT NULL AS claimed, m.name, m.birth_date AS "birthDate", m.sex, m.region_code AS "regionCode",
  m.psm_since AS "psmSince", m.education, m.nik_index AS "nikIndex", m.nik_sealed AS nik, m.birth_place_sealed AS "birthPlace",
  m.phone_sealed AS phone, d.number_sealed AS "skNumber", d.decided_on AS "skDate", d.issuer AS "skIssuer",
  a.document_id AS "documentId", coalesce(a.status, 'belum_ada') AS state, a.held_by AS "heldBy", a.held_from AS "heldFrom"
FROM member m LEFT JOIN sk_member a ON a.member_id = m.id LEFT JOIN sk_document d ON d.id = a.document_id`;
// By NIK wherever they are; by name and birth within the villages of the list only.
const comparable = `${columns}
WHERE m.simulator = $1 AND (m.nik_index = ANY($2) OR m.region_code = ANY($3)) ORDER BY m.created_at, m.id`;
const byId = `${columns} WHERE m.id = ANY($1)`;

/** Reads the members that these people may be. */
export async function readRegister(
  db: Queryable,
  vault: Vault,
  people: readonly Person[],
  simulator: boolean,
): Promise<Register> {
  const niks = people.flatMap(({ nik }) => (nik === undefined ? [] : [vault.index('nik', nik)]));
  const villages = [...new Set(people.map(({ regionCode }) => regionCode))];
  const values = [simulator, niks, villages];
  const rows = await run<Row>(db, { name: 'roster-register', text: comparable, values });
  return registerOf(rows, vault);
}

/** Reads these members, by id. */
export async function readKept(
  db: Queryable,
  vault: Vault,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Kept>> {
  const rows = await run<Row>(db, { name: 'roster-kept', text: byId, values: [ids] });
  return new Map(rows.map((row) => [row.id, keptOf(row, vault)]));
}

function registerOf(rows: readonly Row[], vault: Vault): Register {
  const byNik = new Map<string, Row>();
  const byPerson = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.nikIndex !== null) byNik.set(row.nikIndex.toString('hex'), row);
    const key = personKey({ ...row, birthDate: row.birthDate ?? undefined });
    byPerson.set(key, [...(byPerson.get(key) ?? []), row]);
  }
  return {
    byNik(nik) {
      const row = byNik.get(vault.index('nik', nik).toString('hex'));
      return row === undefined ? null : keptOf(row, vault);
    },
    byPerson: (key) => (byPerson.get(key) ?? []).map((row) => keptOf(row, vault)),
  };
}

function keptOf(row: Row, vault: Vault): Kept {
  return { id: row.id, claimed: row.claimed, person: personOf(row, vault), appointment: appointmentOf(row) };
}

function appointmentOf({ id, documentId, state, heldBy, heldFrom }: Row): Appointment {
  return { memberId: id, documentId, state, heldBy, heldFrom };
}

function personOf(row: Row, vault: Vault): Person {
  const open = (sealed: Buffer | null) => (sealed === null ? null : vault.open(sealed));
  const { name, regionCode, birthDate, sex, psmSince, education, skDate, skIssuer } = row;
  return withoutNull({
    ...{ name, regionCode, birthDate, sex, psmSince, education, skDate, skIssuer },
    ...{ nik: open(row.nik), birthPlace: open(row.birthPlace), phone: open(row.phone) },
    skNumber: open(row.skNumber),
  });
}

type Nullable = { readonly [Key in keyof Person]: Person[Key] | null };

function withoutNull(person: Nullable & { readonly name: string; readonly regionCode: string }): Person {
  const known = Object.entries(person).filter(([, value]) => value !== null && value !== undefined);
  // What is left has the types of the columns it was read from.
  return Object.fromEntries(known) as unknown as Person;
}

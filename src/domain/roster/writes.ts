import { normaliseSkNumber } from '../../flow/inputs/sk-number.js';
import type { Vault } from '../../store/crypto.js';
import type { Statement } from '../../store/statement.js';
import { afterSkMove } from '../sk.js';
import { dropUnused, insertDocument, officeOf, type SkParts } from '../sk-documents.js';
import { type Appointment, moveSk, skMoved } from '../sk-moves.js';
import { joined, type Planned } from './plan.js';
import type { Person } from './row.js';

/** What is written with. */
export interface WriteTools {
  readonly vault: Vault;
  readonly now: Date;
  readonly newId: () => string;
  readonly simulator: boolean;
}

/** A member as it is to stand, and as it stands now (null: it is new). */
export interface Written {
  readonly id: string;
  readonly person: Person;
  readonly before: Person | null;
  readonly appointment: Appointment | null;
}

/** Who imports which file. */
export interface RosterHead {
  readonly id: string;
  readonly fileIndex: Buffer;
  readonly madeBy: string;
}

// One list at a time: what was planned rests on what it read.
const lock = `SELECT pg_advisory_xact_lock(hashtextextended('roster', 2))`;

/** Holds off every other import until the transaction ends. */
export const rosterLock: Statement = { name: 'roster-lock', text: lock, values: [] };

const insertRoster = `INSERT INTO roster (id, file_index, made_by, made_at, simulator) VALUES ($1, $2, $3, $4, $5) RETURNING number`;
const insertMembers = `
INSERT INTO member (id, name, birth_place_sealed, birth_date, sex, region_code, psm_since, education, phone_sealed, phone_index,
  nik_sealed, nik_index, simulator, created_at)
SELECT u.*, $13, $14 FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::bytea[],
  $10::bytea[], $11::bytea[], $12::bytea[]) AS u`;
const updateMembers = `
UPDATE member m SET name = u.name, birth_place_sealed = u.place, birth_date = u.birth, sex = u.sex, region_code = u.region,
  psm_since = u.since, education = u.education, phone_sealed = u.phone, phone_index = u.phone_index, nik_sealed = u.nik, nik_index = u.nik_index
FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::bytea[],
  $10::bytea[], $11::bytea[], $12::bytea[]) AS u (id, name, place, birth, sex, region, since, education, phone, phone_index, nik, nik_index)
WHERE m.id = u.id AND m.claimed_at IS NULL`;
const insertChanges = `INSERT INTO roster_change (roster_id, member_id, before_sealed)
SELECT $1, u.* FROM unnest($2::uuid[], $3::bytea[]) AS u`;

/** The statements that import what was planned: all of it or nothing. The first gives the number the list goes by. */
export function rosterWrites(
  head: RosterHead,
  planned: readonly Planned[],
  tools: WriteTools,
): readonly Statement[] {
  const { vault, now, simulator } = tools;
  const written = planned.flatMap(writtenOf);
  const added = written.filter(({ before }) => before === null);
  const changed = written.filter(({ before }) => before !== null);
  const before = written.map(({ before: stood }) => (stood === null ? null : vault.sealJson({ ...stood })));
  const ids = written.map(({ id }) => id);
  return [
    {
      name: 'roster-insert',
      text: insertRoster,
      values: [head.id, head.fileIndex, head.madeBy, now, simulator],
    },
    { name: 'roster-members', text: insertMembers, values: [...columnsOf(added, vault), simulator, now] },
    changeMembers(changed, vault),
    { name: 'roster-history', text: insertChanges, values: [head.id, ids, before] },
    ...appointments(written, head.madeBy, tools),
  ];
}

/** Gives members what is to stand there; those who have registered meanwhile are left alone. */
export function changeMembers(written: readonly Written[], vault: Vault): Statement {
  return { name: 'roster-changes', text: updateMembers, values: columnsOf(written, vault) };
}

function writtenOf({ line, fate, member }: Planned): readonly Written[] {
  if (line.person === null || member === null || (fate !== 'new' && fate !== 'changed')) return [];
  const { id, person: before, appointment } = member;
  return [{ id, person: before === null ? line.person : joined(before, line.person), before, appointment }];
}

/** People as columns, in the order of the statements. */
function columnsOf(
  written: readonly { readonly id: string; readonly person: Person }[],
  vault: Vault,
): readonly unknown[] {
  const of = (read: (person: Person) => unknown) => written.map(({ person }) => read(person) ?? null);
  const sealed = (read: (person: Person) => string | undefined) =>
    of((person) => mapped(read(person), (plain) => vault.seal(plain)));
  const index = (kind: string, read: (person: Person) => string | undefined) =>
    of((person) => mapped(read(person), (plain) => vault.index(kind, plain)));
  return [
    ...[written.map(({ id }) => id), of(({ name }) => name), sealed(({ birthPlace }) => birthPlace)],
    ...[of(({ birthDate }) => birthDate), of(({ sex }) => sex), of(({ regionCode }) => regionCode)],
    ...[of(({ psmSince }) => psmSince), of(({ education }) => education)],
    ...[sealed(({ phone }) => phone), index('phone', ({ phone }) => phone)],
    ...[sealed(({ nik }) => nik), index('nik', ({ nik }) => nik)],
  ];
}

function mapped<From, To>(value: From | undefined, map: (value: From) => To): To | undefined {
  return value === undefined ? undefined : map(value);
}

/** The same decree, as far as a list can tell: number, day, issuer, and the office that numbers; unsaid, each village has its own. */
function documentKey({ skNumber, skDate, skIssuer, regionCode }: Person): string | null {
  if (skNumber === undefined) return null;
  const office = officeOf(skIssuer ?? null, regionCode) ?? regionCode;
  return [normaliseSkNumber(skNumber), skDate ?? '', skIssuer ?? '', office].join('|');
}

/** One SK of the list appoints everybody in the list who has it; a decree already kept stays whose it is. */
export function appointments(
  written: readonly Written[],
  who: string,
  tools: WriteTools,
): readonly Statement[] {
  const { now, newId } = tools;
  const appointed = written.filter(
    ({ person, before }) => before === null || documentKey(person) !== documentKey(before),
  );
  const documents = new Map<string, { readonly id: string; readonly person: Person }>();
  for (const { person } of appointed) {
    const key = documentKey(person);
    if (key !== null && !documents.has(key)) documents.set(key, { id: newId(), person });
  }
  const documentOf = (person: Person) => documents.get(documentKey(person) ?? '')?.id ?? null;
  const added = appointed.filter(({ before }) => before === null);
  const changed = appointed.filter(({ before }) => before !== null);
  return [
    ...[...documents.values()].map(({ id, person }) =>
      insertDocument(id, partsOf(person), person.regionCode, tools),
    ),
    { name: 'roster-none', text: noAppointments, values: [added.map(({ id }) => id), now] },
    ...bulkReported(added, documentOf, who, tools),
    ...changed.flatMap((one) => reportedAnew(one, documentOf(one.person), who, tools)),
  ];
}

function partsOf({ skNumber, skDate, skIssuer }: Person): SkParts {
  return { number: skNumber ?? null, decidedOn: skDate ?? null, issuer: skIssuer ?? null };
}

const noAppointments = `INSERT INTO sk_member (member_id, status, changed_at) SELECT u, 'belum_ada', $2 FROM unnest($1::uuid[]) AS u`;
const reportMany = `
WITH moved AS (
  UPDATE sk_member a SET document_id = u.document, status = $5, changed_at = $4
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS u (member, document, move)
  WHERE a.member_id = u.member AND a.status = 'belum_ada' RETURNING a.member_id, a.document_id, u.move
)
INSERT INTO sk_move (id, member_id, document_id, move, from_state, to_state, who, at)
SELECT move, member_id, document_id, 'laporkan', 'belum_ada', $5, $6, $4 FROM moved`;

/** As `moveSk` does for one, for all new people of the list whose SK it names. */
function bulkReported(
  added: readonly Written[],
  documentOf: (person: Person) => string | null,
  who: string,
  { now, newId }: WriteTools,
): readonly Statement[] {
  const named = added.flatMap(({ id, person }) => {
    const documentId = documentOf(person);
    return documentId === null ? [] : [{ id, documentId }];
  });
  const values = [
    ...[named.map(({ id }) => id), named.map(({ documentId }) => documentId), named.map(() => newId()), now],
    ...[afterSkMove('belum_ada', 'laporkan', 'system'), who],
  ];
  const ids = named.map(({ id }) => id);
  const told = skMoved('laporkan', 'belum_ada', 'dilaporkan_ada', who, ids, now);
  return [{ name: 'roster-reported', text: reportMany, values }, ...(ids.length === 0 ? [] : [told])];
}

/** A list tells an SK otherwise than before, or is taken back and tells of none; what somebody has verified since stays. */
function reportedAnew(
  { appointment }: Written,
  documentId: string | null,
  who: string,
  tools: WriteTools,
): readonly Statement[] {
  if (appointment === null) return [];
  const move = documentId === null ? 'urungkan' : 'koreksi';
  if (afterSkMove(appointment.state, move, 'system') === null) return [];
  return [
    ...moveSk(appointment, { move, by: 'system', who, documentId }, tools),
    ...dropUnused(appointment.documentId),
  ];
}

import { nameKey } from '../flow/inputs/person-name.js';
import { run, type Statement } from '../store/statement.js';
import type { ActionContext } from './action.js';
import type { Appointment } from './sk-moves.js';

/** What somebody who registers says of himself, as far as a list may know it. */
export interface Claimant {
  readonly name: string;
  readonly birthDate: string;
  readonly regionCode: string;
  readonly nik: string | null;
}

/**
 * What the members kept say to somebody who registers. `claim`: a list has him, and he is sure to be that one. `taken`: somebody
 * registered, or dead, has that NIK. `twins`: these may be him, and a human decides; `nikHeld` says that one of them has his NIK.
 */
export type Standing =
  | { readonly kind: 'claim'; readonly appointment: Appointment }
  | { readonly kind: 'taken' }
  | { readonly kind: 'twins'; readonly memberIds: readonly string[]; readonly nikHeld: boolean };

interface Row extends Omit<Appointment, 'memberId'> {
  readonly id: string;
  readonly name: string;
  readonly birthDate: string | null;
  readonly claimed: boolean;
  readonly deceased: boolean;
  readonly sameNik: boolean;
  readonly ownPhone: boolean;
}

// A phone of the list must be one that a channel has proved for this contact; a list without a phone asks for none.
const lookText = `
SELECT m.id, m.name, m.birth_date AS "birthDate", m.claimed_at IS NOT NULL AS claimed, m.standing = 'deceased' AS deceased, m.nik_index IS NOT DISTINCT FROM $2 AND $2 IS NOT NULL AS "sameNik",
  m.phone_index IS NULL OR EXISTS (SELECT FROM address a WHERE a.contact_id = $5 AND a.phone_index = m.phone_index) AS "ownPhone",
  a.document_id AS "documentId", coalesce(a.status, 'belum_ada') AS state, a.held_by AS "heldBy", a.held_from AS "heldFrom"
FROM member m LEFT JOIN sk_member a ON a.member_id = m.id
WHERE m.simulator = $1 AND (m.nik_index = $2::bytea OR m.birth_date = $3 AND m.region_code = $4)
  AND (m.standing = 'deceased' OR NOT EXISTS (SELECT FROM member_contact l WHERE l.member_id = m.id AND l.contact_id = $5))
ORDER BY m.created_at, m.id`;

/** Looks whether somebody who registers is known already: from a list, or registered. */
export async function standingOf(claimant: Claimant, context: ActionContext): Promise<Standing> {
  const { db, vault, simulator, contactId } = context;
  const nikIndex = claimant.nik === null ? null : vault.index('nik', claimant.nik);
  const values = [simulator, nikIndex, claimant.birthDate, claimant.regionCode, contactId];
  const rows = await run<Row>(db, { name: 'claim-look', text: lookText, values });
  const holder = rows.find(({ sameNik }) => sameNik);
  // Who was recorded as dead and registers is an officer's to look at.
  if (holder?.claimed === true || holder?.deceased === true) return { kind: 'taken' };
  if (holder?.ownPhone === true && holder.birthDate === claimant.birthDate)
    return { kind: 'claim', appointment: { ...holder, memberId: holder.id } };
  const alike = rows.filter((row) => row.sameNik || nameKey(row.name) === nameKey(claimant.name));
  return { kind: 'twins', memberIds: alike.map(({ id }) => id), nikHeld: holder !== undefined };
}

const insertTwin = `INSERT INTO member_twin (first_id, second_id, nik_sealed)
SELECT least($1::uuid, t), greatest($1::uuid, t), $3 FROM unnest($2::uuid[]) t`;

/** Leaves it to a human whether a new member is one of these. */
export function twinsKept(
  id: string,
  memberIds: readonly string[],
  nik: Buffer | null,
): readonly Statement[] {
  if (memberIds.length === 0) return [];
  return [{ name: 'twins-insert', text: insertTwin, values: [id, memberIds, nik] }];
}

import { z } from 'zod';
import { nameKey } from '../../flow/inputs/person-name.js';
import { titleCase } from '../../flow/text.js';
import { optionsType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { isConveyed } from '../consents.js';
import { areasFor, type Viewer } from '../roles.js';
import { statesBefore } from '../sk.js';
import { dropUnused } from '../sk-documents.js';
import type { Appointment } from '../sk-moves.js';
import { countWaitingSk, skInReach } from '../sk-queue.js';
import { defineAction, outcome } from './define.js';
import { describe, lookAt, open, openedTaken, openOfSk, shownSk } from './sk-check.js';

/** Somebody who can be added to the decree that is open. */
interface Candidate extends Appointment {
  readonly name: string;
  readonly place: string;
  readonly conveyed: boolean;
}

/** As many as fit into one message that an old phone shows; who has a common name is found by more of it. */
const mostFound = 8;

// Verified ones stay as they are, and so does whoever another verifier has open. Every word of the name must be there ($6), or it is
// this member ($7).
const candidatesText = `
SELECT m.id AS "memberId", m.name, (SELECT r.kind || ' ' || r.name FROM region r WHERE r.code = m.region_code) AS place, ${isConveyed('m')} AS conveyed,
  a.document_id AS "documentId", coalesce(a.status, 'belum_ada') AS state, a.held_by AS "heldBy", a.held_from AS "heldFrom"
FROM member m LEFT JOIN sk_member a ON a.member_id = m.id
WHERE ${skInReach} AND coalesce(a.status, 'belum_ada') = ANY($4::text[]) AND a.document_id IS DISTINCT FROM $5::uuid
  AND lower(m.name) LIKE ALL($6::text[]) AND ($7::uuid IS NULL OR m.id = $7)
ORDER BY m.name, m.id LIMIT ${mostFound}`;

interface Sought {
  readonly words: readonly string[];
  readonly memberId: string | null;
}

function candidates(
  viewer: Viewer,
  documentId: string,
  { words, memberId }: Sought,
  { db }: ActionContext,
): Promise<readonly Candidate[]> {
  const reach = [areasFor(viewer, 'verify-sk'), viewer.simulator === true, viewer.id];
  const like = words.map((word) => `%${word}%`);
  const values = [...reach, statesBefore('lampirkan'), documentId, like, memberId];
  return run<Candidate>(db, { name: 'sk-candidates', text: candidatesText, values });
}

/** Looks among the members of the verifier's own areas for a name that stands in the lampiran of the SK that is open. */
export const findForLampiran = defineAction({
  signature: {
    takes: { ...openedTaken, nama: { type: 'person-name' } },
    outcomes: { some: { daftar: optionsType }, none: {}, already: {} },
  },
  args: z.object({ dokumen: z.uuid(), nama: z.string() }),
  async run({ dokumen, nama }, context) {
    const found = await openOfSk(dokumen, context);
    if (found === null || found.members.length === 0) return outcome('already');
    const sought = { words: nameKey(nama).split(' '), memberId: null };
    const people = await candidates(found.viewer, dokumen, sought, context);
    if (people.length === 0) return outcome('none');
    const daftar = people.map(({ memberId, name, place }) => ({
      id: memberId,
      label: `${titleCase(name)}, ${place}`,
    }));
    const looks = people.map(({ memberId }) => lookAt(memberId, context));
    return outcome('some', { daftar }, looks);
  },
});

/** Adds a member to the decree that is open: it is verified for the member with the others. */
export const addToLampiran = defineAction({
  signature: {
    takes: { ...openedTaken, anggota: { type: 'picked' } },
    outcomes: { found: shownSk, already: {} },
    fixed: { found: 'nama itu sudah ditambahkan' },
  },
  args: z.object({ dokumen: z.uuid(), anggota: z.uuid() }),
  async run({ dokumen, anggota }, context) {
    const found = await openOfSk(dokumen, context);
    if (found === null || found.members.length === 0) return outcome('already');
    const [one] = await candidates(found.viewer, dokumen, { words: [], memberId: anggota }, context);
    const jumlah = await countWaitingSk(found.viewer, context);
    const members = [...found.members, ...(one === undefined ? [] : [one])];
    const shown = await describe(found.viewer, dokumen, { jumlah, members }, context);
    if (one === undefined) return outcome('found', shown);
    return outcome('found', shown, [
      ...open(one, 'lampirkan', dokumen, context),
      ...dropUnused(one.documentId),
    ]);
  },
});

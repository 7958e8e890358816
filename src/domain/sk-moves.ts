import { audited } from '../store/audit.js';
import type { Statement } from '../store/statement.js';
import type { Tools } from './reach.js';
import { afterSkMove, type SkMove, type SkMover, type SkState } from './sk.js';

/** How an appointment stood when something about it was decided. */
export interface Appointment {
  readonly memberId: string;
  readonly documentId: string | null;
  /** `belum_ada` too where nothing is written yet. */
  readonly state: string;
  /** Who has it open, and where it goes back to from there. */
  readonly heldBy: string | null;
  readonly heldFrom: string | null;
}

/** A move to be made. `who` is a contact, or `local:NAME`; `reason` is told to the member and kept sealed. */
export interface SkStep {
  readonly move: SkMove;
  readonly by: SkMover;
  readonly who: string;
  /** The document it is about from here on; the one it was about when left out, none when null. */
  readonly documentId?: string | null;
  readonly reason?: string | null;
  /** For a move that opens: until when it is held, and where it goes back to when it did not wait before. */
  readonly hold?: { readonly until: Date; readonly back: SkState | null };
}

// A move names the state it was decided on. Of two at once one finds it, and the other decides anew.
const moveText = `
WITH moved AS (
  INSERT INTO sk_member AS a (member_id, document_id, status, held_by, held_until, held_from, changed_at)
  VALUES ($1, $5, $6, $7, $8, $9, $10)
  ON CONFLICT (member_id) DO UPDATE SET document_id = $5, status = $6, held_by = $7, held_until = $8, held_from = $9, changed_at = $10
  WHERE a.status = $2 AND a.document_id IS NOT DISTINCT FROM $3::uuid AND a.held_by IS NOT DISTINCT FROM $4::uuid
  RETURNING member_id
), kept AS (
  INSERT INTO sk_move (id, member_id, document_id, move, from_state, to_state, who, reason_sealed, at)
  SELECT $11, member_id, $5, $12, $2, $6, $13, $14, $10 FROM moved
)
SELECT member_id FROM moved`;

/** Moves an appointment, and keeps in its history and in the audit that it was moved. Throws for a move that cannot be made from there: whoever decides must look first. */
export function moveSk(seen: Appointment, step: SkStep, { vault, now, newId }: Tools): readonly Statement[] {
  const { move, by, who, hold, reason = null, documentId = seen.documentId } = step;
  const to = afterSkMove(seen.state, move, by, seen.heldFrom);
  if (to === null) throw new Error(`an SK that is ${seen.state} cannot be moved by ${move} of a ${by}`);
  const held = hold === undefined ? [null, null, null] : [who, hold.until, heldFrom(seen, hold.back)];
  const values = [
    ...[seen.memberId, seen.state, seen.documentId, seen.heldBy, documentId, to, ...held, now],
    ...[newId(), move, who, reason === null ? null : vault.seal(reason)],
  ];
  return [
    { name: 'sk-move', text: moveText, values, mustFind: true },
    skMoved(move, seen.state, to, who, [seen.memberId], now),
  ];
}

/** A verified SK ends with its member's being a PSM; any other one stays as it is, in nobody's queue. */
export function endedSk(
  seen: Appointment,
  tools: Tools & { readonly contactId: string },
): readonly Statement[] {
  if (afterSkMove(seen.state, 'akhiri', 'system') === null) return [];
  return moveSk(seen, { move: 'akhiri', by: 'system', who: tools.contactId }, tools);
}

/** The entry of the audit that appointments were moved. */
export function skMoved(
  move: SkMove,
  from: string,
  to: SkState,
  actor: string,
  subjects: readonly string[],
  at: Date,
): Statement {
  return audited({ kind: 'sk', action: move, detail: `${from}>${to}`, actor, subjects, at });
}

function heldFrom(seen: Appointment, back: SkState | null): string {
  return back ?? (seen.state === 'diperiksa' ? (seen.heldFrom ?? 'perlu_cek_ulang') : seen.state);
}

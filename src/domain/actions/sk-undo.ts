import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { titleCase } from '../../flow/text.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { viewerNow } from '../helpers.js';
import { areasFor } from '../roles.js';
import { type Appointment, moveSk } from '../sk-moves.js';
import { skInReach } from '../sk-queue.js';
import { tellResult } from '../sk-results.js';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';

/** A result that this verifier gave, and that still stands. */
interface Decision extends Appointment {
  readonly documentId: string;
  readonly name: string;
  readonly at: Date;
}

/** Results can be taken back for so long by whoever gave them. */
const daysToUndo = 7;
/** As many as fit into one message that an old phone shows. */
const mostListed = 6;

// The last move of each SK, when this verifier made it and it was a result.
const decisionsText = `
SELECT a.member_id AS "memberId", a.document_id AS "documentId", a.status AS state, a.held_by AS "heldBy", a.held_from AS "heldFrom",
  m.name, v.at
FROM sk_member a JOIN member m ON m.id = a.member_id
  JOIN LATERAL (SELECT * FROM sk_move o WHERE o.member_id = a.member_id ORDER BY o.at DESC, o.id DESC LIMIT 1) v ON true
WHERE ${skInReach} AND a.document_id IS NOT NULL AND v.who = $3::text AND v.move IN ('sahkan', 'perbarui', 'perbaiki', 'tolak')
  AND v.at > $4::timestamptz AND ($5::uuid IS NULL OR a.member_id = $5)
ORDER BY v.at DESC, a.member_id LIMIT ${mostListed}`;

async function decisions(memberId: string | null, context: ActionContext): Promise<readonly Decision[]> {
  const { db, contactId, simulator, now } = context;
  const viewer = await viewerNow(db, contactId, simulator);
  const since = new Date(now.getTime() - daysToUndo * 86_400_000);
  const values = [areasFor(viewer, 'verify-sk'), simulator, contactId, since, memberId];
  return run<Decision>(db, { name: 'sk-decisions', text: decisionsText, values });
}

/** The results this verifier gave in the last week, the latest first. */
export const listDecisions = defineAction({
  signature: { takes: {}, outcomes: { some: { daftar: optionsType }, none: {} } },
  args: z.object({}),
  async run(_, context) {
    const found = await decisions(null, context);
    if (found.length === 0) return outcome('none');
    const daftar = found.map(({ memberId, name, at }) => ({
      id: memberId,
      label: `${titleCase(name)}, ${showDate(dayInWib(at))}`,
    }));
    return outcome('some', { daftar });
  },
});

/** Takes a result back: the SK waits again, and its member hears of it. */
export const undoDecision = defineAction({
  signature: {
    takes: { anggota: { type: 'picked' } },
    outcomes: { done: { hasil: recordType('hasil', { siapa: textType }) }, gone: {} },
    fixed: { done: 'SK sudah dikembalikan ke antrean' },
  },
  args: z.object({ anggota: z.uuid() }),
  async run({ anggota }, context) {
    const [one] = await decisions(anggota, context);
    if (one === undefined) return outcome('gone');
    const { memberId, name, documentId } = one;
    const move = 'cek-ulang';
    const moved = moveSk(one, { move, by: 'verifier', who: context.contactId }, context);
    const told = await tellResult({ memberId, name, move, reason: null }, documentId, context);
    return outcome('done', { hasil: { siapa: titleCase(name) } }, [...moved, ...told]);
  },
});

import { z } from 'zod';
import type { Json } from '../../flow/json.js';
import type { Statement } from '../../store/statement.js';
import { defineAction, outcome } from './define.js';

/** Everything a contact typed and everything that repeats it; what this turn still has to say stays until it is said. */
const erasures = {
  // A signal holds nothing that was typed, and one that was not treated yet still has to be.
  inbound: `UPDATE inbound SET body_sealed = NULL, facts_sealed = NULL
    WHERE contact_id = $1 AND dedupe_key NOT LIKE 'signal:%'`,
  attachment: 'DELETE FROM attachment WHERE contact_id = $1',
  handover: 'UPDATE handover SET context_sealed = NULL WHERE contact_id = $1',
  // What a member proposed stays with the member.
  problem: 'DELETE FROM problem WHERE contact_id = $1 AND member_id IS NULL',
  // The consent of those already registered through a shared phone is their proof, and stays.
  consent: `DELETE FROM consent WHERE contact_id = $1
    AND at > (SELECT coalesce(max(linked_at), '-infinity') FROM member_contact WHERE contact_id = $1)`,
};
// What a sender holds right now cannot be called back; should it be sent again, it says nothing.
const eraseDeliveries = `UPDATE delivery SET
  body_sealed = CASE WHEN state IN ('leased', 'written') THEN $4::bytea END,
  state = CASE WHEN state IN ('planned', 'due') THEN 'cancelled' ELSE state END,
  code = CASE WHEN state IN ('planned', 'due') THEN 'erased' ELSE code END,
  ended_at = CASE WHEN state IN ('planned', 'due') THEN $3 ELSE ended_at END
WHERE contact_id = $1 AND cause IS DISTINCT FROM $2 AND broadcast_id IS NULL`;
// What of this person was shown to those who helped, and what was sent once more after it, by the same rule.
const eraseShown = `WITH helper AS (
  SELECT DISTINCT o.subject AS id FROM person_key n JOIN audit_entry l ON l.person = n.id JOIN person_key o ON o.id = l.actor
  WHERE n.subject = $1
), shown AS (
  SELECT d.id, d.contact_id FROM delivery d JOIN helper ON d.contact_id = helper.id
  WHERE d.cause IN (SELECT id FROM handover WHERE contact_id = $1)
)
UPDATE delivery SET
  body_sealed = CASE WHEN state IN ('leased', 'written') THEN $3::bytea END,
  state = CASE WHEN state IN ('planned', 'due') THEN 'cancelled' ELSE state END,
  code = CASE WHEN state IN ('planned', 'due') THEN 'erased' ELSE code END,
  ended_at = CASE WHEN state IN ('planned', 'due') THEN $2 ELSE ended_at END
WHERE id IN (SELECT id FROM shown UNION SELECT d.id FROM delivery d JOIN shown ON d.cause = shown.id AND d.contact_id = shown.contact_id)`;
const erasedWords: Json = { text: 'Pesan ini sudah dihapus.', choices: [], question: null };

/** Erases at once what somebody typed who may not register (under age): the conversation's variables end with the flow. */
export const eraseTyped = defineAction({
  signature: { takes: {}, outcomes: { erased: {} }, forgets: true },
  args: z.object({}),
  run(_, { contactId, inboundId, now, vault }) {
    const writes: Statement[] = Object.entries(erasures).map(([what, text]) => ({
      name: `erase-${what}`,
      text,
      values: [contactId],
    }));
    const words = vault.sealJson(erasedWords);
    const said = [contactId, inboundId, now, words];
    const shown = [contactId, now, words];
    const deliveries = { name: 'erase-delivery', text: eraseDeliveries, values: said };
    const others = { name: 'erase-shown', text: eraseShown, values: shown };
    return outcome('erased', {}, [...writes, deliveries, others]);
  },
});

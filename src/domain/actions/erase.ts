import { z } from 'zod';
import type { Statement } from '../../store/statement.js';
import { defineAction, outcome } from './define.js';

/** Everything a contact typed and everything that repeats it; what this turn still has to say stays until it is said. */
const erasures = {
  inbound: 'UPDATE inbound SET body_sealed = NULL WHERE contact_id = $1',
  fact: 'UPDATE fact SET payload_sealed = NULL WHERE contact_id = $1',
  handover: 'UPDATE handover SET context_sealed = NULL WHERE contact_id = $1',
  consent: 'DELETE FROM consent WHERE contact_id = $1',
};
const eraseDeliveries = `UPDATE delivery SET body_sealed = NULL,
  state = CASE WHEN ended_at IS NULL AND state IN ('planned', 'due') THEN 'cancelled' ELSE state END,
  code = CASE WHEN ended_at IS NULL AND state IN ('planned', 'due') THEN 'erased' ELSE code END,
  ended_at = coalesce(ended_at, $3) WHERE contact_id = $1 AND cause IS DISTINCT FROM $2 AND state NOT IN ('leased', 'written')`;

/** Erases at once what somebody typed who may not register (under age): the conversation's variables end with the flow. */
export const eraseTyped = defineAction({
  signature: { takes: {}, outcomes: { erased: {} } },
  args: z.object({}),
  run(_, { contactId, inboundId, now }) {
    const writes: Statement[] = Object.entries(erasures).map(([what, text]) => ({
      name: `erase-${what}`,
      text,
      values: [contactId],
    }));
    const deliveries = { name: 'erase-delivery', text: eraseDeliveries, values: [contactId, inboundId, now] };
    return outcome('erased', {}, [...writes, deliveries]);
  },
});

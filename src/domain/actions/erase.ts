import { z } from 'zod';
import { audited } from '../../store/audit.js';
import type { Statement } from '../../store/statement.js';
import { eraseConversations } from '../erasing.js';
import { defineAction, outcome } from './define.js';

const own: Readonly<Record<string, string>> = {
  // What a member proposed stays with the member.
  problem: 'DELETE FROM problem WHERE contact_id = $1 AND member_id IS NULL',
  // The consent of those already registered through a shared phone is their proof, and stays.
  consent: `DELETE FROM consent WHERE contact_id = $1
    AND at > (SELECT coalesce(max(linked_at), '-infinity') FROM member_contact WHERE contact_id = $1)`,
};

/** Erases at once what somebody typed who may not register (under age): the conversation's variables end with the flow. */
export const eraseTyped = defineAction({
  signature: { takes: {}, outcomes: { erased: {} }, forgets: true },
  args: z.object({}),
  run(_, context) {
    const { contactId, now } = context;
    const writes: Statement[] = Object.entries(own).map(([what, text]) => ({
      name: `erase-typed-${what}`,
      text,
      values: [contactId],
    }));
    const entry = { kind: 'erasure', action: 'typed', actor: null, subjects: [], at: now } as const;
    return outcome('erased', {}, [...writes, ...eraseConversations([contactId], context), audited(entry)]);
  },
});

import { z } from 'zod';
import { audited } from '../../store/audit.js';
import { run, type Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { defineAction, outcome } from './define.js';
import { memberMeant, memberType } from './member.js';

const taken = { anggota: { type: 'picked', optional: true } } as const;
const args = z.object({ anggota: z.uuid().nullish() });

const othersText = 'SELECT FROM member_contact WHERE member_id = $1 AND contact_id <> $2 LIMIT 1';

/** Whether a member behind this contact has another phone as well, for whoever wants to take that one off this phone. */
export const lookAtPhones = defineAction({
  signature: {
    takes: taken,
    outcomes: { several: { anggota: memberType }, one: { anggota: memberType }, gone: {} },
  },
  args,
  async run({ anggota }, context) {
    const member = await memberMeant(anggota ?? null, context);
    if (member === null) return outcome('gone');
    const told = { anggota: { nama: member.name } };
    return outcome((await hasOther(member.id, context)) ? 'several' : 'one', told);
  },
});

async function hasOther(memberId: string, { db, contactId }: ActionContext): Promise<boolean> {
  const statement = { name: 'member-phones', text: othersText, values: [memberId, contactId] };
  return (await run(db, statement)).length > 0;
}

const unlinkText = 'DELETE FROM member_contact WHERE member_id = $1 AND contact_id = $2 RETURNING member_id';
// The number of a phone that is not the member's any more says nothing about the one he registers with next.
const ofThisPhone = `phone_index IN (SELECT phone_index FROM address WHERE contact_id = $2 AND phone_index IS NOT NULL)`;
const forgetPhoneText = `UPDATE member SET phone_sealed = NULL, phone_index = NULL, phone_proved = false WHERE id = $1 AND ${ofThisPhone}`;
const unclaimText = `UPDATE member SET claimed_at = NULL WHERE id = $1
  AND NOT EXISTS (SELECT FROM member_contact l WHERE l.member_id = member.id)`;

/**
 * Takes a member off this phone: from here on it does not speak for that one. Who has no other phone is as if on a list: kept and counted, never
 * written to, until he registers with a phone of his own.
 */
export const releaseFromPhone = defineAction({
  signature: { takes: taken, outcomes: { done: {}, gone: {} } },
  args,
  async run({ anggota }, context) {
    const member = await memberMeant(anggota ?? null, context);
    if (member === null) return outcome('gone');
    const { contactId, now } = context;
    const values = [member.id, contactId];
    const writes: readonly Statement[] = [
      { name: 'phone-unlink', text: unlinkText, values, mustFind: true },
      { name: 'phone-forget', text: forgetPhoneText, values },
      { name: 'phone-unclaim', text: unclaimText, values: [member.id] },
      audited({
        kind: 'correction',
        action: 'released',
        actor: contactId,
        subjects: [member.id],
        at: now,
      }),
    ];
    return outcome('done', {}, writes);
  },
});

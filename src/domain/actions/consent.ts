import { z } from 'zod';
import { audited } from '../../store/audit.js';
import { run, type Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { askNext, nextDue } from '../consents.js';
import { defineAction, outcome } from './define.js';
import { memberType } from './member.js';

/** How a flow says that whom it is about sits beside whoever holds the phone. */
const besideTheHolder = 'bersama';

const consent = z.object({ setuju: z.boolean(), jawaban: z.string(), teks: z.string(), versi: z.string() });

const insertConsent = `INSERT INTO consent (id, contact_id, purpose, version, granted, text_sealed, reply_sealed, channel, program, at, member_id, conveyed)
VALUES ($1, $2, 'keanggotaan', $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

/** Whose consent it is: of which member, and whether somebody else's phone conveys it. */
interface Whose {
  readonly memberId: string | null;
  readonly conveyed: boolean;
}

/** The proof of a consent or a refusal, and its entry in the audit. */
function kept(
  given: z.infer<typeof consent>,
  { memberId, conveyed }: Whose,
  context: ActionContext,
): readonly Statement[] {
  const { vault, newId, now, contactId, channel, program } = context;
  const { setuju, jawaban, teks, versi } = given;
  const words = [vault.seal(teks), vault.seal(jawaban)];
  const values = [newId(), contactId, versi, setuju, ...words, channel, program, now, memberId, conveyed];
  return [
    { name: 'consent-record', text: insertConsent, values },
    audited({
      ...{ kind: 'consent', action: actionOf(setuju, conveyed), detail: versi },
      ...{ actor: contactId, subjects: [memberId ?? contactId], at: now },
    }),
  ];
}

function actionOf(granted: boolean, conveyed: boolean): string {
  if (!granted) return 'refused';
  return conveyed ? 'conveyed' : 'granted';
}

/**
 * Keeps the proof of a consent: the text as it was asked, its version, the exact reply (UU 27/2022, Pasal 24). That of somebody beside whoever
 * holds the phone (`lewat`) is kept as conveyed by it.
 */
export const recordConsent = defineAction({
  signature: {
    takes: { persetujuan: { type: 'consent' }, lewat: { type: 'any', optional: true } },
    outcomes: { recorded: {}, declined: {} },
    fixed: { recorded: 'persetujuan Bapak/Ibu sudah tercatat' },
  },
  args: z.object({ persetujuan: consent, lewat: z.string().nullish() }),
  run({ persetujuan, lewat }, context) {
    const whose = { memberId: null, conveyed: lewat === besideTheHolder };
    return outcome(persetujuan.setuju ? 'recorded' : 'declined', {}, kept(persetujuan, whose, context));
  },
});

const givenText = 'SELECT 1 FROM consent WHERE contact_id = $1 AND granted AND member_id IS NULL LIMIT 1';

/** Whether there is a consent behind which nobody is registered yet, as there is while a registration is filled in. */
export const consentGiven = defineAction({
  signature: { takes: {}, outcomes: { given: {}, none: {} } },
  args: z.object({}),
  async run(_, { db, contactId }) {
    const found = await run(db, { name: 'consent-given', text: givenText, values: [contactId] });
    return outcome(found.length > 0 ? 'given' : 'none');
  },
});

/** Whether a member behind this contact is to be asked about a newer text of the consent, and who. */
export const consentDue = defineAction({
  signature: { takes: {}, outcomes: { due: { anggota: memberType }, none: {} } },
  args: z.object({}),
  async run(_, { db, contactId }) {
    const member = await nextDue(db, contactId);
    return member === null ? outcome('none') : outcome('due', { anggota: { nama: member.name } });
  },
});

/** Keeps what that member answered; with a no the consent to the earlier text goes on for what it was given for. */
export const renewConsent = defineAction({
  signature: {
    takes: { persetujuan: { type: 'consent' } },
    outcomes: { renewed: {}, declined: {}, gone: {} },
    fixed: { renewed: 'persetujuan Bapak/Ibu sudah tercatat' },
  },
  args: z.object({ persetujuan: consent }),
  async run({ persetujuan }, context) {
    const member = await nextDue(context.db, context.contactId);
    if (member === null) return outcome('gone');
    const writes = [
      ...kept(persetujuan, { memberId: member.id, conveyed: false }, context),
      askNext(context.contactId),
    ];
    return outcome(persetujuan.setuju ? 'renewed' : 'declined', {}, writes);
  },
});

import { z } from 'zod';
import { audited } from '../../store/audit.js';
import { defineAction, outcome } from './define.js';

const consent = z.object({ setuju: z.boolean(), jawaban: z.string(), teks: z.string(), versi: z.string() });

const insertConsent = `INSERT INTO consent (id, contact_id, purpose, version, granted, text_sealed, reply_sealed, channel, program, at)
VALUES ($1, $2, 'keanggotaan', $3, $4, $5, $6, $7, $8, $9)`;

/** Keeps the proof of a consent: the text as it was asked, its version, the exact reply (UU 27/2022, Pasal 24). */
export const recordConsent = defineAction({
  signature: {
    takes: { persetujuan: { type: 'consent' } },
    outcomes: { recorded: {}, declined: {} },
    fixed: { recorded: 'persetujuan Bapak/Ibu sudah tercatat' },
  },
  args: z.object({ persetujuan: consent }),
  run({ persetujuan }, { vault, newId, now, contactId, channel, program }) {
    const { setuju, jawaban, teks, versi } = persetujuan;
    const values = [
      newId(),
      contactId,
      versi,
      setuju,
      vault.seal(teks),
      vault.seal(jawaban),
      channel,
      program,
      now,
    ];
    return outcome(setuju ? 'recorded' : 'declined', {}, [
      { name: 'consent-record', text: insertConsent, values },
      audited({
        ...{ kind: 'consent', action: setuju ? 'granted' : 'refused', detail: versi },
        ...{ actor: contactId, subjects: [contactId], at: now },
      }),
    ]);
  },
});

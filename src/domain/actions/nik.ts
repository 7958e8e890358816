import { z } from 'zod';
import { nikDoubts } from '../../flow/inputs/nik.js';
import { textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { defineAction, outcome } from './define.js';

const ownerOfNik = `SELECT 1 FROM member m WHERE m.simulator = $1 AND m.nik_index = $2 AND m.claimed_at IS NOT NULL AND NOT EXISTS (
  SELECT FROM member_contact l WHERE l.member_id = m.id AND l.contact_id = $3)`;

/** Whether a NIK belongs to somebody registered this contact does not speak for; somebody a list knows may register with it. */
async function nikIsTaken(nik: string, { db, vault, simulator, contactId }: ActionContext): Promise<boolean> {
  const values = [simulator, vault.index('nik', nik), contactId];
  return (await run(db, { name: 'nik-taken', text: ownerOfNik, values })).length > 0;
}

/** Whether a NIK is registered already through somebody else; never whose it is. */
export const checkNik = defineAction({
  signature: { takes: { nik: { type: 'nik' } }, outcomes: { free: {}, taken: {} } },
  args: z.object({ nik: z.string() }),
  run: async ({ nik }, context) => outcome((await nikIsTaken(nik, context)) ? 'taken' : 'free'),
});

/** Compares a NIK once more after birth date or sex were corrected; without a NIK there is nothing to compare. */
export const compareNik = defineAction({
  signature: {
    takes: {
      nik: { type: 'nik', optional: true },
      lahir: { type: 'date' },
      'jenis-kelamin': { type: 'any' },
    },
    outcomes: { same: {}, differs: { perbedaan: textType } },
  },
  args: z.object({ nik: z.string().nullish(), lahir: z.string(), 'jenis-kelamin': z.string() }),
  run({ nik, lahir, 'jenis-kelamin': sex }, { now }) {
    const doubts = nik ? nikDoubts(nik, lahir, sex, now) : [];
    return doubts.length === 0 ? outcome('same') : outcome('differs', { perbedaan: doubts.join(' ') });
  },
});

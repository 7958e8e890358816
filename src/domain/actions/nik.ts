import { z } from 'zod';
import { nikDoubts, nik as nikInput } from '../../flow/inputs/nik.js';
import { textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import { defineAction, outcome } from './define.js';
import { memberType } from './member.js';

const nikType = nikInput.type({});

const registeredUnder = `SELECT m.name, EXISTS (
  SELECT FROM member_contact l WHERE l.member_id = m.id AND l.contact_id = $3) AS own
FROM member m WHERE m.simulator = $1 AND m.nik_index = $2 AND m.claimed_at IS NOT NULL`;

/** Whether a NIK is registered already: by a member this contact speaks for, who may be named, or by somebody else, never whose it is. */
export const checkNik = defineAction({
  signature: {
    takes: { nik: { type: 'nik' } },
    outcomes: { free: {}, own: { anggota: memberType }, taken: {} },
  },
  args: z.object({ nik: z.string() }),
  async run({ nik }, { db, vault, simulator, contactId }) {
    const values = [simulator, vault.index('nik', nik), contactId];
    const statement = { name: 'nik-registered', text: registeredUnder, values };
    const found = await run<{ name: string; own: boolean }>(db, statement);
    const own = found.find((member) => member.own);
    if (own !== undefined) return outcome('own', { anggota: { nama: own.name } });
    return outcome(found.length > 0 ? 'taken' : 'free');
  },
});

/** Goes on without the NIK that was typed: nothing of it is kept. */
export const leaveNikOut = defineAction({
  signature: { takes: {}, outcomes: { 'left-out': { nik: nikType } } },
  args: z.object({}),
  run: () => outcome('left-out', { nik: null }),
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

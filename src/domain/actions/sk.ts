import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import type { JsonRecord } from '../../flow/json.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { maskNumbers } from '../mask.js';
import { issuers, plainStatus } from '../sk.js';
import { defineAction, outcome } from './define.js';
import { choicesOf, memberType, spokenFor } from './member.js';

const skType = recordType('sk', {
  statusLabel: textType,
  nomor: textType,
  tanggal: textType,
  penerbit: textType,
  alasan: textType,
});
const found = { anggota: memberType, sk: skType };

interface SkRow {
  readonly name: string;
  readonly status: string;
  readonly number: Buffer | null;
  readonly decidedOn: string | null;
  readonly issuer: string | null;
  readonly reason: Buffer | null;
}

const skOfMember = `SELECT m.name, coalesce(a.status, 'belum_ada') AS status, d.number_sealed AS number, d.decided_on AS "decidedOn", d.issuer,
  (SELECT v.reason_sealed FROM sk_move v WHERE v.member_id = m.id AND v.to_state = a.status ORDER BY v.at DESC, v.id DESC LIMIT 1) AS reason
FROM member_contact l JOIN member m ON m.id = l.member_id
LEFT JOIN sk_member a ON a.member_id = m.id LEFT JOIN sk_document d ON d.id = a.document_id
WHERE l.contact_id = $1 AND m.id = $2`;

const unknown = 'belum diketahui';

/** The SK of the one member this contact speaks for, or the list to choose from. */
export const findSk = defineAction({
  signature: { takes: {}, outcomes: { found, 'several-members': { daftar: optionsType }, unknown: {} } },
  args: z.object({}),
  async run(_, context) {
    const [first, ...others] = await spokenFor(context);
    if (first === undefined) return outcome('unknown');
    if (others.length === 0) return tell(first.id, context);
    return outcome('several-members', { daftar: choicesOf([first, ...others]) });
  },
});

/** The SK of a member taken from that list; only of one this contact speaks for. */
export const findSkOfMember = defineAction({
  signature: { takes: { anggota: { type: 'picked' } }, outcomes: { found, unknown: {} } },
  args: z.object({ anggota: z.uuid() }),
  run: ({ anggota }, context) => tell(anggota, context),
});

async function tell(memberId: string, context: ActionContext) {
  const { db, contactId } = context;
  const [row] = await run<SkRow>(db, {
    name: 'sk-of-member',
    text: skOfMember,
    values: [contactId, memberId],
  });
  return row === undefined
    ? outcome('unknown')
    : outcome('found', { anggota: { nama: row.name }, sk: skOf(row, context) });
}

function skOf(row: SkRow, { vault }: ActionContext): JsonRecord {
  // Of an SK that is not there nothing is missing.
  const missing = row.status === 'belum_ada' ? null : unknown;
  return {
    statusLabel: plainStatus(row.status),
    nomor: row.number === null ? missing : vault.open(row.number),
    tanggal: row.decidedOn === null ? missing : showDate(row.decidedOn),
    penerbit: issuers[row.issuer ?? ''] ?? missing,
    alasan: row.reason === null ? null : maskNumbers(vault.open(row.reason)),
  };
}

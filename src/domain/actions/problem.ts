import { z } from 'zod';
import { recordType, textType } from '../../flow/types.js';
import { run, type Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { defineAction, outcome } from './define.js';
import { memberMeant, spokenFor } from './member.js';

const proposalType = recordType('usulan', { karesidenan: textType });

const proposal = z.object({
  anggota: z.uuid().nullish(),
  kabupaten: z.object({ kode: z.string() }).nullish(),
  topik: z.string(),
  masalah: z.string(),
  'sebut-nama': z.boolean().nullish(),
});
type Proposal = z.infer<typeof proposal>;

/** Who proposes, from where: a member from the duty region, anybody else from the regency that was told. */
interface Origin {
  readonly memberId: string | null;
  readonly regionCode: string;
}

/** Keeps a problem for the rakor, with the eks-karesidenan it belongs to. The same words again are kept once. */
export const proposeProblem = defineAction({
  signature: {
    takes: {
      anggota: { type: 'picked', optional: true },
      kabupaten: { type: 'regency', optional: true },
      topik: { type: 'any' },
      masalah: { type: 'text' },
      'sebut-nama': { type: 'boolean', optional: true },
    },
    outcomes: { recorded: { usulan: proposalType }, gone: {} },
    fixed: { recorded: 'usulan sudah tercatat' },
  },
  args: proposal,
  async run(given, context) {
    const origin = await originOf(given, context);
    if (origin === null) return outcome('gone');
    const residency = await residencyOf(origin.regionCode, context);
    const known = await isKnown(given, context);
    const writes = known ? [] : [insertion(given, origin, residency.id, context)];
    return outcome('recorded', { usulan: { karesidenan: residency.name } }, writes);
  },
});

/** A regency counts only for somebody who is no member: a member is where the register says. */
async function originOf({ anggota, kabupaten }: Proposal, context: ActionContext): Promise<Origin | null> {
  const member = await memberMeant(anggota ?? null, context);
  if (member !== null) return { memberId: member.id, regionCode: member.regionCode };
  const isStranger = (await spokenFor(context)).length === 0;
  return kabupaten && isStranger ? { memberId: null, regionCode: kabupaten.kode } : null;
}

interface Residency {
  readonly id: string;
  readonly name: string;
}

const residencyOfRegion = `SELECT y.id, y.name FROM region r JOIN residency y ON y.id = r.residency_id
WHERE r.code = left($1, 5)`;

async function residencyOf(regionCode: string, { db }: ActionContext): Promise<Residency> {
  const statement = { name: 'residency-of-region', text: residencyOfRegion, values: [regionCode] };
  const [residency] = await run<Residency>(db, statement);
  if (residency === undefined) throw new Error(`the region ${regionCode} lies in no eks-karesidenan`);
  return residency;
}

const sameProblem = 'SELECT 1 FROM problem WHERE contact_id = $1 AND topic = $2 AND text_index = $3';

async function isKnown(
  { topik, masalah }: Proposal,
  { db, vault, contactId }: ActionContext,
): Promise<boolean> {
  const values = [contactId, topik, vault.index('problem', masalah)];
  return (await run(db, { name: 'problem-same', text: sameProblem, values })).length > 0;
}

const insertProblem = `INSERT INTO problem (id, contact_id, member_id, topic, text_sealed, text_index, region_code,
  residency_id, named, simulator, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

function insertion(
  { topik, masalah, 'sebut-nama': named }: Proposal,
  { memberId, regionCode }: Origin,
  residencyId: string,
  { vault, now, newId, contactId, simulator }: ActionContext,
): Statement {
  const text = [vault.seal(masalah), vault.index('problem', masalah)];
  const isNamed = memberId !== null && named === true;
  const values = [newId(), contactId, memberId, topik, ...text, regionCode, residencyId, isNamed];
  return { name: 'problem-insert', text: insertProblem, values: [...values, simulator, now] };
}

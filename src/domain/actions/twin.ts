import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { maskNik } from '../../flow/inputs/nik.js';
import { titleCase } from '../../flow/text.js';
import { recordType, textType } from '../../flow/types.js';
import type { ActionContext } from '../action.js';
import { viewerNow } from '../helpers.js';
import { joinMembers, lastJoin, partMembers } from '../member-join.js';
import { lookKept } from '../requests.js';
import { plainStatus } from '../sk.js';
import { keptApart, keptFirst, type PairIds, type Twin, type Twins, twinsFor } from '../twins.js';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';

const pairType = recordType('mirip', { id: textType, jumlah: textType, satu: textType, dua: textType });
const joined = { hasil: recordType('hasil', { nama: textType }) };

function idsIn(pair: string | null | undefined): PairIds | null {
  const [first, second] = pair?.split(' ') ?? [];
  return first === undefined || second === undefined ? null : [first, second];
}

async function pairsAfter(after: PairIds | null, context: ActionContext): Promise<readonly Twins[]> {
  const viewer = await viewerNow(context.db, context.contactId, context.simulator);
  return twinsFor(viewer, after, context.db);
}

/** The next two of the own area who may be one person, behind the ones seen last; each look is kept. */
export const nextTwins = defineAction({
  signature: {
    takes: { sesudah: { type: 'text', optional: true } },
    outcomes: { found: { mirip: pairType }, none: {} },
  },
  args: z.object({ sesudah: z.string().nullish() }),
  async run({ sesudah }, context) {
    const pairs = await pairsAfter(idsIn(sesudah), context);
    const [pair] = pairs;
    if (pair === undefined) return outcome('none');
    const { first, second } = pair;
    const mirip = {
      id: `${first.id} ${second.id}`,
      jumlah: String(pairs.length),
      satu: told(first, context),
      dua: told(second, context),
    };
    const looks = [first, second].map(({ id }) =>
      lookKept(context.contactId, 'compare-members', id, context.now),
    );
    return outcome('found', { mirip }, looks);
  },
});

function told(
  { name, birthDate, place, claimedAt, nikSealed, skStatus }: Twin,
  { vault }: ActionContext,
): string {
  const origin = claimedAt === null ? 'dari daftar' : `mendaftar sendiri ${showDate(dayInWib(claimedAt))}`;
  return [
    titleCase(name),
    birthDate === null ? 'tanggal lahir belum ada' : showDate(birthDate),
    place,
    `NIK ${nikSealed === null ? 'belum ada' : maskNik(vault.open(nikSealed))}`,
    `status SK ${plainStatus(skStatus)}`,
    origin,
  ].join(', ');
}

const pairTaken = { pasangan: { type: 'text' } } as const;
const pairArgs = z.object({ pasangan: z.string() });

/** The pair as it stands now, if this person may (still) decide about it. */
async function pairMeant(pasangan: string, context: ActionContext): Promise<Twins | null> {
  const pairs = await pairsAfter(null, context);
  return pairs.find(({ first, second }) => `${first.id} ${second.id}` === pasangan) ?? null;
}

/** Makes the two one. `gone`: somebody else has decided, or one of them is not there any more. */
export const joinTwins = defineAction({
  signature: {
    takes: pairTaken,
    outcomes: { joined, gone: {} },
    fixed: { joined: 'kedua data sudah digabung' },
  },
  args: pairArgs,
  async run({ pasangan }, context) {
    const pair = await pairMeant(pasangan, context);
    if (pair === null) return outcome('gone');
    const [kept, gone] = keptFirst(pair);
    const writes = await joinMembers(kept.id, gone.id, context);
    return writes === null
      ? outcome('gone')
      : outcome('joined', { hasil: { nama: titleCase(kept.name) } }, writes);
  },
});

/** Keeps that the two are two. */
export const keepTwins = defineAction({
  signature: {
    takes: pairTaken,
    outcomes: { done: {}, gone: {} },
    fixed: { done: 'keterangan sudah tersimpan' },
  },
  args: pairArgs,
  async run({ pasangan }, context) {
    const pair = await pairMeant(pasangan, context);
    if (pair === null) return outcome('gone');
    return outcome('done', {}, keptApart([pair.first.id, pair.second.id], context.contactId, context.now));
  },
});

/** Parts again whom this person made one last, within a week. */
export const partTwins = defineAction({
  signature: {
    takes: {},
    outcomes: { done: joined, none: {} },
    fixed: { done: 'penggabungan sudah dibatalkan' },
  },
  args: z.object({}),
  async run(_, context) {
    const last = await lastJoin(context);
    if (last === null) return outcome('none');
    return outcome('done', { hasil: { nama: titleCase(last.name) } }, partMembers(last, context));
  },
});

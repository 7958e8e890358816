import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { run, type Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { noteMemberNews } from '../member-news.js';
import { placeName } from '../places.js';
import { regencyOf } from '../roles.js';
import { moveSk } from '../sk-moves.js';
import { defineAction, outcome } from './define.js';
import { memberMeant } from './member.js';
import { appointmentOf, isRechecked, keptChange, readStored, type Stored } from './update.js';

const moveText = 'UPDATE member SET region_code = $2 WHERE id = $1 AND region_code = $3 RETURNING id';
const inWords = (code: string) => `${placeName(code)} || ', ' || ${placeName(`left(${code}, 5)`)}`;
const placesText = `SELECT ${inWords('$1::text')} AS from, ${inWords('$2::text')} AS to`;

interface Moving {
  readonly stored: Stored;
  readonly to: string;
  readonly since: string;
}

/**
 * The member serves another village from a day on. That is no correction: where he served before stays as history, the SK of the old
 * village is looked at again by whoever verifies in the new one, and both chairs hear of it.
 */
export const moveMember = defineAction({
  signature: {
    takes: {
      anggota: { type: 'picked', optional: true },
      wilayah: { type: 'region' },
      sejak: { type: 'date' },
    },
    outcomes: { done: {}, 'sk-recheck': {}, same: {}, gone: {} },
    fixed: { done: 'kepindahan sudah tercatat', 'sk-recheck': 'kepindahan sudah tercatat' },
  },
  args: z.object({
    anggota: z.uuid().nullish(),
    wilayah: z.object({ kode: z.string() }),
    sejak: z.string(),
  }),
  async run({ anggota, wilayah, sejak }, context) {
    const member = await memberMeant(anggota ?? null, context);
    if (member === null) return outcome('gone');
    const moving = { stored: await readStored(member.id, context), to: wilayah.kode, since: sejak };
    if (moving.stored.regionCode === moving.to) return outcome('same');
    const writes = [...moved(moving, context), ...(await newsOf(moving, context))];
    if (!isRechecked(moving.stored)) return outcome('done', {}, writes);
    return outcome('sk-recheck', {}, [...writes, ...recheck(moving, context)]);
  },
});

function moved({ stored, to, since }: Moving, context: ActionContext): readonly Statement[] {
  const { id, regionCode } = stored;
  return [
    { name: 'member-move', text: moveText, values: [id, to, regionCode], mustFind: true },
    ...keptChange('pindah', { before: regionCode, since }, stored, context),
  ];
}

/** Each regency hears of it once. */
async function newsOf({ stored, to, since }: Moving, context: ActionContext): Promise<readonly Statement[]> {
  const { id, regionCode } = stored;
  const statement = { name: 'move-places', text: placesText, values: [regionCode, to] };
  const [places] = await run<{ from: string; to: string }>(context.db, statement);
  if (places === undefined) throw new Error('a select without a table gives one row');
  const line = `pindah tugas dari ${places.from} ke ${places.to}, sejak ${showDate(since)}.`;
  const areas = new Set([regencyOf(regionCode), regencyOf(to)]);
  return [...areas].map((area) => noteMemberNews(id, area, line, context));
}

function recheck({ stored }: Moving, context: ActionContext): readonly Statement[] {
  const step = { move: 'pindah', by: 'member', who: context.contactId } as const;
  return moveSk(appointmentOf(stored), step, context);
}

import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { recordType, textType } from '../../flow/types.js';
import type { Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { vacateAll } from '../boards.js';
import { maskNumbers } from '../mask.js';
import { noteMemberNews } from '../member-news.js';
import { endedSk, moveSk } from '../sk-moves.js';
import { changeStanding, type Standing } from '../standing.js';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';
import { type Meant, meant, picked } from './privacy.js';
import { appointmentOf, readStored } from './update.js';

/** What a change of standing by the member is written with. */
function toStanding({ id, standing }: Meant, to: Standing, { contactId, now }: ActionContext) {
  return changeStanding({ memberId: id, from: standing, to, actor: contactId, at: now });
}

/** The member is a PSM no longer: offices become vacant, a verified SK ends, the chair hears of it with the reason, which is kept nowhere else. */
export const leavePsm = defineAction({
  signature: {
    takes: { ...picked, alasan: { type: 'text', optional: true } },
    outcomes: { done: { hasil: recordType('hasil', { tanggal: textType }) }, same: {}, gone: {} },
    fixed: { done: 'pengunduran diri sudah tercatat' },
  },
  args: z.object({ anggota: z.uuid().nullish(), alasan: z.string().nullish() }),
  async run({ anggota, alasan }, context) {
    const member = await meant(anggota, context);
    if (member === null || member.standing === 'withdrawn') return outcome('gone');
    if (member.standing === 'left') return outcome('same');
    const tanggal = showDate(dayInWib(context.now));
    const offices = await vacateAll(member.id, context);
    const stored = await readStored(member.id, context);
    const why = alasan == null ? '' : ` Alasan: ${maskNumbers(alasan)}`;
    const line = `mengundurkan diri sebagai PSM pada ${tanggal}.${offices.told}${why}`;
    return outcome('done', { hasil: { tanggal } }, [
      ...toStanding(member, 'left', context),
      ...offices.writes,
      ...endedSk(appointmentOf(stored), context),
      noteMemberNews(member.id, member.regionCode, line, context),
    ]);
  },
});

/** Whether the only member of this phone has left, so that registering means coming back. */
export const checkLeft = defineAction({
  signature: { takes: {}, outcomes: { active: {}, left: {} } },
  args: z.object({}),
  async run(_, context) {
    const member = await meant(null, context);
    return outcome(member?.standing === 'left' ? 'left' : 'active');
  },
});

/** Who left is a PSM again; the SK that ended then is looked at again. */
export const returnToPsm = defineAction({
  signature: {
    takes: picked,
    outcomes: { done: {}, 'sk-recheck': {}, same: {}, gone: {} },
    fixed: { done: 'keanggotaan sudah aktif lagi', 'sk-recheck': 'keanggotaan sudah aktif lagi' },
  },
  args: z.object({ anggota: z.uuid().nullish() }),
  async run({ anggota }, context) {
    const member = await meant(anggota, context);
    if (member === null) return outcome('gone');
    if (member.standing !== 'left') return outcome('same');
    const line = `aktif lagi sebagai PSM sejak ${showDate(dayInWib(context.now))}.`;
    const sk = await skAgain(member, context);
    const news = noteMemberNews(member.id, member.regionCode, line, context);
    const writes = [...toStanding(member, 'active', context), news, ...sk];
    return outcome(sk.length === 0 ? 'done' : 'sk-recheck', {}, writes);
  },
});

async function skAgain({ id }: Meant, context: ActionContext): Promise<readonly Statement[]> {
  const seen = appointmentOf(await readStored(id, context));
  if (seen.state !== 'berakhir') return [];
  const again = { move: 'laporkan', by: 'member', who: context.contactId } as const;
  return moveSk(seen, again, context);
}

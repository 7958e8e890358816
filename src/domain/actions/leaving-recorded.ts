import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { titleCase } from '../../flow/text.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import type { Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { vacateAll } from '../boards.js';
import { leftByOfficer, type Mourned, mournedOne } from '../deaths.js';
import { viewing } from '../helpers.js';
import { contactsOf, mailboxesOf } from '../mailboxes.js';
import { maskNumbers } from '../mask.js';
import { noteMemberNews } from '../member-news.js';
import { sendTo } from '../reach.js';
import { endedSk } from '../sk-moves.js';
import { changeStanding } from '../standing.js';
import { dayInWib } from '../wib.js';
import { skAgain } from './death.js';
import { defineAction, outcome } from './define.js';

const chosen = { anggota: { type: 'picked' } } as const;
const named = { hasil: recordType('hasil', { nama: textType }) };

/** Tells a member over every contact that speaks for him. */
async function tellMember(
  { memberId }: Mourned,
  text: string,
  { db, ...tools }: ActionContext,
): Promise<readonly Statement[]> {
  const boxes = await mailboxesOf(db, await contactsOf(db, memberId));
  return boxes.flatMap((box) => sendTo(box, text, null, tools));
}

/** An officer records that somebody who does not write is a PSM no longer, as if the member had said so; the member is told, and can come back. */
export const recordLeaving = defineAction({
  signature: {
    takes: { ...chosen, alasan: { type: 'text' } },
    outcomes: { done: named, gone: {} },
    fixed: { done: 'sudah tercatat' },
  },
  args: z.object({ anggota: z.uuid(), alasan: z.string() }),
  async run({ anggota, alasan }, context) {
    const one = await mournedOne(await viewing(context), anggota, context.db);
    if (one === null) return outcome('gone');
    const { memberId, name, regionCode } = one;
    const { contactId, now } = context;
    const offices = await vacateAll(memberId, context);
    const [nama, tanggal, why] = [titleCase(name), showDate(dayInWib(now)), maskNumbers(alasan)];
    const line = `dicatat petugas berhenti sebagai PSM pada ${tanggal}.${offices.told} Alasan: ${why}`;
    const told = `*${nama}* dicatat petugas berhenti sebagai PSM pada ${tanggal}.\nAlasan: ${why}\n\nBila keliru, ketik *AKTIFKAN KEANGGOTAAN* atau *PETUGAS*.`;
    return outcome('done', { hasil: { nama } }, [
      ...changeStanding({ memberId, from: 'active', to: 'left', actor: contactId, at: now }),
      ...offices.writes,
      ...endedSk(one, context),
      noteMemberNews(memberId, regionCode, line, context),
      ...(await tellMember(one, told, context)),
    ]);
  },
});

/** Those whom this officer has recorded as having left, and who have not said otherwise. */
export const listLeavings = defineAction({
  signature: { takes: {}, outcomes: { some: { daftar: optionsType }, none: {} } },
  args: z.object({}),
  async run(_, context) {
    const people = await leftByOfficer(await viewing(context), null, context.db);
    const daftar = people.map(({ memberId, name, place }) => ({
      id: memberId,
      label: `${titleCase(name)}, ${place}`,
    }));
    return people.length === 0 ? outcome('none') : outcome('some', { daftar });
  },
});

/** It was not so: the member is a PSM, and the SK that ended is looked at again. Offices are filled by whoever looks after the board. */
export const undoLeaving = defineAction({
  signature: {
    takes: chosen,
    outcomes: { done: named, gone: {} },
    fixed: { done: 'catatan sudah dibatalkan' },
  },
  args: z.object({ anggota: z.uuid() }),
  async run({ anggota }, context) {
    const [one] = await leftByOfficer(await viewing(context), anggota, context.db);
    if (one === undefined) return outcome('gone');
    const { memberId, name, regionCode } = one;
    const { contactId, now } = context;
    const nama = titleCase(name);
    const told = `Catatan bahwa *${nama}* berhenti sebagai PSM sudah dibatalkan. Keanggotaannya aktif lagi.`;
    return outcome('done', { hasil: { nama } }, [
      ...changeStanding({ memberId, from: 'left', to: 'active', actor: contactId, at: now }),
      noteMemberNews(memberId, regionCode, 'keliru dicatat berhenti; catatan itu sudah dibatalkan.', context),
      ...skAgain(one, context),
      ...(await tellMember(one, told, context)),
    ]);
  },
});

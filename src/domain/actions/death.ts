import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { nameKey } from '../../flow/inputs/person-name.js';
import { titleCase } from '../../flow/text.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import type { Statement } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { officesTold, vacateAll } from '../boards.js';
import {
  closeReport,
  isReported,
  keepReport,
  type Mourned,
  mournedByFamilies,
  mournedByName,
  mournedLook,
  mournedOne,
  recordedDeaths,
  silenceForGood,
} from '../deaths.js';
import { findHelper, viewing } from '../helpers.js';
import { noteMemberNews } from '../member-news.js';
import { openReach, sealReach, sendTo } from '../reach.js';
import { plainStatus } from '../sk.js';
import { endedSk, moveSk } from '../sk-moves.js';
import { changeStanding } from '../standing.js';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';
import { memberMeant } from './member.js';
import { picked } from './privacy.js';

/** Somebody of the family says that a member died: an officer of the area hears of it at once and decides. */
export const reportDeath = defineAction({
  signature: {
    takes: picked,
    outcomes: { reported: {}, already: {}, gone: {} },
    fixed: { reported: 'kabar sudah diteruskan' },
  },
  args: z.object({ anggota: z.uuid().nullish() }),
  async run({ anggota }, context) {
    const member = await memberMeant(anggota ?? null, context);
    if (member === null) return outcome('gone');
    if (await isReported(member.id, context.db)) return outcome('already');
    const report = keepReport(member.id, sealReach(context.vault, context.reach), context);
    return outcome('reported', {}, [report, ...(await tellOfficer(member.regionCode, context))]);
  },
});

async function tellOfficer(area: string, context: ActionContext): Promise<readonly Statement[]> {
  const { simulator, contactId } = context;
  const need = { act: 'record-death', area, simulator, contactId, declined: [], above: null } as const;
  const helper = await findHelper(context.db, need);
  if (helper === null) return [];
  const text =
    'Ada kabar duka dari keluarga seorang anggota di wilayah Bapak/Ibu.\n\nKetik *CATAT WAFAT* untuk memastikannya.';
  return sendTo(helper, text, null, context);
}

function listed(people: readonly Mourned[]) {
  return people.map(({ memberId, name, place }) => ({ id: memberId, label: `${titleCase(name)}, ${place}` }));
}

const someListed = { some: { daftar: optionsType }, none: {} };

/** Of whom families told in the own area. */
export const waitingDeaths = defineAction({
  signature: { takes: {}, outcomes: someListed },
  args: z.object({}),
  async run(_, context) {
    const people = await mournedByFamilies(await viewing(context), context.db);
    return people.length === 0 ? outcome('none') : outcome('some', { daftar: listed(people) });
  },
});

/** Members of the own area by name. */
export const findForDeath = defineAction({
  signature: { takes: { nama: { type: 'person-name' } }, outcomes: someListed },
  args: z.object({ nama: z.string() }),
  async run({ nama }, context) {
    const people = await mournedByName(await viewing(context), nameKey(nama).split(' '), context.db);
    return people.length === 0 ? outcome('none') : outcome('some', { daftar: listed(people) });
  },
});

const chosen = { anggota: { type: 'picked' } } as const;
const mournedType = recordType('almarhum', {
  nama: textType,
  lahir: textType,
  wilayah: textType,
  sk: textType,
  jabatan: textType,
  laporan: textType,
  dikabarkan: textType,
});

/** One of them, to be sure that it is the right one; the look is kept. */
export const showForDeath = defineAction({
  signature: { takes: chosen, outcomes: { found: { almarhum: mournedType }, gone: {} } },
  args: z.object({ anggota: z.uuid() }),
  async run({ anggota }, context) {
    const one = await mournedOne(await viewing(context), anggota, context.db);
    if (one === null) return outcome('gone');
    const { name, birthDate, place, state, reportId, reportedAt } = one;
    const almarhum = {
      nama: titleCase(name),
      lahir: birthDate === null ? null : showDate(birthDate),
      wilayah: place,
      sk: plainStatus(state),
      jabatan: await officesTold(anggota, context),
      laporan: reportId,
      dikabarkan: reportedAt === null ? null : showDate(dayInWib(reportedAt)),
    };
    return outcome('found', { almarhum }, [mournedLook(one, context)]);
  },
});

const decided = { anggota: { type: 'picked' }, laporan: { type: 'text', optional: true } } as const;
const decidedArgs = z.object({ anggota: z.uuid(), laporan: z.uuid().nullish() });
const named = { hasil: recordType('hasil', { nama: textType }) };

/** The member as he was shown; null when somebody has decided since. */
async function asShown(
  { anggota, laporan }: z.infer<typeof decidedArgs>,
  context: ActionContext,
): Promise<Mourned | null> {
  const one = await mournedOne(await viewing(context), anggota, context.db);
  return one !== null && one.reportId === (laporan ?? null) ? one : null;
}

/**
 * The member is dead: nothing is sent in his name any more, offices become vacant, a verified SK ends, the chair hears of it. Whoever shares
 * the phone goes on; a family that told it is answered.
 */
export const recordDeath = defineAction({
  signature: { takes: decided, outcomes: { done: named, gone: {} }, fixed: { done: 'sudah tercatat' } },
  args: decidedArgs,
  async run(given, context) {
    const one = await asShown(given, context);
    if (one === null) return outcome('gone');
    const { memberId, name, regionCode } = one;
    const { contactId, now } = context;
    const offices = await vacateAll(memberId, context);
    const line = `dicatat wafat pada ${showDate(dayInWib(now))}.${offices.told}`;
    return outcome('done', { hasil: { nama: titleCase(name) } }, [
      ...changeStanding({ memberId, from: 'active', to: 'deceased', actor: contactId, at: now }),
      ...closeReport(one),
      ...offices.writes,
      ...endedSk(one, context),
      ...silenceForGood(memberId, now),
      noteMemberNews(memberId, regionCode, line, context),
      ...answerFamily(one, condolence(titleCase(name)), context),
    ]);
  },
});

const condolence = (name: string) =>
  `Kami turut berduka cita atas wafatnya *${name}*. Terima kasih atas pengabdian beliau kepada masyarakat.\n\nTidak ada lagi pesan atas nama beliau yang kami kirim.`;
const notSure =
  'Terima kasih atas kabarnya. Petugas belum dapat memastikannya, jadi belum ada yang kami catat. Ketik *PETUGAS* bila ingin berbicara dengan petugas.';

function answerFamily({ reach }: Mourned, text: string, context: ActionContext): readonly Statement[] {
  return reach === null ? [] : sendTo(openReach(context.vault, reach), text, null, context);
}

/** What the family told is not so, or cannot be made sure of; where nobody told it, nothing is to be done. */
export const refuseDeath = defineAction({
  signature: {
    takes: decided,
    outcomes: { done: {}, none: {}, gone: {} },
    fixed: { done: 'kabar sudah dijawab' },
  },
  args: decidedArgs,
  async run(given, context) {
    const one = await asShown(given, context);
    if (one === null) return outcome('gone');
    if (one.reportId === null) return outcome('none');
    return outcome('done', {}, [...closeReport(one), ...answerFamily(one, notSure, context)]);
  },
});

/** Who was recorded as deceased in the own area. */
export const listDeaths = defineAction({
  signature: { takes: {}, outcomes: someListed },
  args: z.object({}),
  async run(_, context) {
    const people = await recordedDeaths(await viewing(context), null, context.db);
    return people.length === 0 ? outcome('none') : outcome('some', { daftar: listed(people) });
  },
});

/** It was not so: the member lives, and the SK that ended is looked at again. Offices are filled by whoever looks after the board. */
export const undoDeath = defineAction({
  signature: {
    takes: chosen,
    outcomes: { done: named, gone: {} },
    fixed: { done: 'catatan sudah dibatalkan' },
  },
  args: z.object({ anggota: z.uuid() }),
  async run({ anggota }, context) {
    const [one] = await recordedDeaths(await viewing(context), anggota, context.db);
    if (one === undefined) return outcome('gone');
    const { memberId, name, regionCode } = one;
    const { contactId, now } = context;
    const line = 'keliru dicatat wafat; catatan itu sudah dibatalkan.';
    return outcome('done', { hasil: { nama: titleCase(name) } }, [
      ...changeStanding({ memberId, from: 'deceased', to: 'active', actor: contactId, at: now }),
      noteMemberNews(memberId, regionCode, line, context),
      ...skAgain(one, context),
    ]);
  },
});

/** The SK that ended with somebody who is a PSM after all waits for a verifier. */
export function skAgain(one: Mourned, context: ActionContext): readonly Statement[] {
  if (one.state !== 'berakhir') return [];
  const step = { move: 'cek-ulang', by: 'system', who: context.contactId } as const;
  return moveSk(one, step, context);
}

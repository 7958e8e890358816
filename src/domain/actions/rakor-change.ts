import { z } from 'zod';
import { optionsType, recordType, textType } from '../../flow/types.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { viewing } from '../helpers.js';
import { momentInWords, type Rakor, type RakorDetails, type RakorTimes, rakorDetails } from '../rakor.js';
import {
  cancelRakor,
  changeRakor,
  isAhead,
  type RakorChange,
  type RakorMade,
  type RakorRefusal,
  rakorsFor,
} from '../rakors.js';
import type { Viewer } from '../roles.js';
import { meantOf, whichOf } from './attendance.js';
import { defineAction, outcome } from './define.js';
import {
  faultIn,
  itemsIn,
  letterIn,
  makingRakor,
  maybeLetter,
  maybeMoment,
  maybePoint,
  maybeText,
  meantBy,
  moment,
  momentOf,
  pointIn,
  sentLetter,
  sentPoint,
  shown,
} from './rakor.js';

/** The rakor of the own area that have not begun and were not cancelled, the next one first. */
async function ahead(viewer: Viewer, context: ActionContext): Promise<readonly Rakor[]> {
  const all = await rakorsFor(viewer, context);
  return all.filter((rakor) => isAhead(rakor, context.now)).toReversed();
}

const chosenType = recordType('rakor-terpilih', {
  id: textType,
  acara: textType,
  waktu: textType,
  tempat: textType,
});
const one = { 'rakor-terpilih': chosenType };

/** The rakor that is to be changed or cancelled, by what was picked or because it is the only one; `unsent`: nobody was invited to it yet. */
export const findAhead = defineAction({
  signature: {
    takes: { rakor: { type: 'picked', optional: true } },
    outcomes: { called: one, unsent: one, several: { daftar: optionsType }, none: {} },
  },
  args: z.object({ rakor: z.uuid().nullish() }),
  async run({ rakor }, context) {
    const all = await ahead(await viewing(context), context);
    const meant = meantOf(all, rakor);
    if (meant === null) return whichOf(all);
    const { id, state, details, startsAt } = meant;
    const { acara, tempat } = details;
    const values = { 'rakor-terpilih': { id, acara, tempat, waktu: momentInWords(startsAt) } };
    return outcome(state === 'called' ? 'called' : 'unsent', values);
  },
});

const change = z.object({
  ...{ rakor: z.uuid(), acara: z.string().nullish(), tempat: z.string().nullish() },
  ...{ mulai: moment.nullish(), selesai: moment.nullish(), batas: moment.nullish() },
  ...{ dibawa: z.string().nullish(), pakaian: z.string().nullish(), narahubung: z.string().nullish() },
  ...{ agenda: z.string().nullish(), surat: sentLetter, nomor: z.string().nullish(), titik: sentPoint },
  // Whether what the question before it left out is taken away; without these it was not asked.
  ...{ 'tanpa-selesai': z.boolean().nullish(), 'tanpa-batas': z.boolean().nullish() },
  'tanpa-titik': z.boolean().nullish(),
});
type Change = z.infer<typeof change>;

/** What a rakor is to be; what was not said stays. */
async function changed(rakor: Rakor, asked: Change, context: ActionContext): Promise<RakorChange> {
  const details = rakorDetails.parse({ ...rakor.details, ...different(rakor.details, asked) });
  const letter = await letterIn(asked.surat, context);
  return { ...timesOf(rakor, asked), details, audience: { rakor: rakor.number }, ...letter };
}

/** What was said, or nothing where it was taken away; else it stays. */
function anew<T>(said: T | null, isTaken: boolean | null | undefined, stays: T | null): T | null {
  return said ?? (isTaken === true ? null : stays);
}

function different(was: RakorDetails, asked: Change): Partial<RakorDetails> {
  const { acara, tempat, agenda, surat, nomor } = asked;
  // The point on the map is where it was to be.
  const point = tempat == null || tempat === was.tempat ? was.titik : null;
  return {
    ...{ acara: acara ?? was.acara, tempat: tempat ?? was.tempat },
    // The number is that of the letter it came with.
    nomor: (surat == null ? null : nomor) ?? was.nomor,
    titik: anew(pointIn(asked.titik), asked['tanpa-titik'], point),
    dibawa: orNothing(asked.dibawa, was.dibawa),
    pakaian: orNothing(asked.pakaian, was.pakaian),
    narahubung: orNothing(asked.narahubung, was.narahubung),
    agenda: agenda == null ? was.agenda : itemsIn(orNothing(agenda, null) ?? ''),
  };
}

const nothing = /^\s*(?:tidak ada|-)[\s.]*$/i;

function orNothing(said: string | null | undefined, was: string | null): string | null {
  if (said == null) return was;
  return nothing.test(said) ? null : said;
}

/** One that begins at another time lasts as long; nobody can be asked to answer after it has begun. */
function timesOf(rakor: Rakor, asked: Change): RakorTimes {
  const { mulai, selesai, batas } = asked;
  const startsAt = mulai == null ? rakor.startsAt : momentOf(mulai);
  const later = startsAt.getTime() - rakor.startsAt.getTime();
  const lasting = rakor.endsAt === null ? null : new Date(rakor.endsAt.getTime() + later);
  const stays = rakor.answerBy !== null && rakor.answerBy <= startsAt ? rakor.answerBy : null;
  return {
    startsAt,
    endsAt: anew(selesai == null ? null : momentOf(selesai), asked['tanpa-selesai'], lasting),
    answerBy: anew(batas == null ? null : momentOf(batas), asked['tanpa-batas'], stays),
  };
}

const text = { type: 'text' } as const;
const maybeTaken = { type: 'boolean', optional: true } as const;
const toldType = recordType('pemberitahuan', { siaran: textType, rincian: textType, contoh: textType });
const ready = { pemberitahuan: toldType };

/**
 * Keeps what those who were invited will be told of a change as a draft, and shows it; the rakor stays as it is until that is sent. `unfit`: the
 * times do not go together; `gone`: it has begun, or is another one by now.
 */
export const prepareChange = defineAction({
  signature: {
    takes: {
      ...{ rakor: text, acara: maybeText, tempat: maybeText, mulai: maybeMoment, selesai: maybeMoment },
      ...{ batas: maybeMoment, dibawa: maybeText, pakaian: maybeText, narahubung: maybeText },
      ...{ agenda: maybeText, surat: maybeLetter, nomor: maybeText, titik: maybePoint },
      ...{ 'tanpa-selesai': maybeTaken, 'tanpa-batas': maybeTaken, 'tanpa-titik': maybeTaken },
    },
    outcomes: {
      ...{ ready, same: {}, gone: {} },
      unfit: { salah: recordType('salah', { sebab: textType }) },
    },
  },
  args: change,
  async run(asked, context) {
    const found = await called(asked.rakor, context);
    if (found === null) return outcome('gone');
    const { viewer, rakor } = found;
    const wish = await changed(rakor, asked, context);
    const sebab = faultIn(wish, context.now);
    if (sebab !== null) return outcome('unfit', { salah: { sebab } });
    return told(found, await changeRakor(viewer, rakor, wish, makingRakor(context)), context);
  },
});

interface Found {
  readonly viewer: Viewer;
  readonly rakor: Rakor;
}

async function called(id: string, context: ActionContext): Promise<Found | null> {
  const viewer = await viewing(context);
  const rakor = (await ahead(viewer, context)).find((each) => each.id === id);
  return rakor?.state === 'called' ? { viewer, rakor } : null;
}

async function told(
  { viewer, rakor }: Found,
  made: RakorMade | RakorRefusal,
  context: ActionContext,
): Promise<ActionOutcome> {
  if (made === 'same') return outcome('same');
  if (typeof made === 'string' || made.draft === null) return outcome('gone');
  const meant = await meantBy({ audience: made.draft.audience, area: rakor.area }, context);
  const { words, looks } = await shown(viewer, made.draft, meant, context);
  const rincian = made.draft.isWithoutLetter ? `${words.rincian}\n${withoutLetter}` : words.rincian;
  return outcome('ready', { pemberitahuan: { ...words, rincian } }, [...made.writes, ...looks]);
}

const withoutLetter =
  'Surat undangan: tidak disertakan, karena surat yang dahulu bukan buatan kami. Bila ada yang baru, pilih Ubah lagi, lalu Keterangan lain';

/** Keeps what those who were invited will be told when there is no rakor as a draft, and shows it; nothing is cancelled until that is sent. */
export const prepareCancel = defineAction({
  signature: { takes: { rakor: text, alasan: text }, outcomes: { ready, gone: {} } },
  args: z.object({ rakor: z.uuid(), alasan: z.string() }),
  async run({ rakor, alasan }, context) {
    const found = await called(rakor, context);
    if (found === null) return outcome('gone');
    const made = await cancelRakor(found.viewer, found.rakor, alasan, makingRakor(context));
    return told(found, made, context);
  },
});

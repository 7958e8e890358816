import { z } from 'zod';
import { titleOfChannel } from '../../flow/capabilities.js';
import { oneTimeCode } from '../../flow/inputs/one-time-code.js';
import type { Json, JsonRecord } from '../../flow/json.js';
import { titleCase } from '../../flow/text.js';
import { choiceType, filesType, optionsType, recordType, textType } from '../../flow/types.js';
import type { ActionContext, ActionOutcome } from '../action.js';
import { ownerOf, placeOf, recallDelegate, sendInstead, takePlace, tellDelegate } from '../delegates.js';
import { makeFile } from '../enclosures.js';
import { type Delegate, openDelegate } from '../invitations.js';
import { hasGuessedTooOften, newCode, noteGuess } from '../links.js';
import { findRakor, hasBegun, type Rakor } from '../rakor.js';
import { calendarOf } from '../rakor-calendar.js';
import { letterOfRakor } from '../rakor-files.js';
import { inList, told } from '../rakor-message.js';
import { type Answering, answered, answerNamed, type Invited, invitationsOf } from '../rsvp.js';
import { rsvpAnswers } from '../rsvp-words.js';
import { defineAction, outcome } from './define.js';

const invitedType = recordType('undangan', {
  id: textType,
  rincian: textType,
  jawaban: textType,
  alasan: textType,
  'atas-nama': textType,
});
/** What was said already when this began: an answer, or nothing clear. */
const saidType = choiceType({ ...rsvpAnswers, tanya: 'belum jelas' });

function shown({ id, rakor, name, answer, reason, delegate }: Invited): JsonRecord {
  const instead = delegate === null ? '' : ` oleh ${delegate.nama}`;
  const words = answer === null ? null : `${rsvpAnswers[answer]}${answer === 'diwakilkan' ? instead : ''}`;
  return { id, rincian: told(rakor), jawaban: words, alasan: reason, 'atas-nama': name };
}

function labelOf({ rakor, name }: Invited): string {
  return name === null ? inList(rakor) : `${inList(rakor)} (${name})`;
}

const lookArgs = z.object({ terpilih: z.string().nullish(), jawab: z.string().nullish() });

/**
 * Finds the invitation that is meant: the one that was picked, the one whose message was answered, or the only one. `jawab` is what was
 * answered already; `over`: it has begun; `cancelled`: there will be none. The letter is shown to who looks, not to who answers the message it came with.
 */
export const lookAtInvitation = defineAction({
  signature: {
    takes: { terpilih: { type: 'picked', optional: true }, jawab: { type: saidType.name, optional: true } },
    outcomes: {
      one: { undangan: invitedType, jawab: saidType, surat: filesType },
      several: { daftar: optionsType, jawab: saidType },
      over: { undangan: invitedType },
      cancelled: { undangan: invitedType },
      none: {},
    },
  },
  args: lookArgs,
  async run({ terpilih, jawab }, context) {
    const { outside, now } = context;
    const all = await invitationsOf(context);
    const said = answerNamed(jawab ?? outside?.choice ?? null) ?? 'tanya';
    const about = terpilih ? null : (outside?.rakorId ?? null);
    const meant = all.filter(({ id, rakor }) =>
      terpilih ? id === terpilih : about === null || rakor.id === about,
    );
    const open = meant.filter(({ rakor }) => rakor.state === 'called' && !hasBegun(rakor, now));
    const [first, ...others] = open;
    if (first === undefined) return closed(meant[0]);
    if (others.length === 0) {
      const surat = said === 'tanya' && outside === null ? await letterFiles(first.rakor, context) : [];
      return outcome('one', { undangan: shown(first), jawab: said, surat });
    }
    const daftar = open.map((one) => ({ id: one.id, label: labelOf(one) }));
    return outcome('several', { daftar, jawab: said });
  },
});

async function letterFiles(rakor: Rakor, context: ActionContext): Promise<Json> {
  const letter = await letterOfRakor(rakor, context);
  return letter === null ? [] : [{ ...letter.enclosure }];
}

function closed(invited: Invited | undefined): ActionOutcome {
  if (invited === undefined) return outcome('none');
  const kind = invited.rakor.state === 'cancelled' ? 'cancelled' : 'over';
  return outcome(kind, { undangan: shown(invited) });
}

/** The invitation of this id, if it is still to be answered. */
async function openInvitation(id: string, context: ActionContext): Promise<Invited | null> {
  const found = (await invitationsOf(context)).find((one) => one.id === id);
  if (found === undefined || found.rakor.state !== 'called' || hasBegun(found.rakor, context.now))
    return null;
  return found;
}

const outcomes = { saved: { undangan: invitedType, berkas: filesType }, gone: {} };
const fixed = { saved: 'jawaban undangan sudah tercatat' };
const takesInvitation = { undangan: { type: 'text' } };

/** An action that keeps a yes, or "insya Allah", and gives the rakor for the calendar. `gone`: it has begun or was cancelled meanwhile. */
function coming(answer: 'hadir' | 'mungkin') {
  return defineAction({
    signature: { takes: takesInvitation, outcomes, fixed },
    args: z.object({ undangan: z.string() }),
    async run({ undangan }, context) {
      const saved = await saving(undangan, { answer, reason: null }, context);
      if (saved === null) return outcome('gone');
      const { kept, berkas } = await calendarFor(saved.invited.rakor, context);
      return outcome('saved', { undangan: shown(saved.invited), berkas }, [...saved.writes, kept]);
    },
  });
}

/** The invitation as it stands with this answer, and what keeps it; null: it is not to be answered any more. */
async function saving(id: string, answering: Answering, context: ActionContext) {
  const before = await openInvitation(id, context);
  if (before === null) return null;
  const invited: Invited = { ...before, ...answering, delegate: null, delegateContactId: null };
  const recalled = await recallDelegate(before, context);
  return { invited, writes: [...answered(before, answering, context), ...recalled] };
}

async function calendarFor(rakor: Rakor, context: ActionContext) {
  const bytes = calendarOf(rakor, context.now);
  const { kept, enclosure } = await makeFile('calendar', `rakor-${rakor.number}.ics`, bytes, context);
  const berkas: Json = [{ ...enclosure }];
  return { kept, berkas };
}

/** Says yes. */
export const come = coming('hadir');
/** Says "insya Allah". */
export const comePerhaps = coming('mungkin');

/** Says no, with a reason if one was told. */
export const declineInvitation = defineAction({
  signature: {
    takes: { ...takesInvitation, alasan: { type: 'text', optional: true } },
    outcomes: { saved: { undangan: invitedType }, gone: {} },
    fixed,
  },
  args: z.object({ undangan: z.string(), alasan: z.string().nullish() }),
  async run({ undangan, alasan }, context) {
    const saved = await saving(undangan, { answer: 'tidak', reason: alasan ?? null }, context);
    return saved === null
      ? outcome('gone')
      : outcome('saved', { undangan: shown(saved.invited) }, saved.writes);
  },
});

const sendArgs = z.object({
  undangan: z.string(),
  nama: z.string(),
  jabatan: z.string().nullish(),
  nomor: z.string().nullish(),
});
const linkType = recordType('wakil', { nama: textType, jabatan: textType, pesan: textType });

/**
 * Sends somebody instead: told at once where the bot knows the number (`sent`), else by a message with a link to hand on (`made`). `own`:
 * it is the number of whoever is invited.
 */
export const sendDelegate = defineAction({
  signature: {
    takes: {
      undangan: { type: 'text' },
      nama: { type: 'person-name' },
      jabatan: { type: 'text', optional: true },
      nomor: { type: 'phone', optional: true },
    },
    outcomes: { sent: { wakil: linkType }, made: { wakil: linkType }, own: {}, gone: {} },
    fixed: { sent: 'undangan sudah diwakilkan', made: 'undangan sudah diwakilkan' },
  },
  args: sendArgs,
  async run({ undangan, nama, jabatan, nomor }, context) {
    const invited = await openInvitation(undangan, context);
    if (invited === null) return outcome('gone');
    if (nomor && nomor === context.phone) return outcome('own');
    const delegate = { nama: titleCase(nama), jabatan: jabatan ?? null, nomor: nomor ?? null };
    const saved = [
      ...answered(invited, { answer: 'diwakilkan', reason: null }, context),
      ...(await recallDelegate(invited, context)),
    ];
    const owner = nomor ? await ownerOf(nomor, context.simulator, context) : null;
    if (owner === null) return byLink(invited, delegate, saved, context);
    const place = sendInstead(invited, { delegate, contactId: owner.contactId, code: null }, context);
    const writes = [...saved, ...place, ...(await tellDelegate(invited, delegate, owner, context))];
    return outcome('sent', { wakil: delegateShown(delegate, null) }, writes);
  },
});

/** Behind this word a link brings the code of a place; the flow that takes it names it as its prefix. */
const placeWord = 'WAKILI';

async function byLink(
  invited: Invited,
  delegate: Delegate,
  saved: ActionOutcome['writes'],
  context: ActionContext,
): Promise<ActionOutcome> {
  const code = newCode();
  const doors = await context.doors(code, `${placeWord} ${code}`);
  const links = doors.map(({ channel, url }) => `${titleOfChannel(channel)}: ${url}`);
  const pesan = `Dengan hormat, Bapak/Ibu ${delegate.nama}. Mohon mewakili saya pada rapat koordinasi IPSM ${invited.rakor.place}:

${told(invited.rakor)}

Undangan dan konfirmasi kehadiran: ketik ${placeWord} ${code} kepada asisten IPSM.${links.length === 0 ? '' : `\n${links.join('\n')}`}`;
  const writes = [...saved, ...sendInstead(invited, { delegate, contactId: null, code }, context)];
  return outcome('made', { wakil: delegateShown(delegate, pesan) }, writes);
}

function delegateShown({ nama, jabatan }: Delegate, pesan: string | null): JsonRecord {
  return { nama, jabatan, pesan };
}

const placeType = recordType('tempat-wakil', { nama: textType, rincian: textType });

/** Takes the place that a link brings: from here on the invitation is also that of whoever opened it. Wrong codes count as everywhere. */
export const takeDelegation = defineAction({
  signature: {
    takes: { kode: { type: oneTimeCode.type({}).name } },
    outcomes: { found: { 'tempat-wakil': placeType, surat: filesType }, unknown: {}, 'too-many': {} },
    fixed: { found: 'undangan sudah dibuka' },
  },
  args: z.object({ kode: z.string() }),
  async run({ kode }, context) {
    const { db, vault, reach, now, contactId } = context;
    if (await hasGuessedTooOften(reach.addressId, db, now)) return outcome('too-many');
    const place = await placeOf(kode, context);
    const rakor = place === null ? null : await findRakor(place.rakorId, context);
    if (place === null || rakor === null)
      return outcome('unknown', {}, [noteGuess(reach.addressId, 'unknown', now)]);
    const { nama } = openDelegate(place.delegate, vault);
    const writes = await takePlace(place, nama, contactId, context);
    const surat = await letterFiles(rakor, context);
    return outcome('found', { 'tempat-wakil': { nama, rincian: told(rakor) }, surat }, writes);
  },
});

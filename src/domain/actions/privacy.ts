import { z } from 'zod';
import { titleCase } from '../../flow/text.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import { audited } from '../../store/audit.js';
import { run } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { eraseMember, eraseStranger as strangerErased } from '../erasing.js';
import { findHelper, viewing } from '../helpers.js';
import { contactsEver } from '../mailboxes.js';
import { maskNumbers } from '../mask.js';
import {
  type Asking,
  clockMs,
  closePrivacyRequest,
  donePrivacyRequest,
  erasureProof,
  nextRequestNumber,
  type OpenRequest,
  openPrivacyRequest,
  openRequests,
  type PrivacyKind,
} from '../privacy-requests.js';
import { sendTo } from '../reach.js';
import { inWib, lookKept } from '../requests.js';
import { changeStanding, type Standing } from '../standing.js';
import { defineAction, outcome } from './define.js';
import { consentOf, memberMeant, memberType, spokenFor } from './member.js';

/** Takes the member that was picked. */
export const picked = { anggota: { type: 'picked', optional: true } } as const;
const args = z.object({ anggota: z.uuid().nullish() });
/** The number by which a request is quoted. */
const proofType = recordType('bukti', { nomor: textType });

/** A member as somebody means one who speaks for it. */
export interface Meant {
  readonly id: string;
  readonly name: string;
  readonly regionCode: string;
  readonly standing: Standing;
}

const standingText = 'SELECT standing FROM member WHERE id = $1';

/** The member that was picked, or the only one; null where this contact speaks for none such. */
export async function meant(
  anggota: string | null | undefined,
  context: ActionContext,
): Promise<Meant | null> {
  const member = await memberMeant(anggota ?? null, context);
  if (member === null) return null;
  const statement = { name: 'member-standing-now', text: standingText, values: [member.id] };
  const [row] = await run<{ standing: Standing }>(context.db, statement);
  return row === undefined ? null : { ...member, standing: row.standing };
}

const seen = { anggota: memberType };

/** How the data of the member that was picked, or of the only one, may be used now. */
export const standingNow = defineAction({
  signature: {
    takes: picked,
    outcomes: { active: seen, suspended: seen, withdrawn: seen, left: seen, unknown: {} },
  },
  args,
  async run({ anggota }, context) {
    const member = await meant(anggota, context);
    if (member === null) return outcome('unknown');
    return outcome(member.standing, { anggota: { nama: member.name } });
  },
});

type Whose = Pick<Meant, 'id' | 'regionCode'>;

async function asking(
  kind: PrivacyKind,
  { id, regionCode }: Whose,
  { db, contactId, simulator }: ActionContext,
): Promise<Asking> {
  const number = await nextRequestNumber(db);
  return { kind, number, contactId, memberId: id, area: regionCode, simulator };
}

/** An action that lets a member's standing be another one from this turn on, with the number of the request that asked for it. */
function moving(to: Standing, kind: PrivacyKind, fixed: string) {
  return defineAction({
    signature: {
      takes: picked,
      outcomes: { done: { bukti: proofType }, same: {}, gone: {} },
      fixed: { done: fixed },
    },
    args,
    async run({ anggota }, context) {
      const member = await meant(anggota, context);
      // Who has left comes back by another word: this one would make a PSM of somebody who is none.
      if (member === null || member.standing === 'left') return outcome('gone');
      if (member.standing === to) return outcome('same');
      const request = await asking(kind, member, context);
      const change = {
        memberId: member.id,
        from: member.standing,
        to,
        actor: context.contactId,
        at: context.now,
      };
      const consent = to === 'active' ? [consentOf(member.id, context)] : [];
      const writes = [...changeStanding(change), ...consent, donePrivacyRequest(request, context)];
      return outcome('done', { bukti: { nomor: String(request.number) } }, writes);
    },
  });
}

/** The data is kept and not used until the member says otherwise (UU 27/2022, Pasal 11 and 41). */
export const suspend = moving('suspended', 'suspension', 'penangguhan sudah tercatat');
/** The consent is taken back: the data is not used any more (UU 27/2022, Pasal 9 and 40). */
export const withdraw = moving('withdrawn', 'withdrawal', 'pencabutan persetujuan sudah tercatat');
/** The data is used again. Whoever took a consent back has given a new one before. */
export const resume = moving('active', 'resumption', 'data sudah dipakai kembali');

/** Erases the member that was picked, or the only one, at once; the number proves it (UU 27/2022, Pasal 8 and 43). */
export const eraseAll = defineAction({
  signature: { takes: picked, outcomes: { erased: { bukti: proofType }, gone: {} }, forgets: true },
  args,
  async run({ anggota }, context) {
    const member = await meant(anggota, context);
    if (member === null) return outcome('gone');
    const request = await asking('erasure', member, context);
    const contacts = await contactsEver(context.db, member.id);
    const erased = { memberId: member.id, contacts, asking: context.contactId };
    const how = { ...context, idleState: context.idleState(), why: 'asked', number: request.number };
    const proof = erasureProof(request, 'asked', context);
    const writes = [...eraseMember(erased, how), proof];
    return outcome('erased', { bukti: { nomor: String(request.number) } }, writes);
  },
});

/** Erases all that somebody said and sent who is no member; for a member it is not enough, and does nothing. */
export const eraseStranger = defineAction({
  signature: { takes: {}, outcomes: { erased: { bukti: proofType }, gone: {} }, forgets: true },
  args: z.object({}),
  async run(_, context) {
    if ((await spokenFor(context)).length > 0) return outcome('gone');
    const stranger = { id: context.contactId, regionCode: '33' };
    const request = await asking('erasure', stranger, context);
    const how = { ...context, why: 'asked', number: request.number };
    const writes = [...strangerErased(context.contactId, how), erasureProof(request, 'asked', context)];
    return outcome('erased', { bukti: { nomor: String(request.number) } }, writes);
  },
});

/** What is asked for, as the officer and the member read it. */
export const kindWords: Readonly<Record<PrivacyKind, string>> = {
  access: 'penjelasan atau salinan data',
  correction: 'perbaikan data',
  erasure: 'penghapusan data',
  withdrawal: 'pencabutan persetujuan',
  suspension: 'penangguhan',
  resumption: 'pemakaian kembali',
};
const asked = z.enum(['access', 'correction', 'erasure']);
const promiseType = recordType('bukti', { nomor: textType, batas: textType });

/** A request that an officer must see to: it has three days, and the nearest officer hears of it at once. */
export const askOfficer = defineAction({
  signature: {
    takes: { ...picked, jenis: { type: 'any' }, isi: { type: 'text' } },
    outcomes: { recorded: { bukti: promiseType }, gone: {} },
    fixed: { recorded: 'permintaan sudah tercatat' },
  },
  args: z.object({ anggota: z.uuid().nullish(), jenis: asked, isi: z.string() }),
  async run({ anggota, jenis, isi }, context) {
    const member = await meant(anggota, context);
    if (member === null) return outcome('gone');
    const request = await asking(jenis, member, context);
    const { contactId, now } = context;
    const batas = inWib(new Date(now.getTime() + clockMs));
    const entry = audited({
      ...{ kind: 'request', action: jenis, detail: String(request.number) },
      ...{ actor: contactId, subjects: [member.id], at: now },
    });
    const opened = openPrivacyRequest(request, isi, context.reach, context);
    const told = await tellOfficer(request, batas, context);
    return outcome('recorded', { bukti: { nomor: String(request.number), batas } }, [opened, entry, ...told]);
  },
});

async function tellOfficer(
  { area, simulator, contactId, kind, number }: Asking,
  batas: string,
  context: ActionContext,
) {
  const need = { act: 'take-handover', area, simulator, contactId, declined: [], above: null } as const;
  const helper = await findHelper(context.db, need);
  if (helper === null) return [];
  const text = `*Permintaan data ${number}*: ${kindWords[kind]}. Harus selesai sebelum ${batas}.\n\nKetik *PERMINTAAN DATA* untuk melihatnya.`;
  return sendTo(helper, text, null, context);
}

/** As many as fit into one message that an old phone shows. */
const mostListed = 8;

/** The open requests in the areas of an officer, the most urgent first. */
export const listPrivacyRequests = defineAction({
  signature: {
    takes: {},
    outcomes: {
      some: { antrian: recordType('antrian', { rincian: textType }), daftar: optionsType },
      none: {},
    },
  },
  args: z.object({}),
  async run(_, context) {
    const mine = (await privacyRequestsFor(context)).slice(0, mostListed);
    if (mine.length === 0) return outcome('none');
    const rincian = mine.map(
      (one) => `${one.number}: ${kindWords[one.kind]}, ${one.place}, ${pressing(one, context)}`,
    );
    const daftar = mine.map(({ number }) => ({ id: String(number), label: `Permintaan ${number}` }));
    return outcome('some', { antrian: { rincian: rincian.join('\n') }, daftar });
  },
});

/** The requests this person must see to, the most urgent first; or the one of that number. */
export async function privacyRequestsFor(
  context: ActionContext,
  number: number | null = null,
): Promise<readonly OpenRequest[]> {
  return openRequests(await viewing(context), context, number);
}

/** How urgent a request is. */
export function pressing({ dueAt }: OpenRequest, { now }: ActionContext): string {
  return dueAt <= now ? `terlambat sejak ${inWib(dueAt)}` : `sebelum ${inWib(dueAt)}`;
}

const chosen = { permintaan: { type: 'picked' } } as const;
const chosenArgs = z.object({ permintaan: z.string() });
const shownType = recordType('rincian', {
  nomor: textType,
  jenis: textType,
  nama: textType,
  isi: textType,
  batas: textType,
});

async function requestMeant(number: string, context: ActionContext): Promise<OpenRequest | null> {
  return (await privacyRequestsFor(context, Number(number)))[0] ?? null;
}

/** One of them, whole; the look is kept. */
export const showPrivacyRequest = defineAction({
  signature: { takes: chosen, outcomes: { found: { rincian: shownType }, gone: {} } },
  args: chosenArgs,
  async run({ permintaan }, context) {
    const request = await requestMeant(permintaan, context);
    if (request === null) return outcome('gone');
    const { number, kind, name, words, memberId } = request;
    const rincian = {
      ...{ nomor: String(number), jenis: kindWords[kind], nama: titleCase(name), isi: words },
      batas: pressing(request, context),
    };
    const look = lookKept(context.contactId, 'read-request', memberId, context.now);
    return outcome('found', { rincian }, [look]);
  },
});

/** It is done or refused; the member is told the result in the officer's words. */
export const closeForMember = defineAction({
  signature: {
    takes: { ...chosen, putusan: { type: 'any' }, hasil: { type: 'text' } },
    outcomes: { closed: {}, gone: {} },
    fixed: { closed: 'hasilnya sudah disampaikan' },
  },
  args: chosenArgs.extend({ putusan: z.enum(['done', 'refused']), hasil: z.string() }),
  async run({ permintaan, putusan, hasil }, context) {
    const request = await requestMeant(permintaan, context);
    if (request === null) return outcome('gone');
    const { id, number, kind, member, memberId } = request;
    const { contactId, now } = context;
    const result = putusan === 'done' ? 'sudah selesai' : 'tidak dapat dipenuhi';
    const text = `*Permintaan data ${number}* (${kindWords[kind]}) ${result}.\n\n*Petugas*: ${maskNumbers(hasil)}`;
    const entry = audited({
      ...{ kind: 'request', action: putusan, detail: String(number) },
      ...{ actor: contactId, subjects: [memberId], at: now },
    });
    return outcome('closed', {}, [
      closePrivacyRequest(id, putusan, now),
      entry,
      ...sendTo(member, text, id, context),
    ]);
  },
});

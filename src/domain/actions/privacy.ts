import { z } from 'zod';
import { recordType, textType } from '../../flow/types.js';
import { run } from '../../store/statement.js';
import type { ActionContext } from '../action.js';
import { contactsOf, eraseMember, eraseStranger as strangerErased } from '../erasing.js';
import {
  type Asking,
  donePrivacyRequest,
  erasureProof,
  nextRequestNumber,
  type PrivacyKind,
} from '../privacy-requests.js';
import { changeStanding, type Standing } from '../standing.js';
import { defineAction, outcome } from './define.js';
import { consentOf, memberMeant, memberType, spokenFor } from './member.js';

const picked = { anggota: { type: 'picked', optional: true } } as const;
const args = z.object({ anggota: z.uuid().nullish() });
/** The number by which a request is quoted. */
const proofType = recordType('bukti', { nomor: textType });

interface Meant {
  readonly id: string;
  readonly name: string;
  readonly regionCode: string;
  readonly standing: Standing;
}

const standingText = 'SELECT standing FROM member WHERE id = $1';

async function meant(anggota: string | null | undefined, context: ActionContext): Promise<Meant | null> {
  const member = await memberMeant(anggota ?? null, context);
  if (member === null) return null;
  const statement = { name: 'member-standing-now', text: standingText, values: [member.id] };
  const [row] = await run<{ standing: Standing }>(context.db, statement);
  return row === undefined ? null : { ...member, standing: row.standing };
}

const seen = { anggota: memberType };

/** How the data of the member that was picked, or of the only one, may be used now. */
export const standingNow = defineAction({
  signature: { takes: picked, outcomes: { active: seen, suspended: seen, withdrawn: seen, unknown: {} } },
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
      if (member === null) return outcome('gone');
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
    const contacts = await contactsOf(context.db, member.id);
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

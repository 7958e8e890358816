import { z } from 'zod';
import { titleOfChannel } from '../../flow/capabilities.js';
import { oneTimeCode } from '../../flow/inputs/one-time-code.js';
import { recordType, textType } from '../../flow/types.js';
import type { ActionContext } from '../action.js';
import {
  answerOffer,
  type FoundCode,
  findCode,
  findOffer,
  hasGuessedTooOften,
  keepCode,
  newCode,
  noteGuess,
  offerLater,
  useCode,
  wishToJoin,
} from '../links.js';
import { findOffer as findRoleOffer } from '../role-offers.js';
import { defineAction, outcome } from './define.js';

const codeType = oneTimeCode.type({});
const madeType = recordType('kode-baru', { kode: codeType, tautan: textType });
const originType = recordType('asal-kode', { aplikasi: textType, nama: textType });
const takesCode = { kode: { type: codeType.name } };
const codeArgs = z.object({ kode: z.string() });

/** The word that stands before a code in a message that is written by hand or by a link. */
const linkWord = 'HUBUNGKAN';

/** Makes a code that links another application to this conversation, with links that open the others with it. */
export const makeLink = defineAction({
  signature: { takes: {}, outcomes: { made: { 'kode-baru': madeType } } },
  args: z.object({}),
  async run(_, context) {
    const code = newCode();
    const doors = await context.doors(code, `${linkWord} ${code}`);
    const others = doors.filter(({ channel }) => channel !== context.channel);
    const links = others.map(({ channel, url }) => `${titleOfChannel(channel)}: ${url}`);
    const made = { kode: code, tautan: links.length === 0 ? null : links.join('\n') };
    return outcome('made', { 'kode-baru': made }, keepCode(code, context.reach.addressId, context));
  },
});

/**
 * Looks at a code that somebody typed. A wrong one is written down, and after some of them nothing is looked at for a while;
 * whose it is is told by the application, and by the name of the only member behind it, masked. The code of a `role` is another thing.
 */
export const lookAtLink = defineAction({
  signature: {
    takes: takesCode,
    outcomes: {
      found: { 'asal-kode': originType },
      unknown: {},
      expired: {},
      used: {},
      own: {},
      already: {},
      role: {},
      'too-many': {},
    },
  },
  args: codeArgs,
  async run({ kode }, context) {
    const { addressId } = context.reach;
    if (await hasGuessedTooOften(addressId, context.db, context.now)) return outcome('too-many');
    const found = await findCode(kode, context);
    const fault = faultOf(found, context);
    if (found === null && (await findRoleOffer(kode, context)) !== null) return outcome('role');
    if (found === null || fault !== null) return refused(fault ?? 'unknown', context);
    const origin = { aplikasi: titleOfChannel(found.channel), nama: maskedName(found.names) };
    return outcome('found', { 'asal-kode': origin });
  },
});

type Fault = 'unknown' | 'expired' | 'used' | 'own' | 'already';

function faultOf(found: FoundCode | null, { contactId }: ActionContext): Fault | null {
  if (found === null) return 'unknown';
  if (found.contactId === contactId) return found.used ? 'already' : 'own';
  if (found.used) return 'used';
  return found.ended ? 'expired' : null;
}

/** One's own code is no guess. */
function refused(fault: Fault, { reach, now }: ActionContext) {
  const isOwn = fault === 'own' || fault === 'already';
  return outcome(fault, {}, isOwn ? [] : [noteGuess(reach.addressId, fault, now)]);
}

/** The name of the only one, each word cut to its first letter; several, or nobody, are not named. */
function maskedName([name, ...others]: readonly string[]): string | null {
  if (name === undefined || others.length > 0) return null;
  return name.replace(/(?<=\p{L})[\p{L}\p{M}'’.]+/gu, '•••');
}

/** Uses a code up and says that both contacts are to be one; `gone` when it is void by now, `already` when they are one. */
export const useLink = defineAction({
  signature: { takes: takesCode, outcomes: { joined: {}, gone: {}, already: {} } },
  args: codeArgs,
  async run({ kode }, context) {
    const found = await findCode(kode, context);
    if (found?.contactId === context.contactId) return outcome('already');
    if (found === null || faultOf(found, context) !== null) return outcome('gone');
    const wish = wishToJoin(context.reach.addressId, found.addressId, 'one-time code', context);
    return outcome('joined', {}, [useCode(kode, context), wish]);
  },
});

const otherType = recordType('pemakai-lain', { aplikasi: textType, nama: textType });

/** What is offered because another contact proved the same number; put off (`later`) while something else is under way. */
export const sharedNumber = defineAction({
  signature: { takes: {}, outcomes: { found: { 'pemakai-lain': otherType }, later: {}, none: {} } },
  args: z.object({}),
  async run(_, { db, reach, pendingQuestion }) {
    const offer = await findOffer(reach.addressId, db);
    if (offer === null) return outcome('none');
    if (pendingQuestion !== null) return outcome('later', {}, [offerLater(reach.addressId)]);
    const other = { aplikasi: titleOfChannel(offer.channel), nama: maskedName(offer.names) };
    return outcome('found', { 'pemakai-lain': other });
  },
});

/** Takes the offer: both contacts are to be one. `gone` when it does not hold any more. */
export const joinByNumber = defineAction({
  signature: { takes: {}, outcomes: { joined: {}, gone: {} } },
  args: z.object({}),
  async run(_, context) {
    const { db, reach } = context;
    const offer = await findOffer(reach.addressId, db);
    if (offer === null) return outcome('gone');
    const wish = wishToJoin(reach.addressId, offer.otherId, 'one proved number', context);
    return outcome('joined', {}, [answerOffer(reach.addressId, offer.otherId, 'joined'), wish]);
  },
});

/** Declines the offer for good. */
export const keepApart = defineAction({
  signature: { takes: {}, outcomes: { done: {} } },
  args: z.object({}),
  async run(_, { db, reach }) {
    const offer = await findOffer(reach.addressId, db);
    const answers = offer === null ? [] : [answerOffer(reach.addressId, offer.otherId, 'declined')];
    return outcome('done', {}, answers);
  },
});

import type { Action } from './action.js';
import { checkAge } from './actions/age.js';
import { consentDue, recordConsent, renewConsent } from './actions/consent.js';
import { optIn, optOut, optStatus, ownPhone, setLanguage } from './actions/contact.js';
import {
  closeOwn,
  giveBack,
  listRequests,
  passUp,
  relayToMember,
  stillMine,
  takeOver,
} from './actions/desk.js';
import { eraseTyped } from './actions/erase.js';
import { leaveOfficer, openForHelp, relayToOfficer, whereRequestIs } from './actions/handover.js';
import { joinByNumber, keepApart, lookAtLink, makeLink, sharedNumber, useLink } from './actions/link.js';
import { findMember, register } from './actions/member.js';
import { checkNik, compareNik } from './actions/nik.js';
import { fileOfMember } from './actions/own-file.js';
import {
  askOfficer,
  closeForMember,
  eraseAll,
  eraseStranger,
  listPrivacyRequests,
  resume,
  showPrivacyRequest,
  standingNow,
  suspend,
  withdraw,
} from './actions/privacy.js';
import { proposeProblem } from './actions/problem.js';
import { readProfile } from './actions/profile.js';
import { findSk, findSkOfMember } from './actions/sk.js';
import { originOfNumber } from './actions/trust.js';
import { updateMember } from './actions/update.js';

/** Everything flows may ask the domain for, by the name they use. */
export const actions: Readonly<Record<string, Action>> = {
  'consent.due': consentDue,
  'consent.record': recordConsent,
  'consent.renew': renewConsent,
  'contact.own-phone': ownPhone,
  'contact.origin': originOfNumber,
  'contact.opt-status': optStatus,
  'contact.opt-out': optOut,
  'contact.opt-in': optIn,
  'contact.set-language': setLanguage,
  'desk.close': closeOwn,
  'desk.give-back': giveBack,
  'desk.list': listRequests,
  'desk.pass-up': passUp,
  'desk.still-mine': stillMine,
  'desk.take': takeOver,
  'desk.to-member': relayToMember,
  'handover.leave': leaveOfficer,
  'handover.open': openForHelp,
  'handover.to-officer': relayToOfficer,
  'handover.where': whereRequestIs,
  'link.join-by-number': joinByNumber,
  'link.keep-apart': keepApart,
  'link.look': lookAtLink,
  'link.make': makeLink,
  'link.shared-number': sharedNumber,
  'link.use': useLink,
  'member.find-for-contact': findMember,
  'member.check-age': checkAge,
  'member.file': fileOfMember,
  'member.profile': readProfile,
  'member.register': register,
  'member.update': updateMember,
  'nik.check': checkNik,
  'nik.compare': compareNik,
  'privacy.ask': askOfficer,
  'privacy.close': closeForMember,
  'privacy.erase': eraseAll,
  'privacy.erase-stranger': eraseStranger,
  'privacy.list': listPrivacyRequests,
  'privacy.resume': resume,
  'privacy.show': showPrivacyRequest,
  'privacy.standing': standingNow,
  'privacy.suspend': suspend,
  'privacy.withdraw': withdraw,
  'problem.propose': proposeProblem,
  'registration.erase-typed': eraseTyped,
  'sk.find-for-contact': findSk,
  'sk.find-for-member': findSkOfMember,
};

import type { Action } from './action.js';
import { checkAge } from './actions/age.js';
import { listDuties, summariseArea } from './actions/area.js';
import { makeAssignment } from './actions/assignment.js';
import { fileAttendance, findAttendance, listAwaited, printAttendance } from './actions/attendance.js';
import { beginRegistration, keepForAnother, openForMe, refuseForMe } from './actions/behalf.js';
import {
  confirm,
  findBoard,
  findForOffice,
  holdOffice,
  listHolders,
  setBoardTerm,
  vacateOffice,
} from './actions/board.js';
import { approve, decline, prepareBroadcast, showWaiting } from './actions/broadcast.js';
import {
  broadcastMoveActions,
  contactUnreached,
  fileUnreached,
  listBroadcasts,
  listUnreached,
  openByCode,
  showBroadcast,
} from './actions/broadcast-desk.js';
import {
  addOwnCertificate,
  findCertificates,
  listCertificates,
  removeOwnCertificate,
} from './actions/certificate.js';
import { consentDue, consentGiven, recordConsent, renewConsent } from './actions/consent.js';
import { readConsolidation } from './actions/consolidation.js';
import { optIn, optOut, optStatus, ownPhone, setLanguage } from './actions/contact.js';
import {
  findForDeath,
  listDeaths,
  recordDeath,
  refuseDeath,
  reportDeath,
  showForDeath,
  undoDeath,
  waitingDeaths,
} from './actions/death.js';
import {
  closeOwn,
  giveBack,
  listRequests,
  passUp,
  relayToMember,
  stillMine,
  takeOver,
} from './actions/desk.js';
import { printProblems } from './actions/discussion.js';
import { addGuest, enterGuest, findGuest, listEntered, showGuest, takeGuestBack } from './actions/door.js';
import { eraseTyped } from './actions/erase.js';
import { leaveOfficer, openForHelp, relayToOfficer, whereRequestIs } from './actions/handover.js';
import { checkLeft, leavePsm, returnToPsm } from './actions/leave.js';
import { listLeavings, recordLeaving, undoLeaving } from './actions/leaving-recorded.js';
import { joinByNumber, keepApart, lookAtLink, makeLink, sharedNumber, useLink } from './actions/link.js';
import { findMember, register } from './actions/member.js';
import { dropMinutes, findHeld, prepareMinutes, sendMinutes } from './actions/minutes.js';
import { moveMember } from './actions/moving.js';
import { checkNik, compareNik, leaveNikOut } from './actions/nik.js';
import {
  approveNumber,
  askNumber,
  confirmNumber,
  declineNumber,
  denyNumber,
  listNumbers,
  nextNumber,
  numberAsked,
  takeNumberBack,
} from './actions/number.js';
import { fileOfMember } from './actions/own-file.js';
import {
  fileWithoutSk,
  findOwnVillage,
  findPeople,
  listVillage,
  listWithoutSk,
  showPerson,
} from './actions/people.js';
import { lookAtPhones, releaseFromPhone } from './actions/phone.js';
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
import { dropRakor, placeRakor, prepareRakor } from './actions/rakor.js';
import { fileAnswers, findAnswers, listAnswers } from './actions/rakor-answers.js';
import { findAhead, prepareCancel, prepareChange } from './actions/rakor-change.js';
import {
  keepRecipients,
  listRecipients,
  nameRecipients,
  prepareRecipients,
  removeRecipients,
  showRecipients,
} from './actions/recipients.js';
import { acceptRole, listOffers, lookAtRole, offerRole, placeRole, withdrawRole } from './actions/role.js';
import {
  dropList,
  forgetList,
  listOwnLists,
  saveList,
  sendList,
  setColumn,
  showList,
  takeListBack,
} from './actions/roster.js';
import {
  come,
  comePerhaps,
  declineInvitation,
  lookAtInvitation,
  sendDelegate,
  takeDelegation,
} from './actions/rsvp.js';
import { findSk, findSkOfMember } from './actions/sk.js';
import { approveSk, openSk, passOverSk, rejectSk, releaseSk, sendBackSk } from './actions/sk-check.js';
import { findRevocable, proposeSk, revokeSk, showRevocable } from './actions/sk-further.js';
import { addToLampiran, findForLampiran } from './actions/sk-lampiran.js';
import { beginSk, findSameSk, joinSk, submitSk } from './actions/sk-send.js';
import { listDecisions, undoDecision } from './actions/sk-undo.js';
import { findTicket } from './actions/ticket.js';
import { originOfNumber } from './actions/trust.js';
import { joinTwins, keepTwins, nextTwins, partTwins } from './actions/twin.js';
import { updateMember } from './actions/update.js';

/** Everything flows may ask the domain for, by the name they use. */
export const actions: Readonly<Record<string, Action>> = {
  'area.duties': listDuties,
  'area.summary': summariseArea,
  'answers.find': findAnswers,
  'answers.list': listAnswers,
  'answers.sheet': fileAnswers,
  'assignment.letter': makeAssignment,
  'attendance.awaited': listAwaited,
  'attendance.find': findAttendance,
  'attendance.paper': printAttendance,
  'attendance.sheet': fileAttendance,
  'behalf.begin': beginRegistration,
  'behalf.keep': keepForAnother,
  'behalf.open': openForMe,
  'behalf.refuse': refuseForMe,
  'board.confirm': confirm,
  'board.find': findBoard,
  'board.find-member': findForOffice,
  'board.hold': holdOffice,
  'board.holders': listHolders,
  'board.set-term': setBoardTerm,
  'board.vacate': vacateOffice,
  'broadcast.approve': approve,
  'broadcast.contacted': contactUnreached,
  'broadcast.decline': decline,
  'broadcast.file-unreached': fileUnreached,
  'broadcast.list': listBroadcasts,
  'broadcast.open': openByCode,
  'broadcast.prepare': prepareBroadcast,
  'broadcast.show': showBroadcast,
  'broadcast.show-waiting': showWaiting,
  'broadcast.unreached': listUnreached,
  ...broadcastMoveActions,
  'certificate.add': addOwnCertificate,
  'certificate.find': findCertificates,
  'certificate.list': listCertificates,
  'certificate.remove': removeOwnCertificate,
  'consent.record': recordConsent,
  'consolidation.read': readConsolidation,
  'consent.due': consentDue,
  'consent.given': consentGiven,
  'consent.renew': renewConsent,
  'contact.own-phone': ownPhone,
  'contact.origin': originOfNumber,
  'contact.opt-status': optStatus,
  'contact.opt-out': optOut,
  'contact.opt-in': optIn,
  'contact.set-language': setLanguage,
  'death.find': findForDeath,
  'death.list': listDeaths,
  'death.record': recordDeath,
  'death.refuse': refuseDeath,
  'death.report': reportDeath,
  'death.show': showForDeath,
  'death.undo': undoDeath,
  'death.waiting': waitingDeaths,
  'desk.close': closeOwn,
  'desk.give-back': giveBack,
  'desk.list': listRequests,
  'desk.pass-up': passUp,
  'desk.still-mine': stillMine,
  'desk.take': takeOver,
  'desk.to-member': relayToMember,
  'door.add': addGuest,
  'door.enter': enterGuest,
  'door.entered': listEntered,
  'door.find': findGuest,
  'door.show': showGuest,
  'door.take-back': takeGuestBack,
  'handover.leave': leaveOfficer,
  'handover.open': openForHelp,
  'handover.to-officer': relayToOfficer,
  'handover.where': whereRequestIs,
  'leaving.list': listLeavings,
  'leaving.record': recordLeaving,
  'leaving.undo': undoLeaving,
  'link.join-by-number': joinByNumber,
  'link.keep-apart': keepApart,
  'link.look': lookAtLink,
  'link.make': makeLink,
  'link.shared-number': sharedNumber,
  'link.use': useLink,
  'member.find-for-contact': findMember,
  'member.check-age': checkAge,
  'member.check-left': checkLeft,
  'member.file': fileOfMember,
  'member.leave': leavePsm,
  'member.move': moveMember,
  'member.profile': readProfile,
  'member.register': register,
  'member.return': returnToPsm,
  'member.update': updateMember,
  'minutes.drop': dropMinutes,
  'minutes.find': findHeld,
  'minutes.prepare': prepareMinutes,
  'minutes.send': sendMinutes,
  'nik.check': checkNik,
  'nik.compare': compareNik,
  'nik.leave-out': leaveNikOut,
  'number.approve': approveNumber,
  'number.ask': askNumber,
  'number.asked': numberAsked,
  'number.confirm': confirmNumber,
  'number.deny': denyNumber,
  'number.list': listNumbers,
  'number.next': nextNumber,
  'number.refuse': declineNumber,
  'number.undo': takeNumberBack,
  'people.file-without-sk': fileWithoutSk,
  'people.find': findPeople,
  'people.find-village': findOwnVillage,
  'people.of-village': listVillage,
  'people.show': showPerson,
  'people.without-sk': listWithoutSk,
  'phone.look': lookAtPhones,
  'phone.release': releaseFromPhone,
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
  'problem.print': printProblems,
  'problem.propose': proposeProblem,
  'rakor.drop': dropRakor,
  'rakor.find-ahead': findAhead,
  'rakor.place': placeRakor,
  'rakor.prepare': prepareRakor,
  'rakor.prepare-cancel': prepareCancel,
  'rakor.prepare-change': prepareChange,
  'recipients.keep': keepRecipients,
  'recipients.list': listRecipients,
  'recipients.name': nameRecipients,
  'recipients.prepare': prepareRecipients,
  'recipients.remove': removeRecipients,
  'recipients.show': showRecipients,
  'registration.erase-typed': eraseTyped,
  'role.accept': acceptRole,
  'role.list': listOffers,
  'role.look': lookAtRole,
  'role.offer': offerRole,
  'role.place': placeRole,
  'role.withdraw': withdrawRole,
  'roster.column': setColumn,
  'roster.drop': dropList,
  'roster.forget': forgetList,
  'roster.own-lists': listOwnLists,
  'roster.result': showList,
  'roster.save': saveList,
  'roster.send': sendList,
  'roster.take-back': takeListBack,
  'rsvp.come': come,
  'rsvp.decline': declineInvitation,
  'rsvp.look': lookAtInvitation,
  'rsvp.perhaps': comePerhaps,
  'rsvp.send': sendDelegate,
  'rsvp.take-place': takeDelegation,
  'sk.append': addToLampiran,
  'sk.approve': approveSk,
  'sk.begin': beginSk,
  'sk.decisions': listDecisions,
  'sk.find-for-contact': findSk,
  'sk.find-for-member': findSkOfMember,
  'sk.find-for-lampiran': findForLampiran,
  'sk.find-revocable': findRevocable,
  'sk.find-same': findSameSk,
  'sk.join': joinSk,
  'sk.open-next': openSk,
  'sk.pass-over': passOverSk,
  'sk.propose': proposeSk,
  'sk.reject': rejectSk,
  'sk.release': releaseSk,
  'sk.revoke': revokeSk,
  'sk.send-back': sendBackSk,
  'sk.show-revocable': showRevocable,
  'sk.submit': submitSk,
  'sk.undo': undoDecision,
  'ticket.find': findTicket,
  'twin.join': joinTwins,
  'twin.keep': keepTwins,
  'twin.next': nextTwins,
  'twin.part': partTwins,
};

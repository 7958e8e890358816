import { confirmedBoards, endingTerms } from './boards.js';
import { endingCertificates } from './certificates.js';
import { invitationsBy } from './invitations.js';
import type { ReminderSource } from './source.js';
import { waitingSk } from './waiting-sk.js';

/** Everything people are reminded of, by the name under which rules speak of it. */
export const reminderSources: Readonly<Record<string, ReminderSource>> = {
  'board-confirmed': confirmedBoards,
  'board-term': endingTerms,
  certificate: endingCertificates,
  'rakor-coming': invitationsBy('hadir'),
  'rakor-unanswered': invitationsBy(null),
  'rakor-uncertain': invitationsBy('mungkin'),
  'sk-waiting': waitingSk,
};

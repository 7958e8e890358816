import type { Json } from '../flow/json.js';
import { audited } from '../store/audit.js';
import type { Vault } from '../store/crypto.js';
import type { Statement } from '../store/statement.js';

/** With what it is erased, and when. */
export interface Erasing {
  readonly vault: Vault;
  readonly now: Date;
  /** The message whose answer is still to be said; null: nothing is. */
  readonly inboundId: string | null;
}

const erasedWords: Json = { text: 'Pesan ini sudah dihapus.', choices: [], question: null };

// A signal holds nothing that was typed, and one that was not treated yet still has to be.
const eraseInbound = `UPDATE inbound SET body_sealed = NULL, facts_sealed = NULL
  WHERE contact_id = ANY($1::uuid[]) AND dedupe_key NOT LIKE 'signal:%'`;
// What a sender holds right now cannot be called back; should it be sent again, it says nothing.
const emptiedAt = (
  now: string,
  words: string,
) => `body_sealed = CASE WHEN state IN ('leased', 'written') THEN ${words}::bytea END,
  state = CASE WHEN state IN ('planned', 'due') THEN 'cancelled' ELSE state END,
  code = CASE WHEN state IN ('planned', 'due') THEN 'erased' ELSE code END,
  ended_at = CASE WHEN state IN ('planned', 'due') THEN ${now}::timestamptz ELSE ended_at END`;
const emptied = emptiedAt('$2', '$3');
// The text of a broadcast is about nobody; what was written for one person alone stands in the row.
const isOwn = '(broadcast_id IS NULL OR body_sealed IS NOT NULL)';
const eraseDeliveries = `UPDATE delivery SET ${emptied}
  WHERE contact_id = ANY($1::uuid[]) AND ($4::uuid IS NULL OR cause IS DISTINCT FROM $4) AND ${isOwn}`;
// What officers were asked to do for these people, and from when to when.
const asks = `ask AS (
  SELECT id, opened_at AS since, coalesce(closed_at, $2) AS until FROM handover WHERE contact_id = ANY($1::uuid[])
  UNION ALL SELECT id, asked_at, coalesce(closed_at, $2) FROM privacy_request WHERE contact_id = ANY($1::uuid[])
)`;
// Who helped: whoever was asked, took a request, or saw the person or the conversation.
const helpers = `helper AS (
  SELECT o.subject AS id FROM person_key n JOIN audit_entry l ON l.person = n.id JOIN person_key o ON o.id = l.actor
  WHERE n.subject = ANY($1::uuid[]) OR n.subject IN (SELECT member_id FROM privacy_request WHERE contact_id = ANY($1::uuid[]))
  UNION SELECT operator_id FROM handover WHERE contact_id = ANY($1::uuid[]) AND operator_id IS NOT NULL
)`;
// What of these people was shown to those who helped, and what was sent once more after it, by the same rule.
const eraseShown = `WITH ${asks}, ${helpers}, shown AS (
  SELECT d.id, d.contact_id FROM delivery d JOIN helper ON d.contact_id = helper.id WHERE d.cause IN (SELECT id FROM ask)
)
UPDATE delivery SET ${emptied}
WHERE id IN (SELECT id FROM shown UNION SELECT d.id FROM delivery d JOIN shown ON d.cause = shown.id AND d.contact_id = shown.contact_id)`;
// What an officer did at the desk while they waited or talked: lists in which they stood, what was written to them or sent to them.
const atDesk = `WITH ${asks}, ${helpers}, desk AS (
  SELECT DISTINCT i.id, i.contact_id, i.seq FROM ask h JOIN inbound i ON i.contact_id IN (SELECT id FROM helper)
    AND i.received_at BETWEEN h.since AND h.until AND i.outcomes
      && ARRAY['desk.list', 'desk.take', 'desk.to-member', 'privacy.list', 'privacy.show', 'privacy.close'])`;
const eraseDeskFiles = `${atDesk} DELETE FROM attachment a USING desk WHERE a.inbound_id = desk.id`;
const eraseDeskAnswers = `${atDesk} UPDATE delivery d SET ${emptied} FROM desk WHERE d.contact_id = desk.contact_id AND d.cause = desk.id`;
const eraseDesk = `${atDesk} UPDATE inbound i SET body_sealed = NULL, facts_sealed = NULL
FROM desk WHERE i.contact_id = desk.contact_id AND i.seq = desk.seq`;

// Pages of an SK and scans belong to their member, and go with that one.
const eraseFiles = `DELETE FROM attachment t WHERE contact_id = ANY($1::uuid[])
  AND NOT EXISTS (SELECT FROM sk_file f JOIN sk_member a ON a.document_id = f.document_id WHERE f.attachment_id = t.id)
  AND NOT EXISTS (SELECT FROM certificate s WHERE s.attachment_id = t.id)`;

/**
 * Erases all that was said in the conversations of these contacts, by either side, with the files, and what of it was shown to others or
 * written to them. Rows stay as shells; what the turn of `inboundId` has still to say stays until it is said.
 */
export function eraseConversations(
  contacts: readonly string[],
  { vault, now, inboundId }: Erasing,
): readonly Statement[] {
  const statement = (name: string, text: string, ...more: readonly unknown[]): Statement => ({
    name: `erase-${name}`,
    text,
    values: [contacts, ...more],
  });
  const words = vault.sealJson(erasedWords);
  return [
    statement('inbound', eraseInbound),
    statement('attachment', eraseFiles),
    statement('desk-file', eraseDeskFiles, now),
    statement('desk-answer', eraseDeskAnswers, now, words),
    statement('desk', eraseDesk, now),
    statement('context', 'UPDATE handover SET context_sealed = NULL WHERE contact_id = ANY($1::uuid[])'),
    statement('delivery', eraseDeliveries, now, words, inboundId),
    statement('shown', eraseShown, now, words),
  ];
}

// A talk between two moments; one in which a registration was typed began where the registration did.
const inTalk = (
  at: string,
) => `contact_id = (SELECT contact_id FROM address WHERE id = $1) AND ${at} <= $3 AND ${at} >= coalesce($2::timestamptz, (
  SELECT max(b.received_at) FROM address a JOIN inbound b ON b.contact_id = a.contact_id
  WHERE a.id = $1 AND b.received_at <= $3 AND b.outcomes @> ARRAY['behalf.begin']), '-infinity')`;
const eraseHeard = `UPDATE inbound SET body_sealed = NULL, facts_sealed = NULL WHERE dedupe_key NOT LIKE 'signal:%' AND ${inTalk('received_at')}`;
const eraseSaid = `UPDATE delivery SET ${emptiedAt('$5', '$4')}
  WHERE ${isOwn} AND ($6::uuid IS NULL OR cause IS DISTINCT FROM $6) AND ${inTalk('created_at')}`;
const eraseContext = `UPDATE handover SET context_sealed = NULL WHERE ${inTalk('opened_at')}`;

/** A part of a conversation; `since` null: from the beginning of the registration that was typed last before its end. */
export interface Talk {
  readonly since: Date | null;
  readonly until: Date;
}

/** Erases what was said in one part of the conversation at an address, by either side; all before and after it stays. */
export function eraseTalk(
  addressId: string,
  { since, until }: Talk,
  { vault, now, inboundId }: Erasing,
): readonly Statement[] {
  const talk = [addressId, since, until];
  const said = [...talk, vault.sealJson(erasedWords), now, inboundId];
  return [
    { name: 'erase-talk-heard', text: eraseHeard, values: talk },
    { name: 'erase-talk-said', text: eraseSaid, values: said },
    { name: 'erase-talk-context', text: eraseContext, values: talk },
  ];
}

/** A member to be erased, and the contacts that speak for it. */
export interface Erased {
  readonly memberId: string;
  readonly contacts: readonly string[];
  /** The contact in whose turn it happens, whose conversation goes on to its end; null: nobody's. */
  readonly asking: string | null;
}

// Of a document that appoints nobody else nothing is kept either, whoever sent its pages.
const ownDocuments = `SELECT d.id FROM sk_document d WHERE d.id IN (
  SELECT document_id FROM sk_member WHERE member_id = $1 UNION SELECT document_id FROM sk_move WHERE member_id = $1)
  AND NOT EXISTS (SELECT FROM sk_member o WHERE o.document_id = d.id AND o.member_id <> $1)`;
const erasePages = `DELETE FROM attachment t USING sk_file f WHERE f.attachment_id = t.id AND f.document_id IN (${ownDocuments})`;
const eraseDocuments = `DELETE FROM sk_document WHERE id IN (${ownDocuments})`;

// Chairs were told of it, maybe together with what became of others.
const eraseTold = `UPDATE delivery SET ${emptied} WHERE cause IN (SELECT cause FROM member_news WHERE member_id = $1)`;

// What reminders were about; that somebody was reminded of something else says nothing of this member.
const ofReminders = `SELECT id::text FROM certificate WHERE member_id = $1 UNION SELECT id::text FROM invitation WHERE member_id = $1`;

/** Everything that belongs to a member. */
const ofMember: Readonly<Record<string, string>> = {
  pages: erasePages,
  document: eraseDocuments,
  'sk-move': 'DELETE FROM sk_move WHERE member_id = $1',
  sk: 'DELETE FROM sk_member WHERE member_id = $1',
  scan: 'DELETE FROM attachment WHERE id IN (SELECT attachment_id FROM certificate WHERE member_id = $1)',
  reminder: `DELETE FROM reminder WHERE about IN (${ofReminders})`,
  certificate: 'DELETE FROM certificate WHERE member_id = $1',
  death: 'DELETE FROM death_report WHERE member_id = $1',
  named: 'DELETE FROM named_list_person WHERE member_id = $1',
  office: 'DELETE FROM board_office WHERE member_id = $1',
  number: 'DELETE FROM number_change WHERE member_id = $1',
  news: 'DELETE FROM member_news WHERE member_id = $1',
  change: 'DELETE FROM member_change WHERE member_id = $1',
  'member-problem': 'DELETE FROM problem WHERE member_id = $1',
  'member-consent': 'DELETE FROM consent WHERE member_id = $1',
  recipient: `UPDATE recipient SET member_id = NULL, contact_id = NULL, reason = 'erased' WHERE member_id = $1`,
  link: 'DELETE FROM member_contact WHERE member_id = $1',
};

// What others have left open in a conversation ends with it, since it may hold what they typed of the member.
const resetSessions = `UPDATE session SET state_sealed = $3, version = version + 1, program = NULL, flow = NULL, step = NULL, question = NULL
  WHERE contact_id = ANY($1::uuid[]) AND contact_id IS DISTINCT FROM $2::uuid`;

/** Looks after which a conversation holds members by name: in lists, on cards, in files (`actions/people.ts`, `actions/broadcast*.ts`, `actions/recipients.ts`), at the door of a rakor. */
const listed = [
  ...['find-member', 'show-member', 'list-village', 'list-without-sk'],
  ...['list-unreached', 'sample-audience', 'choose-people'],
  ...[
    'show-guest',
    'list-guests',
    'list-attendance',
    'list-answers',
    'check-in',
    'take-back',
    'print-problems',
  ],
];
/** Looks after which an officer's open conversation holds what was shown: it begins anew as well. */
const held = ['read-request', 'record-death', 'change-number', ...listed];

// What whoever looked for members was shown of this one. The look is of the moment before the turn was written.
const seen = (looks: string) => `WITH seen AS (
  SELECT DISTINCT i.id, i.contact_id, i.seq FROM person_key n JOIN audit_entry l ON l.person = n.id AND l.action = ANY(${looks}::text[])
    JOIN person_key o ON o.id = l.actor JOIN inbound i ON i.contact_id = o.subject
    AND i.processed_at BETWEEN l.at AND l.at + interval '1 minute' AND i.outcomes
      && ARRAY['people.find', 'people.show', 'people.of-village', 'people.without-sk', 'people.file-without-sk',
        'broadcast.prepare', 'broadcast.unreached', 'broadcast.file-unreached', 'recipients.prepare', 'recipients.show', 'recipients.keep',
        'door.find', 'door.show', 'door.enter', 'door.entered', 'door.take-back', 'attendance.awaited', 'attendance.sheet', 'attendance.paper', 'problem.print']
  WHERE n.subject = $1::uuid)`;
const eraseSeenFiles = `${seen('$2')} DELETE FROM attachment a USING seen WHERE a.inbound_id = seen.id`;
const eraseSeenAnswers = `${seen('$4')} UPDATE delivery d SET ${emptied} FROM seen WHERE d.contact_id = seen.contact_id AND d.cause = seen.id`;
const eraseSeen = `${seen('$2')} UPDATE inbound i SET body_sealed = NULL, facts_sealed = NULL
FROM seen WHERE i.contact_id = seen.contact_id AND i.seq = seen.seq`;

/** Erases the lists and cards in which others saw a member, and the files that were made of them. */
function eraseLists(memberId: string, { vault, now }: Erasing): readonly Statement[] {
  return [
    one('seen-file', eraseSeenFiles, [memberId, listed]),
    one('seen-answer', eraseSeenAnswers, [memberId, now, vault.sealJson(erasedWords), listed]),
    one('seen', eraseSeen, [memberId, listed]),
    one('sent', eraseSent, [memberId]),
  ];
}
// Lists in which chairs named this one, and the reports on them.
const eraseSent = `DELETE FROM attachment a USING person_key n, audit_entry l, person_key o
WHERE n.subject = $1::uuid AND l.person = n.id AND l.action = 'compare-with-list' AND o.id = l.actor
  AND a.contact_id = o.subject AND a.type IN ('sheet', 'xlsx', 'csv')`;
const resetReaders = `UPDATE session SET state_sealed = $2, version = version + 1, program = NULL, flow = NULL, step = NULL, question = NULL
  WHERE flow IS NOT NULL AND contact_id IN (
    SELECT o.subject FROM person_key n JOIN audit_entry l ON l.person = n.id JOIN person_key o ON o.id = l.actor
    WHERE n.subject = $1 AND l.action = ANY($3::text[]))`;

/** Contacts of nobody any more, who hold no role either. */
const nobodys = `UNNEST($1::uuid[]) AS c(id) WHERE NOT EXISTS (SELECT FROM member_contact l WHERE l.contact_id = c.id)
  AND NOT EXISTS (SELECT FROM member_change g WHERE g.contact_id = c.id)
  AND NOT EXISTS (SELECT FROM address a JOIN contact p ON p.id = a.contact_id
    JOIN role_grant r ON r.phone_index = a.phone_index AND r.simulator = p.simulator AND r.revoked_at IS NULL WHERE a.contact_id = c.id)`;
const leave = `INSERT INTO contact_leaving (contact_id, since) SELECT c.id, $2 FROM ${nobodys}
  ON CONFLICT (contact_id) DO UPDATE SET since = excluded.since`;
const leaving = 'contact_id IN (SELECT contact_id FROM contact_leaving WHERE contact_id = ANY($1::uuid[]))';

const addresses = `SELECT id FROM address WHERE ${leaving}`;

/** What goes at once with a contact that goes itself as soon as its last word is sent (`leaving.ts`). */
const ofLeaving: Readonly<Record<string, string>> = {
  'leaving-problem': `DELETE FROM problem WHERE ${leaving}`,
  'leaving-behalf': `DELETE FROM behalf WHERE address_id IN (${addresses}) OR opened_id IN (${addresses})`,
  'leaving-consent': `DELETE FROM consent WHERE ${leaving}`,
  'leaving-names': `DELETE FROM person_key WHERE subject IN (SELECT contact_id FROM contact_leaving WHERE ${leaving})`,
};
const closeRequests = `UPDATE handover SET state = 'closed', operator_sealed = NULL, due_at = NULL, closed_at = $2
  WHERE state <> 'closed' AND ${leaving}`;
const cancelBroadcasts = `UPDATE delivery SET state = 'cancelled', code = 'erased', ended_at = $2
  WHERE broadcast_id IS NOT NULL AND state IN ('planned', 'due') AND ${leaving}`;

/** By whom and why somebody is erased. */
export type Why = Erasing & { readonly why: string; readonly number: number };

/**
 * Erases a member with everything of it: data, SK, problems, consents, corrections, all that was said, the names in the audit with their
 * keys. Contacts that spoke for nobody else leave. The proof is written beside it (`privacy-requests.ts`).
 */
export function eraseMember(
  { memberId, contacts, asking }: Erased,
  erasing: Why & { readonly idleState: Buffer },
): readonly Statement[] {
  return [
    one('session', resetSessions, [contacts, asking, erasing.idleState]),
    one('readers', resetReaders, [memberId, erasing.idleState, held]),
    one('timer', 'DELETE FROM timer WHERE contact_id = ANY($1::uuid[])', [contacts]),
    ...eraseConversations(contacts, erasing),
    ...eraseLists(memberId, erasing),
    one('told', eraseTold, [memberId, erasing.now, erasing.vault.sealJson(erasedWords)]),
    ...Object.entries(ofMember).map(([name, text]) => one(name, text, [memberId])),
    // Of two who erase the same member, the second finds nothing and decides anew.
    { ...one('member', 'DELETE FROM member WHERE id = $1 RETURNING id', [memberId]), mustFind: true },
    ...leaveAll(contacts, erasing.now),
    one('request', forgetRequests, [memberId]),
    one('names', 'DELETE FROM person_key WHERE subject = $1', [memberId]),
    told(erasing),
  ];
}

/** Erases what somebody said who is no member: the contact leaves, unless it holds a role. */
export function eraseStranger(contactId: string, erasing: Why): readonly Statement[] {
  return [...eraseConversations([contactId], erasing), ...leaveAll([contactId], erasing.now), told(erasing)];
}

function one(name: string, text: string, values: readonly unknown[]): Statement {
  return { name: `erase-${name}`, text, values };
}

function leaveAll(contacts: readonly string[], now: Date): readonly Statement[] {
  return [
    one('leave', leave, [contacts, now]),
    ...Object.entries(ofLeaving).map(([name, text]) => one(name, text, [contacts])),
    one('leaving-request', closeRequests, [contacts, now]),
    one('leaving-broadcast', cancelBroadcasts, [contacts, now]),
  ];
}

/** The audit says that somebody was erased, not who: by the number whoever has the proof can find the entry. */
function told({ why, number, now }: Why): Statement {
  return audited({
    kind: 'erasure',
    action: why,
    detail: String(number),
    actor: null,
    subjects: [],
    at: now,
  });
}

// What the member asked for before stays as numbers and times.
const forgetRequests = `UPDATE privacy_request SET contact_id = NULL, member_id = NULL, member_sealed = NULL, detail_sealed = NULL,
  closed_at = coalesce(closed_at, asked_at), result = coalesce(result, 'erased') WHERE member_id = $1`;

import type pg from 'pg';
import { sheetTypes } from '../flow/attachment.js';
import { audited } from '../store/audit.js';
import type { Vault } from '../store/crypto.js';
import { ChangedMeanwhile, type Queryable, run, type Statement } from '../store/statement.js';
import { writeTogether } from '../store/transaction.js';
import { discarded, findOver } from './behalf.js';
import { madeTypes } from './enclosures.js';
import { eraseMember, type Why } from './erasing.js';
import { contactsEver } from './mailboxes.js';
import { erasureProof, nextRequestNumber } from './privacy-requests.js';
import { rakorFileTypes } from './rakor-files.js';
import type { Standing } from './standing.js';

/** With what is erased by age. */
export interface Retaining {
  readonly pool: pg.Pool;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly newId: () => string;
  /** A conversation with nothing in it, sealed. */
  readonly idleState: () => Buffer;
}

/** What is not kept for ever: how long, counted from when, and why. */
export interface RetentionRule {
  readonly what: string;
  readonly days: number;
  readonly from: string;
  /** Where that time comes from. */
  readonly why: string;
  /** Erases some of what is older than a moment; gives how many. */
  readonly erase: (before: Date, retaining: Retaining) => Promise<number>;
}

/** A batch holds its locks for a moment only. */
const atOnce = 500;

/** A rule that is one statement over the moment `$1`; it names at most `$2` rows and gives each. */
function byStatement(name: string, text: string): RetentionRule['erase'] {
  return async (before, { pool }) =>
    (await run(pool, { name: `retain-${name}`, text, values: [before, atOnce] })).length;
}

// Found by the primary key and the time of arrival; what was not treated yet is never touched.
const chatIn = `UPDATE inbound SET body_sealed = NULL, facts_sealed = NULL WHERE (contact_id, seq) IN (
  SELECT contact_id, seq FROM inbound WHERE received_at <= $1 AND state IN ('done', 'parked')
    AND (body_sealed IS NOT NULL OR facts_sealed IS NOT NULL) LIMIT $2) RETURNING seq`;
const chatOut = `UPDATE delivery SET body_sealed = NULL WHERE id IN (
  SELECT id FROM delivery WHERE created_at <= $1 AND body_sealed IS NOT NULL
    AND state NOT IN ('planned', 'due', 'leased', 'written') LIMIT $2) RETURNING id`;
// Files that were part of the talk with a human; those that answer a question belong to what they answer.
const relayedFiles = `DELETE FROM attachment WHERE id IN (
  SELECT a.id FROM attachment a JOIN inbound i ON i.contact_id = a.contact_id AND i.id = a.inbound_id
  WHERE a.created_at <= $1 AND i.outcomes && ARRAY['desk.to-member', 'handover.to-officer'] LIMIT $2) RETURNING id`;
const madeFiles = `DELETE FROM attachment WHERE id IN (
  SELECT id FROM attachment WHERE created_at <= $1 AND type IN ('${madeTypes.join("', '")}') LIMIT $2) RETURNING id`;
// With the file goes what was found in it.
const sentLists = `DELETE FROM attachment WHERE id IN (
  SELECT id FROM attachment WHERE created_at <= $1 AND type IN ('${sheetTypes.join("', '")}') LIMIT $2) RETURNING id`;
const listJobs = `DELETE FROM roster_job WHERE id IN (
  SELECT id FROM roster_job WHERE asked_at <= $1 LIMIT $2) RETURNING id`;
// What goes out to many was sent long before.
const letters = `DELETE FROM attachment WHERE id IN (
  SELECT id FROM attachment WHERE created_at <= $1 AND type IN ('${rakorFileTypes.join("', '")}') LIMIT $2) RETURNING id`;
const reasons = `UPDATE invitation SET reason_sealed = NULL WHERE id IN (
  SELECT i.id FROM invitation i JOIN rakor k ON k.id = i.rakor_id WHERE k.starts_at <= $1 AND i.reason_sealed IS NOT NULL LIMIT $2) RETURNING id`;
const delegates = `UPDATE invitation SET delegate_sealed = NULL, code_sealed = NULL, code_index = NULL WHERE id IN (
  SELECT i.id FROM invitation i JOIN rakor k ON k.id = i.rakor_id WHERE k.starts_at <= $1 AND i.delegate_sealed IS NOT NULL LIMIT $2) RETURNING id`;
const contexts = `UPDATE handover SET context_sealed = NULL WHERE id IN (
  SELECT id FROM handover WHERE closed_at <= $1 AND context_sealed IS NOT NULL LIMIT $2) RETURNING id`;
const codes = `DELETE FROM link_code WHERE code_index IN (
  SELECT code_index FROM link_code WHERE ends_at <= $1 LIMIT $2) RETURNING code_index`;
// Of one that was taken the role stays; it can be taken back in the chat as long as its row is here.
const offers = `DELETE FROM role_offer WHERE id IN (
  SELECT o.id FROM role_offer o WHERE o.ends_at <= $1
    AND NOT EXISTS (SELECT FROM role_grant g WHERE g.id = o.grant_id AND g.revoked_at IS NULL) LIMIT $2) RETURNING id`;
const guesses =
  'DELETE FROM link_guess WHERE id IN (SELECT id FROM link_guess WHERE at <= $1 LIMIT $2) RETURNING id';
const news = `DELETE FROM member_news WHERE id IN (
  SELECT id FROM member_news WHERE at <= $1 AND cause IS NOT NULL LIMIT $2) RETURNING id`;
const consents = `DELETE FROM consent WHERE id IN (
  SELECT id FROM consent WHERE member_id IS NULL AND at <= $1 LIMIT $2) RETURNING id`;
const requests = `DELETE FROM privacy_request WHERE id IN (
  SELECT id FROM privacy_request WHERE closed_at <= $1 AND kind <> 'erasure' LIMIT $2) RETURNING id`;

// No rule looks so far back.
const reminders = `DELETE FROM reminder WHERE (rule, about, contact_id, due_at) IN (
  SELECT rule, about, contact_id, due_at FROM reminder WHERE due_at <= $1 LIMIT $2) RETURNING rule`;

// Of one that waits for a second person nobody has walked away; once it is of no use nobody can say yes to it either.
const drafts = `SELECT id, state FROM broadcast
  WHERE state = 'draft' AND created_at <= $1 OR state IN ('draft', 'waiting') AND expires_at <= $3 LIMIT $2`;
const endDraft = `UPDATE broadcast SET state = 'cancelled', ended_at = $3 WHERE id = $1 AND state = $2 RETURNING id`;

const behalves = `DELETE FROM behalf WHERE id IN (
  SELECT id FROM behalf WHERE ends_at <= $1 AND answers_sealed IS NULL LIMIT $2) RETURNING id`;

const chat = 'domain.md 6.3: chat text 90 days';
const afterwards = 'the notice: two years after membership';
const proofs = 'domain.md 6.3: proofs five years';

/**
 * Everything that is erased by age. An unfinished registration ends after 30 days by its own flow (`registrasi.yaml`), photos of an SK by
 * the rule of the SK; members who are active, the audit and proofs of erasure have no end.
 */
export const retentionRules: readonly RetentionRule[] = [
  {
    what: 'messages received',
    days: 90,
    from: 'when they came',
    why: chat,
    erase: byStatement('in', chatIn),
  },
  {
    what: 'messages sent',
    days: 90,
    from: 'when they were written',
    why: chat,
    erase: byStatement('out', chatOut),
  },
  {
    what: 'files sent to or by a human',
    days: 90,
    from: 'when they came',
    why: chat,
    erase: byStatement('files', relayedFiles),
  },
  {
    what: 'files made for whoever asked',
    days: 1,
    from: 'when they were made',
    why: 'sent at once, and made anew in a moment',
    erase: byStatement('made', madeFiles),
  },
  {
    what: 'lists sent in the chat',
    days: 1,
    from: 'when they came, if nobody has answered what was found in them; else at once',
    why: 'they are imported or given up',
    erase: byStatement('lists', sentLists),
  },
  {
    what: 'what was found in lists sent in the chat',
    days: 1,
    from: 'when they were asked for',
    why: 'it is told at once',
    erase: byStatement('list-jobs', listJobs),
  },
  {
    what: 'letters of rakor, and files sent along by the command',
    days: 730,
    from: 'when they were written',
    why: afterwards,
    erase: byStatement('letters', letters),
  },
  {
    what: 'why somebody did not come to a rakor',
    days: 90,
    from: 'the beginning of the rakor',
    why: chat,
    erase: byStatement('reasons', reasons),
  },
  {
    what: 'who came to a rakor instead of another one',
    days: 730,
    from: 'the beginning of the rakor',
    why: afterwards,
    erase: byStatement('delegates', delegates),
  },
  {
    what: 'drafts of broadcasts that nobody sent (they end as cancelled)',
    days: 7,
    from: 'when they were made, or when they were of no use any more',
    why: 'whoever left one walked away from it',
    erase: endDrafts,
  },
  {
    what: 'what a helper was shown',
    days: 90,
    from: 'the end of the request',
    why: chat,
    erase: byStatement('contexts', contexts),
  },
  {
    what: 'codes for linking',
    days: 30,
    from: 'when they ended',
    why: 'nobody asks later',
    erase: byStatement('codes', codes),
  },
  {
    what: 'codes for roles',
    days: 30,
    from: 'when they ended, unless somebody holds the role by one',
    why: 'nobody asks later',
    erase: byStatement('offers', offers),
  },
  {
    what: 'wrong codes',
    days: 30,
    from: 'when they were typed',
    why: 'nobody asks later',
    erase: byStatement('guesses', guesses),
  },
  {
    what: 'what chairs were told of members',
    days: 90,
    from: 'when it happened',
    why: chat,
    erase: byStatement('news', news),
  },
  {
    what: 'reminders',
    days: 365,
    from: 'when they were due',
    why: 'nobody asks later',
    erase: byStatement('reminders', reminders),
  },
  {
    what: 'registrations on behalf that nobody confirmed',
    days: 0,
    from: 'the end of their code, or 30 days after they were typed once it was used',
    why: 'domain.md 6.3: unfinished registrations 30 days',
    erase: unconfirmed,
  },
  {
    what: 'codes of registrations on behalf',
    days: 30,
    from: 'when they ended',
    why: 'nobody asks later',
    erase: byStatement('behalves', behalves),
  },
  {
    what: 'consents and refusals of who is no member',
    days: 1826,
    from: 'the reply',
    why: proofs,
    erase: byStatement('consents', consents),
  },
  {
    what: 'requests of living members',
    days: 1826,
    from: 'their end',
    why: proofs,
    erase: byStatement('requests', requests),
  },
  {
    what: 'members who withdrew',
    days: 730,
    from: 'the withdrawal',
    why: afterwards,
    erase: membersOf('withdrawn'),
  },
  {
    what: 'members who left',
    days: 730,
    from: 'their leaving',
    why: afterwards,
    erase: membersOf('left'),
  },
  {
    what: 'members who died',
    days: 730,
    from: 'when that was recorded',
    why: afterwards,
    erase: membersOf('deceased'),
  },
];

async function endDrafts(before: Date, { pool, now }: Retaining): Promise<number> {
  const at = now();
  const found = { name: 'retain-drafts', text: drafts, values: [before, atOnce, at] };
  const over = await run<{ readonly id: string; readonly state: string }>(pool, found);
  for (const { id, state } of over) {
    const end = { name: 'retain-draft', text: endDraft, values: [id, state, at], mustFind: true };
    const lapsed = {
      kind: 'broadcast',
      action: 'lapsed',
      detail: id,
      actor: null,
      subjects: [],
      at,
    } as const;
    await unlessChanged(writeTogether(pool, [end, audited(lapsed)]));
  }
  return over.length;
}

const formerText = `SELECT id, region_code AS "regionCode", simulator FROM member
  WHERE standing = $3 AND standing_at <= $1 ORDER BY standing_at LIMIT $2`;

async function unconfirmed(before: Date, retaining: Retaining): Promise<number> {
  const { pool, vault } = retaining;
  const found = await findOver(pool, before, atOnce);
  const erasing = { vault, now: retaining.now(), inboundId: null };
  for (const one of found) await unlessChanged(writeTogether(pool, discarded(one, erasing)));
  return found.length;
}

/** Somebody who is to be erased. */
export interface Left {
  readonly id: string;
  readonly regionCode: string;
  readonly simulator: boolean;
}

function membersOf(standing: Standing): RetentionRule['erase'] {
  return async (before, retaining) => {
    const found = { name: 'retain-members', text: formerText, values: [before, atOnce, standing] };
    const members = await run<Left>(retaining.pool, found);
    for (const member of members) await eraseOne(member, 'retention', [still(member, standing)], retaining);
    return members.length;
  };
}

/** Erases a member by no turn of its own, with the proof; nothing happens when what `first` must find is not there any more. */
export async function eraseOne(
  member: Left,
  why: string,
  first: readonly Statement[],
  retaining: Retaining,
): Promise<void> {
  const { pool, idleState } = retaining;
  const { how, proof } = await proving(member, why, retaining);
  const erased = { memberId: member.id, contacts: await contactsEver(pool, member.id), asking: null };
  const erasing = eraseMember(erased, { ...how, idleState: idleState() });
  await unlessChanged(writeTogether(pool, [...first, ...erasing, proof]));
}

/** With what somebody is erased by no turn of their own: how, and the proof that stays. */
interface Proving {
  readonly how: Why;
  readonly proof: Statement;
}

/** Makes the proof of an erasure, under the next number. */
export async function proving(
  { id, regionCode, simulator }: Left,
  why: string,
  retaining: Retaining,
): Promise<Proving> {
  const { pool, vault, newId } = retaining;
  const tools = { vault, newId, now: retaining.now() };
  const number = await nextRequestNumber(pool);
  const asked = { number, contactId: id, memberId: id, area: regionCode, simulator } as const;
  const proof = erasureProof({ kind: 'erasure', ...asked }, why, tools);
  return { how: { ...tools, inboundId: null, why, number }, proof };
}

async function unlessChanged(writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!(error instanceof ChangedMeanwhile)) throw error;
  }
}

const stillText = `SELECT id FROM member WHERE id = $1 AND standing = $2 FOR UPDATE`;

/** One who changed their mind in this very moment is not erased. */
function still({ id }: Left, standing: Standing): Statement {
  return { name: 'retain-still', text: stillText, values: [id, standing], mustFind: true };
}

const everyMs = 60 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;

const claimText = `INSERT INTO retention_run (rule, ran_at, erased) VALUES ($1, $2, 0)
ON CONFLICT (rule) DO UPDATE SET ran_at = excluded.ran_at, erased = 0 WHERE retention_run.ran_at <= $3 RETURNING rule`;
const countText = 'UPDATE retention_run SET erased = erased + $2 WHERE rule = $1';

/** Follows every rule that was not followed in the last hour, by whichever process comes first; gives how many rows were erased. */
export async function retain(retaining: Retaining): Promise<number> {
  let total = 0;
  for (const rule of retentionRules) total += await follow(rule, retaining);
  return total;
}

async function follow({ what, days, erase }: RetentionRule, retaining: Retaining): Promise<number> {
  const { pool } = retaining;
  const now = retaining.now();
  const values = [what, now, new Date(now.getTime() - everyMs)];
  const mine = await run(pool, { name: 'retention-claim', text: claimText, values });
  if (mine.length === 0) return 0;
  const before = new Date(now.getTime() - days * dayMs);
  let total = 0;
  for (let batch = atOnce; batch === atOnce; total += batch) batch = await erase(before, retaining);
  await run(pool, { name: 'retention-count', text: countText, values: [what, total] });
  return total;
}

const lastText = 'SELECT min(ran_at) AS at FROM retention_run HAVING count(*) >= $1';

/** When all rules were last followed; null: not yet. */
export async function lastRetention(db: Queryable): Promise<Date | null> {
  const statement = { name: 'retention-last', text: lastText, values: [retentionRules.length] };
  return (await run<{ at: Date }>(db, statement))[0]?.at ?? null;
}

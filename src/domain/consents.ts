import type pg from 'pg';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { inTransaction } from '../store/transaction.js';
import { signalTo } from './reach.js';

/** The text of the consent that is asked for now (`version` in the flows); a later one sorts behind an earlier one. */
export const consentVersion = '2026-11';

/** A conversation hears under this name that there is a newer text to consent to. */
export const consentRenewed = 'consent-renewed';

// Who consented to an earlier text and was not heard about this one: a no to it is an answer as well.
const dueMembers = (contact: string, version: string) => `member_contact l JOIN member m ON m.id = l.member_id
WHERE l.contact_id = ${contact} AND m.standing = 'active'
  AND EXISTS (SELECT FROM consent k WHERE k.member_id = m.id AND k.granted)
  AND NOT EXISTS (SELECT FROM consent k WHERE k.member_id = m.id AND k.version >= ${version})`;

/** Whether the consents of a member by this name in a statement were all conveyed by somebody else's phone: nobody has heard it from the person. */
export function isConveyed(member: string): string {
  const own = `SELECT FROM consent k WHERE k.member_id = ${member}.id AND k.granted`;
  return `(EXISTS (${own} AND k.conveyed) AND NOT EXISTS (${own} AND NOT k.conveyed))`;
}

/** A member who consented to an earlier text. */
export interface DueMember {
  readonly id: string;
  readonly name: string;
}

const nextText = `SELECT m.id, m.name FROM ${dueMembers('$1', '$2')} ORDER BY l.linked_at, m.id LIMIT 1`;

/** The next member behind a contact who is to be asked; null: none is. */
export async function nextDue(db: Queryable, contactId: string): Promise<DueMember | null> {
  const statement = { name: 'consent-next', text: nextText, values: [contactId, consentVersion] };
  return (await run<DueMember>(db, statement))[0] ?? null;
}

/** With what it is asked. */
export interface Asker {
  readonly pool: pg.Pool;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly newId: () => string;
}

const noteText = `INSERT INTO consent_news (contact_id, version) SELECT c.id, $1 FROM contact c
WHERE EXISTS (SELECT FROM ${dueMembers('c.id', '$1')}) ON CONFLICT DO NOTHING`;

/** Notes every contact behind which somebody consented to an earlier text: once in the life of a process is enough, as no text changes in it. */
export async function noteNewConsents(db: Queryable): Promise<void> {
  await run(db, { name: 'consent-note', text: noteText, values: [consentVersion] });
}

const askNextText =
  'UPDATE consent_news SET times = 0, asked_at = NULL WHERE contact_id = $1 AND version = $2';

/** Who shares a phone with somebody who has just answered is asked next, in a moment. */
export function askNext(contactId: string): Statement {
  return { name: 'consent-ask-next', text: askNextText, values: [contactId, consentVersion] };
}

const dayMs = 24 * 60 * 60 * 1000;
/** Asked again after so long, and so often at most: who does not answer is not pressed. */
const againMs = 30 * dayMs;
const mostTimes = 3;
/** Only somebody who wrote so lately is asked, once nothing is under way: it is part of that talk. */
const latelyMs = 60 * 60 * 1000;
const atOnce = 50;

const askable = `n.version = $1 AND n.times < ${mostTimes} AND (n.asked_at IS NULL OR n.asked_at <= $2)`;
const readyText = `SELECT n.contact_id AS id FROM consent_news n JOIN session s ON s.contact_id = n.contact_id
WHERE ${askable} AND s.flow IS NULL AND s.updated_at > $3 AND EXISTS (SELECT FROM ${dueMembers('n.contact_id', '$1')}) LIMIT ${atOnce}`;

/** Lets those be asked who are to be, at a good moment, each once by however many processes; gives how many. */
export async function askNewConsents(asker: Asker): Promise<number> {
  const now = asker.now();
  const values = [consentVersion, new Date(now.getTime() - againMs), new Date(now.getTime() - latelyMs)];
  const ready = await run<{ id: string }>(asker.pool, { name: 'consent-ready', text: readyText, values });
  let asked = 0;
  for (const { id } of ready) if (await askOne(asker, id, now)) asked += 1;
  return asked;
}

const claimText = `UPDATE consent_news n SET times = times + 1, asked_at = $4 WHERE n.contact_id = $3 AND ${askable} RETURNING n.times`;
// Where the person wrote last.
const whereText = `SELECT a.id AS "addressId", a.channel, a.account, a.value_sealed AS "valueSealed", a.phone_sealed AS "phoneSealed"
FROM inbound i JOIN address a ON a.id = i.address_id WHERE i.contact_id = $1 AND a.contact_id = $1 AND a.blocked_at IS NULL
  AND i.dedupe_key NOT LIKE 'timer:%' AND i.dedupe_key NOT LIKE 'signal:%' ORDER BY i.seq DESC LIMIT 1`;

interface Where {
  readonly addressId: string;
  readonly channel: string;
  readonly account: string;
  readonly valueSealed: Buffer;
  readonly phoneSealed: Buffer | null;
}

function askOne({ pool, vault, newId }: Asker, id: string, now: Date): Promise<boolean> {
  return inTransaction(pool, async (connection) => {
    const values = [consentVersion, new Date(now.getTime() - againMs), id, now];
    const mine = await run(connection, { name: 'consent-claim', text: claimText, values });
    const [where] = await run<Where>(connection, { name: 'consent-where', text: whereText, values: [id] });
    if (mine.length === 0 || where === undefined) return false;
    const { valueSealed, phoneSealed, ...place } = where;
    const phone = phoneSealed === null ? null : vault.open(phoneSealed);
    const reach = { ...place, address: vault.open(valueSealed), phone };
    await run(connection, signalTo(reach, consentRenewed, { vault, newId, now }));
    return true;
  });
}

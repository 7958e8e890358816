import { isHumanHour } from '../flow/human-hours.js';
import { type Queryable, run, type Statement, type Woken } from '../store/statement.js';
import { inTransaction } from '../store/transaction.js';
import type { ActionContext } from './action.js';
import { findHelper, viewerNow } from './helpers.js';
import { mailboxesOf } from './mailboxes.js';
import type { News } from './news.js';
import { sendTo } from './reach.js';
import type { Area } from './roles.js';
import { countWaitingSk } from './sk-queue.js';
import { dayInWib } from './wib.js';

const noteText = `
INSERT INTO sk_notice AS n (contact_id, waits) SELECT contact_id, true FROM address WHERE id = $1
ON CONFLICT (contact_id) DO UPDATE SET waits = true`;

/**
 * What is written when an SK of somebody who serves in a region begins to wait: the nearest verifier is told, unless his queue was not
 * empty before. Nobody is told of his own.
 */
export async function noteWaitingSk(area: Area, context: ActionContext): Promise<readonly Statement[]> {
  const { db, simulator, contactId } = context;
  const need = { act: 'verify-sk', area, simulator, contactId, declined: [], above: null } as const;
  const verifier = await findHelper(db, need);
  if (verifier === null) return [];
  const viewer = await viewerNow(db, verifier.contactId, simulator);
  if ((await countWaitingSk(viewer, context)) > 0) return [];
  return [{ name: 'sk-notice-note', text: noteText, values: [verifier.addressId] }];
}

const dueText = `
SELECT n.contact_id AS "contactId", c.simulator FROM sk_notice n JOIN contact c ON c.id = n.contact_id
WHERE n.waits AND n.told_on IS DISTINCT FROM $1 ORDER BY n.contact_id LIMIT 100`;

interface Due {
  readonly contactId: string;
  readonly simulator: boolean;
}

/**
 * Tells verifiers that SK wait for them: within human hours, and each at most once a day. Notice and message are written together, so
 * that however many processes do it each is told once. Whose queue is empty again is not told. Gives what can be sent.
 */
export async function tellVerifiers(news: News): Promise<readonly Woken[]> {
  const now = news.now();
  if (!isHumanHour(now)) return [];
  const due = await run<Due>(news.pool, { name: 'sk-notice-due', text: dueText, values: [dayInWib(now)] });
  const written: Statement[] = [];
  for (const one of due) written.push(...(await tellOne(one, now, news)));
  return written.flatMap(({ wakes }) => (typeof wakes === 'object' ? [wakes] : []));
}

const claimText = `
SELECT contact_id FROM sk_notice WHERE contact_id = $1 AND waits AND told_on IS DISTINCT FROM $2 FOR UPDATE SKIP LOCKED`;
const toldText = `
UPDATE sk_notice SET waits = false, told_on = CASE WHEN $3::boolean THEN $2 ELSE told_on END WHERE contact_id = $1`;

async function tellOne(due: Due, now: Date, news: News): Promise<readonly Statement[]> {
  const day = dayInWib(now);
  let written: readonly Statement[] = [];
  await inTransaction(news.pool, async (connection) => {
    const claim = { name: 'sk-notice-claim', text: claimText, values: [due.contactId, day] };
    if ((await run(connection, claim)).length === 0) return false;
    written = await messageTo(due, now, connection, news);
    const told = [due.contactId, day, written.length > 0];
    await run(connection, { name: 'sk-notice-told', text: toldText, values: told });
    for (const statement of written) await run(connection, statement);
    return true;
  });
  return written;
}

async function messageTo(
  { contactId, simulator }: Due,
  now: Date,
  db: Queryable,
  { vault, newId }: News,
): Promise<readonly Statement[]> {
  const count = await countWaitingSk(await viewerNow(db, contactId, simulator), { db, now });
  const text = `Ada ${count} SK yang menunggu pemeriksaan Bapak/Ibu.\n\nKetik *PERIKSA SK* untuk memulai.`;
  const boxes = count === 0 ? [] : await mailboxesOf(db, [contactId]);
  return boxes.flatMap((box) => sendTo(box, text, null, { vault, newId, now }));
}

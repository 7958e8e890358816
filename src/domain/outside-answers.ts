import { type Queryable, run } from '../store/statement.js';
import { kindNamed } from './broadcast-kinds.js';
import { hasInvitations } from './rsvp.js';
import { type RsvpReading, rsvpIn } from './rsvp-words.js';

/** What a message answers that was asked outside of the conversation: the signal of the flow for it, and what was answered. */
export interface OutsideAnswer {
  readonly signal: string;
  /** The rakor it is about; null: whichever is meant. */
  readonly rakorId: string | null;
  /** The choice that was tapped or typed; null: something was said that is no clear answer. */
  readonly choice: string | null;
}

/** What a person sent, as far as it can be an answer: a choice of a question, or words. */
export type Sent =
  | { readonly kind: 'choice'; readonly question: string; readonly choice: string }
  | { readonly kind: 'text'; readonly text: string };

/** Who sent it when. */
export interface Sender {
  readonly contactId: string;
  readonly now: Date;
}

interface Asked {
  readonly kind: string;
  readonly rakorId: string | null;
}

// A button may carry anything: what is no id of ours is no question of ours.
const byQuestionText = `SELECT b.kind, b.rakor_id AS "rakorId" FROM delivery d JOIN broadcast b ON b.id = d.broadcast_id
WHERE d.contact_id = $1 AND d.question::text = $2 LIMIT 1`;
// A row of a broadcast is older than what was said before it was sent, so that the newest is told by when it was accepted.
const latestText = `SELECT b.kind, b.rakor_id AS "rakorId" FROM (
  SELECT broadcast_id, accepted_at FROM delivery WHERE contact_id = $1 ORDER BY seq DESC LIMIT 50) d LEFT JOIN broadcast b ON b.id = d.broadcast_id
WHERE d.accepted_at IS NOT NULL ORDER BY d.accepted_at DESC LIMIT 1`;

/**
 * What was sent as an answer to a broadcast that asks something: a choice of its question, however old it is; words that cannot mean anything else;
 * a number, a yes or a no when the broadcast is the last thing this person was sent. Null: it belongs to the conversation.
 */
export function outsideAnswer(db: Queryable, sent: Sent, sender: Sender): Promise<OutsideAnswer | null> {
  return sent.kind === 'choice' ? tapped(db, sent, sender) : typed(db, rsvpIn(sent.text), sender);
}

async function tapped(
  db: Queryable,
  { question, choice }: Extract<Sent, { kind: 'choice' }>,
  { contactId }: Sender,
): Promise<OutsideAnswer | null> {
  const statement = { name: 'outside-question', text: byQuestionText, values: [contactId, question] };
  const [asked] = await run<Asked>(db, statement);
  return asked === undefined ? null : answerTo(asked, choice);
}

async function typed(db: Queryable, said: RsvpReading | null, sender: Sender): Promise<OutsideAnswer | null> {
  if (said === null) return null;
  const statement = { name: 'outside-latest', text: latestText, values: [sender.contactId] };
  const [latest] = await run<{ kind: string | null; rakorId: string | null }>(db, statement);
  const { kind, rakorId } = latest ?? { kind: null, rakorId: null };
  const direct = kind === null ? null : answerTo({ kind, rakorId }, said.answer);
  if (direct !== null || !said.sure) return direct;
  const signal = kindNamed('invitation').answers;
  return signal !== undefined && (await hasInvitations(db, sender))
    ? { signal, rakorId: null, choice: said.answer }
    : null;
}

function answerTo({ kind, rakorId }: Asked, choice: string | null): OutsideAnswer | null {
  const signal = kindNamed(kind).answers;
  return signal === undefined ? null : { signal, rakorId, choice };
}

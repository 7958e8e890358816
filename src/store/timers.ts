import { isUniqueViolation } from './outage.js';
import { silenced } from './silenced.js';
import { type Queryable, run } from './statement.js';

/** A timer whose time has come, with what a turn needs to speak to its person. */
export interface DueTimer {
  readonly contactId: string;
  readonly flow: string;
  readonly name: string;
  readonly question: string;
  readonly dueAt: Date;
  /** Whether it only asks once more. */
  readonly reminder: boolean;
  readonly channel: string;
  readonly account: string;
  readonly addressSealed: Buffer;
  /** The last message of this address that is still there, sealed: it says what the channel proved. */
  readonly heardSealed: Buffer | null;
}

/** What is looked for; `after` is the last one that was looked at, or null to begin in front. */
export interface Look {
  readonly now: Date;
  readonly still: Date;
  readonly after: DueTimer | null;
  readonly limit: number;
}

/** The timers as the schedule uses them. They are started where a question is accepted (`deliveries.ts`). */
export interface TimerStore {
  /** Drops what is due in vain: nothing is open; or a reminder nobody wants, or that something later has overtaken. */
  drop(now: Date): Promise<void>;
  /**
   * What is due behind `after`, longest first. A question that something interrupted waits until its person has been still since
   * `still`, and while a human has the conversation, on either side of it, nothing is due.
   */
  due(look: Look): Promise<readonly DueTimer[]>;
  /**
   * Takes the day of its person for a timer that only asks once more, unless there was another kind of reminder that day: then false, and it
   * stays due. Of no use from `until` on. Taken again it is the same.
   */
  claim(timer: DueTimer, day: string, until: Date, now: Date): Promise<boolean>;
  /** Forgets a timer that has happened, unless a newer question has started it anew. */
  remove(timer: DueTimer): Promise<void>;
}

// A session that only listens has no question, and those beneath it still stand: only one with nothing open has none.
const dropText = `DELETE FROM timer t USING session s, contact c
WHERE t.due_at <= $1 AND s.contact_id = t.contact_id AND c.id = t.contact_id AND (
  s.flow IS NULL OR t.reminder AND (c.opted_out_at IS NOT NULL OR ${silenced('c.id')} OR EXISTS (
    SELECT FROM timer later WHERE later.contact_id = t.contact_id AND later.question = t.question
      AND later.due_at <= $1 AND later.due_at > t.due_at)))`;

const dueText = `
SELECT t.contact_id AS "contactId", t.flow, t.name, t.question, t.due_at AS "dueAt", t.reminder, a.channel,
  a.account, a.value_sealed AS "addressSealed",
  (SELECT i.body_sealed FROM inbound i WHERE i.contact_id = t.contact_id AND i.address_id = t.address_id
    AND i.body_sealed IS NOT NULL ORDER BY i.seq DESC LIMIT 1) AS "heardSealed"
FROM timer t JOIN session s ON s.contact_id = t.contact_id JOIN address a ON a.id = t.address_id
WHERE t.due_at <= $1 AND (s.question = t.question OR s.updated_at <= $2)
  AND NOT EXISTS (SELECT FROM handover h WHERE h.state = 'taken'
    AND (h.contact_id = t.contact_id OR h.operator_id = t.contact_id))
  AND ($4::timestamptz IS NULL OR (t.due_at, t.contact_id, t.flow, t.name) > ($4, $5, $6, $7))
ORDER BY t.due_at, t.contact_id, t.flow, t.name LIMIT $3`;

// Those of conversations among themselves follow their flows; the day belongs to the first.
const claimText = `
INSERT INTO reminder AS r (rule, about, contact_id, due_at, useful_until, state, at, told_on)
SELECT 'flow ' || $1::text, $2::text, c.id, $4, $5, 'told', $6,
  CASE WHEN NOT EXISTS (SELECT FROM reminder o WHERE o.contact_id = $3 AND o.told_on = $7) THEN $7 END FROM contact c
WHERE c.id = $3 AND NOT EXISTS (
  SELECT FROM reminder o WHERE o.contact_id = $3 AND o.told_on = $7 AND NOT starts_with(o.rule, 'flow '))
ON CONFLICT (rule, about, contact_id, due_at) DO UPDATE SET at = r.at RETURNING rule`;

const removeText = 'DELETE FROM timer WHERE contact_id = $1 AND flow = $2 AND name = $3 AND question = $4';

/** Of two that take a day at the same moment the database refuses the second, which comes again with the next look. */
async function unlessTaken<Row>(claiming: Promise<readonly Row[]>): Promise<readonly Row[]> {
  try {
    return await claiming;
  } catch (error) {
    if (isUniqueViolation(error)) return [];
    throw error;
  }
}

/** Opens the table of timers. */
export function createTimerStore(db: Queryable): TimerStore {
  return {
    drop: async (now) => void (await run(db, { name: 'timer-drop', text: dropText, values: [now] })),
    due: ({ now, still, limit, after }) => {
      const behind = [after?.dueAt, after?.contactId, after?.flow, after?.name];
      return run(db, { name: 'timer-due', text: dueText, values: [now, still, limit, ...behind] });
    },
    claim: async ({ contactId, flow, question, dueAt }, day, until, now) => {
      const values = [flow, question, contactId, dueAt, until, now, day];
      const statement = { name: 'timer-claim', text: claimText, values };
      return (await unlessTaken(run(db, statement))).length > 0;
    },
    remove: async ({ contactId, flow, name, question }) => {
      const values = [contactId, flow, name, question];
      await run(db, { name: 'timer-remove', text: removeText, values });
    },
  };
}

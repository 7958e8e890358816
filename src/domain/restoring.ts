import { audited } from '../store/audit.js';
import { type Queryable, run } from '../store/statement.js';
import { inTransaction } from '../store/transaction.js';
import type { Retaining } from './retention.js';

/** A message of which nobody knows whether it was sent after the copy was made. */
export interface Doubtful {
  readonly account: string;
  readonly lane: string;
  readonly contactId: string;
}

/** What was under way when the copy was made, and is left to people. */
export interface Halted {
  readonly doubtful: readonly Doubtful[];
  readonly reminders: number;
}

const doubtfulText = `UPDATE delivery SET state = 'unknown', code = 'restored', ended_at = $1, lease_token = NULL, lease_until = NULL
WHERE state IN ('planned', 'due', 'leased', 'written') RETURNING account, lane, contact_id AS "contactId"`;
const remindersText = 'DELETE FROM timer WHERE reminder AND due_at <= $1 RETURNING flow';
const codesText = 'DELETE FROM link_code';
// Those may have been answered since as well; what was typed is erased by age, at once.
const behalvesText = 'UPDATE behalf SET ends_at = $1 WHERE ends_at > $1';
// What the old place imported since is in nobody's copy: whoever sent it looks, and sends it again.
const listsText = 'DELETE FROM roster_job';
const offersText = 'DELETE FROM role_offer WHERE grant_id IS NULL';

/**
 * The old place went on after the copy was made. What was to be sent may have been sent there, so nothing of it goes out by itself; reminders whose
 * time has passed do not either; and one-time codes are void, since they may have been used.
 */
export async function haltRestored(pool: Retaining['pool'], now: Date): Promise<Halted> {
  const halted: { doubtful: readonly Doubtful[]; reminders: number } = { doubtful: [], reminders: 0 };
  await inTransaction(pool, async (db) => {
    halted.doubtful = await run<Doubtful>(db, {
      name: 'restored-doubtful',
      text: doubtfulText,
      values: [now],
    });
    halted.reminders = (
      await run(db, { name: 'restored-reminders', text: remindersText, values: [now] })
    ).length;
    await run(db, { name: 'restored-codes', text: codesText, values: [] });
    await run(db, { name: 'restored-behalves', text: behalvesText, values: [now] });
    await run(db, { name: 'restored-lists', text: listsText, values: [] });
    await run(db, { name: 'restored-offers', text: offersText, values: [] });
    return true;
  });
  return halted;
}

/** Keeps that everything was copied, or came from a copy made at that time. */
export async function noteBackup(
  db: Queryable,
  what: 'made' | 'restored',
  at: Date,
  madeAt: string | null = null,
): Promise<void> {
  const entry = { kind: 'backup', action: what, detail: madeAt, subjects: [], at } as const;
  await run(db, audited({ ...entry, actor: what === 'made' ? 'local:backup' : 'local:restore' }));
}

const lastText = `SELECT max(at) AS at FROM audit_entry WHERE kind = 'backup' AND action = 'made'`;

/** When a backup was last begun; null: never. */
export async function lastBackup(db: Queryable): Promise<Date | null> {
  const [row] = await run<{ at: Date | null }>(db, { name: 'backup-last', text: lastText, values: [] });
  return row?.at ?? null;
}

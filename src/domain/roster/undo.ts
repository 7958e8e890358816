import { z } from 'zod';
import { type Queryable, run, type Statement } from '../../store/statement.js';
import { inTransaction } from '../../store/transaction.js';
import type { Records } from '../records.js';
import type { Kept } from './plan.js';
import { readKept } from './register.js';
import type { Person } from './row.js';
import { appointments, changeMembers, rosterLock, type Written } from './writes.js';

/** How many new members went, how many stand as before, and how many stay because they have registered, were verified or hold an office since. */
export interface TakenBack {
  readonly removed: number;
  readonly restored: number;
  readonly stayed: number;
}

/** What became of a list that was to be undone. `later`: that list must go first; null: there is none of this number any more. */
export type Undone =
  | ({ readonly ok: true } & TakenBack)
  | { readonly ok: false; readonly later: number | null };

/** Who takes a list back. */
export interface UndoWish {
  /** A contact, or `local:NAME`. */
  readonly who: string;
  /** What is written with it: all of it or nothing. */
  readonly alongside?: (taken: TakenBack) => readonly Statement[];
}

interface Change {
  readonly memberId: string;
  readonly before: Buffer | null;
  /** Registered, verified or in a board since: nobody's work is undone with the list. */
  readonly touched: boolean;
}

const takeBack =
  'UPDATE roster SET undone_at = $2 WHERE number = $1 AND undone_at IS NULL RETURNING id, simulator';
const changesOf = `SELECT c.member_id AS "memberId", c.before_sealed AS before, m.claimed_at IS NOT NULL OR EXISTS (
    SELECT FROM sk_move v WHERE v.member_id = m.id AND v.move NOT IN ('laporkan', 'koreksi', 'buka', 'lepas'))
  OR EXISTS (SELECT FROM board_office o WHERE o.member_id = m.id) AS touched
FROM roster_change c JOIN member m ON m.id = c.member_id WHERE c.roster_id = $1`;
const laterList = `SELECT r.number FROM roster_change c JOIN roster_change later ON later.member_id = c.member_id
JOIN roster r ON r.id = later.roster_id WHERE c.roster_id = $1 AND r.number > $2 AND r.undone_at IS NULL ORDER BY r.number DESC LIMIT 1`;
const removeMembers = [
  'DELETE FROM sk_move WHERE member_id = ANY($1)',
  'DELETE FROM sk_member WHERE member_id = ANY($1)',
  'DELETE FROM member WHERE id = ANY($1) AND claimed_at IS NULL',
  'DELETE FROM person_key WHERE subject = ANY($1)',
];
const dropUnused =
  'DELETE FROM sk_document d WHERE NOT EXISTS (SELECT FROM sk_member a WHERE a.document_id = d.id) AND d.id = ANY($1)';
const documentsOf =
  'SELECT document_id AS id FROM sk_member WHERE member_id = ANY($1) AND document_id IS NOT NULL';

/** What a list said of a member, as it is kept for the undo: exactly what `rosterWrites` sealed. */
const personSchema = z.object({ name: z.string(), regionCode: z.string() }).loose();

/** Takes a list back, by its number: all of it or nothing. Whoever has registered, was verified or holds an office since stays, and what a later list told must go first. */
export async function undoRoster(number: number, wish: UndoWish, records: Records): Promise<Undone> {
  let undone: Undone = { ok: false, later: null };
  await inTransaction(records.pool, async (db) => {
    await run(db, rosterLock);
    const [roster] = await run<{ id: string; simulator: boolean }>(db, {
      name: 'roster-take-back',
      text: takeBack,
      values: [number, records.now()],
    });
    if (roster === undefined) return false;
    const [later] = await run<{ number: number }>(db, {
      name: 'roster-later',
      text: laterList,
      values: [roster.id, number],
    });
    if (later !== undefined) {
      undone = { ok: false, later: later.number };
      return false;
    }
    const changes = await run<Change>(db, {
      name: 'roster-changes-of',
      text: changesOf,
      values: [roster.id],
    });
    const taken = await takenBack(db, changes, { ...roster, who: wish.who }, records);
    for (const one of wish.alongside?.(taken) ?? []) await run(db, one);
    undone = { ok: true, ...taken };
    return true;
  });
  return undone;
}

async function takenBack(
  db: Queryable,
  changes: readonly Change[],
  { who, simulator }: { readonly who: string; readonly simulator: boolean },
  records: Records,
): Promise<TakenBack> {
  const { vault, now, newId } = records;
  const open = changes.filter(({ touched }) => !touched);
  const added = open.filter(({ before }) => before === null).map(({ memberId }) => memberId);
  const kept = await readKept(
    db,
    vault,
    open.map(({ memberId }) => memberId),
  );
  const restored = open.flatMap((change) => restoredBy(change, kept, vault));
  const documents = await run<{ id: string }>(db, {
    name: 'roster-documents-of',
    text: documentsOf,
    values: [open.map(({ memberId }) => memberId)],
  });
  await run(db, changeMembers(restored, vault));
  for (const statement of appointments(restored, who, { vault, now: now(), newId, simulator }))
    await run(db, statement);
  for (const [at, text] of removeMembers.entries())
    await run(db, { name: `roster-remove-${at}`, text, values: [added] });
  await run(db, { name: 'roster-documents-drop', text: dropUnused, values: [documents.map(({ id }) => id)] });
  return { removed: added.length, restored: restored.length, stayed: changes.length - open.length };
}

function restoredBy(
  { memberId, before }: Change,
  kept: ReadonlyMap<string, Kept>,
  vault: Records['vault'],
): readonly Written[] {
  const now = kept.get(memberId);
  if (before === null || now === undefined) return [];
  // What was sealed is what the schema of a person gave; its parts are not looked at again.
  const person = personSchema.parse(vault.openJson(before)) as Person;
  return [{ id: memberId, person, before: now.person, appointment: now.appointment }];
}

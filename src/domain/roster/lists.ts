import { type Queryable, run } from '../../store/statement.js';
import type { Records } from '../records.js';

/** A list that was imported. */
export interface RosterLine {
  readonly number: number;
  readonly madeAt: Date;
  readonly madeBy: string;
  readonly members: number;
  readonly undone: boolean;
}

/** The lists that were imported, the latest first. It tells of lists, not of people, and so takes no viewer. */
export async function importedRosters({ prisma }: Records): Promise<readonly RosterLine[]> {
  const rows = await prisma.roster.findMany({
    orderBy: { number: 'desc' },
    include: { _count: { select: { changes: true } } },
  });
  return rows.map(({ number, madeAt, madeBy, undoneAt, _count }) => ({
    ...{ number, madeAt, madeBy },
    members: _count.changes,
    undone: undoneAt !== null,
  }));
}

/** As many as fit into one message that an old phone shows. */
const mostListed = 6;
const ownText = `SELECT r.number, r.made_at AS "madeAt", r.made_by AS "madeBy", false AS undone,
  (SELECT count(*)::int FROM roster_change c WHERE c.roster_id = r.id) AS members
FROM roster r WHERE r.made_by = $1 AND r.undone_at IS NULL ORDER BY r.number DESC LIMIT ${mostListed}`;

/** The lists that a contact has imported and not taken back, the latest first: lists, not people. */
export function ownRosters(contactId: string, db: Queryable): Promise<readonly RosterLine[]> {
  const values = [contactId];
  return run<RosterLine>(db, { name: 'roster-own', text: ownText, values });
}

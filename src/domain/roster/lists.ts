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

import type { RegionIndex } from '../../flow/regions.js';
import { run, type Statement } from '../../store/statement.js';
import { inTransaction } from '../../store/transaction.js';
import { readResidencies } from '../areas.js';
import { logAccess } from '../people.js';
import type { Records } from '../records.js';
import { may, type Viewer } from '../roles.js';
import type { Planned } from './plan.js';
import { type Prepared, prepareRoster, type RosterContext, type RosterFile } from './prepare.js';
import { rosterLock } from './writes.js';

/** What became of a list; `number` is what it goes by once it is imported, to undo it. */
export type Imported =
  | (Extract<Prepared, { readonly ok: true }> & { readonly number: number | null })
  | Extract<Prepared, { readonly ok: false }>;

/** How a list is imported by command. */
export interface ImportWish {
  readonly viewer: Viewer;
  readonly regions: RegionIndex;
  /** Without it nothing is written: the list is only looked through. */
  readonly apply: boolean;
  readonly simulator: boolean;
  /** What is written with the list, once it has its number: all of it or nothing. */
  readonly alongside?: (number: number | null, planned: readonly Planned[]) => readonly Statement[];
}

/**
 * Looks a list through, and writes all of it or nothing. What was planned is planned anew under the lock it is written under. Of whom the
 * report says how they stand, the look is kept.
 */
export async function importRoster(file: RosterFile, wish: ImportWish, records: Records): Promise<Imported> {
  const { pool, vault, newId, now } = records;
  const residencyOf = await readResidencies(records.prisma);
  const mayIn = (code: string) => may(wish.viewer, 'import-people', code, residencyOf);
  const { regions, simulator, viewer } = wish;
  const common = { vault, newId, now: now(), regions, simulator, mayIn, madeBy: viewer.id };
  if (!wish.apply) {
    const prepared = await prepareRoster(file, { ...common, db: pool });
    if (prepared.ok) await logAccess(viewer, records, 'compare-with-list', comparedIn(prepared.planned));
    return numbered(prepared, null);
  }
  let imported: Imported | null = null;
  await inTransaction(pool, async (db) => {
    await run(db, rosterLock);
    imported = await applied(file, { ...common, db });
    if (imported.ok)
      for (const one of wish.alongside?.(imported.number, imported.planned) ?? []) await run(db, one);
    return imported.ok;
  });
  if (imported === null) throw new Error('a transaction ended without its work');
  return imported;
}

async function applied(file: RosterFile, context: RosterContext): Promise<Imported> {
  const prepared = await prepareRoster(file, context);
  if (!prepared.ok) return prepared;
  let number: number | null = null;
  for (const statement of prepared.writes) {
    const [row] = await run<{ number?: number }>(context.db, statement);
    number ??= row?.number ?? null;
  }
  return numbered(prepared, number);
}

/** The members whom the report compares with a line. */
function comparedIn(planned: readonly Planned[]): readonly string[] {
  return planned.flatMap(({ member }) => (member === null || member.person === null ? [] : [member.id]));
}

function numbered(prepared: Prepared, number: number | null): Imported {
  return prepared.ok ? { ...prepared, number } : prepared;
}

import { type Queryable, run } from './statement.js';

/** A flow set to be kept: conversations are pinned to it by its hash. */
export interface StoredProgram {
  readonly hash: string;
  readonly source: string;
  readonly at: Date;
}

/** Keeps a flow set; the same one again changes nothing. */
export async function publishProgram(db: Queryable, { hash, source, at }: StoredProgram): Promise<void> {
  const text =
    'INSERT INTO flow_program (hash, source, published_at) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING';
  await run(db, { name: 'program-publish', text, values: [hash, source, at] });
}

/** The source of a flow set, or null when it was never published here. */
export async function findProgram(db: Queryable, hash: string): Promise<string | null> {
  const text = 'SELECT source FROM flow_program WHERE hash = $1';
  const rows = await run<{ source: string }>(db, { name: 'program-find', text, values: [hash] });
  return rows[0]?.source ?? null;
}

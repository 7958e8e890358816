import { type Queryable, run, type Statement } from './statement.js';

/** A flow set to be kept: conversations are pinned to it by its hash. */
export interface NewProgram {
  readonly hash: string;
  readonly source: string;
  readonly at: Date;
}

/** A flow set that is kept, and when it was published last. */
export interface StoredProgram {
  readonly source: string;
  readonly at: Date;
}

// What is published last is the newest, whatever the clocks of several machines say; what is the newest already stays as it is.
const publishText = `
WITH newest AS (SELECT max(published_at) AS at FROM flow_program)
INSERT INTO flow_program (hash, source, published_at)
SELECT $1, $2, greatest($3::timestamptz, newest.at + interval '1 millisecond') FROM newest
ON CONFLICT (hash) DO UPDATE SET published_at = excluded.published_at
  WHERE flow_program.published_at < (SELECT at FROM newest)`;

/** Keeps a flow set and makes it the newest; the newest one again changes nothing. Gives when it was published. */
export async function publishProgram(db: Queryable, { hash, source, at }: NewProgram): Promise<Date> {
  await run(db, { name: 'program-publish', text: publishText, values: [hash, source, at] });
  return (await findProgram(db, hash))?.at ?? at;
}

/** A flow set, or null when it was never published here or is not kept any more. */
export async function findProgram(db: Queryable, hash: string): Promise<StoredProgram | null> {
  const text = 'SELECT source, published_at AS at FROM flow_program WHERE hash = $1';
  const rows = await run<StoredProgram>(db, { name: 'program-find', text, values: [hash] });
  return rows[0] ?? null;
}

/** The hash of the flow set that was published last; null before the first. */
export async function newestProgram(db: Queryable): Promise<string | null> {
  const text = 'SELECT hash FROM flow_program ORDER BY published_at DESC LIMIT 1';
  const rows = await run<{ hash: string }>(db, { name: 'program-newest', text, values: [] });
  return rows[0]?.hash ?? null;
}

/** A process that has not heard of a newer flow set yet may still begin conversations in the one before. */
const removeText = `
DELETE FROM flow_program p
WHERE EXISTS (SELECT 1 FROM flow_program n WHERE n.published_at > p.published_at AND n.published_at < $1)
  AND NOT EXISTS (SELECT 1 FROM session s WHERE s.program = p.hash)
RETURNING hash`;

/** Removes flow sets that were replaced before a given time and that nobody is inside of. Gives their hashes. */
export async function removePrograms(db: Queryable, replacedBefore: Date): Promise<readonly string[]> {
  const statement = { name: 'program-remove', text: removeText, values: [replacedBefore] };
  const rows = await run<{ hash: string }>(db, statement);
  return rows.map(({ hash }) => hash);
}

/** Somebody inside a flow set. */
export interface InsideRow {
  readonly contactId: string;
  readonly program: string;
  readonly state: Buffer;
  readonly since: Date;
}

const insideText = `
SELECT contact_id AS "contactId", program, state_sealed AS state, updated_at AS since FROM session
WHERE program <> $1 AND ($2::uuid IS NULL OR contact_id > $2) ORDER BY contact_id LIMIT $3`;
const pageSize = 500;

/** Everybody inside another flow set than this one, in the order of their contacts, read in pages. */
export async function* insideOthers(db: Queryable, hash: string): AsyncGenerator<InsideRow> {
  let last: string | null = null;
  for (;;) {
    const statement: Statement = { name: 'program-inside', text: insideText, values: [hash, last, pageSize] };
    const rows: readonly InsideRow[] = await run<InsideRow>(db, statement);
    yield* rows;
    last = rows[rows.length - 1]?.contactId ?? null;
    if (rows.length < pageSize) return;
  }
}

/** How many people wait at a step of another flow set. */
export interface WaitingRow {
  readonly flow: string;
  readonly step: string;
  readonly people: number;
}

const waitingText = `
SELECT flow, step, count(*)::int AS people FROM session WHERE program <> $1 AND flow IS NOT NULL AND step IS NOT NULL
GROUP BY flow, step ORDER BY flow, step`;

/** Counts who waits where in other flow sets than this one. */
export function countWaiting(db: Queryable, hash: string): Promise<readonly WaitingRow[]> {
  return run<WaitingRow>(db, { name: 'program-waiting', text: waitingText, values: [hash] });
}

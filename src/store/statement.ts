import type pg from 'pg';

/** A row that can be sent now. */
export interface Woken {
  readonly id: string;
  readonly account: string;
  readonly lane: 'reply';
}

/** One SQL statement with its values; `name` makes it a prepared statement, kept per connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  /** It must give a row; that it does not says that what was looked at before has changed since (`ChangedMeanwhile`). */
  readonly mustFind?: boolean;
  /** What may be woken once it is committed: the row to be sent that it made, or the conversation it left something for. */
  readonly wakes?: Woken | 'conversation';
}

/** What was decided rests on something that has changed meanwhile: nothing was written, and it is to be decided anew. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';

  constructor(statement: string) {
    super(`${statement} found nothing any more`);
  }
}

/** Anything that runs statements: a pool, or one connection inside a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(config: {
    name: string;
    text: string;
    values: unknown[];
  }): Promise<pg.QueryResult<Row>>;
}

/** Runs a statement and gives its rows. The row type is the caller's knowledge of its own SQL. Throws `ChangedMeanwhile`. */
export async function run<Row extends pg.QueryResultRow>(
  db: Queryable,
  statement: Statement,
): Promise<readonly Row[]> {
  const { name, text, values } = statement;
  const result = await db.query<Row>({ name, text, values: [...values] });
  if (statement.mustFind === true && result.rows.length === 0) throw new ChangedMeanwhile(name);
  return result.rows;
}

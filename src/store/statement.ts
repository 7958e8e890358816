import type pg from 'pg';

/** One SQL statement with its values; `name` makes it a prepared statement, kept per connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Anything that runs statements: a pool, or one connection inside a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(config: {
    name: string;
    text: string;
    values: unknown[];
  }): Promise<pg.QueryResult<Row>>;
}

/** Runs a statement and gives its rows. The row type is the caller's knowledge of its own SQL. */
export async function run<Row extends pg.QueryResultRow>(
  db: Queryable,
  statement: Statement,
): Promise<readonly Row[]> {
  const { name, text, values } = statement;
  const result = await db.query<Row>({ name, text, values: [...values] });
  return result.rows;
}

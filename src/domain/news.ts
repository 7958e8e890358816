import type pg from 'pg';
import { isHumanHour } from '../flow/human-hours.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement, type Woken } from '../store/statement.js';
import { inTransaction } from '../store/transaction.js';

/** With what somebody is told of something who has not asked. */
export interface News {
  readonly pool: pg.Pool;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** What is told by itself once it is due. */
export interface NewsRule<Due> {
  /** Finds what is due now. */
  readonly due: (now: Date) => Statement;
  /** Takes it for this process alone and marks it as told: gives a row, or none when it is not due any more. */
  readonly claim: (one: Due, now: Date) => Statement;
  /** The messages; none: nobody can be told now, and it stays due. */
  readonly say: (one: Due, now: Date, db: Queryable) => Promise<readonly Statement[]>;
}

/**
 * Tells what is due, within human hours. Mark and messages are written together, so that however many processes do it each is told
 * once. Gives what can be sent.
 */
export async function tellDue<Due extends pg.QueryResultRow>(
  news: Pick<News, 'pool' | 'now'>,
  rule: NewsRule<Due>,
): Promise<readonly Woken[]> {
  const now = news.now();
  if (!isHumanHour(now)) return [];
  const written: Statement[] = [];
  for (const one of await run<Due>(news.pool, rule.due(now)))
    written.push(...(await tellOne(one, now, news.pool, rule)));
  return written.flatMap(({ wakes }) => (typeof wakes === 'object' ? [wakes] : []));
}

async function tellOne<Due>(
  one: Due,
  now: Date,
  pool: pg.Pool,
  { claim, say }: NewsRule<Due>,
): Promise<readonly Statement[]> {
  let written: readonly Statement[] = [];
  const done = await inTransaction(pool, async (connection) => {
    if ((await run(connection, claim(one, now))).length === 0) return false;
    written = await say(one, now, connection);
    for (const statement of written) await run(connection, statement);
    return written.length > 0;
  });
  return done ? written : [];
}

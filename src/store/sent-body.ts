import { type Queryable, run } from './statement.js';

const text = `
SELECT d.id, coalesce(d.body_sealed, b.body_sealed) AS body, d.body_sealed IS NULL AS "isShared"
FROM delivery d LEFT JOIN broadcast b ON b.id = d.broadcast_id
WHERE d.account = $1 AND d.provider_id = $2`;

/** What was sent: the row, and its sealed body, its own or (`isShared`) that of its broadcast. */
export interface SentBody {
  readonly id: string;
  readonly body: Buffer | null;
  readonly isShared: boolean;
}

/** What was accepted under a provider's id; null when there is none. The body is null when it was erased. */
export async function sentBody(db: Queryable, account: string, providerId: string): Promise<SentBody | null> {
  const statement = { name: 'sent-body', text, values: [account, providerId] };
  return (await run<SentBody>(db, statement))[0] ?? null;
}

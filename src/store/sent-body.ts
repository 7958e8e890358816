import { type Queryable, run } from './statement.js';

const text = `
SELECT coalesce(d.body_sealed, b.body_sealed) AS body FROM delivery d LEFT JOIN broadcast b ON b.id = d.broadcast_id
WHERE d.account = $1 AND d.provider_id = $2`;

/** The sealed body of what was accepted under a provider's id; null when there is none, or it was erased. */
export async function sentBody(db: Queryable, account: string, providerId: string): Promise<Buffer | null> {
  const statement = { name: 'sent-body', text, values: [account, providerId] };
  return (await run<{ body: Buffer | null }>(db, statement))[0]?.body ?? null;
}

import type { Pool } from 'pg';

const tables = [
  ...['inbound', 'session', 'delivery', 'timer', 'attachment', 'link_wish', 'contact', 'address'],
  ...['member', 'member_contact', 'consent', 'sk_member', 'sk_move', 'sk_file', 'handover', 'alarm'],
];

/** All that a conversation leaves in a database, table by table, to see whether anything changed it. */
export async function everythingIn(pool: Pool): Promise<Readonly<Record<string, readonly string[]>>> {
  const dumps = await Promise.all(
    // Whether a new number was looked at changes by itself, sooner or later.
    tables.map((table) =>
      pool.query(`SELECT (to_jsonb(t) - 'phone_news')::text AS row FROM ${table} t ORDER BY 1`),
    ),
  );
  return Object.fromEntries(
    tables.map((table, at) => [table, (dumps[at]?.rows ?? []).map(({ row }) => row)]),
  );
}

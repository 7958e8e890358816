import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from './errors.js';

/** Whoever seals and opens holds it shared; whoever changes the key holds it alone. Of one database. */
const lock = 72707370;
const retryMs = 1_000;

/** A hold on the key of a database. */
export interface KeyHold {
  close(): Promise<void>;
}

/**
 * Holds the key of a database as it is, for as long as this process uses it, on a connection of its own. When the connection is lost it is
 * held again as soon as the server is back; if the key was changed meanwhile, `changed` is told. Throws `StartError` while it is being changed.
 */
export async function holdKey(
  url: string,
  unchanged: () => Promise<boolean>,
  changed: () => void,
): Promise<KeyHold> {
  let closed = false;
  let client = await locked(url, 'pg_try_advisory_lock_shared', () => void again());
  if (client === null)
    throw new StartError(
      'The data key is being changed just now.',
      'Wait until that is done, then start again.',
    );
  const again = async () => {
    client = null;
    while (!closed && client === null) {
      await pause(retryMs);
      client = closed
        ? null
        : await locked(url, 'pg_try_advisory_lock_shared', () => void again()).catch(() => null);
    }
    if (!closed && !(await unchanged().catch(() => true))) changed();
  };
  return {
    async close() {
      closed = true;
      await client?.end().catch(() => {});
    },
  };
}

/** Holds the key of a database alone. Throws `StartError` while any Sapa uses it. */
export async function holdKeyAlone(url: string): Promise<KeyHold> {
  const client = await locked(url, 'pg_try_advisory_lock', () => {});
  if (client === null)
    throw new StartError(
      'A Sapa is using this database.',
      'Stop every Sapa of it (npm start, chats, commands), then again.',
    );
  return { close: () => client.end() };
}

/** How many processes hold the key of this database now. */
export async function keyHolders(db: pg.ClientBase): Promise<number> {
  const text = `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = $1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  return (await db.query<{ n: number }>(text, [lock])).rows[0]?.n ?? 0;
}

async function locked(url: string, how: string, lost: () => void): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: url });
  let held = false;
  client.on('error', () => {
    if (held) lost();
    held = false;
  });
  await client.connect();
  const { rows } = await client.query<{ held: boolean }>(`SELECT ${how}($1) AS held`, [lock]);
  held = rows[0]?.held === true;
  if (held) return client;
  await client.end();
  return null;
}

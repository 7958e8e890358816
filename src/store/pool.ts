import pg from 'pg';

const connections = 24;
const patienceMs = 10_000;

/**
 * Opens the connections of a process. Statements are prepared by name and planned once: for lists of unknown length the
 * server would otherwise plan again at every execution, which costs more than the statement itself.
 */
export function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: patienceMs,
    options: '-c plan_cache_mode=force_generic_plan',
  });
  // A lost connection is replaced at the next query, which then says what is wrong.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

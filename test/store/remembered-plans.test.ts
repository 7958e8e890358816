import { expect, onTestFinished, test } from 'vitest';
import { machine } from '../../src/delivery/states.js';
import { createRun } from '../../src/store/delivery-statements.js';
import { freshDatabase } from '../support/database.js';

const people = 2_000;
const fill = `
WITH n AS MATERIALIZED (SELECT gen_random_uuid() AS contact, gen_random_uuid() AS address FROM generate_series(1, $1::int)),
c AS (INSERT INTO contact (id, simulator) SELECT contact, true FROM n),
a AS (INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index)
  SELECT address, contact, 'fake', 'fake', '', uuid_send(address) FROM n),
b AS (INSERT INTO broadcast (id, state, body_sealed, created_by) VALUES (gen_random_uuid(), 'running', '', 'test') RETURNING id)
INSERT INTO delivery (id, contact_id, address_id, account, lane, state, broadcast_id, due_at)
SELECT gen_random_uuid(), contact, address, 'fake', 'bulk', 'planned', b.id, 'epoch' FROM n, b`;
const read = `SELECT (seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS rows FROM pg_stat_xact_user_tables WHERE relname = 'delivery'`;

test('what sweeps looks at each row a few times at most, though its plan was made while there was none', async () => {
  const { pool, drop } = await freshDatabase();
  const client = await pool.connect();
  onTestFinished(async () => {
    client.release(true);
    await drop();
  });
  const run = createRun(client, machine);
  const now = new Date();
  const looks = {
    releaseExpired: [now],
    expireDue: [now],
    expirePlanned: [now],
    unfeedPaused: [],
    cancelDue: [now, null],
    cancelPlanned: [now, null],
    feed: ['fake', people, now, false],
  } as const;
  await client.query('SET plan_cache_mode = force_generic_plan; ANALYZE delivery');
  const names = Object.keys(looks).filter((name): name is keyof typeof looks => name in looks);
  for (const name of names) await run(name, looks[name]);
  await client.query('BEGIN');
  await client.query(fill, [people]);
  for (const name of names) {
    const before = (await client.query(read)).rows[0].rows;
    await run(name, looks[name]);
    const after = (await client.query(read)).rows[0].rows;
    expect.soft((after - before) / people, name).toBeLessThan(10);
  }
  const fed = await client.query(`SELECT count(*)::int AS n FROM delivery WHERE state = 'due'`);
  expect(fed.rows).toEqual([{ n: people }]);
});

const { idleSession } = await import('../dist/flow/session.js');
const { newId } = await import('../dist/store/ids.js');

/** So many people are made by one statement. */
const chunk = 20_000;

// Members who have registered, each with a phone of their own in one village; their ids are made as the program makes them.
const text = `
  WITH n AS MATERIALIZED (
    SELECT * FROM unnest($1::bytea[], $2::bytea[], $6::uuid[], $7::uuid[], $8::uuid[]) AS given(sealed, index, contact, address, member)
  ), c AS (INSERT INTO contact (id, simulator) SELECT contact, true FROM n),
  a AS (INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index)
    SELECT address, contact, $3, $3, sealed, index FROM n),
  s AS (INSERT INTO session (contact_id, state_sealed) SELECT contact, $4 FROM n),
  p AS (INSERT INTO simulator_person (id, value_sealed, value_index) SELECT contact, sealed, index FROM n WHERE $3 = 'simulator'),
  m AS (INSERT INTO member (id, name, region_code, simulator, claimed_at, birth_date, sex, education)
    SELECT member, 'Orang Rekaan', $5, true, now(), '1970-08-17', 'L', 'SMA' FROM n)
  INSERT INTO member_contact (member_id, contact_id) SELECT member, contact FROM n`;

/** Makes so many people whom a broadcast reaches at an account, all in one village; `from` is the number of the first one there. */
export async function makePeople({ pool, vault }, { account, village, count, from = 0 }) {
  const state = vault.sealJson(idleSession);
  for (let made = 0; made < count; made += chunk) {
    const numbers = Array.from({ length: Math.min(chunk, count - made) }, (_, at) => from + made + at);
    const values = numbers.map((number) => `+62812${String(number).padStart(8, '0')}`);
    const sealed = values.map((value) => vault.seal(value));
    const index = values.map((value) => vault.index('address', value));
    const ids = [1, 2, 3].map(() => numbers.map(() => newId()));
    await pool.query(text, [sealed, index, account, state, village, ...ids]);
  }
  await pool.query('ANALYZE');
}

import { randomUUID } from 'node:crypto';
import { createSimulatorStore } from '../../../dist/store/simulator.js';
import { persist } from '../people.mjs';

const account = 'simulator';

/** The phones of the simulator: what they show stands in the database. */
export async function openSimulator({ pool, url, vault }) {
  const phones = createSimulatorStore({ pool, url, vault, account });
  const count = async (text) => (await pool.query(text)).rows[0].n;
  return {
    ...{ channel: 'simulator', account, simulator: true, env: {} },
    // A message sent again under its id is the same message: nothing stays unknown.
    inFlight: { reply: 0, bulk: 0 },
    join: (signal, number) => join(phones, signal, phoneOf(number)),
    newcomers: (total) => Array.from({ length: total }, (_, at) => `+62813000${digits(at + 1)}`),
    welcome: (rows) => welcome(pool, rows),
    isQuiet: async () =>
      (await count(
        'SELECT count(*)::int AS n FROM simulator_bubble WHERE NOT from_bot AND fetched_at IS NULL',
      )) === 0,
    screens: () => screensOf(pool, vault),
    counts: (recipients) => countsOf(count, recipients),
    end: () => phones.close(),
  };
}

async function join(phones, signal, value) {
  const { id } = await persist(signal, () => phones.addPerson(value));
  let last = 0;
  return {
    value,
    async say(text) {
      const messageId = randomUUID();
      await persist(signal, () => phones.say(id, messageId, { text }));
    },
    async news() {
      const screen = await persist(signal, () => phones.screen(id, last));
      last = screen.at(-1)?.id ?? last;
      const own = screen.findLastIndex((bubble) => !bubble.fromBot);
      return screen.slice(own + 1).map((bubble) => bubble.body.text);
    },
  };
}

function phoneOf(number) {
  return `+62812000${digits(number)}`;
}

function digits(number) {
  return String(number).padStart(5, '0');
}

async function welcome(pool, rows) {
  const column = (key) => rows.map((one) => one[key]);
  await pool.query(
    `INSERT INTO simulator_person (id, value_sealed, value_index)
     SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[])`,
    ['contactId', 'sealed', 'index'].map(column),
  );
}

async function screensOf(pool, vault) {
  const { rows } = await pool.query(
    'SELECT person_id, from_bot, body_sealed FROM simulator_bubble ORDER BY person_id, id',
  );
  const screens = new Map();
  for (const row of rows) {
    const screen = screens.get(row.person_id) ?? [];
    screen.push({ fromBot: row.from_bot, text: vault.openJson(row.body_sealed).text });
    screens.set(row.person_id, screen);
  }
  return [...screens.values()];
}

const lost = {
  'deliveries that were accepted and are on no screen': `
    SELECT count(*)::int AS n FROM delivery WHERE state IN ('accepted', 'delivered', 'read')
      AND NOT EXISTS (SELECT FROM simulator_bubble WHERE from_bot AND message_id = delivery.id::text)`,
  'messages of people that were not fetched': `
    SELECT count(*)::int AS n FROM simulator_bubble WHERE NOT from_bot AND fetched_at IS NULL`,
  'messages of people without a finished turn': `
    SELECT count(*)::int AS n FROM simulator_bubble bubble WHERE NOT from_bot AND NOT EXISTS (
      SELECT FROM inbound WHERE account = '${account}' AND dedupe_key = bubble.message_id AND state IN ('done', 'parked'))`,
};

const doubled = {
  'bot messages on a screen that no delivery accounts for': `
    SELECT count(*)::int AS n FROM simulator_bubble bubble WHERE from_bot
      AND NOT EXISTS (SELECT FROM delivery WHERE id::text = bubble.message_id)`,
  'broadcast recipients with more than one message': `
    SELECT count(*)::int AS n FROM (
      SELECT delivery.contact_id FROM delivery JOIN simulator_bubble ON message_id = delivery.id::text
      WHERE lane = 'bulk' GROUP BY delivery.contact_id HAVING count(*) > 1) again`,
};

const received = `
  SELECT count(DISTINCT delivery.contact_id)::int AS n FROM delivery JOIN simulator_bubble ON message_id = delivery.id::text
  WHERE lane = 'bulk'`;

const disordered = `
  SELECT count(*)::int AS n FROM (
    SELECT bubble.id < lag(bubble.id) OVER (PARTITION BY delivery.address_id, lane ORDER BY delivery.seq) AS early
    FROM delivery JOIN simulator_bubble bubble ON message_id = delivery.id::text) one WHERE early`;

async function countsOf(count, recipients) {
  const each = async (queries) =>
    Object.fromEntries(
      await Promise.all(Object.entries(queries).map(async ([what, text]) => [what, await count(text)])),
    );
  return {
    lost: {
      ...(await each(lost)),
      'broadcast recipients without a message': recipients - (await count(received)),
    },
    doubled: await each(doubled),
    wrong: { 'answers out of order': await count(disordered) },
  };
}

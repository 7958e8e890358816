import { account } from './people.mjs';

const open = "('planned', 'due', 'leased', 'written')";

/** Whether nothing is on its way any more, in either direction. */
export async function isQuiet(pool) {
  const { rows } = await pool.query(
    `SELECT NOT EXISTS (SELECT FROM delivery WHERE state IN ${open})
       AND NOT EXISTS (SELECT FROM simulator_bubble WHERE NOT from_bot AND fetched_at IS NULL) AS quiet`,
  );
  return rows[0].quiet;
}

const unseen = /masuk sebelum pertanyaan ini tampil/;

const registrationsOf = `
  SELECT person.id, count(DISTINCT member.id)::int AS members FROM simulator_person person
  LEFT JOIN address ON address.account = $1 AND address.value_index = person.value_index
  LEFT JOIN member_contact link ON link.contact_id = address.contact_id
  LEFT JOIN member ON member.id = link.member_id
  WHERE person.value_index = ANY($2::bytea[]) GROUP BY person.id`;

/** A turn makes its session one version older: fewer versions than messages is a lost turn, more is one done twice. */
const turnsOf = `
  SELECT session.version, count(inbound.id) FILTER (WHERE inbound.state IN ('done', 'parked'))::int AS treated
  FROM session LEFT JOIN inbound USING (contact_id) GROUP BY session.contact_id`;

const lostQueries = {
  'deliveries that have not ended': `SELECT count(*)::int AS n FROM delivery WHERE state IN ${open}`,
  'deliveries that were given up':
    "SELECT count(*)::int AS n FROM delivery WHERE state IN ('failed', 'expired', 'skipped')",
  'deliveries that were accepted and are on no screen': `
    SELECT count(*)::int AS n FROM delivery WHERE state IN ('accepted', 'delivered', 'read')
      AND NOT EXISTS (SELECT FROM simulator_bubble WHERE from_bot AND message_id = delivery.id::text)`,
  'messages of people that were not fetched': `
    SELECT count(*)::int AS n FROM simulator_bubble WHERE NOT from_bot AND fetched_at IS NULL`,
  'messages of people without a finished turn': `
    SELECT count(*)::int AS n FROM simulator_bubble bubble WHERE NOT from_bot AND NOT EXISTS (
      SELECT FROM inbound WHERE account = '${account}' AND dedupe_key = bubble.message_id AND state IN ('done', 'parked'))`,
  'broadcasts that are not done': "SELECT count(*)::int AS n FROM broadcast WHERE state <> 'done'",
};

const doubledQueries = {
  'bot messages on a screen that no delivery accounts for': `
    SELECT count(*)::int AS n FROM simulator_bubble bubble WHERE from_bot
      AND NOT EXISTS (SELECT FROM delivery WHERE id::text = bubble.message_id)`,
  'broadcast recipients with more than one message': `
    SELECT count(*)::int AS n FROM (
      SELECT delivery.contact_id FROM delivery JOIN simulator_bubble ON message_id = delivery.id::text
      WHERE lane = 'bulk' GROUP BY delivery.contact_id HAVING count(*) > 1) again`,
};

/** What of a run was lost, doubled, unknown; each with what it consists of. */
export async function countAll({ pool, vault }, { members, recipients }) {
  const n = async (text) => (await pool.query(text)).rows[0].n;
  const countEach = async (queries) =>
    Object.fromEntries(
      await Promise.all(Object.entries(queries).map(async ([what, text]) => [what, await n(text)])),
    );
  const registrations = (
    await pool.query(registrationsOf, [account, members.map((value) => vault.index('address', value))])
  ).rows.map((row) => row.members);
  const turns = (await pool.query(turnsOf)).rows;
  const screens = await screensOf(pool, vault);
  const received = await n(
    "SELECT count(DISTINCT delivery.contact_id)::int AS n FROM delivery JOIN simulator_bubble ON message_id = delivery.id::text WHERE lane = 'bulk'",
  );
  return {
    lost: {
      ...(await countEach(lostQueries)),
      'members not registered': members.length - registrations.filter((found) => found > 0).length,
      'broadcast recipients without a message': recipients - received,
      'turns without a session': sum(turns.map(({ version, treated }) => Math.max(0, treated - version))),
    },
    doubled: {
      ...(await countEach(doubledQueries)),
      'members registered more than once': registrations.filter((found) => found > 1).length,
      'members beyond those who registered': Math.max(
        0,
        (await n('SELECT count(*)::int AS n FROM member')) - members.length,
      ),
      'messages treated more than once': sum(
        turns.map(({ version, treated }) => Math.max(0, version - treated)),
      ),
      'answers planned twice for one message': await repeatedAnswers(pool, vault),
      'texts that stand twice in one answer': sum(screens.map(repeatedOn)),
    },
    unknown: { deliveries: await n("SELECT count(*)::int AS n FROM delivery WHERE state = 'unknown'") },
    also: {
      'answers out of order': await n(
        `SELECT count(*)::int AS n FROM (
           SELECT bubble.id < lag(bubble.id) OVER (PARTITION BY delivery.address_id, lane ORDER BY delivery.seq) AS early
           FROM delivery JOIN simulator_bubble bubble ON message_id = delivery.id::text) one WHERE early`,
      ),
      'messages parked after three failures': await n(
        "SELECT count(*)::int AS n FROM inbound WHERE state = 'parked'",
      ),
      'apologies for a failed turn': await n(
        "SELECT count(*)::int AS n FROM handover WHERE reason = 'turn-failed'",
      ),
      'answers that came before their question was marked as seen': sum(
        screens.map((screen) => screen.filter(({ fromBot, text }) => fromBot && unseen.test(text)).length),
      ),
      'replies replaced before they were sent': await n(
        "SELECT count(*)::int AS n FROM delivery WHERE state = 'cancelled'",
      ),
      'sends that were repeated under the same id': await n(
        'SELECT coalesce(sum(greatest(attempts - 1, 0)), 0)::int AS n FROM delivery',
      ),
    },
  };
}

/** The same text twice because of one message: one turn plans each of its texts once. */
async function repeatedAnswers(pool, vault) {
  const { rows } = await pool.query(
    "SELECT cause, body_sealed FROM delivery WHERE lane = 'reply' AND body_sealed IS NOT NULL AND state <> 'cancelled'",
  );
  const keys = rows.map((row) => `${row.cause}\n${vault.openJson(row.body_sealed).text}`);
  return keys.length - new Set(keys).size;
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

/** Texts that the bot said twice while the person said nothing in between. */
function repeatedOn(screen) {
  let said = new Set();
  let repeated = 0;
  for (const { fromBot, text } of screen) {
    if (!fromBot) said = new Set();
    else if (said.has(text)) repeated += 1;
    else said.add(text);
  }
  return repeated;
}

/** The sum of the parts of a figure. */
export function sum(numbers) {
  return numbers.reduce((total, one) => total + one, 0);
}

const open = "('planned', 'due', 'leased', 'written')";

/** Whether nothing is on its way any more, in either direction. */
export async function isQuiet(pool, channel) {
  const { rows } = await pool.query(
    `SELECT NOT EXISTS (SELECT FROM delivery WHERE state IN ${open})
       AND NOT EXISTS (SELECT FROM inbound WHERE state IN ('pending', 'failed')) AS quiet`,
  );
  return rows[0].quiet && (await channel.isQuiet());
}

/** What changes as long as anything goes on, and how much of the broadcast was sent and was not. */
export async function progressOf(pool) {
  const { rows } = await pool.query(
    `SELECT (SELECT count(*)::int FROM inbound WHERE state IN ('done', 'parked')) AS treated,
       count(*) FILTER (WHERE lane = 'reply' AND state NOT IN ${open})::int AS replied,
       count(*) FILTER (WHERE lane = 'bulk' AND state NOT IN ${open})::int AS sent,
       count(*) FILTER (WHERE lane = 'bulk' AND state IN ${open})::int AS unsent
     FROM delivery`,
  );
  return rows[0];
}

/** Each reply of which nobody knows whether it arrived is followed by one of these, with the question that is pending. */
const followUp = /^Maaf, sempat terputus/;
const registrationsOf = `
  SELECT address.id, count(DISTINCT member.id)::int AS members FROM address
  LEFT JOIN member_contact link ON link.contact_id = address.contact_id
  LEFT JOIN member ON member.id = link.member_id
  WHERE address.account = $1 AND address.value_index = ANY($2::bytea[]) GROUP BY address.id`;

/** A turn makes its session one version older: fewer versions than messages is a lost turn, more is one done twice. */
const turnsOf = `
  SELECT session.version, count(inbound.id) FILTER (WHERE inbound.state IN ('done', 'parked'))::int AS treated
  FROM session LEFT JOIN inbound USING (contact_id) GROUP BY session.contact_id`;

/** Of one person, what was written first is treated first; timers and signals are rows that nobody wrote. */
const disordered = `
  SELECT count(*)::int AS n FROM (
    SELECT written_at < lag(written_at) OVER (PARTITION BY contact_id ORDER BY seq) AS early FROM inbound
    WHERE dedupe_key !~ '^(timer|signal|chaos):') one WHERE early`;

const lostQueries = {
  'deliveries that have not ended': `SELECT count(*)::int AS n FROM delivery WHERE state IN ${open}`,
  'deliveries that were given up':
    "SELECT count(*)::int AS n FROM delivery WHERE state IN ('failed', 'expired', 'skipped')",
  'broadcasts that are not done': "SELECT count(*)::int AS n FROM broadcast WHERE state <> 'done'",
};

function unknownIn(lane) {
  return `SELECT count(*)::int AS n FROM delivery WHERE state = 'unknown' AND lane = '${lane}'`;
}

/** What of a run was lost, doubled, wrong, unknown; each with what it consists of. */
export async function countAll({ pool, vault }, channel, { members, registrations, recipients }) {
  const n = async (text) => (await pool.query(text)).rows[0].n;
  const countEach = async (queries) =>
    Object.fromEntries(
      await Promise.all(Object.entries(queries).map(async ([what, text]) => [what, await n(text)])),
    );
  const indexes = members.map((value) => vault.index('address', value));
  const registered = (await pool.query(registrationsOf, [channel.account, indexes])).rows.map(
    (row) => row.members,
  );
  const turns = (await pool.query(turnsOf)).rows;
  const screens = await channel.screens();
  const told = await channel.counts(recipients);
  return {
    lost: {
      ...(await countEach(lostQueries)),
      ...told.lost,
      'members not registered': registrations - registered.filter((found) => found > 0).length,
      'turns without a session': sum(turns.map(({ version, treated }) => Math.max(0, treated - version))),
    },
    doubled: {
      ...told.doubled,
      'members registered more than once': registered.filter((found) => found > 1).length,
      'members beyond those who registered': Math.max(
        0,
        (await n('SELECT count(*)::int AS n FROM member')) - registrations,
      ),
      'messages treated more than once': sum(
        turns.map(({ version, treated }) => Math.max(0, version - treated)),
      ),
      'answers planned twice for one message': await repeatedAnswers(pool, vault),
      'texts that stand twice in one answer': sum(screens.map((screen) => repeatedOn(screen).length)),
    },
    wrong: {
      ...told.wrong,
      'messages of people treated out of order': await n(disordered),
      'messages parked after three failures': await n(
        "SELECT count(*)::int AS n FROM inbound WHERE state = 'parked'",
      ),
    },
    excerpts: [...excerpts(screens), ...(told.excerpts ?? [])],
    unknown: { reply: await n(unknownIn('reply')), bulk: await n(unknownIn('bulk')) },
    also: {
      ...told.also,
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

/** Each message that came before its question was seen is told so by itself, and two may be treated after both were written. */
const unseen = /masuk sebelum pertanyaan ini tampil/;

/** Texts that the bot said twice while the person said nothing in between: their places on the screen. */
function repeatedOn(screen) {
  let said = new Set();
  return screen.flatMap(({ fromBot, text }, at) => {
    if (!fromBot) said = new Set();
    else if (said.has(text) && !followUp.test(text) && !unseen.test(text)) return [at];
    else said.add(text);
    return [];
  });
}

/** What stood on the screens around those texts; everything in it is made up. */
function excerpts(screens) {
  return screens.flatMap((screen) =>
    repeatedOn(screen).map((at) => {
      const lines = screen.slice(Math.max(0, at - 7), at + 2);
      return { what: 'said twice', lines: lines.map(lineOf) };
    }),
  );
}

function lineOf({ fromBot, text }) {
  return `${fromBot ? '←' : '→'} ${JSON.stringify(text.slice(0, 100))}`;
}

/** The sum of the parts of a figure. */
export function sum(numbers) {
  return numbers.reduce((total, one) => total + one, 0);
}

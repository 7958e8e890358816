import { runnerImport } from 'vite';
import { broadcastText } from '../people.mjs';

/** Loads a double, which is TypeScript; it lives in the process of the run and outlives all that is killed. */
export async function loadDouble(name) {
  const { module } = await runnerImport(`test/doubles/${name}/double.ts`, { configFile: false });
  return module;
}

/**
 * The people of a double, and what it counted, in the shape of a channel. `newPerson` makes one; `acceptances` are the ids of
 * the accepted messages, as the delivery remembers them, one for each time; `waiting` says how many messages were not taken;
 * `accountedBy` gives the id of a row by itself, where it follows from the row.
 */
export function peopleOf({ pool, vault, newPerson, acceptances, waiting, accountedBy = null }) {
  const members = [];
  const people = [];
  return {
    async join() {
      const member = memberOf(newPerson());
      members.push(member);
      return member;
    },
    newcomers(total) {
      for (let at = 0; at < total; at += 1) people.push(newPerson());
      return people.map(({ address }) => address);
    },
    welcome: async () => {},
    isQuiet: async () => waiting() === 0,
    screens: async () => members.map((member) => member.screen()),
    counts: (recipients) =>
      countsOf({ pool, vault, members, people, acceptances, waiting, accountedBy }, recipients),
  };
}

function memberOf(person) {
  const own = [];
  let seen = 0;
  return {
    value: person.address,
    heard: () => person.texts().length,
    async say(text) {
      own.push({ at: person.texts().length, text });
      person.write(text);
    },
    async news() {
      const texts = person.texts();
      const news = texts.slice(Math.max(seen, own.at(-1)?.at ?? 0));
      seen = texts.length;
      return news;
    },
    said: () => own.length,
    screen() {
      const shown = person.texts().map((text, at) => ({ at: at + 0.5, fromBot: true, text }));
      const written = own.map(({ at, text }) => ({ at, fromBot: false, text }));
      return [...written, ...shown].sort((one, other) => one.at - other.at);
    },
  };
}

/** What stands in front of the first broadcast to somebody, also when it was sent again. */
const opening = /^Yth\. Bapak\/Ibu,\n\nSaya asisten otomatis IPSM/;

/** What the double counted, against what the database says. */
async function countsOf({ pool, vault, members, people, acceptances, waiting, accountedBy }, recipients) {
  const count = async (text) => (await pool.query(text)).rows[0].n;
  const unknown = (lane) =>
    count(`SELECT count(*)::int AS n FROM delivery WHERE state = 'unknown' AND lane = '${lane}'`);
  const taken = await pool.query(`
    SELECT provider_id AS id, address_id, lane, seq, state, attempts, created_at, accepted_at, cause_state
    FROM delivery LEFT JOIN LATERAL (SELECT state AS cause_state FROM delivery cause WHERE cause.id = delivery.cause) c ON true
    WHERE provider_id IS NOT NULL ORDER BY seq, created_at`);
  const accounted = new Set(taken.rows.map(({ id }) => id));
  const { rows } = await pool.query('SELECT id FROM delivery');
  const known = new Set([...accounted, ...(accountedBy === null ? [] : rows.map(accountedBy))]);
  const accepted = new Set(acceptances());
  const finished = await count(
    "SELECT count(*)::int AS n FROM inbound WHERE state IN ('done', 'parked') AND dedupe_key NOT LIKE 'chaos:%'",
  );
  const said = members.reduce((total, member) => total + member.said(), 0);
  const invited = people.map((one) => one.texts().filter((text) => text.endsWith(broadcastText)));
  const invitations = invited.map((texts) => texts.length);
  const unheard = invitations.filter((times) => times === 0).length + recipients - people.length;
  const bulkUnknown = await unknown('bulk');
  const allUnknown = bulkUnknown + (await unknown('reply'));
  const early = disordered(taken.rows, [...accepted]);
  const strange = [...accepted].filter((id) => !known.has(id)).length;
  return {
    lost: {
      'deliveries that were accepted and the provider never saw': [...accounted].filter(
        (id) => !accepted.has(id),
      ).length,
      'messages of people that were not taken': waiting(),
      'messages of people without a finished turn': Math.max(0, said - finished),
      // Whether it arrived cannot be known of who is told to be unknown.
      'broadcast recipients without a message that nobody told of': Math.max(0, unheard - bulkUnknown),
    },
    doubled: {
      // Each unknown one may have been accepted once.
      'messages accepted that no delivery accounts for': Math.max(0, strange - allUnknown),
      'messages shown beyond those sent to a person': await surplus(pool, vault, [
        ...members.map((member) => [member.value, member.heard()]),
        ...people.map((one) => [one.address, one.texts().length]),
      ]),
      'broadcast recipients with more than one message': invitations.filter((times) => times > 1).length,
    },
    wrong: {
      'answers out of order': early.length,
      'first broadcasts that do not say who speaks': invited.flat().filter((text) => !opening.test(text))
        .length,
    },
    excerpts: early.map((pair) => ({ what: 'taken out of order', lines: pair.map(lineOf) })),
    also: { 'messages that arrived and are told to be unknown': Math.min(strange, allUnknown) },
  };
}

/** How many more messages people were shown than rows were sent to them, or perhaps were. */
async function surplus(pool, vault, heard) {
  const { rows } = await pool.query(`
    SELECT encode(address.value_index, 'hex') AS address, count(*)::int AS n
    FROM delivery JOIN address ON address.id = delivery.address_id
    WHERE state IN ('accepted', 'delivered', 'read', 'unknown') OR (state = 'cancelled' AND attempts > 0)
    GROUP BY 1`);
  const sent = new Map(rows.map(({ address, n }) => [address, n]));
  const sentTo = (value) => sent.get(vault.index('address', value).toString('hex')) ?? 0;
  return heard.reduce((total, [value, times]) => total + Math.max(0, times - sentTo(value)), 0);
}

/** Rows that were taken before one that stands before them in their lane to their address, each with that one, which was too late. */
function disordered(rows, accepted) {
  const places = new Map(accepted.map((id, at) => [id, at]));
  const latest = new Map();
  return rows.flatMap((row) => {
    const spot = `${row.lane} ${row.address_id}`;
    const one = { ...row, place: places.get(row.id) ?? Infinity };
    const before = latest.get(spot);
    if (before === undefined || one.place > before.place) latest.set(spot, one);
    return before !== undefined && one.place < before.place ? [[before, one]] : [];
  });
}

/** What is known of a row that was not taken in its turn: nothing of a person. */
function lineOf({ seq, lane, state, attempts, created_at, accepted_at, cause_state, place }) {
  const times = `made ${created_at.toISOString()}, accepted ${accepted_at?.toISOString() ?? 'by its status'}`;
  return `${lane} ${seq}, ${state} after ${attempts} tries, follows ${cause_state ?? 'a turn'}, ${times}, as the ${place}th`;
}

/** Who may be written to only after having written: each of these people has, once and just now. */
export async function haveWritten(pool, people) {
  const column = (key) => people.map((one) => one[key]);
  await pool.query(
    `WITH r AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS r(contact_id, address_id)),
     s AS (UPDATE session SET version = 1 FROM r WHERE session.contact_id = r.contact_id)
     INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, state, written_at, received_at, processed_at)
     SELECT gen_random_uuid(), r.contact_id, r.address_id, a.account, 'chaos:' || r.address_id, 'done', now(), now(), now()
     FROM r JOIN address a ON a.id = r.address_id`,
    ['contactId', 'addressId'].map(column),
  );
}

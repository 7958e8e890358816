import { runnerImport } from 'vite';
import { broadcastText } from '../people.mjs';

/** Telegram by its double, which runs in the process of the run itself and outlives all it kills. */
export async function openTelegram({ pool }) {
  const { module } = await runnerImport('test/doubles/telegram/double.ts', { configFile: false });
  // The members of a run answer faster than anybody types: what one chat may get is not what is tried here.
  const api = await module.startTelegram({ limits: { chatBurst: 10_000 } });
  const members = [];
  const people = [];
  return {
    ...{ channel: 'telegram', account: `telegram-${api.token.split(':')[0]}`, simulator: false },
    env: { TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: api.url },
    // As many as its pace lets be on their way at once.
    inFlight: { reply: 16, bulk: 1 },
    async join() {
      const member = join(api.person());
      members.push(member);
      return member;
    },
    newcomers(total) {
      for (let at = 0; at < total; at += 1) people.push(api.person());
      return people.map(({ address }) => address);
    },
    welcome: async () => {},
    isQuiet: async () => api.pending() === 0,
    screens: async () => members.map((member) => member.screen()),
    counts: (recipients) => countsOf({ api, pool, members, people }, recipients),
    end: () => api.close(),
  };
}

function join(person) {
  const own = [];
  let seen = 0;
  return {
    value: person.address,
    async say(text) {
      own.push({ id: person.write(text).message.message_id, fromBot: false, text });
    },
    async news() {
      const last = own.at(-1)?.id ?? 0;
      const news = person.shown().filter(({ message_id: id }) => id > Math.max(seen, last));
      seen = news.at(-1)?.message_id ?? seen;
      return news.map(({ text }) => text);
    },
    said: () => own.length,
    screen() {
      const shown = person.shown().map(({ message_id: id, text }) => ({ id, fromBot: true, text }));
      return [...own, ...shown].sort((one, other) => one.id - other.id);
    },
  };
}

/** What the double counted, against what the database says. */
async function countsOf({ api, pool, members, people }, recipients) {
  const count = async (text) => (await pool.query(text)).rows[0].n;
  const taken = await pool.query('SELECT provider_id AS id FROM delivery WHERE provider_id IS NOT NULL');
  const accounted = new Set(taken.rows.map(({ id }) => id));
  const accepted = new Set(api.accepted.map(idOf));
  const unknown = await count("SELECT count(*)::int AS n FROM delivery WHERE state = 'unknown'");
  const finished = "SELECT count(*)::int AS n FROM inbound WHERE state IN ('done', 'parked')";
  const said = members.reduce((total, member) => total + member.said(), 0);
  const invitations = people.map((one) => one.texts().filter((text) => text === broadcastText).length);
  const unheard = invitations.filter((times) => times === 0).length + recipients - people.length;
  const bulkUnknown = "SELECT count(*)::int AS n FROM delivery WHERE state = 'unknown' AND lane = 'bulk'";
  const strange = [...accepted].filter((id) => !accounted.has(id)).length;
  return {
    lost: {
      'deliveries that were accepted and the provider never saw': [...accounted].filter(
        (id) => !accepted.has(id),
      ).length,
      'messages of people that were not fetched': api.pending(),
      'messages of people without a finished turn': Math.max(0, said - (await count(finished))),
      // Whether it arrived cannot be known of who is told to be unknown.
      'broadcast recipients without a message that nobody told of': Math.max(
        0,
        unheard - (await count(bulkUnknown)),
      ),
    },
    doubled: {
      // Each unknown one may have been accepted once.
      'messages accepted that no delivery accounts for': Math.max(0, strange - unknown),
      'broadcast recipients with more than one message': invitations.filter((times) => times > 1).length,
    },
    also: {
      'messages that arrived and are told to be unknown': Math.min(strange, unknown),
      'sends refused because they were too many': api
        .calls('sendMessage')
        .filter(({ status }) => status === 429).length,
    },
  };
}

function idOf({ chat, message_id: id }) {
  return `${chat.id}:${id}`;
}

import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { answer, opening } from './conversation.mjs';
import { programOf } from './players/sapa.mjs';
import { interleave, median, ratio, spread } from './rounds.mjs';

const { createVault } = await import('../dist/store/crypto.js');
const { startEmbedded } = await import('../dist/store/embedded.js');
const { newId } = await import('../dist/store/ids.js');
const { applyMigrations } = await import('../dist/store/migrations.js');
const { channelCapabilities } = await import('../dist/flow/capabilities.js');
const { openPool } = await import('../dist/store/pool.js');
const { createLibrary } = await import('../dist/turn/library.js');
const { Turns } = await import('../dist/turn/turn.js');

const people = 2000;
const few = 16;
const many = 64;
/** An ordinary long registration: 24 questions, so that the state is about 1 kB on average. */
const questions = 24;

/** Durable turns against a bare one-statement write on the same server, fsync on, interleaved. */
export async function turnFigures({ rounds = 7, ms = 2000 } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'sapa-bench-'));
  await chmod(dir, 0o711); // the server may run as another user
  const server = await startEmbedded({ dir });
  const pools = [];
  const abandon = () => void server.stop().finally(() => process.exit(130));
  process.once('SIGINT', abandon).once('SIGTERM', abandon);
  const connect = () => {
    const pool = openPool(server.url);
    pools.push(pool);
    return pool;
  };
  try {
    await applyMigrations(server.url, fileURLToPath(new URL('../prisma/migrations', import.meta.url)));
    await acceptAtOnce(connect());
    const durability = await durabilityOf(connect());
    const bare = await bareWriter(connect());
    const single = ours(connect(), 'one', 1);
    const gathered = ours(connect(), 'many', 64);
    // Everybody is known and the planner has seen full tables, on both sides: a first message costs a contact more.
    await Promise.all(Array.from({ length: people }, (_, person) => gathered.play(person)));
    await Promise.all(Array.from({ length: people }, (_, person) => single.play(person)));
    await connect().query('ANALYZE');
    const cells = [
      cell('bare.16', bare, few, ms),
      cell('turn.16', single.play, few, ms),
      cell('bare.64', bare, many, ms),
      cell('gathered.64', gathered.play, many, ms),
    ];
    const rates = await interleave(cells, { rounds, warmup: 1 });
    await single.prove();
    await gathered.prove();
    return figuresOf(rates, durability);
  } finally {
    process.off('SIGINT', abandon).off('SIGTERM', abandon);
    await Promise.all(pools.map((pool) => pool.end()));
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

/** No sender runs here, and a question nobody received takes no answer: every reply counts as accepted long ago, at no cost to a turn. */
async function acceptAtOnce(pool) {
  await pool.query("ALTER TABLE delivery ALTER COLUMN accepted_at SET DEFAULT '2000-01-01'");
}

async function durabilityOf(pool) {
  const { rows } = await pool.query(
    "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit",
  );
  const [{ fsync, commit }] = rows;
  if (fsync !== 'on' || commit !== 'on')
    throw new Error(`the server is not durable: fsync ${fsync}, commit ${commit}`);
  return `fsync ${fsync}, synchronous_commit ${commit}`;
}

/** `play(person)` is one turn of that person; a cell keeps `concurrency` people busy and never one person twice at once. */
function cell(key, play, concurrency, ms) {
  const run = async () => {
    const start = performance.now();
    const end = start + ms;
    let turns = 0;
    const lane = async (first) => {
      for (let person = first; performance.now() < end; person = (person + concurrency) % people) {
        await play(person);
        turns += 1;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, (_, at) => lane(at)));
    return [(turns * 1000) / (performance.now() - start)];
  };
  return { keys: [key], often: false, run };
}

const bareTables = `
CREATE SCHEMA bench;
CREATE TABLE bench.contact (id uuid PRIMARY KEY, channel text NOT NULL, address text NOT NULL, UNIQUE (channel, address));
CREATE TABLE bench.session (contact_id uuid PRIMARY KEY REFERENCES bench.contact, state jsonb NOT NULL,
  version int NOT NULL DEFAULT 0, updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE bench.inbound (id uuid PRIMARY KEY, contact_id uuid NOT NULL REFERENCES bench.contact, dedupe_key text NOT NULL UNIQUE,
  body jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE bench.outbox (id uuid PRIMARY KEY, contact_id uuid NOT NULL REFERENCES bench.contact, body jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now());`;

const bareWrite = `
WITH c AS MATERIALIZED (SELECT c.id FROM bench.contact c JOIN bench.session s ON s.contact_id = c.id
       WHERE c.channel = $1 AND c.address = $2 AND s.version = $3 FOR UPDATE OF c, s),
 i AS (INSERT INTO bench.inbound (id, contact_id, dedupe_key, body) SELECT $4::uuid, c.id, $5, $6::jsonb FROM c
       ON CONFLICT (dedupe_key) DO NOTHING RETURNING contact_id),
 s AS (UPDATE bench.session s SET state = $7::jsonb, version = s.version + 1, updated_at = now()
       FROM i WHERE s.contact_id = i.contact_id RETURNING s.version),
 o AS (INSERT INTO bench.outbox (id, contact_id, body) SELECT u.id, i.contact_id, u.b
       FROM i, unnest($8::uuid[], $9::jsonb[]) AS u(id, b) RETURNING 1)
SELECT EXISTS (SELECT 1 FROM c) AS current, (SELECT version FROM s) AS version, (SELECT count(*)::int FROM o) AS queued`;

/** The reference: the least a durable turn can be, one named statement with nothing read before it. */
async function bareWriter(pool) {
  await pool.query(bareTables);
  const ids = Array.from({ length: people }, () => randomUUID());
  const addresses = ids.map((_, at) => String(at));
  await pool.query(
    "INSERT INTO bench.contact SELECT i, 'bench', a FROM unnest($1::uuid[], $2::text[]) AS u(i, a)",
    [ids, addresses],
  );
  const state = JSON.stringify({ values: Array.from({ length: 40 }, (_, i) => answer(i)) }).padEnd(1024);
  await pool.query(
    'INSERT INTO bench.session (contact_id, state) SELECT i, $2::jsonb FROM unnest($1::uuid[]) AS u(i)',
    [ids, state],
  );
  const versions = new Array(people).fill(0);
  const body = JSON.stringify({ text: answer(0) });
  const reply = JSON.stringify({ text: 'Terima kasih, jawaban Bapak/Ibu sudah kami catat.' });
  return async (person) => {
    const values = [
      'bench',
      String(person),
      versions[person],
      newId(),
      newId(),
      body,
      state,
      [newId(), newId()],
      [reply, reply],
    ];
    const { rows } = await pool.query({ name: 'bench-write', text: bareWrite, values });
    if (rows[0].queued !== 2) throw new Error('the reference wrote nothing');
    versions[person] += 1;
  };
}

/** The product's own turn, from `receive` to the commit. `play` is one message of a person who answers question after question. */
function ours(pool, account, gather) {
  const program = programOf(questions);
  const failures = [];
  const turns = new Turns({
    pool,
    vault: createVault(randomBytes(32)),
    // Nobody sends a file here.
    fileStore: { nameOf: () => '', put: async () => {} },
    library: createLibrary({ program, at: new Date(0) }, async () => null),
    actions: {},
    regions: { find: () => ({ kind: 'none' }), get: () => undefined },
    capabilities: () => channelCapabilities.simulator,
    doors: async () => [],
    outreach: { secondYesAbove: 50, speeds: {}, opens: (at) => at, prices: null },
    isSimulator: () => true,
    now: () => new Date(),
    newId,
    wake: () => {},
    onFailure: (error) => failures.push(error),
    gather,
  });
  const asked = new Array(people).fill(0);
  let messages = 0;
  const play = async (person) => {
    messages += 1;
    const at = asked[person] % (questions + 1);
    asked[person] += 1;
    const text = at === 0 ? opening : answer(at - 1);
    await turns.receive({
      channel: 'simulator',
      account,
      dedupeKey: String(messages),
      address: String(person),
      phone: null,
      content: { kind: 'text', text },
      writtenAt: new Date(),
    });
  };
  return { play, prove: () => prove(pool, account, messages, failures) };
}

/** Every message must have its committed turn, or the figure means nothing. */
async function prove(pool, account, messages, failures) {
  if (failures.length > 0) throw failures[0];
  const { rows } = await pool.query(
    "SELECT count(*)::int AS done, (SELECT count(*)::int FROM delivery WHERE account = $1) AS said, count(*) FILTER (WHERE 'unseen' = ANY(kinds))::int AS unseen FROM inbound WHERE account = $1 AND state = 'done'",
    [account],
  );
  const [{ done, said, unseen }] = rows;
  if (done !== messages || said < messages || unseen > 0)
    throw new Error(`${account}: ${messages} messages, ${done} turns, ${said} answers, ${unseen} unseen`);
}

function figuresOf(rates, durability) {
  const rate = (key) => Math.round(median(rates.get(key)));
  const perSecond = (figure, key, note) => ({
    figure,
    value: rate(key),
    unit: 'turns/s',
    spread: spread(rates.get(key)),
    note,
  });
  const against = (figure, value, budget, versus) => ({ figure, value, unit: 'ratio', budget, versus });
  const bare16 = { figure: 'pg.one_statement_per_s.c16', value: rate('bare.16') };
  const bare64 = { figure: 'pg.one_statement_per_s.c64', value: rate('bare.64') };
  return [
    perSecond('pg.one_statement_per_s.c16', 'bare.16', durability),
    perSecond('turn.durable_per_s', 'turn.16', '16 at a time, one turn a statement'),
    against('turn.durable_ratio', ratio(rates.get('turn.16'), rates.get('bare.16')), 0.6, bare16),
    perSecond('pg.one_statement_per_s.c64', 'bare.64', durability),
    perSecond('turn.gathered_per_s', 'gathered.64', '64 at a time, gathered'),
    against('turn.gathered_ratio', ratio(rates.get('gathered.64'), rates.get('bare.64')), 1.5, bare64),
  ];
}

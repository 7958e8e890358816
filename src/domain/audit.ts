import { createHmac, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run } from '../store/statement.js';
import { inTransaction } from '../store/transaction.js';

/** What the chain is made and read with. */
export interface ChainTools {
  readonly pool: pg.Pool;
  readonly vault: Vault;
}

/** Of an entry everything that its link vouches for; of what is personal the sealed bytes, so that it still holds when their key is gone. */
interface Entry {
  readonly id: string;
  readonly at: Date;
  readonly kind: string;
  readonly action: string;
  readonly detail: string | null;
  readonly actor: string | null;
  readonly machine: string | null;
  readonly person: string | null;
  readonly payload: Buffer | null;
}

interface Chain {
  readonly keySealed: Buffer;
  readonly seq: string;
  readonly link: Buffer;
}

/** In front of the first entry. */
const nothingBefore = Buffer.alloc(32);

// With a key of its own: who can write to the database alone cannot make a chain that fits.
function linkOf(key: Buffer, before: Buffer, entry: Entry): Buffer {
  const { id, at, kind, action, detail, actor, machine, person, payload } = entry;
  const told = [id, at.toISOString(), kind, action, detail, actor, machine, person];
  const whole = JSON.stringify([...told, payload?.toString('base64') ?? null]);
  return createHmac('sha256', key).update(before).update(whole).digest();
}

const columns = 'id, at, kind, action, detail, actor, machine, person, payload_sealed AS payload';
const atOnce = 1000;

/**
 * Puts all entries that have no link yet into the chain, in order; gives how many. Of any number of processes that do it one at a time
 * does: it holds the row of the chain, and the others leave. Killed anywhere, it has sealed whole batches.
 */
export async function sealAudit(tools: ChainTools): Promise<number> {
  let sealed = 0;
  for (;;) {
    const batch = await sealBatch(tools);
    sealed += batch;
    if (batch < atOnce) return sealed;
  }
}

async function sealBatch(tools: ChainTools): Promise<number> {
  if ((await unsealedIn(tools.pool, 1)).length === 0) return 0;
  await ensureChain(tools);
  let count = 0;
  await inTransaction(tools.pool, async (connection) => {
    const chain = await chainIn(connection, 'FOR UPDATE SKIP LOCKED');
    if (chain === null) return false;
    const entries = await unsealedIn(connection, atOnce);
    await addLinks(connection, tools.vault.openBytes(chain.keySealed), chain, entries);
    count = entries.length;
    return true;
  });
  return count;
}

const unsealedText = `SELECT ${columns} FROM audit_entry WHERE seq IS NULL ORDER BY id LIMIT $1`;

function unsealedIn(db: Queryable, limit: number): Promise<readonly Entry[]> {
  return run<Entry>(db, { name: 'audit-unsealed', text: unsealedText, values: [limit] });
}

const makeText = 'INSERT INTO audit_chain (key_sealed, seq, link) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING';

async function ensureChain({ pool, vault }: ChainTools): Promise<void> {
  if ((await chainIn(pool, '')) !== null) return;
  const values = [vault.sealBytes(randomBytes(32)), nothingBefore];
  await run(pool, { name: 'audit-chain-make', text: makeText, values });
}

async function chainIn(db: Queryable, lock: '' | 'FOR UPDATE SKIP LOCKED'): Promise<Chain | null> {
  const text = `SELECT key_sealed AS "keySealed", seq, link FROM audit_chain ${lock}`;
  const name = lock === '' ? 'audit-chain' : 'audit-chain-hold';
  return (await run<Chain>(db, { name, text, values: [] }))[0] ?? null;
}

const sealText = `UPDATE audit_entry e SET seq = u.seq, link = u.link
FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS u(id, seq, link) WHERE e.id = u.id`;
const moveText = 'UPDATE audit_chain SET seq = $1, link = $2';

async function addLinks(
  connection: pg.PoolClient,
  key: Buffer,
  chain: Chain,
  entries: readonly Entry[],
): Promise<void> {
  const links: Buffer[] = [];
  for (const entry of entries) links.push(linkOf(key, links.at(-1) ?? chain.link, entry));
  const first = Number(chain.seq) + 1;
  const values = [entries.map(({ id }) => id), entries.map((_, at) => first + at), links];
  await run(connection, { name: 'audit-seal', text: sealText, values });
  const head = [Number(chain.seq) + entries.length, links.at(-1) ?? chain.link];
  await run(connection, { name: 'audit-chain-move', text: moveText, values: head });
}

/** How the audit stands. `broken` is the first place in the chain where something is not as it was sealed. */
export interface Verified {
  readonly sealed: number;
  readonly unsealed: number;
  /** When the last sealed entry happened; null: none is. */
  readonly upTo: Date | null;
  /** The last link, to be written down elsewhere. */
  readonly head: string;
  readonly broken: { readonly at: number; readonly what: string } | null;
}

interface Sealed extends Entry {
  readonly seq: string;
  readonly link: Buffer;
}

interface Walk {
  readonly seq: number;
  readonly link: Buffer;
  readonly upTo: Date | null;
  readonly broken: Verified['broken'];
}

/** Walks the whole chain, as it stands at this moment. */
export async function verifyAudit({ pool, vault }: ChainTools): Promise<Verified> {
  const connection = await pool.connect();
  try {
    // One picture of all tables, while others go on writing.
    await connection.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const chain = await chainIn(connection, '');
    const end = await walk(connection, chain === null ? null : vault.openBytes(chain.keySealed));
    const [rest] = await run<{ n: number }>(connection, { name: 'audit-rest', text: restText, values: [] });
    const broken = end.broken ?? endFault(end, chain);
    const { seq: sealed, upTo, link } = end;
    return { sealed, unsealed: rest?.n ?? 0, upTo, head: link.toString('hex'), broken };
  } finally {
    await connection.query('ROLLBACK');
    connection.release();
  }
}

const restText = 'SELECT count(*)::int AS n FROM audit_entry WHERE seq IS NULL';
const walkText = `SELECT ${columns}, seq, link FROM audit_entry WHERE seq > $1 ORDER BY seq LIMIT ${atOnce}`;

async function walk(connection: pg.PoolClient, key: Buffer | null): Promise<Walk> {
  let reached: Walk = { seq: 0, link: nothingBefore, upTo: null, broken: null };
  for (;;) {
    const statement = { name: 'audit-walk', text: walkText, values: [reached.seq] };
    const entries = await run<Sealed>(connection, statement);
    for (const entry of entries) reached = step(reached, entry, key);
    if (reached.broken !== null || entries.length < atOnce) return reached;
  }
}

function step(before: Walk, entry: Sealed, key: Buffer | null): Walk {
  if (before.broken !== null) return before;
  const at = before.seq + 1;
  const fault = (what: string): Walk => ({ ...before, broken: { at, what } });
  if (key === null) return fault('the key of the chain is gone');
  if (Number(entry.seq) !== at) return fault('it is missing');
  if (!linkOf(key, before.link, entry).equals(entry.link))
    return fault('it is not what was sealed, or not where it was sealed');
  return { seq: at, link: entry.link, upTo: entry.at, broken: null };
}

function endFault({ seq, link }: Walk, chain: Chain | null): Verified['broken'] {
  if (chain === null) return null;
  if (Number(chain.seq) > seq) return { at: seq + 1, what: 'it and what followed it are missing' };
  if (!chain.link.equals(link)) return { at: seq, what: 'the chain was to end otherwise' };
  return null;
}

import type pg from 'pg';
import { normaliseSkNumber } from '../flow/inputs/sk-number.js';
import { audited } from '../store/audit.js';
import { createVault, firstLastingSecret, type Vault } from '../store/crypto.js';
import { StartError } from '../store/errors.js';
import { sealFilesAnew } from '../store/files.js';
import { type KeptKey, keptKey } from '../store/key.js';
import { run } from '../store/statement.js';
import { inTransaction } from '../store/transaction.js';

/** A change of the data key. Nobody else uses the database meanwhile (`store/key-lock.ts`). */
export interface KeyChange {
  readonly pool: pg.Pool;
  readonly from: Buffer;
  readonly to: Buffer;
  readonly now: () => Date;
  /** Where the files outside the database are. */
  readonly filesFolder: string;
  /** Told of each table that is done, with the rows that were sealed anew now. */
  readonly report: (table: string, rows: number) => void;
}

interface Keys {
  readonly from: Vault;
  readonly to: Vault;
  readonly old: Buffer;
}

/**
 * Seals everything anew under another key, batch by batch, and makes the blind indexes again. Cut off anywhere it goes on where it was: a sealed
 * value says by its first bytes which key it wants. Gives false when it was done before. Throws `StartError` for keys that do not fit.
 */
export async function changeKey(change: KeyChange): Promise<boolean> {
  const { pool, report } = change;
  const keys = { from: createVault(change.from), to: createVault(change.to) };
  const known = await keptKey(pool);
  if (known?.keyId === keys.to.keyId && known.nextKeyId === null) return false;
  await begin(change, keys, known);
  const all = { ...keys, old: Buffer.from(keys.from.keyId, 'hex') };
  // One-time codes are kept as indexes alone, and last minutes, or days.
  await pool.query('DELETE FROM link_code');
  await pool.query('DELETE FROM role_offer');
  // Those of broadcasts are made anew when the list is next looked at.
  await pool.query('UPDATE recipient SET code_index = NULL WHERE code_index IS NOT NULL');
  // What was joined holds sealed columns within; it cannot be parted any more, but everybody stays who they are.
  await pool.query('DELETE FROM member_join');
  for (const table of await sealedTables(pool)) report(table.name, await sealTable(pool, table, all));
  report('files', await sealFilesAnew(change.filesFolder, keys.from, keys.to));
  await finish(change, keys);
  return true;
}

async function begin(
  { pool, from }: KeyChange,
  keys: Omit<Keys, 'old'>,
  known: KeptKey | null,
): Promise<void> {
  if (known === null)
    throw new StartError('Nothing was sealed in this database yet.', 'Start Sapa once first.');
  if (known.keyId !== keys.from.keyId)
    throw new StartError(
      'The present key is not the key this database was written with.',
      'Give that one; nothing was changed.',
    );
  if (known.nextKeyId !== null && known.nextKeyId !== keys.to.keyId)
    throw new StartError(
      'A change to another key was begun.',
      'Give the file with that key (--new-key-file); nothing is lost.',
    );
  const lasting = lastingSecret(known, from, keys);
  const values = [keys.to.keyId, keys.to.sealBytes(lasting)];
  await pool.query('UPDATE data_key SET next_key_id = $1, lasting_sealed = $2', values);
}

/** The secret that outlives every change; after a beginning that was cut off it is sealed with the new key already. */
function lastingSecret(
  { nextKeyId, lastingSealed }: KeptKey,
  first: Buffer,
  { from, to }: Omit<Keys, 'old'>,
): Buffer {
  if (lastingSealed === null) return firstLastingSecret(first);
  return (nextKeyId === null ? from : to).openBytes(lastingSealed);
}

async function finish({ pool, now }: KeyChange, { from, to }: Omit<Keys, 'old'>): Promise<void> {
  const what = { kind: 'keys', action: 'changed', detail: `${from.keyId}>${to.keyId}` } as const;
  await inTransaction(pool, async (connection) => {
    await connection.query('UPDATE data_key SET key_id = next_key_id, next_key_id = NULL');
    await run(connection, audited({ ...what, actor: 'local:keys rotate', subjects: [], at: now() }));
    return true;
  });
}

/** A table with sealed columns, and the indexes that are made of them. */
interface SealedTable {
  readonly name: string;
  readonly sealed: readonly string[];
  readonly indexes: readonly Index[];
}

/** How a blind index follows from a sealed column of its row. */
interface Index {
  readonly column: string;
  readonly of: string;
  readonly kind: string;
  readonly plain?: (value: string) => string;
}

/** Every blind index that can be made anew. Those of WhatsApp's keys last (`store/crypto.ts`), codes are void. */
export const blindIndexes: Readonly<Record<string, readonly Index[]>> = {
  address: [
    { column: 'value_index', of: 'value_sealed', kind: 'address' },
    { column: 'phone_index', of: 'phone_sealed', kind: 'phone' },
  ],
  member: [
    { column: 'phone_index', of: 'phone_sealed', kind: 'phone' },
    { column: 'nik_index', of: 'nik_sealed', kind: 'nik' },
  ],
  behalf: [{ column: 'code_index', of: 'code_sealed', kind: 'behalf-code' }],
  invitation: [{ column: 'code_index', of: 'code_sealed', kind: 'invitation-code' }],
  sk_document: [{ column: 'number_index', of: 'number_sealed', kind: 'sk-number', plain: normaliseSkNumber }],
  problem: [{ column: 'text_index', of: 'text_sealed', kind: 'problem' }],
  role_grant: [{ column: 'phone_index', of: 'phone_sealed', kind: 'phone' }],
  simulator_person: [{ column: 'value_index', of: 'value_sealed', kind: 'address' }],
};

// What entries of the audit hold is sealed under keys of their own, which are sealed anew; the entries never change.
const tablesText = `SELECT table_name AS name, array_agg(column_name::text ORDER BY ordinal_position) AS sealed FROM information_schema.columns
WHERE table_schema = 'public' AND data_type = 'bytea' AND column_name LIKE '%\\_sealed' AND table_name NOT IN ('audit_entry', 'data_key')
GROUP BY table_name ORDER BY table_name`;

async function sealedTables(pool: pg.Pool): Promise<readonly SealedTable[]> {
  const { rows } = await pool.query<Omit<SealedTable, 'indexes'>>(tablesText);
  return rows.map((row) => ({ ...row, indexes: blindIndexes[row.name] ?? [] }));
}

/** Pages looked at in one go, and rows sealed in one transaction: few where each may hold a file. */
const pagesAtOnce = 64;
const rowsAtOnce = 500;
const filesAtOnce = 4;

/** Goes over the pages that a table has now: what is sealed anew needs no second look wherever it comes to lie. */
async function sealTable(pool: pg.Pool, table: SealedTable, keys: Keys): Promise<number> {
  const size = `SELECT (pg_relation_size($1) / current_setting('block_size')::int)::int AS pages`;
  const { rows } = await pool.query<{ pages: number }>(size, [table.name]);
  const limit = table.sealed.includes('bytes_sealed') ? filesAtOnce : rowsAtOnce;
  let total = 0;
  for (let page = 0; page < (rows[0]?.pages ?? 0); page += pagesAtOnce) {
    let batch = limit;
    while (batch === limit) {
      batch = await sealBatch(pool, table, keys, { page, limit });
      total += batch;
    }
  }
  return total;
}

interface Place {
  readonly page: number;
  readonly limit: number;
}

type Row = Readonly<Record<string, Buffer | null>> & { readonly place: string };

async function sealBatch(
  pool: pg.Pool,
  table: SealedTable,
  keys: Keys,
  { page, limit }: Place,
): Promise<number> {
  const { name, sealed, indexes } = table;
  const isOld = sealed.map((column) => `substring(${column} FROM 1 FOR 4) = $1`).join(' OR ');
  const range = `ctid >= '(${page},0)'::tid AND ctid < '(${page + pagesAtOnce},0)'::tid`;
  const select = `SELECT ctid::text AS place, ${sealed.join(', ')} FROM ${name} WHERE ${range} AND (${isOld}) LIMIT ${limit} FOR UPDATE`;
  const columns = [...sealed, ...indexes.map(({ column }) => column)];
  const arrays = columns.map((_, at) => `$${at + 2}::bytea[]`).join(', ');
  const sets = columns.map((column) => `${column} = u.${column}`).join(', ');
  const update = `UPDATE ${name} t SET ${sets} FROM unnest($1::text[], ${arrays}) AS u(place, ${columns.join(', ')}) WHERE t.ctid = u.place::tid`;
  let count = 0;
  await inTransaction(pool, async (connection) => {
    const { rows } = await connection.query<Row>(select, [keys.old]);
    count = rows.length;
    if (count === 0) return false;
    const values = [
      ...sealed.map((column) => rows.map((row) => sealedAnew(row[column] ?? null, keys))),
      ...indexes.map((index) => rows.map((row) => indexedAnew(row, index, keys))),
    ];
    await connection.query(update, [rows.map(({ place }) => place), ...values]);
    return true;
  });
  return count;
}

function sealedAnew(value: Buffer | null, { from, to, old }: Keys): Buffer | null {
  if (value === null || !value.subarray(0, old.length).equals(old)) return value;
  return to.sealBytes(from.openBytes(value));
}

function indexedAnew(row: Row, { of, kind, plain }: Index, { from, to, old }: Keys): Buffer | null {
  const value = row[of] ?? null;
  if (value === null) return null;
  const opened = (value.subarray(0, old.length).equals(old) ? from : to).open(value);
  return to.index(kind, plain === undefined ? opened : plain(opened));
}

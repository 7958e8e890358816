import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { z } from 'zod';
import type { GroupSeen, KeyChange, OwnedAccount, Pairing, Status } from '../channels/whatsapp-web/port.js';
import type { Json } from '../flow/json.js';
import type { Vault } from './crypto.js';
import { type Queryable, run } from './statement.js';
import { inTransaction } from './transaction.js';

/** Which account, and what it is kept with. */
export interface AccountStore {
  readonly pool: Pool;
  readonly vault: Vault;
  readonly account: string;
  readonly now: () => Date;
}

const statements = {
  begin: `
    INSERT INTO whatsapp_account (account, fence) VALUES ($1, 1)
    ON CONFLICT (account) DO UPDATE SET fence = whatsapp_account.fence + 1 RETURNING fence::text`,
  // Held until the end of the transaction: whoever begins meanwhile waits for it, and nothing is written after him. Most writes
  // change this row too, so that a weaker lock would only let two of them wait for each other.
  hold: 'SELECT 1 FROM whatsapp_account WHERE account = $1 AND fence = $2::bigint FOR NO KEY UPDATE',
  status: `
    SELECT state, code, changed_at AS "changedAt", alive_at AS "aliveAt", pairing_sealed AS pairing
    FROM whatsapp_account WHERE account = $1`,
  ask: "UPDATE whatsapp_account SET state = 'new', code = NULL WHERE account = $1 AND state = 'stopped'",
  read: `
    SELECT k.value_sealed AS value, w.at::int AS at FROM unnest($3::bytea[]) WITH ORDINALITY AS w(id_index, at)
    JOIN whatsapp_key k ON k.account = $1 AND k.kind = $2 AND k.id_index = w.id_index`,
  put: `
    INSERT INTO whatsapp_key (account, kind, id_index, value_sealed)
    SELECT $1, k.kind, k.id_index, k.value FROM unnest($2::text[], $3::bytea[], $4::bytea[]) AS k(kind, id_index, value)
    ON CONFLICT (account, kind, id_index) DO UPDATE SET value_sealed = EXCLUDED.value_sealed`,
  remove: `
    DELETE FROM whatsapp_key k USING unnest($2::text[], $3::bytea[]) AS gone(kind, id_index)
    WHERE k.account = $1 AND k.kind = gone.kind AND k.id_index = gone.id_index`,
  wipe: 'DELETE FROM whatsapp_key WHERE account = $1',
  forget: 'UPDATE whatsapp_account SET pace = NULL, pairing_sealed = NULL WHERE account = $1',
  report: `
    UPDATE whatsapp_account SET state = $2, code = $3, pairing_sealed = $4, changed_at = $5::timestamptz,
      alive_at = $5::timestamptz WHERE account = $1`,
  beat: 'UPDATE whatsapp_account SET alive_at = $2::timestamptz WHERE account = $1',
  pace: 'SELECT pace FROM whatsapp_account WHERE account = $1',
  keepPace: 'UPDATE whatsapp_account SET pace = $2::jsonb WHERE account = $1',
  version: 'SELECT version FROM whatsapp_account WHERE account = $1',
  keepVersion: 'UPDATE whatsapp_account SET version = $2 WHERE account = $1',
  shutGroups: `
    UPDATE address a SET blocked_at = CASE WHEN NOT a.value_index = ANY($2::bytea[]) THEN $3::timestamptz END, standing_at = $3::timestamptz
    FROM chat_group g WHERE g.address_id = a.id AND a.account = $1 AND (a.blocked_at IS NULL) <> (a.value_index = ANY($2::bytea[]))`,
};

function ask<Row extends QueryResultRow>(
  db: Queryable,
  name: keyof typeof statements,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  return run<Row>(db, { name: `whatsapp-${name}`, text: statements[name], values });
}

/** The version of the client that last worked for the account. */
export async function accountVersion({ pool, account }: AccountStore): Promise<string | null> {
  return (await ask<{ version: string | null }>(pool, 'version', [account]))[0]?.version ?? null;
}

/** Makes the caller the newest owner of the account. */
export async function beginOwning(store: AccountStore): Promise<OwnedAccount> {
  const { pool, account } = store;
  const rows = await ask<{ fence: string }>(pool, 'begin', [account]);
  const owner: Owner = { ...store, fence: rows[0]?.fence ?? '' };
  const one = (name: keyof typeof statements, values: readonly unknown[] = []) =>
    fenced(owner, async (db) => void (await ask(db, name, [account, ...values])));
  return {
    fence: owner.fence,
    read: (kind, ids) => readKeys(owner, kind, ids),
    write: (changes) => fenced(owner, (db) => writeKeys(owner, db, changes)),
    wipe: () => fenced(owner, (db) => wipe(owner, db)),
    report: (status) => one('report', reported(owner, status)),
    beat: () => one('beat', [owner.now()]),
    pace: async () => (await ask<{ pace: Json }>(pool, 'pace', [account]))[0]?.pace ?? null,
    keepPace: (pace) => one('keepPace', [JSON.stringify(pace)]),
    version: () => accountVersion(store),
    keepVersion: (version) => one('keepVersion', [version]),
    keepGroups: (groups) => fenced(owner, (db) => keepGroups(owner, db, groups)),
  };
}

interface Owner extends AccountStore {
  readonly fence: string;
}

/** Writes in one transaction, and only as the newest owner: false, and nothing is written, when another began since. */
function fenced(
  { pool, account, fence }: Owner,
  write: (connection: PoolClient) => Promise<void>,
): Promise<boolean> {
  return inTransaction(pool, async (connection) => {
    const held = await ask(connection, 'hold', [account, fence]);
    if (held.length > 0) await write(connection);
    return held.length > 0;
  });
}

async function readKeys(
  owner: AccountStore,
  kind: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { pool, vault, account } = owner;
  const indexes = ids.map((id) => indexOf(owner, { kind, id }));
  const rows = await ask<{ at: number; value: Buffer }>(pool, 'read', [account, kind, indexes]);
  return new Map(rows.map(({ at, value }) => [ids[at - 1] ?? '', vault.open(value)]));
}

/** Ids of keys are numbers and addresses of people: they are found by their blind index, and never read back. */
function indexOf({ vault, account }: AccountStore, { kind, id }: Pick<KeyChange, 'kind' | 'id'>): Buffer {
  return vault.index('whatsapp-key', JSON.stringify([account, kind, id]));
}

async function writeKeys(owner: Owner, db: Queryable, changes: readonly KeyChange[]): Promise<void> {
  const { vault, account } = owner;
  const put = changes.flatMap(({ value, ...key }) => (value === null ? [] : [{ ...key, value }]));
  const gone = changes.filter(({ value }) => value === null);
  const names = (keys: readonly Pick<KeyChange, 'kind' | 'id'>[]) => [
    keys.map(({ kind }) => kind),
    keys.map((key) => indexOf(owner, key)),
  ];
  await ask(db, 'put', [account, ...names(put), put.map(({ value }) => vault.seal(value))]);
  if (gone.length > 0) await ask(db, 'remove', [account, ...names(gone)]);
}

async function wipe({ account }: Owner, db: Queryable): Promise<void> {
  await ask(db, 'wipe', [account]);
  await ask(db, 'forget', [account]);
}

function reported(
  { vault, now }: Owner,
  { state, code, pairing }: Pick<Status, 'state' | 'code' | 'pairing'>,
): readonly unknown[] {
  return [state, code, pairing === null ? null : vault.seal(pairingOut(pairing)), now()];
}

interface StatusRow extends Pick<Status, 'state' | 'code' | 'changedAt' | 'aliveAt'> {
  readonly pairing: Buffer | null;
}

/** How the account is, as its owner last said. */
export async function accountStatus({ pool, vault, account }: AccountStore): Promise<Status> {
  const [row] = await ask<StatusRow>(pool, 'status', [account]);
  if (row === undefined) return { state: 'new', code: null, pairing: null, changedAt: null, aliveAt: null };
  return { ...row, pairing: row.pairing === null ? null : pairingIn(vault.open(row.pairing)) };
}

/** As `pairingOut` wrote it. */
function pairingIn(kept: string): Pairing {
  const [kind, text = ''] = kept.split('\n');
  return { kind: kind === 'code' ? 'code' : 'qr', text };
}

function pairingOut({ kind, text }: Pairing): string {
  return `${kind}\n${text}`;
}

/** A person wants an account that is stopped to begin again. */
export async function askAgain({ pool, account }: AccountStore): Promise<void> {
  await ask(pool, 'ask', [account]);
}

/** What the linked device proves itself with; null when no number was ever linked. */
export async function accountCreds(store: AccountStore): Promise<string | null> {
  return (await readKeys(store, 'creds', [''])).get('') ?? null;
}

/** Kept beside the keys, and so sealed, and forgotten when the number is linked no more. */
const groupsKey = { kind: 'groups', id: '' };
const groupsShape = z.array(
  z.object({ jid: z.string(), title: z.string(), size: z.number(), isOpen: z.boolean() }),
);

async function keepGroups(owner: Owner, db: Queryable, groups: readonly GroupSeen[]): Promise<void> {
  await writeKeys(owner, db, [{ ...groupsKey, value: JSON.stringify(groups) }]);
  const open = groups.filter(({ isOpen }) => isOpen).map(({ jid }) => owner.vault.index('address', jid));
  await ask(db, 'shutGroups', [owner.account, open, owner.now()]);
}

/** The groups the account was last seen in; none while no number is linked. */
export async function accountGroups(store: AccountStore): Promise<readonly GroupSeen[]> {
  const kept = (await readKeys(store, groupsKey.kind, [groupsKey.id])).get(groupsKey.id);
  return kept === undefined ? [] : groupsShape.parse(JSON.parse(kept));
}

import type { Held } from '../channels/whatsapp-web/port.js';
import type { Json } from '../flow/json.js';
import { run } from './statement.js';
import type { AccountStore } from './whatsapp-account.js';

// A repeat of what is still held is the row that is there; one that was released comes again, and its turn knows it.
const keepText = `
INSERT INTO whatsapp_inbox (account, dedupe_key, body_sealed) VALUES ($1, $2, $3)
ON CONFLICT (account, dedupe_key) DO UPDATE SET dedupe_key = EXCLUDED.dedupe_key
RETURNING seq::text, body_sealed AS body`;

/** Keeps a message until it is released. The identity of it has its sender's number in it, so only a keyed hash is kept. */
export async function keepInbound(
  { pool, vault, account }: AccountStore,
  key: readonly string[],
  body: Json,
): Promise<Held> {
  const dedupeKey = vault.index('whatsapp-message', JSON.stringify(key)).toString('base64url');
  const values = [account, dedupeKey, vault.sealJson(body)];
  const rows = await run<{ seq: string; body: Buffer }>(pool, {
    ...{ name: 'whatsapp-keep', text: keepText, values },
    mustFind: true,
  });
  return { seq: rows[0]?.seq ?? '', dedupeKey, body };
}

const heldText = `
SELECT seq::text, dedupe_key AS "dedupeKey", body_sealed AS body FROM whatsapp_inbox WHERE account = $1 ORDER BY seq`;

/** Everything that is kept, in the order it came. */
export async function heldInbound({ pool, vault, account }: AccountStore): Promise<readonly Held[]> {
  const rows = await run<{ seq: string; dedupeKey: string; body: Buffer }>(pool, {
    ...{ name: 'whatsapp-held', text: heldText, values: [account] },
  });
  return rows.map(({ body, ...row }) => ({ ...row, body: vault.openJson(body) }));
}

/** A turn has it. */
export async function releaseInbound({ pool }: AccountStore, seq: string): Promise<void> {
  const text = 'DELETE FROM whatsapp_inbox WHERE seq = $1::bigint';
  await run(pool, { name: 'whatsapp-release', text, values: [seq] });
}

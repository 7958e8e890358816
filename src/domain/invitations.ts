import { z } from 'zod';
import type { Vault } from '../store/crypto.js';
import { groupContacts } from '../store/group-contacts.js';
import type { Statement } from '../store/statement.js';
import type { FrozenBroadcast } from './broadcast-kinds.js';

const inviteText = `INSERT INTO invitation (id, rakor_id, member_id, grant_id, contact_id, created_at)
SELECT gen_random_uuid(), $2::uuid, p.member_id, p.grant_id, p.contact_id, $3::timestamptz FROM recipient p
WHERE p.broadcast_id = $1 AND coalesce(p.member_id, p.grant_id, p.contact_id) IS NOT NULL
  AND (p.contact_id IS NULL OR p.contact_id NOT IN (${groupContacts})) ON CONFLICT DO NOTHING`;
// Cancelling a rakor ends what invites to it, so that whoever decides anew finds it decided.
const calledText = `UPDATE rakor SET state = CASE state WHEN 'draft' THEN 'called' ELSE state END
WHERE id = $1 AND state <> 'cancelled' RETURNING id`;

/**
 * Invites everybody of a broadcast whose people stand in `recipient` to its rakor, which is called by it; who is invited already stays so, and a
 * group is only told. A
 * rakor that was cancelled meanwhile is not called any more.
 */
export function inviteRecipients({ id, rakorId, now }: FrozenBroadcast): readonly Statement[] {
  if (rakorId === null) throw new Error(`broadcast ${id} invites to no rakor`);
  return [
    { name: 'rakor-called', text: calledText, values: [rakorId], mustFind: true },
    { name: 'invitations-made', text: inviteText, values: [id, rakorId, now] },
  ];
}

/** Whoever is sent instead of somebody who is invited; `nomor` as E.164, null when nobody told it. */
const delegate = z.object({
  nama: z.string(),
  jabatan: z.string().nullable(),
  nomor: z.string().nullable(),
});
/** One of them. */
export type Delegate = Readonly<z.infer<typeof delegate>>;

/** Seals who is sent. */
export function sealDelegate(one: Delegate, vault: Vault): Buffer {
  return vault.sealJson(one);
}

/** Reads `sealDelegate` back. Throws when the row holds something else. */
export function openDelegate(sealed: Uint8Array, vault: Vault): Delegate {
  return delegate.parse(vault.openJson(sealed));
}

import { audited } from '../store/audit.js';
import { type Queryable, run, type Statement } from '../store/statement.js';
import { writeTogether } from '../store/transaction.js';
import { readResidencies } from './areas.js';
import { isGroupName } from './audience-leaves.js';
import { findArea } from './grants.js';
import type { Records } from './records.js';
import { type Area, may, type Viewer } from './roles.js';

/** A group that broadcasts may go to; `address` is sealed. */
export interface ChatGroup {
  readonly name: string;
  readonly area: Area;
  readonly address: Buffer;
  /** Since when it takes nothing from our number; null: it does. */
  readonly shutSince: Date | null;
}

const allText = `SELECT g.name, g.area, a.value_sealed AS address, a.blocked_at AS "shutSince"
FROM chat_group g JOIN address a ON a.id = g.address_id ORDER BY g.name`;

/** All of them, by name. */
export function chatGroups(db: Queryable): Promise<readonly ChatGroup[]> {
  return run<ChatGroup>(db, { name: 'groups-all', text: allText, values: [] });
}

/** What a group is to be: where it is, what it is called, and for which area it stands. */
export interface GroupWish {
  readonly channel: string;
  readonly account: string;
  readonly address: string;
  readonly name: string;
  /** By code, by name, or `33`. */
  readonly region: string;
}

/** What became of it; or why nothing did, and what to do. */
export type GroupMade =
  | { readonly ok: true; readonly area: Area; readonly place: string }
  | { readonly ok: false; readonly what: string; readonly mend: string };

/** Lets broadcasts go to a group, under a name; one that has a name already gets the new one. */
export async function nameGroup(viewer: Viewer, records: Records, wish: GroupWish): Promise<GroupMade> {
  const { name, region } = wish;
  if (!isGroupName(name))
    return refused(
      `"${name}" is no name for a group.`,
      'Use small letters, digits and hyphens: ketua-jateng.',
    );
  const place = await findArea(records, region);
  if (place === null)
    return refused(`There is no region "${region}".`, 'Use a code such as 33.74, "Kota Semarang" or 33.');
  if (!may(viewer, 'approve-broadcast', place.area, await readResidencies(records.prisma)))
    return refused('You may not speak there.', 'Ask the province administrator.');
  if (await isTaken(wish, records))
    return refused(
      `Another group is called ${name}.`,
      `Use another name, or first: sapa whatsapp group remove ${name}`,
    );
  await writeTogether(records.pool, named(wish, place.area, viewer, records));
  return { ok: true, ...place };
}

function refused(what: string, mend: string): GroupMade {
  return { ok: false, what, mend };
}

const takenText = `SELECT FROM chat_group g JOIN address a ON a.id = g.address_id
WHERE g.name = $1 AND (a.account <> $2 OR a.value_index <> $3)`;

async function isTaken({ name, account, address }: GroupWish, { pool, vault }: Records): Promise<boolean> {
  const values = [name, account, vault.index('address', address)];
  return (await run(pool, { name: 'group-taken', text: takenText, values })).length > 0;
}

// One that is being removed stays, and is let in again.
const nameText = `
WITH known AS (SELECT id, contact_id FROM address WHERE account = $4 AND value_index = $6),
made AS (INSERT INTO contact (id) SELECT $1::uuid WHERE NOT EXISTS (SELECT FROM known) RETURNING id),
placed AS (INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index)
  SELECT $2::uuid, id, $3, $4, $5, $6 FROM made),
stays AS (DELETE FROM contact_leaving l USING known WHERE l.contact_id = known.contact_id),
let_in AS (UPDATE address a SET blocked_at = NULL FROM known WHERE a.id = known.id)
INSERT INTO chat_group (address_id, name, area, added_at) SELECT coalesce((SELECT id FROM known), $2::uuid), $7, $8, $9
ON CONFLICT (address_id) DO UPDATE SET name = EXCLUDED.name, area = EXCLUDED.area`;

function named(
  { channel, account, address, name }: GroupWish,
  area: Area,
  viewer: Viewer,
  { vault, newId, now }: Records,
): readonly Statement[] {
  const ids = [newId(), newId()];
  const place = [channel, account, vault.seal(address), vault.index('address', address)];
  const values = [...ids, ...place, name, area, now()];
  return [
    { name: 'group-name', text: nameText, values },
    entry('group-named', `${name} ${area}`, viewer, now()),
  ];
}

function entry(action: string, detail: string, viewer: Viewer, at: Date): Statement {
  return audited({ kind: 'broadcast', action, detail, actor: viewer.id, subjects: [], at });
}

const findText = `SELECT g.address_id AS "addressId", g.area FROM chat_group g WHERE g.name = $1`;
const cancelText = `UPDATE delivery SET state = 'cancelled', code = 'group-removed', ended_at = $2
WHERE address_id = $1 AND state IN ('planned', 'due')`;
const removeText = `WITH gone AS (DELETE FROM chat_group WHERE address_id = $1 RETURNING address_id)
INSERT INTO contact_leaving (contact_id, since) SELECT a.contact_id, $2 FROM gone JOIN address a ON a.id = gone.address_id
ON CONFLICT DO NOTHING`;

/** Lets nothing go to a group any more: what waits for it is cancelled, and what is kept of it goes. False when none has that name. */
export async function removeGroup(viewer: Viewer, records: Records, name: string): Promise<boolean> {
  const { pool, prisma, now } = records;
  const [found] = await run<{ addressId: string; area: Area }>(pool, {
    ...{ name: 'group-find', text: findText, values: [name] },
  });
  if (found === undefined || !may(viewer, 'approve-broadcast', found.area, await readResidencies(prisma)))
    return false;
  const values = [found.addressId, now()];
  await writeTogether(pool, [
    { name: 'group-cancel', text: cancelText, values },
    { name: 'group-remove', text: removeText, values },
    entry('group-removed', `${name} ${found.area}`, viewer, now()),
  ]);
  return true;
}

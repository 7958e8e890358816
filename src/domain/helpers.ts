import { type Queryable, run } from '../store/statement.js';
import type { ActionContext } from './action.js';
import { type ContactMailbox, mailboxesOf } from './mailboxes.js';
import type { Mailbox } from './reach.js';
import {
  type Act,
  type Area,
  type Grant,
  may,
  type RoleName,
  residencyArea,
  roleNames,
  type Viewer,
  viewerOf,
} from './roles.js';

/** Somebody who can be asked for help, and the name of the area that makes them the one. */
export interface Helper extends Mailbox {
  readonly contactId: string;
  readonly place: string;
}

/** For whom help is sought, and what the helper must be allowed to do there. */
export interface Need {
  readonly act: Act;
  readonly area: Area;
  readonly simulator: boolean;
  /** Nobody helps themselves. */
  readonly contactId: string;
  /** Who is not asked (again). */
  readonly declined: readonly string[];
  /** Only those further up than this helper's own area, or anybody. */
  readonly above: string | null;
}

/** In the order of who is asked first. */
const askable = [...roleNames].filter((role) => role !== 'member').reverse();

// The areas that can hold another one, found through the index: the region itself, what it lies in, its eks-karesidenan.
const holders = (area: string) => `(${area}, '33', left(${area}, 5), left(${area}, 8),
  (SELECT 'residency/' || r.residency_id FROM region r WHERE r.code = left(${area}, 5)))`;
/** Grants of one world whose holder has written to the bot: only they can be reached by it. */
const reachable = (area: string, simulator: string, self: string) => `
role_grant g JOIN address a ON a.phone_index = g.phone_index JOIN contact c ON c.id = a.contact_id AND c.simulator = ${simulator}
WHERE g.revoked_at IS NULL AND g.simulator = ${simulator} AND g.role <> 'member' AND g.area IN ${holders(area)} AND c.id <> ${self}`;
const nearness = (area: string) => `CASE WHEN ${area} LIKE 'residency/%' THEN 4 ELSE length(${area}) END`;

// The nearest first: a village before its district, before its regency, before the eks-karesidenan, before the province;
// in one area operators before those above them.
const nearestHelpers = `
SELECT c.id AS "contactId", a.id AS "addressId", a.channel, a.account, g.role, g.area,
  (SELECT r.residency_id FROM region r WHERE r.code = left($2, 5)) AS residency,
  coalesce((SELECT r.kind || ' ' || r.name FROM region r WHERE r.code = g.area),
    (SELECT 'eks-karesidenan ' || y.name FROM residency y WHERE 'residency/' || y.id = g.area), 'Provinsi Jawa Tengah') AS place
FROM ${reachable('$2::text', '$1::boolean', '$4::uuid')} AND c.id <> ALL($5::uuid[])
  AND ($6::uuid IS NULL OR ${nearness('g.area')} < (
    SELECT max(${nearness('o.area')}) FROM role_grant o JOIN address b ON b.phone_index = o.phone_index
    WHERE b.contact_id = $6 AND o.revoked_at IS NULL AND o.simulator = $1 AND o.area IN ${holders('$2::text')}))
ORDER BY ${nearness('g.area')} DESC, array_position($3::text[], g.role), a.created_at LIMIT 20`;

interface Candidate extends Helper {
  readonly role: string;
  readonly area: Area;
  readonly residency: string | null;
}

/** The nearest person upwards who may help and has written to the bot, or null. */
export async function findHelper(db: Queryable, need: Need): Promise<Helper | null> {
  const { act, area, simulator, contactId, declined, above } = need;
  const values = [simulator, area, askable, contactId, declined, above];
  const rows = await run<Candidate>(db, { name: 'helper-nearest', text: nearestHelpers, values });
  const allowed = rows.find((row) =>
    allows(row.contactId, grantsOf([row]), act, { area, residency: row.residency, simulator }),
  );
  return allowed ?? null;
}

/** Where somebody is sought who may approve what another one wants to send; it is never the one who wants it (a contact, or who is at the machine). */
export interface SecondYes {
  readonly area: Area;
  readonly simulator: boolean;
  readonly except: string;
}

const approversText = `
SELECT c.id AS "contactId", g.role, g.area, (SELECT r.residency_id FROM region r WHERE r.code = left($2, 5)) AS residency
FROM ${reachable('$2::text', '$1::boolean', "coalesce($3::uuid, '00000000-0000-0000-0000-000000000000')")}
ORDER BY ${nearness('g.area')} DESC, c.id LIMIT 20`;

/** Those who may approve a broadcast of an area, the nearest first: where they are written to. */
export async function approversFor(
  db: Queryable,
  { area, simulator, except }: SecondYes,
): Promise<readonly ContactMailbox[]> {
  const values = [simulator, area, except.startsWith('local:') ? null : except];
  const rows = await run<Candidate>(db, { name: 'approvers-nearest', text: approversText, values });
  const allowed = rows.filter((row) =>
    allows(row.contactId, grantsOf([row]), 'approve-broadcast', {
      ...{ area, residency: row.residency, simulator },
    }),
  );
  return mailboxesOf(db, [...new Set(allowed.map(({ contactId }) => contactId))]);
}

/** Where something is to be done: an area, the residency its regency belongs to, and whether people there are pretended. */
export interface Ground {
  readonly area: Area;
  readonly residency: string | null;
  readonly simulator: boolean;
}

const grantsNow = `
SELECT g.role, g.area, c.simulator FROM contact c JOIN address a ON a.contact_id = c.id
  JOIN role_grant g ON g.phone_index = a.phone_index AND g.simulator = c.simulator AND g.revoked_at IS NULL
WHERE c.id = $1`;

interface GrantRow {
  readonly role: string;
  readonly area: Area;
  readonly simulator: boolean;
}

function readGrants(db: Queryable, contactId: string): Promise<readonly GrantRow[]> {
  return run<GrantRow>(db, { name: 'grants-now', text: grantsNow, values: [contactId] });
}

/** Somebody as a viewer, with the roles they have at this moment. */
export async function viewerNow(db: Queryable, contactId: string, simulator: boolean): Promise<Viewer> {
  const rows = await readGrants(db, contactId);
  const own = rows.filter((row) => row.simulator === simulator);
  return viewerOf(contactId, grantsOf(own), simulator);
}

/** Whoever writes, as they may look at this moment. */
export function viewing({
  db,
  contactId,
  simulator,
}: Pick<ActionContext, 'db' | 'contactId' | 'simulator'>): Promise<Viewer> {
  return viewerNow(db, contactId, simulator);
}

/** What somebody may do at this moment, by the numbers their channels prove: asked anew each time, as roles are taken back. */
export async function rightsOf(
  db: Queryable,
  contactId: string,
): Promise<(act: Act, ground: Ground) => boolean> {
  const rows = await readGrants(db, contactId);
  const own = rows[0]?.simulator ?? null;
  return (act, ground) => own === ground.simulator && allows(contactId, grantsOf(rows), act, ground);
}

function grantsOf(rows: readonly { readonly role: string; readonly area: Area }[]): readonly Grant[] {
  return rows.flatMap(({ role, area }) => namesOf(role).map((name) => ({ role: name, area })));
}

function namesOf(role: string): readonly RoleName[] {
  return roleNames.filter((name) => name === role);
}

function allows(id: string, grants: readonly Grant[], act: Act, ground: Ground): boolean {
  const residencyOf = () => (ground.residency === null ? null : residencyArea(ground.residency));
  return may(viewerOf(id, grants, ground.simulator), act, ground.area, residencyOf);
}

const helpable = `SELECT h.id FROM handover h JOIN contact m ON m.id = h.contact_id
WHERE h.state = 'open' AND h.operator_id IS NULL AND EXISTS (
  SELECT FROM ${reachable('h.area', 'm.simulator', 'h.contact_id')} AND c.id <> ALL(h.declined))
ORDER BY h.opened_at LIMIT $1`;

/** Requests nobody was asked for although there is somebody now: the longest waiting first. */
export function helpableRequests(db: Queryable, limit: number): Promise<readonly { readonly id: string }[]> {
  return run(db, { name: 'requests-helpable', text: helpable, values: [limit] });
}

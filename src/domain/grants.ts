import { audited, sealPersonal } from '../store/audit.js';
import type { Vault } from '../store/crypto.js';
import type { Statement } from '../store/statement.js';
import { writeTogether } from '../store/transaction.js';
import { readResidencies } from './areas.js';
import { phoneOf } from './history.js';
import type { Records } from './records.js';
import {
  type Area,
  type Grant,
  may,
  province,
  type RoleName,
  residencyArea,
  residencyIn,
  roleNames,
  seesWorld,
  type Viewer,
} from './roles.js';

/** What is asked for: the region by code, by name ("Kabupaten Semarang", "eks-karesidenan Pati"), or `33`. */
export interface GrantRequest {
  readonly phone: string;
  readonly role: string;
  readonly region: string;
  readonly simulator: boolean;
}

/** A role given or taken (`changed` is false when it was so before), or why not and what to do. */
export type Granted =
  | { readonly ok: true; readonly area: Area; readonly place: string; readonly changed: boolean }
  | { readonly ok: false; readonly what: string; readonly mend: string };

/** Gives a role in an area to a phone number; the same again changes nothing. It counts once the number is proved by a channel. */
export async function grantRole(viewer: Viewer, records: Records, request: GrantRequest): Promise<Granted> {
  const understood = await understand(viewer, records, request);
  if (!understood.ok) return understood;
  const { area, place, kept } = understood;
  return { ok: true, area, place, changed: await keep(viewer, records, kept) };
}

/** Takes a role back from a phone number: who may give it may take it. The row stays as history. */
export async function revokeRole(viewer: Viewer, records: Records, request: GrantRequest): Promise<Granted> {
  const understood = await understand(viewer, records, request);
  if (!understood.ok) return understood;
  const { area, place, kept } = understood;
  return { ok: true, area, place, changed: await takeBack(viewer, records, kept) };
}

/** The roles a number (E.164) holds in areas where this viewer may give them. */
export async function rolesOfPhone(
  viewer: Viewer,
  { prisma, vault }: Records,
  phone: string,
): Promise<readonly Grant[]> {
  const residencyOf = await readResidencies(prisma);
  const phoneIndex = new Uint8Array(vault.index('phone', phone));
  const rows = await prisma.roleGrant.findMany({ where: { phoneIndex, revokedAt: null } });
  return rows
    .filter((row) => seesWorld(viewer, row.simulator))
    .flatMap(({ role, area }) =>
      roleNames.filter((name) => name === role).map((name) => ({ role: name, area })),
    )
    .filter(({ role, area }) => may(viewer, `grant ${role}`, area, residencyOf));
}

/** A role of a number in an area. */
export interface Kept {
  readonly phone: string;
  readonly role: RoleName;
  readonly area: Area;
  readonly simulator: boolean;
}

interface Refusal {
  readonly ok: false;
  readonly what: string;
  readonly mend: string;
}

type Understood =
  | { readonly ok: true; readonly area: Area; readonly place: string; readonly kept: Kept }
  | Refusal;

async function understand(viewer: Viewer, records: Records, request: GrantRequest): Promise<Understood> {
  const [phone] = phoneOf(request.phone);
  const role = roleNames.find((name) => name === request.role);
  if (phone === undefined)
    return refused('This is no mobile phone number.', 'Write it like 081200000001 or +6281200000001.');
  if (role === undefined)
    return refused(`There is no role "${request.role}".`, `Use one of: ${grantable.join(', ')}.`);
  const place = await findArea(records, request.region);
  if (place === null)
    return refused(
      `There is no region "${request.region}".`,
      'Use a code such as 33.74, "Kota Semarang", "residency/pati" or 33.',
    );
  const kept = { phone, role, area: place.area, simulator: request.simulator };
  return (await refusal(viewer, records, kept)) ?? { ok: true, ...place, kept };
}

function refused(what: string, mend: string): Refusal {
  return { ok: false, what, mend };
}

type Level = 'province' | 'residency' | 'regency' | 'district' | 'village';

/** Where each role can be held. A member is made by a registration, never by a grant. */
const levelsOf: Readonly<Record<RoleName, readonly Level[]>> = {
  'province-admin': ['province'],
  'province-team': ['province'],
  'residency-lead': ['residency'],
  chair: ['regency'],
  operator: ['province', 'residency', 'regency', 'district', 'village'],
  member: [],
};
const grantable = roleNames.filter((role) => levelsOf[role].length > 0);

async function refusal(viewer: Viewer, { prisma }: Records, kept: Kept): Promise<Refusal | null> {
  const { role, area, simulator } = kept;
  if (role === 'member')
    return refused('Nobody is made a member by a grant.', 'A member registers in the conversation.');
  if (!levelsOf[role].includes(levelOf(area)))
    return refused(
      `The role ${role} cannot be held there.`,
      `It is held in a ${levelsOf[role].join(' or a ')}.`,
    );
  const allowed =
    seesWorld(viewer, simulator) && may(viewer, `grant ${role}`, area, await readResidencies(prisma));
  return allowed ? null : refused('You may not give this role there.', 'Ask the province administrator.');
}

function levelOf(area: Area): Level {
  if (area === province) return 'province';
  if (residencyIn(area) !== null) return 'residency';
  const parts = area.split('.').length;
  if (parts === 2) return 'regency';
  return parts === 3 ? 'district' : 'village';
}

interface Place {
  readonly area: Area;
  readonly place: string;
}

/** The area a text names: a code, the name of a regency, `residency/ID`, or `33`; null when there is none. */
export async function findArea(records: Records, text: string): Promise<Place | null> {
  if (text === province) return { area: province, place: 'Provinsi Jawa Tengah' };
  const bare = text.replace(/^(residency\/|eks-karesidenan )/i, '');
  return bare === text ? findRegion(records, text) : findResidency(records, bare);
}

async function findResidency({ prisma }: Records, name: string): Promise<Place | null> {
  const residency = await prisma.residency.findUnique({ where: { id: name.toLowerCase() } });
  if (residency === null) return null;
  return { area: residencyArea(residency.id), place: `eks-karesidenan ${residency.name}` };
}

/** Only regencies go by name: below them half of all names are not unique. */
async function findRegion({ prisma }: Records, text: string): Promise<Place | null> {
  const [, kind = '', name = ''] = /^(\S+)\s+(.+)$/.exec(text) ?? [];
  const alike = (equals: string) => ({ equals, mode: 'insensitive' as const });
  const named = { kind: alike(kind), name: alike(name), level: 'regency' };
  const region = await prisma.region.findFirst({ where: { OR: [{ code: text }, named] } });
  return region === null ? null : { area: region.code, place: `${region.kind} ${region.name}` };
}

function standing({ vault }: Records, { phone, role, area, simulator }: Kept) {
  return { phoneIndex: new Uint8Array(vault.index('phone', phone)), role, area, simulator, revokedAt: null };
}

const insertGrant = `INSERT INTO role_grant (id, phone_sealed, phone_index, role, area, simulator, granted_by, granted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

async function keep(viewer: Viewer, records: Records, kept: Kept): Promise<boolean> {
  const { prisma, vault, now, newId } = records;
  const where = standing(records, kept);
  if ((await prisma.roleGrant.count({ where })) > 0) return false;
  const id = newId();
  const insert = grantKept(id, kept, { vault, by: viewer.id, at: now() });
  await writeTogether(records.pool, [insert, entry('grant', id, viewer, records, kept)]);
  return true;
}

/** Gives a role to a number. */
export function grantKept(
  id: string,
  { phone, role, area, simulator }: Kept,
  { vault, by, at }: { readonly vault: Vault; readonly by: string; readonly at: Date },
): Statement {
  const values = [id, vault.seal(phone), vault.index('phone', phone), role, area, simulator, by, at];
  return { name: 'grant-insert', text: insertGrant, values };
}

const revokeText = 'UPDATE role_grant SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL';

async function takeBack(viewer: Viewer, records: Records, kept: Kept): Promise<boolean> {
  const held = await records.prisma.roleGrant.findMany({ where: standing(records, kept) });
  const statements = held.flatMap(({ id }) => [
    grantEnded(id, records.now()),
    entry('revocation', id, viewer, records, kept),
  ]);
  await writeTogether(records.pool, statements);
  return held.length > 0;
}

/** Ends a grant, once. */
export function grantEnded(id: string, at: Date): Statement {
  return { name: 'grant-revoke', text: revokeText, values: [id, at] };
}

/** In the audit the grant itself stands for whoever holds it: who that is may not have written to the bot yet. */
function entry(
  kind: 'grant' | 'revocation',
  grantId: string,
  viewer: Viewer,
  { vault, now }: Records,
  { phone, role, area }: Kept,
): Statement {
  const personal = sealPersonal(vault, { phone });
  const what = { kind, action: role, detail: area, actor: viewer.id };
  return audited({ ...what, subjects: [grantId], at: now(), personal });
}

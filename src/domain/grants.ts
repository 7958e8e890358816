import { phoneOf } from './history.js';
import type { Records } from './records.js';
import { mayGrant, province, type RoleName, roleNames, type Viewer } from './roles.js';

/** What is asked for: the region by code, by name ("Kabupaten Semarang", "eks-karesidenan Pati"), or `33`. */
export interface GrantRequest {
  readonly phone: string;
  readonly role: string;
  readonly region: string;
  readonly simulator: boolean;
}

/** A role given, or why not and what to do. */
export type Granted =
  | { readonly ok: true; readonly area: string; readonly place: string }
  | { readonly ok: false; readonly what: string; readonly mend: string };

/** Gives a role in an area to a phone number; the same again changes nothing. It counts once the number is proved by a channel. */
export async function grantRole(viewer: Viewer, records: Records, request: GrantRequest): Promise<Granted> {
  const [phone] = phoneOf(request.phone);
  const role = roleNames.find((name) => name === request.role);
  const place = await findArea(records, request.region);
  if (phone === undefined)
    return refused('This is no mobile phone number.', 'Write it like 081200000001 or +6281200000001.');
  if (role === undefined)
    return refused(`There is no role "${request.role}".`, `Use one of: ${roleNames.join(', ')}.`);
  if (place === null)
    return refused(
      `There is no region "${request.region}".`,
      'Use a code such as 33.74, "Kota Semarang", "residency/pati" or 33.',
    );
  if (!(await isAllowed(viewer, records, role, place.area)))
    return refused('You may not give this role there.', 'Ask the province administrator.');
  await keep(viewer, records, { phone, role, area: place.area, simulator: request.simulator });
  return { ok: true, ...place };
}

function refused(what: string, mend: string): Granted {
  return { ok: false, what, mend };
}

interface Place {
  readonly area: string;
  readonly place: string;
}

async function findArea({ prisma }: Records, text: string): Promise<Place | null> {
  if (text === province) return { area: province, place: 'Provinsi Jawa Tengah' };
  const bare = text.replace(/^(residency\/|eks-karesidenan )/i, '');
  const residency =
    bare === text ? null : await prisma.residency.findUnique({ where: { id: bare.toLowerCase() } });
  if (residency !== null)
    return { area: `residency/${residency.id}`, place: `eks-karesidenan ${residency.name}` };
  const [, kind = '', name = ''] = /^(\S+)\s+(.+)$/.exec(text) ?? [];
  const insensitive = 'insensitive' as const;
  const named = {
    kind: { equals: kind, mode: insensitive },
    name: { equals: name, mode: insensitive },
    level: 'regency',
  };
  const region = await prisma.region.findFirst({ where: { OR: [{ code: text }, named] } });
  return region === null ? null : { area: region.code, place: `${region.kind} ${region.name}` };
}

async function isAllowed(
  viewer: Viewer,
  { prisma }: Records,
  role: RoleName,
  area: string,
): Promise<boolean> {
  const rows = await prisma.region.findMany({
    where: { level: 'regency' },
    select: { code: true, residencyId: true },
  });
  const residencies = new Map(rows.map((row) => [row.code, `residency/${row.residencyId}`]));
  return mayGrant(viewer, role, area, (code) => residencies.get(code) ?? null);
}

interface Kept {
  readonly phone: string;
  readonly role: RoleName;
  readonly area: string;
  readonly simulator: boolean;
}

async function keep(viewer: Viewer, { prisma, vault, now, newId }: Records, grant: Kept): Promise<void> {
  const { phone, role, area, simulator } = grant;
  const phoneIndex = new Uint8Array(vault.index('phone', phone));
  const same = await prisma.roleGrant.findFirst({
    where: { phoneIndex, role, area, simulator, revokedAt: null },
  });
  if (same !== null) return;
  const phoneSealed = new Uint8Array(vault.seal(phone));
  const data = {
    id: newId(),
    phoneSealed,
    phoneIndex,
    role,
    area,
    simulator,
    grantedBy: viewer.id,
    grantedAt: now(),
  };
  await prisma.roleGrant.create({ data });
}

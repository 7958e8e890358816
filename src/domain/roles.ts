/** What a person may be, each in an area; the higher ones first. */
export const roleNames = [
  'province-admin',
  'province-team',
  'residency-lead',
  'chair',
  'operator',
  'member',
] as const;
export type RoleName = (typeof roleNames)[number];

/** A region code (`33`, `33.74`, `33.74.14`, `33.74.14.1001`) or `residency/ID`. */
export type Area = string;

/** A role in an area. */
export interface Grant {
  readonly role: RoleName;
  readonly area: Area;
}

/** What can be asked for. */
export type Act = 'read-people' | 'read-conversation' | 'take-handover' | 'grant-role';

const made: unique symbol = Symbol('viewer');

/** Who looks: can only be made from grants, or for the administrator at the machine itself. */
export interface Viewer {
  readonly [made]: true;
  /** For the access log: a contact id, or `local:NAME`. */
  readonly id: string;
  readonly grants: readonly Grant[];
  /** People of the simulator see people of the simulator, and nobody else. */
  readonly simulator: boolean | 'both';
}

/** A viewer by the grants of a proved phone number. */
export function viewerOf(id: string, grants: readonly Grant[], simulator: boolean): Viewer {
  return { [made]: true, id, grants, simulator };
}

/** Whoever may run commands on this machine can read its database anyway; what is done is logged under the reason. */
export function localAdministrator(reason: string): Viewer {
  return {
    [made]: true,
    id: `local:${reason}`,
    grants: [{ role: 'province-admin', area: province }],
    simulator: 'both',
  };
}

/** The whole province. */
export const province: Area = '33';

/** The eks-karesidenan a regency belongs to, as an area. */
export type ResidencyOf = (regencyCode: string) => Area | null;

/** Whether an area holds a region: itself, all below it, and a residency its regencies. */
export function covers(area: Area, region: string, residencyOf: ResidencyOf): boolean {
  if (region === area || region.startsWith(`${area}.`)) return true;
  return area.startsWith('residency/') && residencyOf(region.slice(0, 5)) === area;
}

const allowed: Readonly<Record<RoleName, readonly Act[]>> = {
  'province-admin': ['read-people', 'read-conversation', 'take-handover', 'grant-role'],
  'province-team': ['read-people', 'take-handover'],
  'residency-lead': ['read-people', 'take-handover'],
  chair: ['read-people', 'read-conversation', 'take-handover', 'grant-role'],
  operator: ['read-people', 'read-conversation', 'take-handover'],
  member: [],
};

/** The one decision: may this viewer do this in that region. */
export function may(viewer: Viewer, act: Act, region: string, residencyOf: ResidencyOf): boolean {
  return areasFor(viewer, act).some((area) => covers(area, region, residencyOf));
}

/** The areas in which a viewer may do something; every list of people is cut down to them. */
export function areasFor(viewer: Viewer, act: Act): readonly Area[] {
  return viewer.grants.filter((grant) => allowed[grant.role].includes(act)).map((grant) => grant.area);
}

/** Whether somebody with one role may give another: only downwards, and a chair only operators and members. */
export function mayGrant(viewer: Viewer, role: RoleName, area: string, residencyOf: ResidencyOf): boolean {
  if (!may(viewer, 'grant-role', area, residencyOf)) return false;
  if (viewer.grants.some((grant) => grant.role === 'province-admin')) return true;
  return role === 'operator' || role === 'member';
}

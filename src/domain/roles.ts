/** What a person may be, each in an area; the higher ones first. */
export const roleNames = [
  'province-admin',
  'province-team',
  'residency-lead',
  'chair',
  'operator',
  'member',
] as const;
/** One of them. */
export type RoleName = (typeof roleNames)[number];

/** What a role is called towards people; the place comes after it. */
export const roleWords: Readonly<Record<RoleName, string>> = {
  'province-admin': 'pengelola',
  'province-team': 'Tim Motivator dan Dinamisator',
  'residency-lead': 'wakil ketua',
  chair: 'ketua IPSM',
  operator: 'petugas',
  member: 'anggota',
};

/** A region code (`33`, `33.74`, `33.74.14`, `33.74.14.1001`) or `residency/ID`. */
export type Area = string;

/** A role in an area. */
export interface Grant {
  readonly role: RoleName;
  readonly area: Area;
}

/** What can be asked for. */
export type Act =
  | 'read-people'
  | 'import-people'
  | 'register-others'
  | 'join-members'
  | 'read-conversation'
  | 'take-handover'
  | 'verify-sk'
  | 'manage-board'
  | 'hear-of-members'
  | 'record-death'
  | 'change-number'
  | 'broadcast'
  | 'approve-broadcast'
  | 'call-rakor'
  | 'check-in'
  | `grant ${RoleName}`;

const made: unique symbol = Symbol('viewer');

/** Who looks: can only be made from grants, or for the administrator at the machine itself. */
export interface Viewer {
  readonly [made]: 'granted' | 'local';
  /** For the audit: a contact id, or `local:NAME`. */
  readonly id: string;
  readonly grants: readonly Grant[];
  /** People of the simulator see people of the simulator, and nobody else. */
  readonly simulator: boolean | 'both';
}

/** A viewer by the grants of a proved phone number. */
export function viewerOf(id: string, grants: readonly Grant[], simulator: boolean): Viewer {
  return { [made]: 'granted', id, grants, simulator };
}

/** Whoever may run commands on this machine can read its database anyway; what is done is logged under the reason. */
export function localAdministrator(reason: string): Viewer {
  return {
    [made]: 'local',
    id: `local:${reason}`,
    grants: [{ role: 'province-admin', area: province }],
    simulator: 'both',
  };
}

/** The whole province. */
export const province: Area = '33';

/** The eks-karesidenan a regency belongs to, as an area. */
export type ResidencyOf = (regencyCode: string) => Area | null;

const residencyPrefix = 'residency/';

/** The id of the residency an area stands for, or null when it is a region. */
export function residencyIn(area: Area): string | null {
  return area.startsWith(residencyPrefix) ? area.slice(residencyPrefix.length) : null;
}

/** A residency as an area. */
export function residencyArea(id: string): Area {
  return `${residencyPrefix}${id}`;
}

/** Whether an area holds another: itself, all below it; a residency its regencies; the province everything in it. */
export function covers(area: Area, inner: Area, residencyOf: ResidencyOf): boolean {
  if (inner === area || inner.startsWith(`${area}.`)) return true;
  if (residencyIn(inner) !== null) return area === province;
  return residencyIn(area) !== null && residencyOf(regencyOf(inner)) === area;
}

/** The regency a region lies in, itself included: the first two parts of its code. */
export function regencyOf(code: string): string {
  return code.split('.').slice(0, 2).join('.');
}

/** Whoever calls people together: may write to them, say yes to what another one writes, call a rakor, and stand at its door. */
const mayGather: readonly Act[] = ['broadcast', 'approve-broadcast', 'call-rakor', 'check-in'];

const allowed: Readonly<Record<RoleName, readonly Act[]>> = {
  'province-admin': [
    'read-people',
    'import-people',
    'join-members',
    'read-conversation',
    'take-handover',
    'manage-board',
    'hear-of-members',
    'record-death',
    'change-number',
    ...mayGather,
    'grant province-team',
    'grant residency-lead',
    'grant chair',
    'grant operator',
  ],
  'province-team': ['read-people', 'take-handover', ...mayGather],
  'residency-lead': ['read-people', 'take-handover', 'manage-board', ...mayGather],
  chair: [
    'read-people',
    'import-people',
    'join-members',
    'read-conversation',
    'take-handover',
    'register-others',
    'verify-sk',
    'manage-board',
    'hear-of-members',
    'record-death',
    'change-number',
    ...mayGather,
    'grant operator',
  ],
  operator: [
    'read-people',
    'read-conversation',
    'take-handover',
    'register-others',
    'verify-sk',
    'record-death',
    'change-number',
    'check-in',
  ],
  member: [],
};

/** The one decision: may this viewer do this in that area. */
export function may(viewer: Viewer, act: Act, inner: Area, residencyOf: ResidencyOf): boolean {
  return areasFor(viewer, act).some((area) => covers(area, inner, residencyOf));
}

/** The areas in which a viewer may do something; every list of people is cut down to them. */
export function areasFor(viewer: Viewer, act: Act): readonly Area[] {
  if (viewer[made] === 'local') return [province];
  return viewer.grants.filter((grant) => allowed[grant.role].includes(act)).map((grant) => grant.area);
}

/** The roles that may do something in their areas. */
export function rolesThatMay(act: Act): readonly RoleName[] {
  return roleNames.filter((role) => allowed[role].includes(act));
}

/** Whether a viewer sees pretended people, or real ones. */
export function seesWorld(viewer: Viewer, simulator: boolean): boolean {
  return viewer.simulator === 'both' || viewer.simulator === simulator;
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listHandovers } from '../../src/domain/handovers.js';
import { listMembers } from '../../src/domain/people.js';
import {
  type Act,
  covers,
  type Grant,
  localAdministrator,
  may,
  type RoleName,
  roleNames,
  viewerOf,
} from '../../src/domain/roles.js';
import { sized } from '../support/size.js';
import { looksIn, openWorld, type World } from './world.js';

/** A region tree of any shape: each region knows what it lies in, which the code itself is not asked for. */
interface Tree {
  readonly above: ReadonlyMap<string, readonly string[]>;
  readonly residencies: ReadonlyMap<string, string>;
}

const part = fc.integer({ min: 1, max: 12 });
const branch = fc.record({
  regency: part,
  residency: fc.constantFrom('a', 'b', 'ab'),
  district: part,
  village: part,
});
const tree = fc.array(branch, { minLength: 1, maxLength: 8 }).map(treeOf);

function treeOf(
  branches: readonly { regency: number; residency: string; district: number; village: number }[],
): Tree {
  const above = new Map<string, readonly string[]>([['33', ['33']]]);
  const residencies = new Map<string, string>();
  for (const { regency, residency, district, village } of branches) {
    const code = `33.${regency}`;
    const area = residencies.get(code) ?? `residency/${residency}`;
    residencies.set(code, area);
    const [inDistrict, inVillage] = [`${code}.${district}`, `${code}.${district}.${village}`];
    above.set(area, [area, '33']);
    above.set(code, [code, area, '33']);
    above.set(inDistrict, [inDistrict, code, area, '33']);
    above.set(inVillage, [inVillage, inDistrict, code, area, '33']);
  }
  return { above, residencies };
}

const role = fc.constantFrom(...roleNames);
const act = fc.constantFrom<Act>(
  'read-people',
  'read-conversation',
  'take-handover',
  'verify-sk',
  'manage-board',
  'hear-of-members',
  'record-death',
  'change-number',
  'grant operator',
  'grant chair',
);

/** The rules once more, as sentences rather than as a table of areas. */
function mayBy(held: RoleName, what: Act): boolean {
  if (held === 'member') return false;
  if (what === 'read-people' || what === 'take-handover') return true;
  if (what === 'verify-sk') return held === 'chair' || held === 'operator';
  if (what === 'manage-board') return ['province-admin', 'residency-lead', 'chair'].includes(held);
  if (what === 'record-death' || what === 'change-number')
    return ['province-admin', 'chair', 'operator'].includes(held);
  if (what === 'hear-of-members') return held === 'province-admin' || held === 'chair';
  if (what === 'read-conversation') return !['province-team', 'residency-lead'].includes(held);
  return held === 'province-admin' || (held === 'chair' && what === 'grant operator');
}

describe('areas', () => {
  test('an area covers exactly what lies in it', () => {
    fc.assert(
      fc.property(tree, ({ above, residencies }) => {
        const residencyOf = (code: string) => residencies.get(code) ?? null;
        for (const area of above.keys())
          for (const [inner, parents] of above)
            expect([area, inner, covers(area, inner, residencyOf)]).toEqual([
              area,
              inner,
              parents.includes(area),
            ]);
      }),
    );
  });

  test('a viewer may do what some grant allows where that grant reaches, and nothing else', () => {
    const grants = fc.array(fc.tuple(role, fc.nat()), { maxLength: 4 });
    fc.assert(
      fc.property(tree, grants, act, fc.nat(), ({ above, residencies }, drawn, what, at) => {
        const areas = [...above.keys()];
        const pick = (index: number) => areas[index % areas.length] ?? '33';
        const held = drawn.map(([name, index]): Grant => ({ role: name, area: pick(index) }));
        const place = pick(at);
        const reached = above.get(place) ?? [];
        const expected = held.some((one) => mayBy(one.role, what) && reached.includes(one.area));
        const viewer = viewerOf('somebody', held, false);
        expect(may(viewer, what, place, (code) => residencies.get(code) ?? null)).toBe(expected);
      }),
    );
  });

  test('whoever sits at the machine may do everything everywhere', () => {
    const acts = [
      'read-people',
      'read-conversation',
      ...roleNames.map((name) => `grant ${name}` as const),
    ] as const;
    for (const what of acts)
      for (const area of ['33', 'residency/pati', '33.18', '33.18.01.2001'])
        expect(may(localAdministrator('test'), what, area, () => null)).toBe(true);
  });
});

describe('lists', () => {
  interface Row {
    readonly code: string;
    readonly simulator: boolean;
  }

  async function fill(world: World) {
    const { rows: regions } = await world.db.pool.query<{ code: string; residency: string }>(
      `SELECT v.code, 'residency/' || r.residency_id AS residency FROM region v JOIN region r ON r.code = left(v.code, 5)
       WHERE v.level = 'village' AND v.code ~ '^33[.](74|22|18|01)[.]0[12]'`,
    );
    const residencies = new Map(regions.map((row) => [row.code.slice(0, 5), row.residency]));
    const rows: Row[] = regions.map(({ code }, at) => ({ code, simulator: at % 3 === 0 }));
    const data = rows.map(({ code, simulator }) => ({
      ...{ id: world.newId(), name: 'Sri Contohwati', birthDate: '1970', sex: 'P', education: 'sma' },
      ...{ regionCode: code, simulator },
    }));
    await world.prisma.member.createMany({ data });
    const contacts = rows.map(({ simulator }) => ({ id: world.newId(), simulator }));
    await world.prisma.contact.createMany({ data: contacts });
    await world.prisma.handover.createMany({
      data: rows.map(({ code }, at) => ({
        ...{
          id: world.newId(),
          contactId: contacts[at]?.id ?? '',
          memberSealed: new Uint8Array(),
          reason: 'asked',
          area: code,
          openedAt: world.now(),
        },
      })),
    });
    return { rows, residencyOf: (code: string) => residencies.get(code) ?? null };
  }

  test('show every row of the viewer’s areas and world, and no other', async () => {
    const world = await openWorld();
    const { rows, residencyOf } = await fill(world);
    const parts = rows.flatMap(({ code }) => [code, code.slice(0, 8), code.slice(0, 5)]);
    const area = fc.constantFrom(
      '33',
      'residency/semarang',
      'residency/pati',
      'residency/kedu',
      '33.7',
      ...new Set(parts),
    );
    const grants = fc.array(fc.record({ role, area }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(grants, fc.boolean(), async (held, simulator) => {
        const viewer = viewerOf('somebody', held, simulator);
        const visible = (what: Act) =>
          rows
            .filter((row) => row.simulator === simulator && may(viewer, what, row.code, residencyOf))
            .map((row) => row.code);
        const members = await listMembers(viewer, world);
        const waiting = await listHandovers(viewer, world);
        expect(members.map((line) => line.regionCode).sort()).toEqual(visible('read-people').sort());
        expect(waiting.map((line) => line.area).sort()).toEqual(visible('take-handover').sort());
      }),
      { numRuns: sized(20, 60) },
    );
  });

  test('keep in the log whom they showed', async () => {
    const world = await openWorld();
    await fill(world);
    const viewer = viewerOf('somebody', [{ role: 'chair', area: '33.74' }], false);
    const lines = await listMembers(viewer, world);
    const log = (await looksIn(world, 'list-members')).filter((row) => row.viewer === 'somebody');
    expect(lines.length).toBeGreaterThan(3);
    expect(log.map((row) => row.subject).sort()).toEqual(lines.map((line) => line.id).sort());
  });
});

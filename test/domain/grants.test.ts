import { describe, expect, test } from 'vitest';
import { grantRole, revokeRole, rolesOfPhone } from '../../src/domain/grants.js';
import { localAdministrator, viewerOf } from '../../src/domain/roles.js';
import { everything, now, openWorld } from './world.js';

const admin = localAdministrator('test');
const request = { phone: '0812-0000-0001', role: 'operator', region: '33.74', simulator: false };
const e164 = '+6281200000001';

describe('by the administrator at the machine', () => {
  test.each([
    ['operator', '33.74.14.1001', '33.74.14.1001'],
    ['operator', '33', '33'],
    ['chair', 'Kota Semarang', '33.74'],
    ['chair', 'kabupaten semarang', '33.22'],
    ['residency-lead', 'eks-karesidenan Pati', 'residency/pati'],
    ['residency-lead', 'residency/kedu', 'residency/kedu'],
    ['province-team', '33', '33'],
    ['province-admin', '33', '33'],
  ])('%s of %s', async (role, region, area) => {
    const world = await openWorld();
    const granting = { ...request, role, region };
    expect(await grantRole(admin, world, granting)).toMatchObject({ ok: true, area, changed: true });
    expect(await grantRole(admin, world, granting)).toMatchObject({ ok: true, area, changed: false });
    expect(await rolesOfPhone(admin, world, e164)).toEqual([{ role, area }]);
    expect(await revokeRole(admin, world, granting)).toMatchObject({ ok: true, changed: true });
    expect(await revokeRole(admin, world, granting)).toMatchObject({ ok: true, changed: false });
    expect(await rolesOfPhone(admin, world, e164)).toEqual([]);
    expect(await world.prisma.roleGrant.findMany()).toMatchObject([
      { revokedAt: now, grantedBy: 'local:test' },
    ]);
  });

  test.each([
    ['no number', { phone: 'budi' }],
    ['a landline', { phone: '024-8311729' }],
    ['no role', { role: 'bupati' }],
    ['a member', { role: 'member' }],
    ['an unknown code', { region: '33.99' }],
    ['a name without its kind', { region: 'Semarang' }],
    ['an unknown residency', { region: 'residency/bagelen' }],
    ['a chair of a village', { role: 'chair', region: '33.74.14.1001' }],
    ['a residency-lead of a city', { role: 'residency-lead', region: '33.74' }],
    ['an administrator of a residency', { role: 'province-admin', region: 'residency/pati' }],
  ])('refused, with what to do: %s', async (_, wrong) => {
    const world = await openWorld();
    expect(await grantRole(admin, world, { ...request, ...wrong })).toMatchObject({
      ok: false,
      mend: expect.stringMatching(/\.$/),
    });
    expect(await world.prisma.roleGrant.count()).toBe(0);
  });

  test('the number stands nowhere in the clear', async () => {
    const world = await openWorld();
    await grantRole(admin, world, request);
    const { rows } = await world.db.pool.query('SELECT role, area, granted_by FROM role_grant');
    expect(JSON.stringify(rows)).not.toContain('81200000001');
    expect(await everything(world)).toContain(e164);
  });
});

describe('by somebody with a role', () => {
  const provinceAdmin = { role: 'province-admin', area: '33' } as const;
  const chair = { role: 'chair', area: '33.74' } as const;
  const operator = { role: 'operator', area: '33.74' } as const;

  test.each([
    ['an administrator: a chair', provinceAdmin, 'chair', '33.01', true],
    ['an administrator: a residency-lead', provinceAdmin, 'residency-lead', 'residency/pati', true],
    ['an administrator: not another administrator', provinceAdmin, 'province-admin', '33', false],
    ['a chair: an operator of his own', chair, 'operator', '33.74.14', true],
    ['a chair: not of a neighbour', chair, 'operator', '33.22', false],
    ['a chair: not of the province', chair, 'operator', '33', false],
    ['a chair: not another chair', chair, 'chair', '33.74', false],
    ['an operator: nobody', operator, 'operator', '33.74', false],
  ])('%s', async (_, held, role, region, ok) => {
    const world = await openWorld();
    const viewer = viewerOf('somebody', [held], false);
    expect(await grantRole(viewer, world, { ...request, role, region })).toMatchObject({ ok });
    expect(await grantRole(viewer, world, { ...request, role, region, simulator: true })).toMatchObject({
      ok: false,
    });
    expect(await revokeRole(viewer, world, { ...request, role, region })).toMatchObject({ ok });
  });

  test('two small roles do not make a large one', async () => {
    const world = await openWorld();
    const viewer = viewerOf('somebody', [chair, { role: 'operator', area: '33.22' }], false);
    expect(await grantRole(viewer, world, { ...request, region: '33.22' })).toMatchObject({ ok: false });
  });

  test('roles outside the area are not told', async () => {
    const world = await openWorld();
    await grantRole(admin, world, { ...request, region: '33.01' });
    await grantRole(admin, world, { ...request, region: '33.74.14' });
    const viewer = viewerOf('somebody', [chair], false);
    expect(await rolesOfPhone(viewer, world, e164)).toEqual([{ role: 'operator', area: '33.74.14' }]);
  });
});

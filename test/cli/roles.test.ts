import { expect, test } from 'vitest';
import { grant, revoke } from '../../src/cli/roles.js';
import { openWorld } from '../domain/world.js';

const request = { phone: '0812-0000-0001', role: 'operator', region: 'Kota Semarang', simulator: false };

test('a role that was given is taken back once, and what is still held is told', async () => {
  const world = await openWorld();
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  expect(await grant(world, request, print)).toBe(true);
  expect(await grant(world, { ...request, region: '33.22' }, print)).toBe(true);
  lines.length = 0;
  expect(await revoke(world, request, print)).toBe(true);
  expect(await revoke(world, { ...request, phone: '+6281200000001' }, print)).toBe(true);
  expect(await revoke(world, { ...request, role: 'bupati' }, print)).toBe(false);
  const held = 'It still holds operator (33.22).';
  expect(lines).toEqual([
    'operator for Kota Semarang (33.74) is taken back. A running Sapa knows it within a minute.',
    held,
    'This number did not hold operator for Kota Semarang (33.74); nothing was changed.',
    held,
    expect.stringMatching(/^There is no role "bupati"\. Use one of: .*\.$/),
  ]);
  expect(await world.prisma.roleGrant.count({ where: { revokedAt: null } })).toBe(1);
});

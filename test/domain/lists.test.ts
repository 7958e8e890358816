import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expectTypeOf, test } from 'vitest';
import { listBroadcasts } from '../../src/domain/broadcast-progress.js';
import { listConsolidation } from '../../src/domain/consolidation.js';
import { listHandovers } from '../../src/domain/handovers.js';
import { listParked } from '../../src/domain/parked.js';
import { listMembers } from '../../src/domain/people.js';
import { listProblemCounts, listProblems } from '../../src/domain/problems.js';
import { type Viewer, viewerOf } from '../../src/domain/roles.js';
import { openWorld } from './world.js';

/** Every list of people in the domain; a new one is missing here until it takes the viewer first. */
const lists = {
  listBroadcasts,
  listConsolidation,
  listHandovers,
  listMembers,
  listParked,
  listProblemCounts,
  listProblems,
};

const folder = join(import.meta.dirname, '../../src/domain');

test('every list is known here', async () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const modules = await Promise.all(files.map((name) => import(join(folder, name))));
  const names = modules.flatMap((module) => Object.keys(module)).filter((name) => name.startsWith('list'));
  expect(names.sort()).toEqual(Object.keys(lists).sort());
});

test('every list takes the viewer first, and a viewer cannot be made by hand', () => {
  type First = { [Name in keyof typeof lists]: Parameters<(typeof lists)[Name]>[0] };
  expectTypeOf<First[keyof First]>().toEqualTypeOf<Viewer>();
  // @ts-expect-error: only `viewerOf` and `localAdministrator` make one
  const made: Viewer = { id: 'nobody', grants: [], simulator: 'both' };
  expect(made).toBeDefined();
});

test('without a grant every list is empty', async () => {
  const world = await openWorld();
  const nobody = viewerOf('nobody', [], false);
  for (const list of Object.values(lists)) expect(await list(nobody, world)).toEqual([]);
});

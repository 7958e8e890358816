import { beforeEach, expect, test } from 'vitest';
import type { GroupSeen } from '../../src/channels/whatsapp-web/port.js';
import * as groups from '../../src/cli/whatsapp-groups.js';
import { count, openWorld, type World } from '../domain/world.js';

let world: World;
let said: string[];
let seen: readonly GroupSeen[];
let desk: groups.GroupDesk;
beforeEach(async () => {
  world = await openWorld();
  said = [];
  seen = [
    { jid: 'a@g.us', title: 'Ketua', size: 36, isOpen: true },
    { jid: 'b@g.us', title: 'Info', size: 200, isOpen: false },
  ];
  desk = {
    ...{ records: world, account: 'wa', print: (line: string) => void said.push(line) },
    store: { groups: async () => seen },
  };
});

const add = (jid: string, name = 'ketua', area = '33') => groups.addGroup(desk, jid, { name, area });

test('a group is named, listed with its name, and removed', async () => {
  expect([await add('a@g.us'), said.at(-1)]).toEqual([
    true,
    'Broadcasts for Provinsi Jawa Tengah (33) may go to Ketua, as grup:ketua. A second person always says yes to them.',
  ]);
  said = [];
  await groups.listGroups(desk);
  expect(said).toEqual([
    'a@g.us  Ketua, 36 people  grup:ketua (33)',
    'b@g.us  Info, 200 people  only its admins may write there, and the number is none',
  ]);
  seen = [];
  said = [];
  await groups.listGroups(desk);
  expect(said).toEqual(['a@g.us  ketua (33): the number is not in it any more, so nothing is sent there']);
  expect([await groups.dropGroup(desk, 'ketua'), await groups.dropGroup(desk, 'ketua')]).toEqual([
    true,
    false,
  ]);
  expect(await count(world, 'chat_group')).toBe(0);
  await groups.listGroups(desk);
  expect(said.at(-1)).toContain('The number is in no group');
});

test.each([
  ['c@g.us', 'ketua', '33', 'The number is in no such group.'],
  ['b@g.us', 'ketua', '33', 'Only admins may write in that group.'],
  ['a@g.us', 'Ketua!', '33', 'is no name for a group. Use small letters'],
  ['a@g.us', 'ketua', '99', 'There is no region "99". Use a code'],
])('%s as %s in %s is refused, with a reason', async (jid, name, area, what) => {
  expect([await add(jid, name, area), said.at(-1)]).toEqual([false, expect.stringContaining(what)]);
  expect(await count(world, 'chat_group')).toBe(0);
});

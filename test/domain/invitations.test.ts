import { beforeEach, expect, test } from 'vitest';
import { approveBroadcast } from '../../src/domain/broadcasts.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { addRakor, inviteTo } from './rakor-scene.js';
import { addHelper, addMember, openWorld, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const chairs = { role: 'chair' } as const;
const everybody = { any: [{ area: '33' }, chairs] } as const;

test('an approved broadcast invites each of its people once, and calls the rakor', async () => {
  const chair = await addHelper(world, 'chair', '33.74');
  const member = await addMember(world);
  const rakor = await addRakor(world);
  await inviteTo(world, rakor, chairs);
  const first = await world.prisma.invitation.findMany();
  expect(first).toMatchObject([{ rakorId: rakor, contactId: chair.contactId, memberId: null, answer: null }]);
  expect(first[0]?.grantId).not.toBeNull();
  await inviteTo(world, rakor, everybody);
  const all = await world.prisma.invitation.findMany({ orderBy: { createdAt: 'asc' } });
  expect(all.map(({ contactId }) => contactId).toSorted()).toEqual(
    [chair.contactId, member.contactId].toSorted(),
  );
  expect(all.map(({ id }) => id)).toContain(first[0]?.id);
  expect(await world.prisma.rakor.findMany()).toMatchObject([{ state: 'called', version: 1 }]);
});

test('a broadcast that invites to no rakor is a fault of whoever made it, and nothing is sent', async () => {
  const id = world.newId();
  const data = { kind: 'invitation', audience: chairs, createdBy: 'local:test' };
  const bodySealed = new Uint8Array(world.vault.sealJson({ text: 'x', choices: [], question: null }));
  await world.prisma.broadcast.create({ data: { id, state: 'draft', bodySealed, ...data } });
  const approval = approveBroadcast(localAdministrator('test'), id, { ...world, secondYesAbove: 50 });
  await expect(approval).rejects.toThrow('invites to no rakor');
  expect(await world.prisma.broadcast.findMany()).toMatchObject([{ state: 'draft' }]);
});

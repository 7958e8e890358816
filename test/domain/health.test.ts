import { expect, test } from 'vitest';
import { countWaiting } from '../../src/domain/health.js';
import { localAdministrator, viewerOf } from '../../src/domain/roles.js';
import { statementNames } from '../../src/store/prisma-client.js';
import { addDelivery, addHelper, addInbound, addPerson, now, openWorld, perform } from './world.js';

test('counts what nobody has taken care of', async () => {
  const world = await openWorld();
  const nothing = {
    helplessMembers: 0,
    openHandovers: 0,
    parkedMessages: 0,
    unknownDeliveries: 0,
    failedDeliveries: 0,
    missedReminders: 0,
    privacy: { soon: 0, overdue: 0 },
  };
  expect(await countWaiting(localAdministrator('test'), world)).toEqual({ ...nothing, alarms: [] });
  const [one, other] = [await addPerson(world), await addPerson(world)];
  await perform(world, 'handover.open', {}, one);
  await addHelper(world, 'province-admin', '33');
  await perform(world, 'handover.open', {}, other);
  await addInbound(world, one, 'halo');
  await world.prisma.inbound.updateMany({ data: { state: 'parked' } });
  for (const state of ['unknown', 'failed', 'failed']) await addDelivery(world, one, { state, text: 'halo' });
  await world.prisma.alarm.createMany({
    data: [
      { kind: 'stands', message: 'look', raisedAt: now },
      { kind: 'told', message: 'look', raisedAt: now, toldAt: now },
      { kind: 'cleared', message: 'done', raisedAt: now, clearedAt: now },
    ],
  });
  const slot = { rule: 'x', about: 'x', dueAt: now, usefulUntil: now, at: now };
  await world.prisma.reminder.createMany({
    data: [
      { ...slot, contactId: one.contactId, state: 'missed' },
      { ...slot, contactId: other.contactId, state: 'told' },
    ],
  });
  for (const _ of [1, 2])
    expect(await countWaiting(localAdministrator('test'), world)).toEqual({
      ...{
        helplessMembers: 1,
        openHandovers: 2,
        parkedMessages: 1,
        unknownDeliveries: 1,
        failedDeliveries: 2,
        missedReminders: 1,
        privacy: { soon: 0, overdue: 0 },
      },
      alarms: [
        { kind: 'stands', message: 'look', since: now, told: false },
        { kind: 'told', message: 'look', since: now, told: true },
      ],
    });
});

test('tells nothing to who looks after nothing', async () => {
  const world = await openWorld();
  await expect(countWaiting(viewerOf('nobody', [], false), world)).rejects.toThrow('looks after nothing');
});

test('a connection keeps a bounded number of statements', () => {
  const name = statementNames(2);
  const named = ['a', 'b', 'a', 'c', 'b', 'c'].map((sql) => name({ sql }));
  expect(named).toEqual(['prisma-0', 'prisma-1', 'prisma-0', '', 'prisma-1', '']);
});

import { expect, test } from 'vitest';
import { answer, close, discard, handovers, parked, retry, showOne } from '../../src/cli/handovers.js';
import { discardParked, listParked, retryParked } from '../../src/domain/parked.js';
import { localAdministrator, viewerOf } from '../../src/domain/roles.js';
import {
  addHelper,
  addInbound,
  addPerson,
  looksIn,
  now,
  openWorld,
  perform,
  registration,
  type World,
} from './world.js';

const admin = localAdministrator('test');

/** A message of a member of Kota Semarang, put aside. */
async function putAside(world: World) {
  const member = await addPerson(world);
  await perform(world, 'member.register', registration(), member);
  const id = await addInbound(world, member, 'Rahasia saya');
  const data = { state: 'parked' as const, attempts: 3, outcomes: ['TypeError'] };
  await world.prisma.inbound.updateMany({ data });
  return { member, id };
}

test('is listed without its words, and tried again or put away once; each look is kept', async () => {
  const world = await openWorld();
  const { member, id } = await putAside(world);
  const { contactId } = member;
  expect(await listParked(admin, world)).toEqual([
    { id, contactId, receivedAt: now, attempts: 3, code: 'TypeError' },
  ]);
  expect([await retryParked(admin, world, id), await retryParked(admin, world, id)]).toEqual([true, false]);
  expect(await world.prisma.inbound.findFirst()).toMatchObject({ state: 'pending', attempts: 0 });
  await world.prisma.inbound.updateMany({ data: { state: 'parked' } });
  expect([await discardParked(admin, world, id), await discardParked(admin, world, id)]).toEqual([
    true,
    false,
  ]);
  expect(await world.prisma.inbound.findFirst()).toMatchObject({ state: 'done', outcomes: ['discarded'] });
  const kept = await looksIn(world);
  expect(kept.map(({ action, subject }) => [action, subject])).toEqual(
    ['list-parked', 'retry-parked', 'discard-parked'].map((action) => [action, contactId]),
  );
});

test('only for who may read the conversation', async () => {
  const world = await openWorld();
  const { id } = await putAside(world);
  const elsewhere = viewerOf('elsewhere', [{ role: 'operator', area: '33.22' }], false);
  const here = viewerOf('here', [{ role: 'operator', area: '33.74' }], false);
  expect(await listParked(elsewhere, world)).toEqual([]);
  expect(await discardParked(elsewhere, world, id)).toBe(false);
  expect(await listParked(here, world)).toHaveLength(1);
});

test('an erased message cannot be tried again', async () => {
  const world = await openWorld();
  const { member, id } = await putAside(world);
  await perform(world, 'registration.erase-typed', {}, member);
  expect(await retryParked(admin, world, id)).toBe(false);
});

test('the commands say what there is, what they did, and what to do next', async () => {
  const world = await openWorld();
  const { member, id } = await putAside(world);
  await addHelper(world, 'operator', '33.74');
  await perform(world, 'handover.open', {}, member);
  const { number } = await world.prisma.handover.findFirstOrThrow();
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const said = async (work: Promise<boolean>) => [await work, ...lines.splice(0)];
  const n = String(number);
  const none = `There is no open request ${n}. See: sapa handovers`;
  expect(await said(handovers(world, print))).toEqual([
    true,
    `${n}  2026-11-24T03:00:00.000Z  33.74.14.1001  asked  asked`,
    'More: sapa handovers show|answer|close NUMBER',
  ]);
  expect(await said(showOne(world, n, print))).toEqual([
    true,
    expect.stringContaining('Anggota: Rahasia saya'),
  ]);
  expect(await said(answer(world, n, 'Sudah terbit.', print))).toEqual([
    true,
    `The answer is on its way. When all is said: sapa handovers close ${n}`,
  ]);
  expect(await said(close(world, n, print))).toEqual([true, `Request ${n} is closed.`]);
  for (const again of [showOne, close]) expect(await said(again(world, n, print))).toEqual([false, none]);
  expect(await said(answer(world, 'x', 'Halo', print))).toEqual([false, none.replace(n, 'x')]);
  expect(await said(handovers(world, print))).toEqual([true, 'Nobody waits for a human.']);
  expect(await said(parked(world, print))).toEqual([
    true,
    `${id}  2026-11-24T03:00:00.000Z  contact ${member.contactId}  3 attempts  TypeError`,
    'More: sapa why CONTACT; sapa handovers parked retry|discard ID',
  ]);
  expect(await said(retry(world, id, print))).toEqual([true, 'It is tried again as soon as the bot runs.']);
  const gone = `There is no message ${id} put aside. See: sapa handovers parked`;
  expect(await said(discard(world, id, print))).toEqual([false, gone]);
  expect(await said(discard(world, 'x', print))).toEqual([false, gone.replace(id, 'x')]);
  expect(await said(parked(world, print))).toEqual([true, 'No message is put aside.']);
});

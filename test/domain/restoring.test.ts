import { expect, test } from 'vitest';
import { honour, readObjections, writtenObjections } from '../../src/domain/objections.js';
import { haltRestored } from '../../src/domain/restoring.js';
import { retain } from '../../src/domain/retention.js';
import type { Standing } from '../../src/domain/standing.js';
import { addMember, addPerson, now, openWorld, perform, registration, type World } from './world.js';

const retaining = (world: World) => ({ ...world, now: () => now, idleState: () => world.vault.sealJson({}) });

const standings: readonly Standing[] = ['suspended', 'left', 'withdrawn', 'deceased'];

test.each(standings)('who is %s since the copy was made is so again in the copy', async (standing) => {
  const world = await openWorld();
  const member = await addMember(world);
  await world.db.pool.query('UPDATE member SET standing = $1', [standing]);
  const kept = await writtenObjections(world.db.pool);
  await world.db.pool.query("UPDATE member SET standing = 'active'");
  await world.db.pool.query(
    `INSERT INTO timer (contact_id, address_id, question, flow, name, sent_at, due_at, reminder)
     VALUES ($1, $2, gen_random_uuid(), 'a', 'b', now(), now(), true)`,
    [member.contactId, member.addressId],
  );
  for (const times of [1, 0])
    expect(await honour(readObjections(kept), retaining(world))).toMatchObject({ [standing]: times });
  expect(await world.prisma.member.findFirstOrThrow()).toMatchObject({ standing });
  expect(await world.prisma.timer.count()).toBe(standing === 'deceased' ? 0 : 1);
});

test('a registration that waited for a yes is over in the copy, and erased', async () => {
  const world = await openWorld();
  const helper = await addMember(world, { nik: null });
  const made = await perform(world, 'behalf.keep', registration(), helper);
  const { kode } = Object(made.values['kode-baru']);
  await haltRestored(world.db.pool, now);
  const older = await addPerson(world);
  expect((await perform(world, 'behalf.open', { kode }, older)).outcome).toBe('expired');
  await retain(retaining(world));
  expect(await world.prisma.behalf.findFirstOrThrow()).toMatchObject({ answersSealed: null });
});

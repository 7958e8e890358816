import { beforeEach, describe, expect, test } from 'vitest';
import { approveBroadcast } from '../../src/domain/broadcasts.js';
import { findRakor, type Rakor, rakorDetails } from '../../src/domain/rakor.js';
import { callRakor, changeRakor, keepRakor, type RakorMade } from '../../src/domain/rakors.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { attachmentBytes } from '../../src/store/attachments.js';
import { keepIn } from '../../src/store/files.js';
import { invite } from './door-scene.js';
import { inviteTo, letter, startsAt } from './rakor-scene.js';
import {
  addHelper,
  addMember,
  addPerson,
  now,
  openWorld,
  type Person,
  perform,
  registration,
  type World,
} from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const local = localAdministrator('test');
const making = () => ({
  ...{ db: world.pool, vault: world.vault, now, newId: world.newId, secondYesAbove: 1000 },
  keepFile: (bytes: Uint8Array) => keepIn(world.fileStore, bytes),
});
const wish = (tempat: string) => ({
  ...{ area: '33', simulator: false, details: rakorDetails.parse({ ...letter, tempat }) },
  ...{ startsAt, endsAt: null, answerBy: null, audience: { role: 'chair' as const } },
});

async function rakorOf(id: string): Promise<Rakor> {
  const rakor = await findRakor(id, { db: world.pool, vault: world.vault });
  if (rakor === null) throw new Error('not kept');
  return rakor;
}

async function kept(made: RakorMade | string): Promise<RakorMade> {
  if (typeof made === 'string') throw new Error(made);
  await keepRakor(made, world.pool);
  return made;
}

const answer = (of: string, value: string) =>
  world.pool.query(
    `UPDATE invitation SET answer = $2 WHERE contact_id = $1 OR member_id IN (SELECT member_id FROM member_contact WHERE contact_id = $1)`,
    [of, value],
  );

interface Scene {
  readonly rakor: Rakor;
  readonly people: Readonly<Record<'chair' | 'member' | 'refusing' | 'sending' | 'delegate', Person>>;
}

/** A rakor, with a chair who comes, a member who hopes to, one who does not, and one who sends somebody who comes. */
async function scene(): Promise<Scene> {
  const people = {
    chair: await addHelper(world, 'chair', '33.74'),
    member: await addMember(world),
    refusing: await addMember(world, registration({ nama: 'BUDI CONTOH', nik: '9901010201680001' })),
    sending: await addHelper(world, 'chair', '33.15'),
    delegate: await addPerson(world),
  };
  const { id } = await kept(await callRakor(local, wish('Aula Contoh'), making()));
  await inviteTo(world, id, { any: [{ role: 'chair' }, { members: 'registered' }] });
  await answer(people.chair.contactId, 'hadir');
  await answer(people.member.contactId, 'mungkin');
  await answer(people.refusing.contactId, 'tidak');
  await answer(people.sending.contactId, 'diwakilkan');
  const first = await world.prisma.invitation.findFirstOrThrow({ where: { answer: 'diwakilkan' } });
  const delegate = { nama: 'Eko Contoh', jabatan: 'Sekretaris', nomor: null };
  await invite(world, id, { delegateOfId: first.id, contactId: people.delegate.contactId, delegate });
  return { rakor: await rakorOf(id), people };
}

/** Changes the place, and sends what is told of it. */
async function moved(rakor: Rakor): Promise<void> {
  const { draft } = await kept(await changeRakor(local, rakor, wish('Pendopo Contoh'), making()));
  const approved = await approveBroadcast(local, draft?.id ?? '', { ...world, secondYesAbove: 1000 });
  expect(approved).toMatchObject({ result: 'running' });
}

const calendars = () => world.prisma.broadcast.findMany({ where: { kind: 'calendar' } });
const toldBy = async (broadcastId: string) =>
  (await world.prisma.delivery.findMany({ where: { broadcastId } })).map(({ contactId }) => contactId);
const sorted = (...some: readonly Person[]) => some.map(({ contactId }) => contactId).toSorted();

describe('a change', () => {
  test('brings its calendar to whoever comes or hopes to, once each, and to nobody else', async () => {
    const { rakor, people } = await scene();
    await moved(rakor);
    const [calendar, ...others] = await calendars();
    expect(others).toEqual([]);
    expect(calendar).toMatchObject({
      ...{ state: 'running', createdBy: 'local:test', approvedBy: 'local:test', expiresAt: startsAt },
      ...{ audience: { rakor: rakor.number, answer: ['hadir', 'mungkin'] }, rakorId: rakor.id },
    });
    const { chair, member, delegate } = people;
    expect((await toldBy(calendar?.id ?? '')).toSorted()).toEqual(sorted(chair, member, delegate));
    const rows = await world.prisma.delivery.findMany({ where: { broadcastId: calendar?.id ?? '' } });
    for (const row of rows) expect(row).toMatchObject({ state: 'planned', lane: 'bulk', bodySealed: null });
    const named = await world.prisma.recipient.findMany({ where: { broadcastId: calendar?.id ?? '' } });
    expect(named.map(({ contactId }) => contactId).toSorted()).toEqual(sorted(chair, member, delegate));
    expect(named.filter(({ memberId }) => memberId !== null)).toHaveLength(1);
  });

  test('its file takes the place of the one before', async () => {
    const { rakor } = await scene();
    await moved(rakor);
    const [calendar] = await calendars();
    const message = Object(world.vault.openJson(calendar?.bodySealed ?? new Uint8Array()));
    expect(message.text).toContain(`berkas kalender yang baru untuk rakor *${letter.acara}*`);
    expect(message.enclosure).toMatchObject({ mime: 'text/calendar', kind: 'document' });
    const archive = { db: world.pool, vault: world.vault, fileStore: world.fileStore };
    const file = Buffer.from((await attachmentBytes(archive, message.enclosure.content)) ?? []).toString();
    for (const line of [`UID:rakor-${rakor.id}@sapa`, 'SEQUENCE:2', 'LOCATION:Pendopo Contoh'])
      expect(file).toContain(`${line}\r\n`);
  });

  test('what those who do not come are told is the same as before', async () => {
    const { rakor, people } = await scene();
    await moved(rakor);
    const change = await world.prisma.broadcast.findFirstOrThrow({ where: { kind: 'change' } });
    expect((await toldBy(change.id)).toSorted()).toEqual(sorted(...Object.values(people)));
  });

  test('the second person is told that it brings one', async () => {
    const { rakor } = await scene();
    const { draft } = await kept(await changeRakor(local, rakor, wish('Pendopo Contoh'), making()));
    await approveBroadcast(local, draft?.id ?? '', { ...world, secondYesAbove: 0 });
    const { number } = await world.prisma.broadcast.findFirstOrThrow({ where: { kind: 'change' } });
    const second = await addHelper(world, 'province-admin', '33');
    const { values } = await perform(world, 'broadcast.show-waiting', { nomor: number }, second);
    expect(Object(values['siaran']).rincian).toContain('menjawab hadir juga menerima berkas kalender');
    expect(await calendars()).toEqual([]);
    expect(await perform(world, 'broadcast.approve', { siaran: draft?.id ?? null }, second)).toMatchObject({
      outcome: 'running',
    });
    expect(await calendars()).toMatchObject([{ approvedBy: second.contactId }]);
  });

  test('to the holder of a role with another contact, over the one that is written to', async () => {
    const { rakor, people } = await scene();
    const { chair } = people;
    const other = await addPerson(world);
    await world.pool.query('UPDATE invitation SET contact_id = $2 WHERE contact_id = $1', [
      ...[chair.contactId, other.contactId],
    ]);
    await moved(rakor);
    const [calendar] = await calendars();
    expect(await toldBy(calendar?.id ?? '')).toContain(chair.contactId);
  });

  test('brings none where no such file can be sent', async () => {
    const { rakor, people } = await scene();
    const { chair, member } = people;
    await world.pool.query(`UPDATE address SET channel = 'whatsapp-cloud' WHERE contact_id = ANY($1)`, [
      [chair.contactId, people.delegate.contactId],
    ]);
    await moved(rakor);
    const [calendar] = await calendars();
    expect(await toldBy(calendar?.id ?? '')).toEqual([member.contactId]);
  });

  test('brings none where nobody comes', async () => {
    const { rakor } = await scene();
    await world.pool.query(`UPDATE invitation SET answer = 'tidak'`);
    await moved(rakor);
    expect(await calendars()).toEqual([]);
  });

  test('brings none before somebody has said yes to it', async () => {
    const { rakor } = await scene();
    await kept(await changeRakor(local, rakor, wish('Pendopo Contoh'), making()));
    expect(await calendars()).toEqual([]);
  });

  test('to a phone that speaks for several, one of whom comes, it comes once', async () => {
    const { rakor, people } = await scene();
    await world.pool.query('UPDATE member_contact SET contact_id = $1', [people.member.contactId]);
    await moved(rakor);
    const [calendar] = await calendars();
    const told = await toldBy(calendar?.id ?? '');
    expect(told.filter((one) => one === people.member.contactId)).toHaveLength(1);
    expect(new Set(told).size).toBe(told.length);
  });
});

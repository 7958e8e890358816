import { beforeEach, describe, expect, test } from 'vitest';
import { type Audience, lackingIn, readAudience } from '../../src/domain/audience.js';
import { countPeople, readKnown } from '../../src/domain/audience-people.js';
import { reportBroadcast } from '../../src/domain/broadcast-report.js';
import { approveBroadcast, draftBroadcast } from '../../src/domain/broadcasts.js';
import { chatGroups, nameGroup, removeGroup } from '../../src/domain/chat-groups.js';
import { viewerNow } from '../../src/domain/helpers.js';
import { removeLeft } from '../../src/domain/leaving.js';
import { localAdministrator } from '../../src/domain/roles.js';
import { saying } from '../../src/flow/message.js';
import { addRakor, inviteTo } from './rakor-scene.js';
import {
  addHelper,
  addMember,
  addPerson,
  count,
  everything,
  now,
  openWorld,
  type World,
  write,
} from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const local = (name = 'sri') => localAdministrator(name);
const jid = '120363990000100000@g.us';
const named = (more: Partial<Parameters<typeof nameGroup>[2]> = {}) =>
  nameGroup(local(), world, {
    ...{ channel: 'whatsapp-web', account: 'wa', address: jid, name: 'ketua-jateng', region: '33', ...more },
  });
const shut = (to: Date | null) =>
  world.prisma.address.updateMany({ where: { group: { isNot: null } }, data: { blockedAt: to } });

/** How many are meant, and over which channels. */
async function meant(text: string, area = '33', simulator = false) {
  const read = readAudience(text);
  if (!read.ok) throw new Error(read.what);
  const known = await readKnown(world.pool, { simulator, now, area });
  return countPeople(world.pool, { audience: read.audience, area, lawful: false, known });
}

const nobody = { people: 0, messages: {}, without: {} };
const itself = { people: 1, messages: { 'whatsapp-web': 1 }, without: {} };

async function drafted(audience: Audience): Promise<string> {
  const wish = {
    ...({ kind: 'message', rakorId: null, message: saying('Rapat hari Senin.') } as const),
    ...({ audience, area: '33', urgency: 'normal', expiresAt: null, simulator: false } as const),
  };
  const making = { ...{ db: world.pool, vault: world.vault, now, newId: world.newId }, secondYesAbove: 50 };
  const draft = await draftBroadcast(local(), wish, making);
  await write(world, draft?.writes ?? []);
  return draft?.id ?? '';
}

const yes = (id: string, by = 'sri') => approveBroadcast(local(by), id, { ...world, secondYesAbove: 50 });

/** Drafted, asked for and approved. */
async function sent(audience: Audience): Promise<string> {
  const id = await drafted(audience);
  await yes(id);
  expect(await yes(id, 'budi')).toMatchObject({ result: 'running' });
  return id;
}

async function reported(id: string) {
  const { number } = await world.prisma.broadcast.findUniqueOrThrow({ where: { id } });
  const pages = await reportBroadcast(local(), number, world);
  const lines = [];
  for await (const page of pages ?? []) lines.push(...page);
  return lines;
}

describe('a group with a name', () => {
  test('is kept sealed, under a name of its own, and told in the audit', async () => {
    expect(await named()).toEqual({ ok: true, area: '33', place: 'Provinsi Jawa Tengah' });
    const [group] = await chatGroups(world.pool);
    expect(group).toMatchObject({ name: 'ketua-jateng', area: '33', shutSince: null });
    expect(world.vault.open(group?.address ?? Buffer.alloc(0))).toBe(jid);
    expect(await world.prisma.auditEntry.findMany()).toMatchObject([
      { kind: 'broadcast', action: 'group-named', detail: 'ketua-jateng 33', person: null },
    ]);
    expect([await count(world, 'contact'), await count(world, 'session')]).toEqual([1, 0]);
  });

  test('gets another name or area when it is named again, and is let in again', async () => {
    await named();
    await shut(now);
    expect(await named({ name: 'pati', region: 'residency/pati' })).toMatchObject({ area: 'residency/pati' });
    expect(await chatGroups(world.pool)).toMatchObject([
      { name: 'pati', area: 'residency/pati', shutSince: null },
    ]);
    expect([await count(world, 'contact'), await count(world, 'address')]).toEqual([1, 1]);
  });

  test.each([
    [{ name: 'Ketua Jateng' }, 'no name for a group'],
    [{ name: 'x'.repeat(41) }, 'no name for a group'],
    [{ region: 'Atlantis' }, 'no region "Atlantis"'],
    [{ address: '120363990000100001@g.us' }, 'Another group is called ketua-jateng'],
  ])('is refused with a reason: %j', async (more, what) => {
    await named();
    expect(await named(more)).toMatchObject({ ok: false, what: expect.stringContaining(what) });
    expect(await count(world, 'chat_group')).toBe(1);
  });

  test('is named, and removed, by who may speak in its area only', async () => {
    const chair = await viewerNow(world.pool, (await addHelper(world, 'chair', '33.74')).contactId, false);
    const wish = { channel: 'whatsapp-web', account: 'wa', address: jid, name: 'kota', region: '33' };
    expect(await nameGroup(chair, world, wish)).toMatchObject({ ok: false });
    await named();
    expect(await removeGroup(chair, world, 'ketua-jateng')).toBe(false);
    expect(await nameGroup(chair, world, { ...wish, address: 'x@g.us', region: '33.74' })).toMatchObject({
      ok: true,
    });
  });
});

describe('who is meant', () => {
  test('a group by its name alone, in the area it stands for, in the world of real people', async () => {
    await named({ region: '33.74' });
    const member = await addMember(world);
    expect(member.simulator).toBe(false);
    for (const text of ['semua', 'wilayah:33.74', 'saluran:whatsapp', 'terlihat:90 hari', 'peran:ketua'])
      expect([text, (await meant(text)).messages['whatsapp-web']]).toEqual([text, undefined]);
    expect(await meant('grup:ketua-jateng')).toEqual(itself);
    expect(await meant('semua atau grup:ketua-jateng')).toMatchObject({
      messages: { test: 1, 'whatsapp-web': 1 },
    });
    for (const area of ['33.74', 'residency/semarang'])
      expect([area, await meant('grup:ketua-jateng', area)]).toEqual([area, itself]);
    for (const area of ['33.15', 'residency/pati'])
      expect([area, await meant('grup:ketua-jateng', area)]).toEqual([area, nobody]);
    expect(await meant('grup:ketua-jateng', '33', true)).toEqual(nobody);
    expect(await meant('grup:lain')).toEqual(nobody);
  });

  test('whoever names one that is not there, or stands for elsewhere, is told so', async () => {
    await named({ region: '33.74' });
    const lacks = async (name: string, area: string, simulator = false) =>
      lackingIn({ group: name }, await readKnown(world.pool, { simulator, now, area }));
    for (const area of ['33', '33.74', 'residency/semarang'])
      expect([area, await lacks('ketua-jateng', area)]).toEqual([area, null]);
    const told = 'Grup "ketua-jateng" tidak terdaftar untuk wilayah ini, atau sudah dihapus.';
    expect(await lacks('ketua-jateng', '33.15')).toBe(told);
    expect(await lacks('ketua-jateng', '33', true)).toBe(told);
    expect(await lacks('lain', '33')).toContain('Grup "lain" tidak terdaftar');
  });

  test('one for the whole province is meant by who speaks for all of it', async () => {
    await named();
    expect(await meant('grup:ketua-jateng')).toEqual(itself);
    expect(await meant('grup:ketua-jateng', '33.74')).toEqual(nobody);
  });
});

describe('a broadcast to a group', () => {
  const group = { group: 'ketua-jateng' } as const;

  test.each<Audience>([group, { any: [{ role: 'chair' }, group] }, { minus: [group, { everyone: true }] }])(
    'always needs a second yes: %j',
    async (audience) => {
      await named();
      const id = await drafted(audience);
      expect(await yes(id)).toMatchObject({ result: 'waiting' });
      expect(await yes(id)).toMatchObject({ result: 'refused', why: 'own' });
      expect(await yes(id, 'budi')).toMatchObject({ result: 'running', messages: 1 });
    },
  );

  test('needs it too where a list by name asks for the group', async () => {
    await named();
    const list = { audience: group, madeBy: 'local:test', madeAt: now, simulator: false };
    await world.prisma.namedList.create({
      data: { id: world.newId(), name: 'ketua', area: '33', ...list },
    });
    const id = await drafted({ list: 'ketua' });
    expect(await yes(id)).toMatchObject({ result: 'waiting', messages: 1 });
    expect(await yes(await drafted({ minus: [{ everyone: true }, { list: 'ketua' }] }))).toMatchObject({
      result: 'running',
      messages: 0,
    });
  });

  test('is one message with a line of its own in the report', async () => {
    await named();
    const id = await sent(group);
    expect(await world.prisma.delivery.findMany()).toMatchObject([
      { account: 'wa', lane: 'bulk', state: 'planned', broadcastId: id },
    ]);
    expect(await reported(id)).toMatchObject([
      { name: 'grup ketua-jateng', channel: 'whatsapp-web', state: 'menunggu giliran' },
    ]);
    await world.prisma.delivery.updateMany({ data: { state: 'failed', code: 'not-in-group' } });
    expect(await reported(id)).toMatchObject([
      { name: 'grup ketua-jateng', state: 'gagal', reason: 'nomor kami tidak ada lagi di grup itu' },
    ]);
  });

  test('that shuts us out is sent nothing, and nobody is to be called', async () => {
    await named();
    await shut(now);
    expect(await meant('grup:ketua-jateng')).toEqual({
      people: 1,
      messages: {},
      without: { 'not-in-group': 1 },
    });
    const id = await drafted(group);
    expect(await yes(id)).toMatchObject({ result: 'running', messages: 0 });
    expect(await count(world, 'delivery')).toBe(0);
    expect(await reported(id)).toMatchObject([
      {
        name: 'grup ketua-jateng',
        state: 'tidak dikirimi',
        reason: 'nomor kami tidak dapat menulis di grup itu',
      },
    ]);
  });

  test('invites nobody by itself: who is in the group is invited by name, or not at all', async () => {
    await named();
    const chair = await addHelper(world, 'chair', '33.74');
    const rakor = await addRakor(world);
    const id = await inviteTo(world, rakor, { any: [{ role: 'chair' }, group] }, 'budi');
    expect(await world.prisma.delivery.count({ where: { broadcastId: id } })).toBe(2);
    expect(await world.prisma.invitation.findMany()).toMatchObject([{ contactId: chair.contactId }]);
    await shut(now);
    await inviteTo(world, rakor, group);
    expect(await count(world, 'invitation')).toBe(1);
  });
});

test('a group that was told of a rakor hears of what changes, as long as it is one', async () => {
  await named();
  await named({ address: '120363990000100001@g.us', name: 'lain' });
  await addHelper(world, 'chair', '33.74');
  const rakor = await addRakor(world);
  const of = async (more = '') => (await meant(`rakor:${rakor}${more}`)).messages;
  await inviteTo(world, rakor, { role: 'chair' });
  expect(await of()).toEqual({ test: 1 });
  await inviteTo(world, rakor, { group: 'ketua-jateng' }, 'budi');
  expect(await of()).toEqual({ test: 1, 'whatsapp-web': 1 });
  for (const more of [' jawaban:belum', ' datang:tidak']) expect(await of(more)).toEqual({ test: 1 });
  expect((await meant(`rakor:${await addRakor(world)}`)).messages).toEqual({});
  await removeGroup(local(), world, 'ketua-jateng');
  expect(await of()).toEqual({ test: 1 });
});

test('a group that is removed gets nothing more, and nothing of it is left', async () => {
  await named();
  const other = await addPerson(world);
  const id = await sent({ group: 'ketua-jateng' });
  expect(await removeGroup(local(), world, 'entah')).toBe(false);
  expect(await removeGroup(local(), world, 'ketua-jateng')).toBe(true);
  expect(await world.prisma.delivery.findMany()).toMatchObject([
    { state: 'cancelled', code: 'group-removed', endedAt: now },
  ]);
  expect(await meant('grup:ketua-jateng')).toEqual(nobody);
  expect(await removeLeft(world.pool, now)).toBe(1);
  expect(await world.prisma.contact.findMany()).toMatchObject([{ id: other.contactId }]);
  expect(await world.prisma.recipient.findMany({ where: { broadcastId: id } })).toMatchObject([
    { contactId: null, reason: null },
  ]);
  expect(await everything(world)).not.toContain(jid);
});

test('a group that is named anew while it is being removed stays', async () => {
  await named();
  await removeGroup(local(), world, 'ketua-jateng');
  await named();
  expect(await removeLeft(world.pool, now)).toBe(0);
  expect(await meant('grup:ketua-jateng')).toEqual(itself);
});

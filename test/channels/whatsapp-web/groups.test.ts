import { EventEmitter, once } from 'node:events';
import type { GroupMetadata } from '@whiskeysockets/baileys';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChannelError } from '../../../src/channels/contract.js';
import { type GroupSocket, Groups } from '../../../src/channels/whatsapp-web/groups.js';
import { paceLimits } from '../../../src/channels/whatsapp-web/pacing.js';
import type { GroupSeen, WhatsAppStore } from '../../../src/channels/whatsapp-web/port.js';
import type { Sent } from '../../../src/channels/whatsapp-web/protocol.js';
import { groupReportsOf } from '../../../src/channels/whatsapp-web/reports.js';
import { newId } from '../../../src/store/ids.js';
import type { Group } from '../../doubles/whatsapp-web/groups.js';
import { waitFor } from '../../support/wait.js';
import { heardBy, type Linked, link, numberOf, whatsApp } from './world.js';

const jid = '1203@g.us';
const me = { id: '6281200030000:3@s.whatsapp.net', lid: '990@lid' };
const mine = { id: '990@lid' };
const metadata = (more: Partial<GroupMetadata> = {}): GroupMetadata => ({
  ...{ id: jid, subject: 'Ketua', owner: undefined, participants: [mine, { id: '991@lid' }], ...more },
});

describe('what is known of groups', () => {
  const accepted: Sent = { kind: 'accepted' };
  let told: (readonly GroupSeen[])[];
  let asked: number;
  let answer: () => Promise<GroupMetadata>;
  let all: () => Promise<Record<string, GroupMetadata>>;
  let ev: EventEmitter;
  let groups: Groups;

  beforeEach(() => {
    [told, asked, ev] = [[], 0, new EventEmitter()];
    answer = async () => metadata();
    all = async () => ({});
    groups = new Groups((seen) => void told.push(seen));
    // What is used of the client, with the answers of its server.
    const socket = {
      ...{ ev, user: me, groupFetchAllParticipating: () => all() },
      groupMetadata: () => {
        asked += 1;
        return answer();
      },
    } as unknown as GroupSocket;
    groups.listen(socket);
  });

  const send = (sent: Sent = accepted) => groups.send(jid, async () => sent);
  const fails = (data: number) => async () => {
    throw Object.assign(new Error('refused'), { data });
  };

  it('is asked once, and once more after every change', async () => {
    expect([await send(), await send(), asked]).toEqual([accepted, accepted, 1]);
    expect((await groups.remembered(jid))?.subject).toBe('Ketua');
    ev.emit('group-participants.update', { id: jid, participants: [{ id: '992@lid' }], action: 'add' });
    expect([await send(), asked]).toEqual([accepted, 2]);
    ev.emit('groups.update', [{ id: jid, announce: true }]);
    ev.emit('groups.update', [metadata({ id: 'other@g.us' })]);
    expect([await send(), asked, told]).toEqual([accepted, 3, []]);
  });

  it('is told after a look, with what cannot be written to; communities are left out', async () => {
    const closed = metadata({ id: 'b@g.us', announce: true, size: 40 });
    const admin = {
      ...metadata({ id: 'c@g.us', announce: true }),
      participants: [{ ...mine, admin: 'admin' }],
    };
    const community = metadata({ id: 'd@g.us', isCommunity: true });
    const found = [metadata(), closed, admin, community] as GroupMetadata[];
    all = async () => Object.fromEntries(found.map((one) => [one.id, one]));
    await groups.look();
    expect(told).toEqual([
      [
        { jid, title: 'Ketua', size: 2, isOpen: true },
        { jid: 'b@g.us', title: 'Ketua', size: 40, isOpen: false },
        { jid: 'c@g.us', title: 'Ketua', size: 1, isOpen: true },
      ],
    ]);
    expect([await send(), asked]).toEqual([accepted, 0]);
    all = fails(429);
    await groups.look();
    expect(told).toHaveLength(1);
  });

  it('is looked at anew when the account is taken in or out', async () => {
    for (const action of ['remove', 'add'])
      ev.emit('group-participants.update', { id: jid, participants: [mine], action });
    ev.emit('groups.upsert', [metadata()]);
    await waitFor('three looks', () => told.length === 3);
  });

  it.each<[string, () => Promise<GroupMetadata>, Sent]>([
    ['it is not in', fails(403), { kind: 'refused', code: 'not-in-group' }],
    ['that is no more', fails(404), { kind: 'refused', code: 'not-in-group' }],
    [
      'of others',
      async () => metadata({ participants: [{ id: '991@lid' }] }),
      { kind: 'refused', code: 'not-in-group' },
    ],
    ['of admins', async () => metadata({ announce: true }), { kind: 'refused', code: 'only-admins' }],
    ['nobody tells of just now', fails(429), { kind: 'lost', code: 'group-unknown' }],
  ])('sends nothing to a group %s', async (_, answers, sent) => {
    answer = answers;
    let count = 0;
    const tried = await groups.send(jid, async () => {
      count += 1;
      return accepted;
    });
    expect([tried, count]).toEqual([sent, 0]);
  });

  it('asks after a refusal why: out of the group, or something else', async () => {
    await send();
    const refused: Sent = { kind: 'refused', code: '400' };
    expect([await send(refused), asked]).toEqual([refused, 2]);
    answer = fails(403);
    expect(await send(refused)).toEqual({ kind: 'refused', code: 'not-in-group' });
    await waitFor('a look', () => told.length === 1);
  });
});

it('a message in a group has arrived once anybody has it; nobody is told who', () => {
  const key = { remoteJid: jid, fromMe: true, id: 'A', participant: '991@lid' };
  const receipt = { userJid: '991@lid' };
  expect(
    groupReportsOf(
      [
        { key, receipt: { ...receipt, receiptTimestamp: 5 } },
        { key, receipt: { ...receipt, readTimestamp: 6 } },
        { key: { ...key, fromMe: false }, receipt },
        { key: { ...key, remoteJid: '628@s.whatsapp.net' }, receipt },
      ],
      9,
    ),
  ).toEqual([
    { id: 'A', kind: 'delivered', at: 5 },
    { id: 'A', kind: 'delivered', at: 6 },
  ]);
});

/** Lets messages go to a group. */
async function name({ database, vault }: Linked, { jid: address }: Group): Promise<void> {
  const [contact, id] = [newId(), newId()];
  await database.pool.query('INSERT INTO contact (id) VALUES ($1)', [contact]);
  await database.pool.query(
    `INSERT INTO address (id, contact_id, channel, account, value_sealed, value_index) VALUES ($1, $2, 'whatsapp-web', 'whatsapp-web', $3, $4)`,
    [id, contact, vault.seal(address), vault.index('address', address)],
  );
  await database.pool.query(
    `INSERT INTO chat_group (address_id, name, area, added_at) VALUES ($1, 'ketua', '33', now())`,
    [id],
  );
}

it('writes in a group as its people read it, without asking who they are; out of it, it says so, and is let in again', async () => {
  const api = await whatsApp();
  const pace = { ...paceLimits, leastGapMs: 0, mostGapMs: 0, caps: [100] };
  const number = await numberOf(api, { pace });
  const { store, channel, database } = number;
  const people = [api.person(), api.person(), api.person()];
  const group = api.group(people, { subject: 'Ketua', isAdmin: false });
  const { messages, receipts } = await heardBy(channel);
  await link(number);
  const seen = () => store.groups();
  await waitFor('the groups', async () => (await seen()).length === 1);
  expect(await seen()).toEqual([{ jid: group.jid, title: 'Ketua', size: 4, isOpen: true }]);

  const send = (id: string) =>
    channel
      .send(
        { id, address: group.jid, message: { text: `Pesan ${id}`, buttons: [] }, bulk: true },
        new AbortController().signal,
      )
      .catch((error: unknown) => (error instanceof ChannelError ? error.fault : error));
  expect(await send('0')).toEqual({ kind: 'permanent', code: 'never-wrote' });
  await name(number, group);
  const first = await send('1');
  expect(first).toMatchObject({ providerId: expect.stringMatching(/^3EB0/) });
  await send('2');
  const readers = people.map(({ pn }) => pn);
  expect(api.shown(group.jid)).toMatchObject([
    { text: 'Pesan 1', readers },
    { text: 'Pesan 2', readers },
  ]);
  expect([api.queries('w:g2 query'), api.queries('w:g2 participating')]).toEqual([0, 1]);

  people[0]?.write('Siap, hadir', { group });
  const [shown] = api.shown(group.jid);
  people[0]?.receives(shown?.id ?? '');
  people[1]?.reads(shown?.id ?? '');
  // The client may tell of both at once.
  await waitFor('a receipt', () => receipts.length > 0);
  expect(new Set(receipts.map(({ kind }) => kind))).toEqual(new Set(['delivered']));
  expect(messages).toEqual([]);

  const isShut = async () =>
    (await database.pool.query('SELECT blocked_at IS NOT NULL AS shut FROM address')).rows[0].shut;
  api.takeOut(group);
  await waitFor('the news', isShut);
  expect(await seen()).toEqual([]);
  expect(await send('3')).toEqual({ kind: 'permanent', code: 'not-in-group' });
  api.takeIn(group);
  await waitFor('the news', async () => !(await isShut()));
  expect(await send('4')).toMatchObject({ providerId: expect.anything() });

  // Nobody tells of it this time: the server refuses.
  group.isIn = false;
  expect(await send('5')).toEqual({ kind: 'permanent', code: 'not-in-group' });
  await waitFor('what it means', isShut);
  expect(api.shown(group.jid).map(({ text }) => text)).toEqual(['Pesan 1', 'Pesan 2', 'Pesan 4']);
  expect([number.faults, api.refused]).toEqual([[], []]);
});

/** The store as it is while its first look at the groups takes long, and fails once it is let go. */
function slowAtFirst(store: WhatsAppStore) {
  const looks: number[] = [];
  const gate = new EventEmitter();
  const begin: WhatsAppStore['begin'] = async () => {
    const owned = await store.begin();
    return {
      ...owned,
      async keepGroups(groups) {
        if (looks.push(groups.length) > 1) return owned.keepGroups(groups);
        await once(gate, 'open');
        throw new Error('the database was away');
      },
    };
  };
  return { looks, store: { ...store, begin }, letGo: () => gate.emit('open') };
}

it('an older look at the groups does not overwrite a newer one, and none is lost while the database is away', async () => {
  const api = await whatsApp();
  const person = api.person();
  const group = api.group([person], { subject: 'Ketua', isAdmin: false });
  const number = await numberOf(api);
  const { looks, store, letGo } = slowAtFirst(number.store);
  const channel = number.another({ store });
  await heardBy(channel);
  await link(number);
  await waitFor('the first look', () => looks.length === 1);
  const asked = (times: number) => waitFor('the look', () => api.queries('w:g2 participating') === times);
  api.takeOut(group);
  await asked(2);
  api.takeIn(group);
  await asked(3);
  const message = { text: 'Sudah dicatat.', buttons: [] };
  await channel.send({ id: '1', address: person.pn, message }, new AbortController().signal);
  expect(looks).toEqual([1]);
  letGo();
  await waitFor('all looks', () => looks.length === 4);
  expect(looks).toEqual([1, 1, 0, 1]);
  await waitFor('the last look', async () => (await number.store.groups()).length === 1);
  expect(number.faults).toMatchObject([{ message: 'the database was away' }]);
});

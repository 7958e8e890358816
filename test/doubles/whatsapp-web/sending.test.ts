import { Agent } from 'node:https';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait.js';
import { Client } from './client.js';
import { startWhatsAppWeb, type WhatsAppWebDouble } from './double.js';
import { at } from './nodes.js';
import type { Person } from './people.js';
import { heardOnce, link, told } from './support.js';

let api: WhatsAppWebDouble;
let client: Client;
let person: Person;

beforeAll(async () => {
  api = await startWhatsAppWeb({ fewKeys: true, now: () => Date.UTC(2026, 10, 25, 1) });
  client = new Client(api, { fetchAgent: new Agent({ ca: api.media.certificate }) });
  await link(api, client);
});
afterAll(async () => {
  await client.stop();
  await api.close();
});
beforeEach(() => {
  person = api.person();
});
afterEach(() => expect(api.refused).toEqual([]));

const send = async (text: string, to = person.pn, id?: string) => {
  const sent = await client.socket.sendMessage(to, { text }, id === undefined ? {} : { messageId: id });
  return sent?.key.id ?? '';
};
const acked = (id: string) => waitFor('the ack', () => client.acks.find(({ attrs }) => attrs.id === id));
/** What the client tells of a message after it has told of the message itself. */
const statuses = (id: string) =>
  client.fate(id).flatMap(({ status }) => (status && status > 1 ? [status] : []));

describe('a message', () => {
  it('is read by the person, and acknowledged with the time', async () => {
    const id = await send('Selamat pagi.');
    expect((await acked(id)).attrs).toEqual({ class: 'message', id, from: person.pn, t: '1795568400' });
    expect(person.shown()).toMatchObject([
      { id, text: 'Selamat pagi.', from: api.phone.pn, readers: [person.pn] },
    ]);
    expect(api.stanzas(person.pn)).toMatchObject([{ id, outcome: 'accepted', isAcknowledged: true }]);
  });

  it('is one of many: each is shown once, in order', async () => {
    const ids = [];
    for (let count = 1; count <= 20; count += 1) ids.push(await send(`Nomor ${count}`));
    await acked(ids.at(-1) ?? '');
    expect(person.shown().map(({ id }) => id)).toEqual(ids);
    expect(api.shown(person.lid).map(({ text }) => text)).toEqual(ids.map((_id, at) => `Nomor ${at + 1}`));
  });

  it('under an id that was used before is shown once and counted twice', async () => {
    const id = await send('sekali', person.pn, '3EB0000000000000000001');
    await send('sekali', person.pn, id);
    await waitFor('both', () => api.stanzas(person.pn, id).length === 2);
    await waitFor('both acks', () => client.acks.filter(({ attrs }) => attrs.id === id).length === 2);
    expect(person.shown()).toHaveLength(1);
    expect(api.stanzas(api.person().pn, id)).toEqual([]);
  });

  it('reaches the person under the LID too', async () => {
    const id = await send('lewat LID', person.lid);
    expect((await acked(id)).attrs.from).toBe(person.lid);
    expect(person.shown()).toMatchObject([{ id, text: 'lewat LID' }]);
  });

  it('is written after the person wrote, in the same Signal session and with the token', async () => {
    await heardOnce(client, person.write('halo'));
    await waitFor('the token', () => api.waiting() === 0);
    const id = await send('halo juga');
    await acked(id);
    const [stanza] = api.stanzas(person.pn, id);
    expect(at(stanza?.node, 'tctoken')?.content?.toString()).toBe(`token of ${person.lid}`);
  });

  it('to a number that is not there is refused with 404', async () => {
    const nobody = '6281299999999@s.whatsapp.net';
    const id = await send('halo', nobody);
    expect((await acked(id)).attrs.error).toBe('404');
    expect(api.shown(nobody)).toEqual([]);
    expect(await client.socket.onWhatsApp(nobody, person.pn)).toEqual([{ jid: person.pn, exists: true }]);
  });

  it('may be a file, which goes to the media host sealed', async () => {
    const document = Buffer.from('isi surat keputusan');
    const content = { document, mimetype: 'application/pdf', fileName: 'sk.pdf', caption: 'SK Anda' };
    const sent = await client.socket.sendMessage(person.pn, content);
    await acked(sent?.key.id ?? '');
    const [shown] = person.shown();
    expect(shown?.text).toBe('SK Anda');
    expect(await api.media.open(shown?.message ?? {})).toEqual(document);
    expect(api.queries('w:m media_conn')).toBe(1);
    expect(api.media.requests.filter((one) => one.startsWith('POST /mms/document/'))).toHaveLength(1);
  });

  it('may be a place or a sign', async () => {
    const place = { degreesLatitude: -7.05, degreesLongitude: 110.4 };
    await client.socket.sendMessage(person.pn, { location: place });
    const key = { remoteJid: person.pn, fromMe: false, id: person.write('halo') };
    const sent = await client.socket.sendMessage(person.pn, { react: { text: '👍', key } });
    await acked(sent?.key.id ?? '');
    expect(person.shown()[0]?.message.locationMessage).toMatchObject(place);
    expect(person.shown()[1]).toMatchObject({ text: '👍' });
  });
});

describe('a receipt', () => {
  it.each([
    ['delivered', ['receives'], [3]],
    ['read', ['receives', 'reads'], [3, 4]],
    ['out of order', ['reads', 'receives'], [4, 3]],
    ['repeated', ['receives', 'receives', 'reads', 'reads'], [3, 3, 4, 4]],
  ] as const)('is %s', async (_name, deeds, expected) => {
    const id = await send('halo');
    await told(api, client, id);
    for (const deed of deeds) {
      person[deed](id);
      await waitFor('its confirmation', () => api.waiting() === 0);
    }
    await waitFor('all', () => statuses(id).length === expected.length);
    expect(statuses(id)).toEqual(expected);
  });

  it('may ask for the message again, which comes under the same id', async () => {
    const id = await send('bisa dibaca?');
    await acked(id);
    person.asksAgain(id);
    await waitFor('it again', () => api.stanzas(person.pn, id).length === 2);
    await waitFor('both acks', () => client.acks.filter(({ attrs }) => attrs.id === id).length === 2);
    expect(person.shown()).toHaveLength(1);
    expect(api.stanzas(person.pn, id).map(({ problem }) => problem)).toEqual([null, null]);
  });

  it('is not for what was never sent', () => {
    expect(() => person.reads('3EB0')).toThrow('was sent nothing with the id 3EB0');
  });
});

describe('a group', () => {
  it.each(['lid', 'pn'] as const)('named by %s reads what is sent to it', async (addressing) => {
    const members = [person, api.person(), api.person()];
    const group = api.group(members, { subject: 'Rakor', addressing });
    const metadata = await client.socket.groupMetadata(group.jid);
    expect(metadata).toMatchObject({ id: group.jid, subject: 'Rakor', addressingMode: addressing });
    expect(metadata.participants.map((one) => one.id)).toEqual(
      [api.phone, ...members].map((one) => (addressing === 'lid' ? one.lid : one.pn)),
    );
    for (const text of ['Undangan rakor', 'Jam sembilan']) await acked(await send(text, group.jid));
    const readers = members.map(({ pn }) => pn);
    expect(api.shown(group.jid)).toMatchObject([
      { text: 'Undangan rakor', readers },
      { text: 'Jam sembilan', readers },
    ]);
    expect(person.shown()).toEqual([]);
    expect(Object.keys(await client.socket.groupFetchAllParticipating())).toContain(group.jid);
  });

  it('gives receipts of each member', async () => {
    const group = api.group([person]);
    const id = await send('halo', group.jid);
    await told(api, client, id);
    const receipt = waitForReceipt();
    person.reads(id);
    expect(await receipt).toMatchObject({ userJid: person.lid, readTimestamp: expect.any(Number) });
  });

  it('that the account was taken out of is shut, until it is taken in again', async () => {
    const group = api.group([person]);
    const { socket, acks } = client;
    const changes: string[] = [];
    socket.ev.on('group-participants.update', ({ action }) => void changes.push(action));
    await acked(await send('halo', group.jid));
    api.takeOut(group);
    await waitFor('the news', () => changes.length === 1);
    await expect(socket.groupMetadata(group.jid)).rejects.toMatchObject({ data: 403 });
    expect(Object.keys(await socket.groupFetchAllParticipating())).not.toContain(group.jid);
    api.takeIn(group);
    await waitFor('the news', () => changes.length === 2);
    expect(changes).toEqual(['remove', 'add']);
    await acked(await send('halo lagi', group.jid));
    expect(api.shown(group.jid).map(({ text }) => text)).toEqual(['halo', 'halo lagi']);
    expect(acks.at(-1)?.attrs.error).toBeUndefined();
  });

  it('of admins says so, and takes nothing from others', async () => {
    const group = api.group([person], { onlyAdmins: true, isAdmin: false });
    expect(await client.socket.groupMetadata(group.jid)).toMatchObject({ announce: true });
    expect((await acked(await send('halo', group.jid))).attrs.error).toBe('403');
    expect(api.shown(group.jid)).toEqual([]);
  });

  it('that is not there has no metadata', async () => {
    await expect(client.socket.groupMetadata('120363000000000000@g.us')).rejects.toThrow('item-not-found');
  });
});

describe('signs of life', () => {
  it('are kept in order', async () => {
    for (const state of ['composing', 'recording', 'paused'] as const)
      await client.socket.sendPresenceUpdate(state, person.pn);
    await waitFor('three signs', () => api.typing(person.lid).length === 3);
    expect(api.typing(person.pn)).toEqual(['composing', 'recording', 'paused']);
  });

  it('say whether somebody is there', async () => {
    client.auth.creds.me = { id: '', ...client.auth.creds.me, name: 'Contoh' };
    for (const state of ['unavailable', 'available'] as const) {
      await client.socket.sendPresenceUpdate(state);
      await waitFor(state, () => api.presence() === state);
    }
  });

  it('tell what was read', async () => {
    const id = person.write('halo');
    const { message } = await heardOnce(client, id);
    await client.socket.readMessages([message.key]);
    await waitFor('the sign', () => api.seen.includes(id));
  });
});

function waitForReceipt(): Promise<unknown> {
  return new Promise((resolve) => {
    client.socket.ev.on('message-receipt.update', ([update]) => resolve(update?.receipt));
  });
}

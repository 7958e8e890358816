import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait.js';
import { Client } from './client.js';
import { startWhatsAppWeb, type WhatsAppWebDouble } from './double.js';
import type { Person } from './people.js';
import { heardOnce, link, told } from './support.js';

let api: WhatsAppWebDouble;
let client: Client;
let person: Person;

beforeAll(async () => {
  api = await startWhatsAppWeb({ fewKeys: true });
  client = new Client(api);
  await link(api, client);
});
afterAll(async () => {
  await client.stop();
  await api.close();
});
beforeEach(() => {
  person = api.person();
});
afterEach(async () => {
  api.faults.clear();
  if (!api.isOnline()) await client.open();
});

const send = async (text: string, id?: string) => {
  const options = id === undefined ? {} : { messageId: id };
  const sent = await client.socket.sendMessage(person.pn, { text }, options);
  return sent?.key.id ?? '';
};
const ackOf = (id: string) => client.acks.find(({ attrs }) => attrs.id === id);
const acked = (id: string) => waitFor('the ack', () => ackOf(id));
const stanza = (id: string) => waitFor('the stanza', () => api.stanzas(person.pn, id).find(isSettled));
const isSettled = ({ outcome }: { readonly outcome: unknown }) => outcome !== 'pending';
/** How the connections end that are there, and what becomes of the next. */
const nextEnd = () => client.ended(client.ends.length + 1);

function opened(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

describe('an acknowledgement', () => {
  it('is dropped: the person has the message, and sending it again shows no second one', async () => {
    api.faults.nextSend({ kind: 'drop-ack' });
    const id = await send('halo');
    expect(await stanza(id)).toMatchObject({ outcome: 'accepted', isAcknowledged: false });
    const after = await send('sesudahnya');
    await acked(after);
    expect(ackOf(id)).toBeUndefined();
    await send('halo', id);
    await acked(id);
    expect(api.stanzas(person.pn, id)).toHaveLength(2);
    expect(person.shown().map((one) => one.id)).toEqual([id, after]);
  });

  it('is late, and others overtake it', async () => {
    const { promise, open } = opened();
    api.faults.nextSend({ kind: 'late-ack', until: promise });
    const id = await send('halo');
    await acked(await send('sesudahnya'));
    expect(ackOf(id)).toBeUndefined();
    open();
    await acked(id);
    expect(await stanza(id)).toMatchObject({ outcome: 'accepted', isAcknowledged: true });
  });

  it.each([
    ['before the message was taken', 'before', 'lost', 0],
    ['after the message was taken', 'after', 'accepted', 1],
  ] as const)('does not come as the wire is cut %s', async (_name, when, outcome, shown) => {
    const ended = nextEnd();
    api.faults.nextSend({ kind: 'cut', when });
    const id = await send('halo');
    expect(await ended).toBe(428);
    expect(await stanza(id)).toMatchObject({ outcome, isAcknowledged: false });
    expect(person.shown()).toHaveLength(shown);
    await client.open();
    await send('halo', id);
    await acked(id);
    expect(person.shown()).toMatchObject([{ id }]);
  });

  it('is a refusal of one person only', async () => {
    const other = api.person();
    api.faults.nextSend({ kind: 'refuse', code: 479 }, { to: other.pn });
    const id = await send('halo');
    expect((await acked(id)).attrs.error).toBeUndefined();
    const sent = await client.socket.sendMessage(other.lid, { text: 'halo' });
    expect((await acked(sent?.key.id ?? '')).attrs.error).toBe('479');
    expect(other.shown()).toEqual([]);
  });

  it('is a refusal as often as was said', async () => {
    api.faults.nextSend({ kind: 'refuse', code: 500 }, { times: 2 });
    const errors = [];
    for (const text of ['satu', 'dua', 'tiga']) errors.push((await acked(await send(text))).attrs.error);
    expect(errors).toEqual(['500', '500', undefined]);
    expect(person.shown().map(({ text }) => text)).toEqual(['tiga']);
  });
});

describe('code 463', () => {
  const errorTo = async (one: Person) => {
    const sent = await client.socket.sendMessage(one.pn, { text: 'halo' });
    return (await acked(sent?.key.id ?? '')).attrs.error;
  };

  it('stops new chats, and lets those pass that were there', async () => {
    const [writer, reader, stranger] = [api.person(), api.person(), api.person()];
    writer.write('halo');
    expect(await errorTo(reader)).toBeUndefined();
    api.faults.restriction = 'new-chats';
    expect(await errorTo(stranger)).toBe('463');
    expect(await errorTo(writer)).toBeUndefined();
    expect(await errorTo(reader)).toBeUndefined();
    expect(await client.socket.fetchAccountReachoutTimelock()).toMatchObject({ isActive: true });
    stranger.write('saya dulu');
    expect(await errorTo(stranger)).toBeUndefined();
    expect(stranger.shown()).toHaveLength(1);
  });

  it('stops everything, until it does not', async () => {
    person.write('halo');
    api.faults.restriction = 'all';
    expect(await errorTo(person)).toBe('463');
    const id = client.acks.at(-1)?.attrs.id ?? '';
    await told(api, client, id);
    const failed = await waitFor('the failure', () => client.fate(id).find(({ status }) => status === 0));
    expect(failed.messageStubParameters).toEqual(['463', expect.any(String)]);
    api.faults.clear();
    expect(await errorTo(person)).toBeUndefined();
    expect(await client.socket.fetchAccountReachoutTimelock()).toMatchObject({ isActive: false });
  });
});

describe('a slow answer', () => {
  it.each(['encrypt key', 'usync'])('to %s holds up the message and nothing else', async (query) => {
    const { promise, open } = opened();
    const before = api.queries(query);
    api.faults.slowQuery(query, promise);
    const sending = send('halo');
    await waitFor('the query', () => api.queries(query) > before);
    await heardOnce(client, api.person().write('sementara itu'));
    expect(api.stanzas(person.pn)).toEqual([]);
    open();
    await acked(await sending);
    expect(person.shown()).toHaveLength(1);
  });
});

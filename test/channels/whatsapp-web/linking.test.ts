import { expect, it } from 'vitest';
import type { ParcelFile } from '../../../src/channels/contract.js';
import { whatsAppChildren } from '../../support/children.js';
import { isRunning } from '../../support/process.js';
import { isFull } from '../../support/size.js';
import { waitFor } from '../../support/wait.js';
import { heardBy, link, numberOf, whatsApp } from './world.js';

it('is linked by a QR, hears, answers, and hears how far the answer got', async () => {
  const api = await whatsApp();
  const number = await numberOf(api);
  const { messages, receipts } = await heardBy(number.channel);
  await link(number);
  expect(api.isOnline()).toBe(true);
  const person = api.person();
  person.write('halo');
  const [heard] = await waitFor('a message', () => messages.length > 0 && messages);
  expect(heard).toMatchObject({
    channel: 'whatsapp-web',
    address: person.pn,
    phone: `+${person.digits}`,
    content: { kind: 'text', text: 'halo' },
  });
  const message = { text: 'Selamat pagi.', buttons: [] };
  const sent = await number.channel.send(
    { id: 'delivery-1', address: person.pn, message },
    new AbortController().signal,
  );
  expect(sent.providerId).toMatch(/^3EB0[0-9A-F]{18}$/);
  expect(person.shown()).toMatchObject([{ id: sent.providerId, text: 'Selamat pagi.' }]);
  expect(api.typing(person.pn)).toEqual(['composing']);
  person.receives(sent.providerId);
  await waitFor('the first receipt', () => receipts.length === 1);
  person.reads(sent.providerId);
  await waitFor('the second', () => receipts.length === 2);
  expect(receipts.map(({ kind, providerId }) => [kind, providerId])).toEqual([
    ['delivered', sent.providerId],
    ['read', sent.providerId],
  ]);
  expect(number.faults).toEqual([]);
});

it('is linked by a code that is typed on the phone', async () => {
  const api = await whatsApp();
  const number = await numberOf(api, { pairingNumber: api.phone.digits });
  await heardBy(number.channel);
  const { kind, text } = await waitFor('a code', () => number.shown.at(-1));
  expect([kind, text.length]).toEqual(['code', 8]);
  const { pairing } = await waitFor('the page', async () => {
    const status = await number.store.status();
    return status.state === 'pairing' && status;
  });
  expect(pairing).toEqual({ kind: 'code', text });
  await api.enterCode(text);
  await waitFor('the login', async () => (await number.store.status()).state === 'open');
  expect(number.shown).toHaveLength(1);
});

it.runIf(isFull)(
  'ends its connection at the first write after another began to own the account',
  async () => {
    const api = await whatsApp();
    const number = await numberOf(api);
    const { messages } = await heardBy(number.channel);
    await link(number);
    const [before] = whatsAppChildren();
    api.person().write('pertama');
    await waitFor('a message', () => messages.length === 1);
    await number.store.begin();
    api.person().write('halo');
    await waitFor('the end of the connection', () => before === undefined || !isRunning(before));
    // Here nobody else is there, and so this process begins again.
    await waitFor('the message', () => messages.length > 1);
    expect(messages.map(({ content }) => content)).toEqual(
      ['pertama', 'halo'].map((text) => ({ kind: 'text', text })),
    );
  },
);

const photo: ParcelFile = {
  ...{ kind: 'photo', mime: 'image/jpeg', name: 'foto.jpg' },
  bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]),
};

it.runIf(isFull).each([
  ['words', null],
  ['a photo', photo],
])(
  'gives a message of %s again when the phone of a person asks, also after a restart, as it stands in the database',
  async (_, file) => {
    const api = await whatsApp();
    const text = 'Selamat pagi.';
    const number = await numberOf(api);
    await heardBy(number.channel);
    await link(number);
    const person = api.person();
    const message = { text, buttons: [] };
    const parcel = { id: 'd-1', address: person.pn, message, ...(file === null ? {} : { file }) };
    const { providerId } = await number.channel.send(parcel, new AbortController().signal);
    await number.channel.close();
    const asked: string[] = [];
    const sentAs = async (id: string) => {
      asked.push(id);
      return id === providerId ? { text, file } : null;
    };
    const next = number.another({ store: { ...number.store, sentAs } });
    await heardBy(next);
    await waitFor('the login', async () => (await number.store.status()).state === 'open');
    person.asksAgain(providerId);
    await waitFor('the message again', () => api.stanzas(person.pn, providerId).length === 2);
    expect(asked).toEqual([providerId]);
    expect(person.shown()).toMatchObject([{ id: providerId, text }]);
    expect((await person.files()).map(({ bytes }) => Buffer.from(bytes))).toEqual(
      file === null ? [] : [file.bytes],
    );
    const [first, again] = api.stanzas(person.pn, providerId);
    expect([first?.problem, again?.problem]).toEqual([null, null]);
  },
);

import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { isFull } from '../../support/size.js';
import { waitFor } from '../../support/wait.js';
import { heardBy, link, numberOf, whatsApp } from './world.js';

const never = new AbortController().signal;
const file = {
  kind: 'photo',
  mime: 'image/jpeg',
  name: 'foto.jpg',
  bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]),
} as const;
const message = { text: 'Ini fotonya.', buttons: [] };

/** A linked number, and somebody to write to. */
async function ready() {
  const api = await whatsApp();
  const number = await numberOf(api);
  const { receipts } = await heardBy(number.channel);
  await link(number);
  const person = api.person();
  const send = (id: string) => number.channel.send({ id, address: person.pn, message, file }, never);
  const uploads = () => api.media.requests.filter((one) => one.startsWith('POST ')).length;
  return { api, number, person, send, receipts, uploads };
}

it('a file is uploaded once, and its message is acknowledged, delivered and read as any other', async () => {
  const { person, send, receipts, uploads } = await ready();
  const { providerId } = await send(randomUUID());
  person.receives(providerId);
  await waitFor('the first receipt', () => receipts.length === 1);
  person.reads(providerId);
  await waitFor('the second', () => receipts.length === 2);
  expect(receipts.map(({ kind }) => kind)).toEqual(['delivered', 'read']);
  expect(receipts.every((one) => one.providerId === providerId)).toBe(true);
  expect(uploads()).toBe(1);
});

it.runIf(isFull).each(['before', 'after'] as const)(
  'a connection cut %s its message was taken, with the file uploaded: the next try has the same id, and is shown once',
  async (when) => {
    const { api, person, send } = await ready();
    const id = randomUUID();
    api.faults.nextSend({ kind: 'cut', when });
    await expect(send(id)).rejects.toMatchObject({ fault: { kind: 'ambiguous' } });
    // Until it is connected again nothing is sent.
    const { providerId } = await waitFor('the acknowledgement', () => send(id).catch(() => null));
    expect(new Set(api.stanzas(person.pn).map((one) => one.id))).toEqual(new Set([providerId]));
    expect(await person.files()).toMatchObject([{ kind: 'photo', text: 'Ini fotonya.' }]);
  },
);

it.runIf(isFull).each([
  ['once', 1, 'accepted'],
  ['twice', 2, { kind: 'file', code: 'upload' }],
])('an upload that fails %s', async (_, times, expected) => {
  const { api, person, send } = await ready();
  api.media.failNext('POST', 503, times);
  const outcome = await send(randomUUID()).then(
    () => 'accepted',
    (error) => error.fault,
  );
  expect(outcome).toEqual(expected);
  expect(api.stanzas(person.pn)).toHaveLength(times === 1 ? 1 : 0);
});

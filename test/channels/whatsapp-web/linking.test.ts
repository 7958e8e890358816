import { expect, it } from 'vitest';
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

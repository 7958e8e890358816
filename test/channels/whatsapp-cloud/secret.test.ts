import { expect, it } from 'vitest';
import { refuse } from '../../doubles/whatsapp-cloud/refusal.js';
import { signatureOf } from '../../doubles/whatsapp-cloud/webhook.js';
import { hearing } from '../contract.js';
import { everythingOf } from '../everything.js';
import { cloud, numberOf, webFor } from './world.js';

it('the token, the secret and the verify token are in no error, whatever goes wrong', async () => {
  const api = await cloud();
  const person = api.person();
  const { channel, faults } = numberOf(api);
  const told: unknown[] = [];
  const tell = (error: unknown) => void told.push(error);
  const message = { text: 'Halo.', buttons: [] };
  const send = () =>
    channel.send({ id: 'd', address: person.address, message }, new AbortController().signal);
  const deeds = { send, media: () => channel.fetch('1', 100), number: () => channel.health() };
  for (const [subject, deed] of Object.entries(deeds)) {
    for (const fault of [
      { kind: 'reset', when: 'before' },
      { kind: 'page', status: 502 },
      { kind: 'refuse', refusal: refuse(131000, `Bearer ${api.token} ${api.appSecret}`) },
    ] as const) {
      api.faults.next(subject === 'media' ? 'media' : subject === 'send' ? 'send' : 'number', fault);
      await deed().then(tell, tell);
    }
  }
  const web = await webFor(channel);
  await channel.open(hearing(async () => Promise.reject(new Error('not stored'))));
  await api.subscribe(web.url);
  const bad = JSON.stringify({ entry: [{ changes: [{ field: 'messages', value: {} }] }] });
  const headers = { 'x-hub-signature-256': signatureOf(bad, api.appSecret) };
  told.push(await (await fetch(web.url, { method: 'POST', headers, body: bad })).text());
  await api.goAway();
  await send().catch(tell);
  await channel.fetch('1', 100).catch(tell);
  await api.comeBack();
  api.revoke();
  await send().catch(tell);
  await web.close();
  expect(told.length + faults.length).toBeGreaterThan(11);
  for (const secret of [api.token, api.appSecret, api.verifyToken])
    for (const error of [...told, ...faults]) expect(everythingOf(error)).not.toContain(secret);
});

import { expect, it, onTestFinished } from 'vitest';
import type { Receiver } from '../../../src/channels/contract.js';
import { signatureOf } from '../../doubles/whatsapp-cloud/webhook.js';
import { sized } from '../../support/size.js';
import { waitFor } from '../../support/wait.js';
import { hearing } from '../contract.js';
import { cloud, numberOf, webFor } from './world.js';

/** A number with its webhook on a web server of ours. */
async function hooked(receiver: Receiver) {
  const api = await cloud();
  const number = numberOf(api);
  const web = await webFor(number.channel);
  onTestFinished(() => web.close());
  const post = (body: string, given: string | null = signatureOf(body, api.appSecret), method = 'POST') => {
    const headers = given === null ? {} : { 'x-hub-signature-256': given };
    return fetch(web.url, { method, headers, ...(method === 'GET' ? {} : { body }) });
  };
  return { ...number, api, url: web.url, post, open: () => number.channel.open(hearing(receiver)) };
}

const callOf = (phoneId: string, messages: readonly unknown[], field = 'messages') => {
  const value = { messaging_product: 'whatsapp', metadata: { phone_number_id: phoneId }, messages };
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field, value }] }],
  });
};
const textOf = (id: string, body: string) => {
  return { from: '6281200020001', id, timestamp: '1790000000', type: 'text', text: { body } };
};

it('says the challenge back to who knows the verify token, and to nobody else', async () => {
  const { api, url } = await hooked(async () => {});
  expect(await api.subscribe(url)).toBe(true);
  const asked = async (params: Readonly<Record<string, string>>) => {
    const whole = {
      'hub.mode': 'subscribe',
      'hub.verify_token': api.verifyToken,
      'hub.challenge': '42',
      ...params,
    };
    const answer = await fetch(`${url}?${new URLSearchParams(whole)}`);
    return [answer.status, await answer.text(), answer.headers.get('content-type')];
  };
  expect(await asked({})).toEqual([200, '42', 'text/plain']);
  for (const wrong of [
    { 'hub.verify_token': `${api.verifyToken}x` },
    { 'hub.verify_token': '' },
    { 'hub.mode': 'unsubscribe' },
    { 'hub.challenge': '<script>' },
  ])
    expect((await asked(wrong)).slice(0, 2)).toEqual([403, '']);
});

it('answers 200 only when all of it is stored, so that it is brought again', async () => {
  let refusals = 2;
  const seen: string[] = [];
  const { api, open, url, faults } = await hooked(async ({ content }) => {
    if (refusals-- > 0) throw new Error('not stored');
    seen.push(content.kind === 'text' ? content.text : '');
  });
  await open();
  await api.subscribe(url);
  api.person().write('satu');
  await waitFor('it', () => seen.length === 1 && api.webhook.answers.length === 3);
  expect(api.webhook.answers).toEqual([503, 503, 200]);
  expect(faults).toHaveLength(2);
});

it.each<[string, string, ((right: string) => string | null) | null, string, number]>([
  ['no signature', 'a call', () => null, 'POST', 403],
  [
    'a wrong signature',
    'a call',
    (right) => right.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    'POST',
    403,
  ],
  ['a part of the signature', 'a call', (right) => right.slice(0, -1), 'POST', 403],
  ['the signature of another body', 'a call', () => signatureOf('{}', 'ab'.repeat(16)), 'POST', 403],
  ['a body of more than 3 MB', ' '.repeat(3 * 1024 * 1024 + 1), null, 'POST', 413],
  ['no JSON', 'call', null, 'POST', 400],
  ['no call', '{"entry":1}', null, 'POST', 400],
  ['what concerns nobody', '{"object":"page","entry":[]}', null, 'POST', 200],
  ['a call', 'a call', null, 'POST', 200],
])('answers %s as it deserves', async (name, given, signing, method, status) => {
  let heard = 0;
  const { open, post, api } = await hooked(async () => {
    heard += 1;
  });
  await open();
  const body = given === 'a call' ? callOf(api.phoneId, [textOf('wamid.1', 'halo')]) : given;
  const signature = signing === null ? undefined : signing(signatureOf(body, api.appSecret));
  expect((await post(body, signature, method)).status).toBe(status);
  expect(heard).toBe(name === 'a call' ? 1 : 0);
});

it('looks at the bytes that were signed, not at what they mean', async () => {
  const { open, post, api } = await hooked(async () => {});
  await open();
  const body = callOf(api.phoneId, [textOf('wamid.1', 'Hai 👋 é')]);
  const respelled = body.replace('é', '\\u00e9');
  expect(JSON.parse(respelled)).toEqual(JSON.parse(body));
  expect((await post(body)).status).toBe(200);
  expect((await post(respelled, signatureOf(body, api.appSecret))).status).toBe(403);
});

it('lets go what cannot be read, says so, and takes the rest', async () => {
  const seen: string[] = [];
  const { open, post, api, faults } = await hooked(async ({ content }) => {
    seen.push(content.kind === 'text' ? content.text : '');
  });
  await open();
  const broken = { ...textOf('wamid.2', 'dua'), timestamp: 'kemarin' };
  const body = callOf(api.phoneId, [textOf('wamid.1', 'satu'), broken, textOf('wamid.3', 'tiga')]);
  expect((await post(body)).status).toBe(200);
  expect(seen).toEqual(['satu', 'tiga']);
  expect(faults.map(String)).toEqual(['Unreadable: 1 parts of a call could not be read']);
});

it('asks for patience before it receives and after it has ended', async () => {
  const { open, post, channel, api } = await hooked(async () => {});
  const body = callOf(api.phoneId, []);
  expect((await post(body)).status).toBe(503);
  await open();
  expect((await post(body)).status).toBe(200);
  await channel.close();
  const late = await post(body);
  expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1']);
});

it('takes calls by the thousand in any order, many of them twice, and hands each message over under its own key', async () => {
  const keys = new Map<string, number>();
  const { open, post, api } = await hooked(async ({ dedupeKey }) => {
    keys.set(dedupeKey, (keys.get(dedupeKey) ?? 0) + 1);
  });
  await open();
  const many = sized(200, 1_000);
  const bodies = Array.from({ length: 2 * many }, (_, at) =>
    callOf(api.phoneId, [textOf(`wamid.${(at * 7) % many}`, `${at}`)]),
  );
  for (let at = 0; at < bodies.length; at += 50)
    expect(
      (await Promise.all(bodies.slice(at, at + 50).map((body) => post(body)))).every(({ ok }) => ok),
    ).toBe(true);
  expect([...keys.values()]).toEqual(Array(many).fill(2));
});

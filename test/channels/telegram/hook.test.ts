import { expect, it, onTestFinished } from 'vitest';
import type { Channel, Receiver } from '../../../src/channels/contract.js';
import { createWeb, listenWeb } from '../../../src/web/server.js';
import { call } from '../../doubles/telegram/call.js';
import { waitFor } from '../../support/wait.js';
import { hearing } from '../contract.js';
import { memorySimulator } from '../simulator/memory.js';
import { botOf, telegram } from './world.js';

const secret = 'contoh-rahasia_1';

/** A bot with a webhook on a web server of ours. */
async function hooked(receiver: Receiver) {
  const api = await telegram();
  let channel: Channel | null = null;
  const web = await listenWeb(
    createWeb({
      ...{ phones: memorySimulator(), simulator: 'auto', liveChannels: true, ready: async () => ({}) },
      ...{ restart: async () => {}, record: async () => null },
      webhook: (path) => (channel?.webhook?.path === path ? channel.webhook : null),
    }),
    { host: '127.0.0.1', port: 0 },
  );
  onTestFinished(() => web.close());
  const url = `${web.url}/telegram/webhook`;
  const bot = botOf(api, { webhook: { url, secret } });
  channel = bot.channel;
  const post = (body: string, given: string | null = secret, method = 'POST') => {
    const headers = given === null ? {} : { 'x-telegram-bot-api-secret-token': given };
    return fetch(url, { method, headers, ...(method === 'POST' ? { body } : {}) });
  };
  return { ...bot, api, url, post, open: () => bot.channel.open(hearing(receiver)) };
}

it('says where to call, and takes what it is called with', async () => {
  const seen: string[] = [];
  const { api, url, open, channel } = await hooked(async ({ content, dedupeKey }) => {
    seen.push(`${dedupeKey} ${content.kind === 'text' ? content.text : ''}`);
  });
  await open();
  await waitFor('the webhook', async () => (await call(api, 'getWebhookInfo')).result.url === url);
  const first = api.person().write('satu');
  const second = api.person().write('dua');
  await waitFor('both', () => seen.length === 2);
  expect(seen).toEqual([`${first?.update_id} satu`, `${second?.update_id} dua`]);
  expect(await channel.health()).toMatchObject({ ok: true });
});

it('answers 200 only when the message is stored, so that Telegram brings it again', async () => {
  let refusals = 2;
  const seen: string[] = [];
  const { api, open, faults } = await hooked(async ({ dedupeKey }) => {
    if (refusals-- > 0) throw new Error('not stored');
    seen.push(dedupeKey);
  });
  await open();
  const update = api.person().write('satu');
  await waitFor('it', () => seen.length === 1);
  expect(seen).toEqual([String(update?.update_id)]);
  await waitFor('the answer', () => api.webhook.answers.length === 3);
  expect(api.webhook.answers).toEqual([503, 503, 200]);
  expect(faults).toHaveLength(2);
});

it.each<[string, string, string | null, string, number]>([
  ['no secret', '{"update_id":1}', null, 'POST', 403],
  ['a wrong secret', '{"update_id":1}', `${secret}x`, 'POST', 403],
  ['a part of the secret', '{"update_id":1}', secret.slice(0, -1), 'POST', 403],
  ['a large body', JSON.stringify({ update_id: 1, text: 'a'.repeat(1024 * 1024) }), secret, 'POST', 413],
  ['no JSON', 'update', secret, 'POST', 400],
  ['no update', '{"message":{}}', secret, 'POST', 400],
  ['a look', '', secret, 'GET', 405],
  ['something that concerns nobody', '{"update_id":1}', secret, 'POST', 200],
])('answers %s as it deserves', async (_name, body, given, method, status) => {
  let heard = 0;
  const { open, post } = await hooked(async () => {
    heard += 1;
  });
  await open();
  expect((await post(body, given, method)).status).toBe(status);
  expect(heard).toBe(0);
});

it('bounds a body that does not say how long it is', async () => {
  const { open, url } = await hooked(async () => {});
  await open();
  const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(64 * 1024)) });
  const sent = fetch(url, {
    ...{ method: 'POST', body: endless, duplex: 'half' as const },
    headers: { 'x-telegram-bot-api-secret-token': secret },
  });
  // Whoever goes on sending is answered or cut off, but not listened to for ever.
  await sent.then(
    (answer) => expect(answer.status).toBe(413),
    (error) => expect(error).toBeInstanceOf(TypeError),
  );
});

it('asks for patience before it receives and after it has ended', async () => {
  const { open, post, channel } = await hooked(async () => {});
  const update = JSON.stringify({ update_id: 1 });
  expect((await post(update)).status).toBe(503);
  await open();
  expect((await post(update)).status).toBe(200);
  await channel.close();
  const late = await post(update);
  expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1']);
});

it('says when Telegram calls somebody else, or cannot reach us', async () => {
  const { api, channel, open, url } = await hooked(async () => {});
  await call(api, 'setWebhook', { url: 'https://lain.test/hook' });
  expect(await channel.health()).toMatchObject({ what: expect.stringContaining('does not call this Sapa') });
  await open();
  await waitFor('the webhook', async () => (await call(api, 'getWebhookInfo')).result.url === url);
});

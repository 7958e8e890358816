import { expect, it, onTestFinished } from 'vitest';
import type { CloudDouble } from '../../doubles/whatsapp-cloud/double.js';
import { refuse } from '../../doubles/whatsapp-cloud/refusal.js';
import { hearing } from '../contract.js';
import { cloud, numberOf, webFor } from './world.js';

/** How a number is, asked anew, at a double to which something happened. */
async function healthOf(deed: (api: CloudDouble) => unknown) {
  const api = await cloud();
  const { channel } = numberOf(api);
  const web = await webFor(channel);
  onTestFinished(() => web.close());
  await channel.open(hearing(async () => {}));
  await api.subscribe(web.url);
  await deed(api);
  return channel.health();
}

const wrong = (piece: string) => ({ ok: false, what: expect.stringContaining(piece) });

it.each<[string, (api: CloudDouble) => unknown, object]>([
  ['well', () => {}, { ok: true, note: 'the number +62 812-0009-0000, quality green' }],
  [
    'poor',
    (api) => api.setNumber({ quality_rating: 'RED' }),
    { ok: true, note: expect.stringContaining('quality red') },
  ],
  ['banned', (api) => api.setNumber({ status: 'BANNED' }), wrong('is BANNED')],
  ['without a token', (api) => api.revoke(), wrong('refuses the token')],
  ['unknown', (api) => api.faults.next('number', refused(100, 33)), wrong('no number with this id')],
  ['not allowed', (api) => api.faults.next('number', refused(10)), wrong('may not use this number')],
  ['asked to wait', (api) => api.faults.next('number', refused(4)), wrong('asks to wait')],
  ['deaf', (api) => api.webhook.subscribe(null), wrong('no webhook is set')],
  [
    'somebody else’s',
    (api) => api.setNumber({ webhook_configuration: { application: 'https://lain.test/hook' } }),
    wrong('somebody else'),
  ],
  ['away', (api) => api.goAway(), wrong('cannot be reached (ECONNREFUSED)')],
])('a number that is %s says so', async (_name, deed, expected) => {
  expect(await healthOf(deed)).toMatchObject(expected);
});

function refused(code: number, subcode: number | null = null) {
  return { kind: 'refuse', refusal: refuse(code, 'x', subcode) } as const;
}

it('a number that was stopped while sending is left alone for ten minutes, although it looks well', async () => {
  let time = Date.UTC(2026, 10, 25, 1);
  const api = await cloud({ now: () => time });
  const { channel } = numberOf(api, { now: () => new Date(time) });
  api.webhook.subscribe({ url: `${api.url}/whatsapp/webhook`, secret: api.appSecret });
  expect(await channel.health()).toMatchObject({ ok: true });
  api.faults.next('send', refused(131042));
  const { address } = api.person();
  const message = { text: 'Halo.', buttons: [] };
  const sent = channel.send({ id: 'd', address, message }, new AbortController().signal);
  await expect(sent).rejects.toMatchObject({ fault: { kind: 'stopped', code: 'payment' } });
  expect(await channel.health()).toMatchObject(wrong('wants to be paid'));
  time += 10 * 60_000;
  expect(await channel.health()).toMatchObject({ ok: true });
});

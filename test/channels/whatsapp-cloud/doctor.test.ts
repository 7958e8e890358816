import { expect, it } from 'vitest';
import type { CloudDouble } from '../../doubles/whatsapp-cloud/double.js';
import { cloud, numberOf } from './world.js';

const good = { ok: true };

it.each<[string, number, (api: CloudDouble) => unknown, object[]]>([
  ['well', 0, () => {}, [good, good]],
  [
    'ahead',
    5 * 60_000,
    () => {},
    [{ ok: false, what: expect.stringContaining('behind that of WhatsApp') }, good],
  ],
  [
    'in a version that has run out',
    0,
    (api) => api.setVersion('v24.0'),
    [good, { ok: false, what: 'WhatsApp answers in version v24.0 of its API: v23.0 has run out.' }],
  ],
  ['without a good token, which its health tells', 0, (api) => api.revoke(), [good, good]],
  ['away, which its health tells', 0, (api) => api.goAway(), [good, good]],
])('a service that is %s', async (_name, ms, deed, expected) => {
  const api = await cloud({ now: () => Date.now() + ms });
  await deed(api);
  const examined = (await numberOf(api).channel.examine?.()) ?? [];
  expect(examined.map(({ part }) => part)).toEqual(['clock', 'version']);
  expect(examined.map(({ health }) => health)).toMatchObject(expected);
});

it('a root with a version in it is told', async () => {
  const api = await cloud();
  const { channel } = numberOf(api, { root: `${api.url}/v23.0` });
  expect(await channel.examine?.()).toMatchObject([
    {},
    { health: { ok: false, what: expect.stringContaining('WHATSAPP_CLOUD_API_ROOT') } },
  ]);
});

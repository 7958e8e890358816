import { expect, it } from 'vitest';
import { forgetWebhook } from '../../../src/channels/telegram/forget.js';
import { call } from '../../doubles/telegram/call.js';
import type { TelegramDouble } from '../../doubles/telegram/double.js';
import { botOf, telegram } from './world.js';

const rootOf = (api: TelegramDouble) => ({ token: api.token, root: api.url });
const foreign = { url: 'https://lain.test/rahasia-0001', secret_token: 'x' };

it('a bot that is well says under which name it answers', async () => {
  const api = await telegram();
  expect(await botOf(api).channel.health()).toEqual({ ok: true, note: 'answers as @contoh_bot' });
});

it('a clock that is wrong is told, without the token going anywhere', async () => {
  const api = await telegram({ now: () => Date.now() - 10 * 60_000 });
  const [clock, ...others] = (await botOf(api).channel.examine?.()) ?? [];
  expect(others).toEqual([]);
  expect(clock).toMatchObject({
    part: 'clock',
    health: { ok: false, what: expect.stringMatching(/(599|600|601) s ahead/) },
  });
  expect(api.calls('getMe')).toHaveLength(0);
});

it('a webhook of another program is told with the command that takes it away, which leaves what waits', async () => {
  const api = await telegram();
  const person = api.person();
  await call(api, 'setWebhook', foreign);
  const { channel } = botOf(api);
  expect(await channel.health()).toMatchObject({
    ok: false,
    mend: expect.stringContaining('npx sapa telegram forget-webhook'),
  });
  person.write('halo');
  const done = await forgetWebhook(rootOf(api));
  expect(done).toEqual({
    ok: true,
    note: 'The webhook at lain.test is gone; 1 messages wait to be fetched.',
  });
  expect(api.pending()).toBe(1);
  expect(await botOf(api).channel.health()).toMatchObject({ ok: true });
  expect(await forgetWebhook(rootOf(api))).toMatchObject({
    note: expect.stringContaining('nothing was changed'),
  });
});

it('a token that is refused is told by the command, too', async () => {
  const api = await telegram();
  api.revoke();
  expect(await forgetWebhook(rootOf(api))).toMatchObject({ ok: false, what: 'Telegram refuses the token.' });
});

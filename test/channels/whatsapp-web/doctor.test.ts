import { expect, it } from 'vitest';
import { startWhatsAppWeb } from '../../doubles/whatsapp-web/double.js';
import { numberOf, whatsApp } from './world.js';

it('a clock that is wrong is told, also by a process that holds no connection', async () => {
  const api = await startWhatsAppWeb({ now: () => Date.now() - 2 * 3_600_000 });
  try {
    const number = await numberOf(api);
    expect(await number.channel.examine?.()).toMatchObject([
      { part: 'clock', health: { ok: false, what: expect.stringContaining('ahead of that of WhatsApp') } },
      { part: 'version', value: 'that of the client as it came', health: { ok: true } },
    ]);
  } finally {
    await api.close();
  }
});

it.each([
  ['waiting', 'code-405'],
  ['stopped', 'too-old'],
] as const)('a version that WhatsApp refuses is told (%s, %s)', async (state, code) => {
  const { channel, store } = await numberOf(await whatsApp());
  const owned = await store.begin();
  await owned.keepVersion('2.3000.1');
  const version = async () => (await channel.examine?.())?.[1];
  expect(await version()).toMatchObject({ value: '2.3000.1 last worked', health: { ok: true } });
  await owned.report({ state, code, pairing: null });
  expect(await version()).toMatchObject({
    health: { ok: false, what: expect.stringContaining('405'), mend: expect.stringContaining('newer Sapa') },
  });
});

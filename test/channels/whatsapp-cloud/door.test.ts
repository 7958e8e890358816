import { expect, it } from 'vitest';
import { cloud, numberOf } from './world.js';

it('opens a chat with the number, with the words ready; it is asked for once', async () => {
  const api = await cloud();
  const { channel } = numberOf(api);
  for (const _ of ['once', 'again'])
    expect(await channel.door?.('K7M4P2QX', 'HUBUNGKAN K7M4P2QX')).toBe(
      'https://wa.me/6281200090000?text=HUBUNGKAN%20K7M4P2QX',
    );
  expect(api.calls('number')).toHaveLength(1);
});

it('there is none while the number is not known, and one as soon as it is', async () => {
  const api = await cloud();
  const { channel } = numberOf(api);
  await api.goAway();
  expect(await channel.door?.('t', 'w')).toBeNull();
  await api.comeBack();
  api.setNumber({ display_phone_number: '' });
  expect(await channel.door?.('t', 'w')).toBeNull();
  api.setNumber({ display_phone_number: '+62 812-0009-0000' });
  expect(await channel.door?.('t', 'w')).toBe('https://wa.me/6281200090000?text=w');
});

import { expect, it } from 'vitest';
import { refuse } from '../../doubles/telegram/refusal.js';
import { waitFor } from '../../support/wait.js';
import { hearing } from '../contract.js';
import { everythingOf } from '../everything.js';
import { botOf, telegram } from './world.js';

it('the token is in no error, whatever goes wrong', async () => {
  const api = await telegram();
  const person = api.person();
  const secret = api.token.slice(api.token.indexOf(':') + 1);
  const { channel, faults } = botOf(api);
  const told: unknown[] = [];
  const tell = (error: unknown) => void told.push(error);
  const send = () =>
    channel.send(
      { id: 'd', address: person.address, message: { text: 'Halo.', buttons: [] } },
      new AbortController().signal,
    );
  const file = person.sendDocument({ bytes: new Uint8Array(10) })?.message?.document?.file_id ?? '';
  const deeds = {
    sendMessage: send,
    getFile: () => channel.fetch(file, 100),
    download: () => channel.fetch(file, 100),
  };
  for (const [method, deed] of Object.entries(deeds)) {
    for (const fault of [
      { kind: 'reset', when: 'before' },
      { kind: 'page', status: 502 },
      { kind: 'refuse', refusal: refuse(500, `/bot${api.token}/`) },
    ] as const) {
      api.faults.next(method, fault);
      await deed().then(() => expect(method).toBe('download'), tell);
    }
  }
  await channel.open(hearing(async () => {}));
  await api.goAway();
  await send().catch(tell);
  await channel.fetch(file, 100).catch(tell);
  told.push(await channel.health());
  await waitFor('the trouble', () => faults.length > 0);
  await api.comeBack();
  api.revoke();
  await send().catch(tell);
  told.push(await channel.health());
  expect(told.length).toBeGreaterThan(8);
  for (const error of [...told, ...faults]) expect(everythingOf(error)).not.toContain(secret);
});

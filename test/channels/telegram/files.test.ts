import type { Update } from 'grammy/types';
import { expect, it } from 'vitest';
import { botOf, telegram } from './world.js';

const ref = (update: Update | null) => update?.message?.document?.file_id ?? '';
const megabyte = 1024 * 1024;

it('asks first how large a file is, and never takes in more than it may', async () => {
  const api = await telegram();
  const person = api.person();
  const { channel } = botOf(api);
  const large = person.sendDocument({ bytes: new Uint8Array(3 * megabyte) });
  expect(await channel.fetch(ref(large), 2 * megabyte)).toBe('too-large');
  expect(api.calls('download')).toEqual([]);
  const liar = person.sendDocument({ bytes: new Uint8Array(3 * megabyte), size: 10 });
  expect(await channel.fetch(ref(liar), 2 * megabyte)).toBe('too-large');
  const huge = person.sendDocument({ bytes: new Uint8Array(1), size: 21 * megabyte });
  expect(await channel.fetch(ref(huge), 50 * megabyte)).toBe('too-large');
});

it('rejects when the file may be there at the next try, and gets it then', async () => {
  const api = await telegram();
  const { channel } = botOf(api);
  const file = ref(api.person().sendDocument({ bytes: Buffer.from('isi') }));
  api.faults.next('getFile', { kind: 'reset', when: 'before' });
  api.faults.next('download', { kind: 'page', status: 503 });
  await expect(channel.fetch(file, 100)).rejects.toThrow('ECONNRESET');
  await expect(channel.fetch(file, 100)).rejects.toThrow('http-503');
  expect(await channel.fetch(file, 100)).toEqual(Buffer.from('isi'));
  api.faults.next('download', { kind: 'page', status: 404 });
  expect(await channel.fetch(file, 100)).toBe('gone');
});

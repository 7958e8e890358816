import { expect, it } from 'vitest';
import { refuse } from '../../doubles/whatsapp-cloud/refusal.js';
import { waitFor } from '../../support/wait.js';
import { cloud, heardBy, numberOf } from './world.js';

const megabyte = 1024 * 1024;

/** A number, and the references of the files that somebody sends it. */
async function withFiles(files: readonly { readonly bytes: Uint8Array; readonly size?: number }[]) {
  const api = await cloud();
  const { channel } = numberOf(api);
  const { messages } = await heardBy(api, channel);
  const person = api.person();
  for (const file of files) person.sendDocument(file);
  await waitFor('the files', () => messages.length === files.length);
  const refs = messages.map(({ content }) => (content.kind === 'file' ? content.ref : ''));
  return { api, channel, refs };
}

it('asks first how large a file is, and never takes in more than it may', async () => {
  const { api, channel, refs } = await withFiles([
    { bytes: new Uint8Array(3 * megabyte) },
    { bytes: new Uint8Array(3 * megabyte), size: 10 },
  ]);
  expect(await channel.fetch(refs[0] ?? '', 2 * megabyte)).toBe('too-large');
  expect(api.calls('download')).toEqual([]);
  expect(await channel.fetch(refs[1] ?? '', 2 * megabyte)).toBe('too-large');
  expect(api.calls('download')).toHaveLength(1);
});

it('rejects when the file may be there at the next try, and gets it then', async () => {
  const { api, channel, refs } = await withFiles([{ bytes: Buffer.from('isi') }]);
  const [ref = ''] = refs;
  api.faults.next('media', { kind: 'reset', when: 'before' });
  api.faults.next('media', { kind: 'refuse', refusal: refuse(131000) });
  api.faults.next('download', { kind: 'page', status: 503 });
  await expect(channel.fetch(ref, 100)).rejects.toThrow(/media failed/);
  await expect(channel.fetch(ref, 100)).rejects.toThrow('error-131000');
  await expect(channel.fetch(ref, 100)).rejects.toThrow('http-503');
  expect(await channel.fetch(ref, 100)).toEqual(Buffer.from('isi'));
  api.faults.next('download', { kind: 'page', status: 404 });
  expect(await channel.fetch(ref, 100)).toBe('gone');
});

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MediaHost } from './media.js';

const run = promisify(execFile);
let host: MediaHost;
let folder: string;

beforeEach(async () => {
  host = new MediaHost('https');
  await host.start();
  folder = await mkdtemp(join(tmpdir(), 'media-'));
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

it('is trusted by a process that was given its certificate, and by no other', async () => {
  const { url } = await host.keep(Buffer.from('isi'), 'document');
  const file = join(folder, 'certificate.pem');
  await writeFile(file, host.certificate);
  const program = 'fetch(process.argv[1]).then(({ status }) => console.log(status), () => console.log("no"))';
  const fetched = async (env: NodeJS.ProcessEnv) =>
    (await run(process.execPath, ['-e', program, url], { env: { ...process.env, ...env } })).stdout.trim();
  expect(await fetched({ NODE_EXTRA_CA_CERTS: file })).toBe('200');
  expect(await fetched({})).toBe('no');
});

it('takes a file under its own hash only', async () => {
  const hash = createHash('sha256').update('isi').digest('base64url');
  expect(await uploaded(`/mms/document/${hash}`, 'lain')).toBe(400);
  expect(await uploaded(`/mms/document/${hash}`, 'isi')).toBe(200);
  host.failNext('POST', 503);
  expect(await uploaded(`/mms/document/${hash}`, 'isi')).toBe(503);
});

it('opens only what was sealed with the key', async () => {
  const fields = await host.keep(Buffer.from('isi'), 'document');
  const other = await host.keep(Buffer.from('lain'), 'document');
  expect(await host.open({ documentMessage: fields })).toEqual(Buffer.from('isi'));
  await expect(host.open({ documentMessage: { ...fields, mediaKey: other.mediaKey } })).rejects.toThrow(
    'not the one that was sealed',
  );
  await expect(host.open({ conversation: 'isi' })).rejects.toThrow('has no file');
});

function uploaded(path: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sending = request(`https://${host.host}${path}?auth=double`, {
      method: 'POST',
      ca: host.certificate,
    });
    sending.once('response', (response) => resolve(response.resume().statusCode));
    sending.once('error', reject).end(body);
  });
}

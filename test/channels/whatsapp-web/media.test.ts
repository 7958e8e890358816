import type { proto } from '@whiskeysockets/baileys';
import { expect, it } from 'vitest';
import { fetchMedia, mediaRef } from '../../../src/channels/whatsapp-web/media.js';

const silent = {
  level: 'silent',
  child: () => silent,
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
};

async function fetched(imageMessage: proto.Message.IImageMessage, mayBeHere = false) {
  const ref = mediaRef({
    key: { remoteJid: '6281200000001@s.whatsapp.net', id: 'A' },
    message: { imageMessage },
  });
  const again = async () => Promise.reject(new Error('nobody gives it again'));
  return fetchMedia(ref ?? '', 1_000, { logger: silent, again, mayBeHere });
}

const mediaKey = Buffer.alloc(32, 1);

it.each([
  ['another host', 'https://contoh.test/x'],
  ['this computer', 'http://127.0.0.1:9/x'],
  ['a machine nearby', 'http://169.254.169.254/latest'],
  ['the right name in the wrong place', 'https://mmg.whatsapp.net.contoh.test/x'],
  ['without TLS', 'http://mmg.whatsapp.net/x'],
  ['no address at all', 'whatsapp.net'],
])('calls nobody that a person names in the address of a file: %s', async (_name, url) => {
  expect(await fetched({ url, mediaKey })).toBe('gone');
});

it('lets nothing follow the name of the host that makes it another', async () => {
  expect(await fetched({ directPath: '@127.0.0.1:9/x', mediaKey })).toBe('gone');
});

it('calls this computer where the service itself is a double on it', async () => {
  await expect(fetched({ url: 'http://127.0.0.1:9/x', mediaKey }, true)).rejects.toThrow();
});

it.each([
  ['nothing', ''],
  ['no reference', 'halo'],
  ['something else', Buffer.from('{}').toString('base64url')],
])('says of what finds no file that it is gone: %s', async (_name, ref) => {
  const again = async () => Promise.reject(new Error('nobody gives it again'));
  expect(await fetchMedia(ref, 1_000, { logger: silent, again, mayBeHere: true })).toBe('gone');
});

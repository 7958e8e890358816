import { createCipheriv, createDecipheriv, type DecipherGCM, hkdfSync, randomBytes } from 'node:crypto';
import { createVault } from './crypto.js';
import { StartError } from './errors.js';

/**
 * A stream sealed under the data key, which is not in it: `magic | key id (4 bytes) | salt (16)`, then chunks of 64 kB, each
 * AES-256-GCM ciphertext and tag (16) under a key that HKDF-SHA256 makes for this stream alone. The nonce counts the chunks and marks the last one,
 * and each vouches for the head, so that none can be changed, left out, moved, or cut off unnoticed.
 */
const magic = Buffer.from('SAPA BACKUP 1\n');
const keyIdBytes = 4;
const saltBytes = 16;
const tagBytes = 16;
const chunkBytes = 64 * 1024;
const cipherName = 'aes-256-gcm';

/** How long the head of a sealed stream is, in bytes. */
export const headBytes = magic.length + keyIdBytes + saltBytes;

/** Seals a stream; what comes first is its head. */
export async function* sealStream(dataKey: Buffer, plain: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const keyId = Buffer.from(createVault(dataKey).keyId, 'hex');
  const head = Buffer.concat([magic, keyId, randomBytes(saltBytes)]);
  const key = streamKey(dataKey, head);
  yield head;
  for await (const { bytes, nonce } of blocksOf(plain, chunkBytes)) {
    const cipher = createCipheriv(cipherName, key, nonce).setAAD(head);
    const sealed = [cipher.update(bytes), cipher.final()];
    yield Buffer.concat([...sealed, cipher.getAuthTag()]);
  }
}

/** Opens what follows the head of a sealed stream; whatever comes out is as it went in. Throws `StartError`. */
export async function* openStream(
  dataKey: Buffer,
  head: Buffer,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  refuseHead(dataKey, head);
  const key = streamKey(dataKey, head);
  for await (const { bytes, nonce } of blocksOf(sealed, chunkBytes + tagBytes))
    yield openBlock(bytes, createDecipheriv(cipherName, key, nonce).setAAD(head));
}

function refuseHead(dataKey: Buffer, head: Buffer): void {
  if (head.length < headBytes || !head.subarray(0, magic.length).equals(magic))
    throw new StartError('This file is no backup of Sapa.', 'Name the file that sapa backup has written.');
  const keyId = head.subarray(magic.length, magic.length + keyIdBytes).toString('hex');
  if (keyId === createVault(dataKey).keyId) return;
  throw new StartError(
    'This key does not open the backup; nothing was restored.',
    'Give the data key of the day it was made: --key FILE, or DATA_KEY.',
  );
}

function streamKey(dataKey: Buffer, head: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', dataKey, head.subarray(-saltBytes), 'sapa/backup', 32));
}

function openBlock(bytes: Buffer, decipher: DecipherGCM): Buffer {
  const tagAt = bytes.length - tagBytes;
  if (tagAt < 0) throw damaged();
  try {
    decipher.setAuthTag(bytes.subarray(tagAt));
    return Buffer.concat([decipher.update(bytes.subarray(0, tagAt)), decipher.final()]);
  } catch {
    throw damaged();
  }
}

/** What is told of a backup that is not as it was written. */
export function damaged(): StartError {
  return new StartError(
    'The backup is damaged or incomplete; nothing was restored.',
    'Copy it again from where it was kept, or take an older one.',
  );
}

interface Block {
  readonly bytes: Buffer;
  readonly nonce: Buffer;
}

/** Blocks of one size; the last, which may be shorter or empty, is known only when nothing follows it. */
async function* blocksOf(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Block> {
  let held: readonly Uint8Array[] = [];
  let length = 0;
  let count = 0n;
  for await (const piece of source) {
    held = [...held, piece];
    length += piece.length;
    if (length <= size) continue;
    let rest = Buffer.concat(held);
    for (; rest.length > size; rest = rest.subarray(size), count += 1n)
      yield { bytes: rest.subarray(0, size), nonce: nonceOf(count, false) };
    held = [rest];
    length = rest.length;
  }
  yield { bytes: Buffer.concat(held), nonce: nonceOf(count, true) };
}

function nonceOf(count: bigint, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(count, 3);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

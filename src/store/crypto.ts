import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';
import type { Json } from '../flow/json.js';

/**
 * Encryption at rest. Sealed values are `key id (4 bytes) | nonce (12) | AES-256-GCM ciphertext | tag (16)`; an index is
 * an HMAC-SHA256 by which an equal value can be found without being readable.
 */
export interface Vault {
  readonly keyId: string;
  seal(plain: string): Buffer;
  /** Opens what `seal` made. Throws `VaultError` for another key or damaged bytes. */
  open(sealed: Uint8Array): string;
  /** As `seal` and `open`, for what is no text. */
  sealBytes(plain: Uint8Array): Buffer;
  openBytes(sealed: Uint8Array): Buffer;
  sealJson(value: Json): Buffer;
  openJson(sealed: Uint8Array): Json;
  /** `kind` keeps equal values of different meaning apart. */
  index(kind: string, value: string): Buffer;
  /** As `index`, for what is no text. */
  indexBytes(kind: string, value: Uint8Array): Buffer;
}

/** A sealed value that this key cannot open. Says nothing about the value. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

const keyIdBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = keyIdBytes + nonceBytes;

/**
 * Indexes of which the value is kept nowhere, so that none can be made anew under another key: names of WhatsApp's keys, identities of its
 * messages, names of files, which lists were imported. They outlive a change of the data key by a secret of their own.
 */
const lastingKinds: ReadonlySet<string> = new Set([
  'whatsapp-key',
  'whatsapp-message',
  'file',
  'roster-file',
]);

/** The secret of the lasting indexes as long as the data key has never been changed. */
export function firstLastingSecret(dataKey: Buffer): Buffer {
  return derive(dataKey, 'sapa/index');
}

/** Makes a vault of a 32-byte key, and the lasting secret if the key is not the first. The key itself is never used: sub-keys come from it by HKDF-SHA256. */
export function createVault(dataKey: Buffer, lasting: Buffer = firstLastingSecret(dataKey)): Vault {
  const dataSecret = createSecretKey(derive(dataKey, 'sapa/data'));
  const indexSecret = derive(dataKey, 'sapa/index');
  const keyId = derive(dataKey, 'sapa/key-id').subarray(0, keyIdBytes);
  const secretOf = (kind: string) => (lastingKinds.has(kind) ? lasting : indexSecret);
  const seal = (plain: string) => sealPlain(plain, keyId, dataSecret);
  const openBytes = (sealed: Uint8Array) => openSealed(Buffer.from(sealed), keyId, dataSecret);
  const open = (sealed: Uint8Array) => openBytes(sealed).toString('utf8');
  return {
    keyId: keyId.toString('hex'),
    seal,
    open,
    sealBytes: (plain) => sealPlain(plain, keyId, dataSecret),
    openBytes,
    sealJson: (value) => seal(JSON.stringify(value)),
    openJson: (sealed) => JSON.parse(open(sealed)),
    index: (kind, value) => createHmac('sha256', secretOf(kind)).update(`${kind}\0${value}`).digest(),
    indexBytes: (kind, value) =>
      createHmac('sha256', secretOf(kind)).update(`${kind}\0`).update(value).digest(),
  };
}

function derive(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
}

const nonces = Buffer.alloc(nonceBytes * 512);
let nextNonce = nonces.length;

/** Fresh random nonces, drawn in bulk: one call for each would cost more than the cipher. */
function freshNonce(): Buffer {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces);
    nextNonce = 0;
  }
  nextNonce += nonceBytes;
  return nonces.subarray(nextNonce - nonceBytes, nextNonce);
}

function sealPlain(plain: string | Uint8Array, keyId: Buffer, secret: KeyObject): Buffer {
  const nonce = freshNonce();
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  // Of this cipher nothing is left to come out at the end.
  cipher.final();
  const sealed = Buffer.allocUnsafe(headBytes + body.length + tagBytes);
  sealed.set(keyId);
  sealed.set(nonce, keyIdBytes);
  sealed.set(body, headBytes);
  sealed.set(cipher.getAuthTag(), headBytes + body.length);
  return sealed;
}

function openSealed(sealed: Buffer, keyId: Buffer, secret: KeyObject): Buffer {
  if (!sealed.subarray(0, keyIdBytes).equals(keyId))
    throw new VaultError('a value was sealed with another key');
  const nonce = sealed.subarray(keyIdBytes, headBytes);
  const tagAt = sealed.length - tagBytes;
  if (tagAt < headBytes) throw new VaultError('a sealed value is damaged');
  const decipher = createDecipheriv('aes-256-gcm', secret, nonce).setAuthTag(sealed.subarray(tagAt));
  try {
    const body = decipher.update(sealed.subarray(headBytes, tagAt));
    return Buffer.concat([body, decipher.final()]);
  } catch {
    throw new VaultError('a sealed value is damaged');
  }
}

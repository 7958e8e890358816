import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { getMediaKeys, hmacSign, type MediaType, type proto, sha256 } from '@whiskeysockets/baileys';

/** A file as it lies on the media host, and what opens it. */
export interface Sealed {
  readonly bytes: Buffer;
  readonly mediaKey: Buffer;
  readonly fileSha256: Buffer;
  readonly fileEncSha256: Buffer;
}

const macLength = 10;

/** Seals a file as phones do. */
export async function seal(plain: Uint8Array, kind: MediaType): Promise<Sealed> {
  const mediaKey = randomBytes(32);
  const { iv, cipherKey, macKey } = await keysOf(mediaKey, kind);
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  const mac = hmacSign(Buffer.concat([iv, sealed]), macKey).subarray(0, macLength);
  const bytes = Buffer.concat([sealed, mac]);
  return { bytes, mediaKey, fileSha256: sha256(Buffer.from(plain)), fileEncSha256: sha256(bytes) };
}

/** Opens a file, and looks whether it is what was sealed. */
export async function unseal(bytes: Buffer, mediaKey: Uint8Array, kind: MediaType): Promise<Buffer> {
  const { iv, cipherKey, macKey } = await keysOf(mediaKey, kind);
  const [sealed, mac] = [bytes.subarray(0, -macLength), bytes.subarray(-macLength)];
  if (
    !hmacSign(Buffer.concat([iv, sealed]), macKey)
      .subarray(0, macLength)
      .equals(mac)
  )
    throw new Error('the file on the media host is not the one that was sealed');
  const cipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  return Buffer.concat([cipher.update(sealed), cipher.final()]);
}

/** The media in a message and its kind; null when there is none. */
export function mediaOf(message: proto.IMessage): {
  readonly media: proto.Message.IDocumentMessage | proto.Message.IImageMessage;
  readonly kind: MediaType;
} | null {
  const { documentMessage, documentWithCaptionMessage, imageMessage } = message;
  if (imageMessage) return { media: imageMessage, kind: 'image' };
  const document = documentMessage ?? documentWithCaptionMessage?.message?.documentMessage;
  return document ? { media: document, kind: 'document' } : null;
}

async function keysOf(mediaKey: Uint8Array, kind: MediaType) {
  const { iv, cipherKey, macKey } = await getMediaKeys(mediaKey, kind);
  if (macKey === undefined || macKey === null) throw new Error('a media key has three parts');
  return { iv, cipherKey, macKey };
}

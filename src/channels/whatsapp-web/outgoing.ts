import { Buffer } from 'node:buffer';
import {
  type AnyMediaMessageContent,
  generateWAMessageContent,
  type SocketConfig,
  type WAMediaUploadFunction,
} from '@whiskeysockets/baileys';
import type { ParcelFile } from '../contract.js';
import type { SentMessage } from './port.js';

/** What a message is built with. */
export interface BuildingOptions {
  readonly logger: SocketConfig['logger'];
  readonly upload: WAMediaUploadFunction;
}

/** How long one try to leave a file with WhatsApp may take, in milliseconds: two of them end before the delivery gives up. */
const uploadMs = 15_000;

/** A message as the client puts it on the wire; its file lies with WhatsApp then. Rejects when it could not be left there, twice. */
export async function contentOf({ text, file }: SentMessage, { logger, upload }: BuildingOptions) {
  if (file === null) return { extendedTextMessage: { text } };
  const build = () =>
    generateWAMessageContent(mediaOf(file, text), { logger, upload, mediaUploadTimeoutMs: uploadMs });
  return build().catch(build);
}

function mediaOf({ kind, mime: mimetype, name: fileName, bytes }: ParcelFile, text: string) {
  const plain = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = text === '' ? {} : { caption: text };
  // Asked for a preview, the client would put the picture as it is into a file on this computer.
  const photo: AnyMediaMessageContent = { image: plain, mimetype, jpegThumbnail: '', ...words };
  const document: AnyMediaMessageContent = { document: plain, mimetype, fileName, ...words };
  return kind === 'photo' ? photo : document;
}

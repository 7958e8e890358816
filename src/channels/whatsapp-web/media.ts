import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import {
  downloadMediaMessage,
  extractMessageContent,
  proto,
  type SocketConfig,
  type WAMessage,
} from '@whiskeysockets/baileys';

/** What fetching needs of the socket. */
export interface MediaOptions {
  readonly logger: SocketConfig['logger'];
  /** Asks the phone of the sender to give a file again that the provider has dropped. */
  readonly again: (message: WAMessage) => Promise<WAMessage>;
  /** Whether a file may be fetched from this computer: only from a double. */
  readonly mayBeHere: boolean;
}

/** Everything that finds a file again, as text; null for a message without one. */
export function mediaRef({ key, message }: WAMessage): string | null {
  const content = extractMessageContent(message);
  if (!content) return null;
  const bytes = proto.WebMessageInfo.encode({ key: { ...key }, message: withoutPreviews(content) }).finish();
  return Buffer.from(bytes).toString('base64url');
}

/** A preview can be larger than all the rest, and nobody looks at it. */
function withoutPreviews(content: proto.IMessage): proto.IMessage {
  const { imageMessage, documentMessage, videoMessage, ...others } = content;
  const bare = { jpegThumbnail: null, contextInfo: null };
  return {
    ...others,
    ...(imageMessage ? { imageMessage: { ...imageMessage, ...bare } } : {}),
    ...(documentMessage ? { documentMessage: { ...documentMessage, ...bare } } : {}),
    ...(videoMessage ? { videoMessage: { ...videoMessage, ...bare } } : {}),
  };
}

/** How long a file may take to come: the messages of its sender wait behind it. */
const mostFetchMs = 60_000;

/** Gets a file, a piece at a time, as far as the limit. Rejects when it may be there at the next try. */
export async function fetchMedia(
  ref: string,
  limit: number,
  { logger, again, mayBeHere }: MediaOptions,
): Promise<Uint8Array | 'too-large' | 'gone'> {
  const message = read(ref);
  if (message === null || !isFromProvider(message, mayBeHere)) return 'gone';
  const context = { logger, reuploadRequest: again };
  try {
    const options = { signal: AbortSignal.timeout(mostFetchMs) };
    return await collect(await downloadMediaMessage(message, 'stream', { options }, context), limit);
  } catch (error) {
    if (isGone(error)) return 'gone';
    throw error;
  }
}

function read(ref: string): WAMessage | null {
  try {
    const { key, ...rest } = proto.WebMessageInfo.decode(Buffer.from(ref, 'base64url'));
    return key ? { ...rest, key } : null;
  } catch {
    return null;
  }
}

/** The address of a file is the sender's to write: it must not make us call anything but the provider. */
function isFromProvider(message: WAMessage, mayBeHere: boolean): boolean {
  const content = extractMessageContent(message.message);
  const [media, ...others] = Object.values(content ?? {}).filter(
    (part) => typeof part === 'object' && part !== null && ('url' in part || 'directPath' in part),
  );
  // Which of several the client would load is its own affair; and what follows a host must not become a part of it.
  if (!media || others.length > 0) return false;
  const { url, directPath } = media;
  return (!directPath || String(directPath).startsWith('/')) && (!url || isAllowed(String(url), mayBeHere));
}

function isAllowed(url: string, mayBeHere: boolean): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (mayBeHere && hostname === '127.0.0.1') return true;
  return protocol === 'https:' && hostname.endsWith('.whatsapp.net');
}

async function collect(stream: Readable, limit: number): Promise<Uint8Array | 'too-large'> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) return 'too-large'; // leaving the loop ends the stream
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const goneStatuses: ReadonlySet<unknown> = new Set([404, 410]);

/** What the provider has dropped, and the sender's phone did not give again. */
function isGone(error: unknown): boolean {
  const { status, output } = Object(error);
  return goneStatuses.has(status ?? Object(output).statusCode);
}

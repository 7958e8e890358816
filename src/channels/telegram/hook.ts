import { createHash, timingSafeEqual } from 'node:crypto';
import type { Update } from 'grammy/types';

/** What answers Telegram's calls needs. */
export interface HookOptions {
  readonly secret: string;
  /** Takes an update; resolves once it is stored for good, rejects when it is not; null while nobody receives. */
  readonly take: () => ((update: Update) => Promise<void>) | null;
  readonly onFault: (error: unknown) => void;
}

/** No update is larger; Telegram's own texts end at 4,096 characters. */
const largestBody = 1024 * 1024;
/** After how many seconds Telegram is to try again. */
const retryAfterS = 1;

/** Answers one call of Telegram: 200 only when what it brought is stored. */
export async function answerHook(options: HookOptions, request: Request): Promise<Response> {
  const given = request.headers.get('x-telegram-bot-api-secret-token') ?? '';
  if (!isSecret(given, options.secret)) return reply(403);
  if (request.method !== 'POST') return reply(405);
  const body = await bodyOf(request);
  if (body === null) return reply(413);
  const update = updateIn(body);
  if (update === null) return reply(400);
  return stored(options, update);
}

async function stored({ take, onFault }: HookOptions, update: Update): Promise<Response> {
  const receive = take();
  if (receive === null) return reply(503);
  try {
    await receive(update);
    return reply(200);
  } catch (error) {
    onFault(error);
    return reply(503);
  }
}

/** Compares digests, which are of one length, in a time that tells nothing. */
function isSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The body as text; null when it is larger than any update. */
async function bodyOf(request: Request): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > largestBody) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > largestBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function updateIn(body: string): Update | null {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null || !('update_id' in parsed)) return null;
    // Who knows the secret is Telegram, and the rest of the shape is what its API promises.
    return Number.isInteger(parsed.update_id) ? (parsed as Update) : null;
  } catch {
    return null;
  }
}

function reply(status: number): Response {
  const headers = status === 503 ? { 'retry-after': String(retryAfterS) } : {};
  return new Response(null, { status, headers });
}

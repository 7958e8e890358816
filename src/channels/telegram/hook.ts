import type { Update } from 'grammy/types';
import { bodyOf } from '../contract-bytes.js';
import { isSecret } from '../contract-secret.js';

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
  const body = await bodyOf(request, largestBody);
  if (body === null) return reply(413);
  const update = updateIn(body.toString());
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

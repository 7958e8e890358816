import type { Update } from 'grammy/types';
import { bodyOf } from '../contract-bytes.js';
import { reply, stored, type Taking } from '../contract-hook.js';
import { isSecret } from '../contract-secret.js';

/** What answers Telegram's calls needs. */
export interface HookOptions extends Taking<Update> {
  readonly secret: string;
}

/** No update is larger; Telegram's own texts end at 4,096 characters. */
const largestBody = 1024 * 1024;

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

import { createHmac } from 'node:crypto';
import { bodyOf } from '../contract-bytes.js';
import { reply, stored, type Taking } from '../contract-hook.js';
import { isSecret } from '../contract-secret.js';
import { type Notice, noticesIn } from './notice.js';

/** What answers Meta's calls needs. */
export interface HookOptions extends Taking<readonly Notice[]> {
  readonly phoneId: string;
  readonly appSecret: string;
  readonly verifyToken: string;
}

/** Meta's own bound of a call (Webhooks, "Payload size"). */
const largestBody = 3 * 1024 * 1024;
const challenge = /^[\w-]{1,200}$/;

/** A call that holds something we cannot read; that part is let go: kept, it would come again for a week. */
class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Answers one call of Meta's: 200 only when what it brought is stored. */
export async function answerHook(options: HookOptions, request: Request): Promise<Response> {
  if (request.method === 'GET') return verified(options, new URL(request.url).searchParams);
  if (request.method !== 'POST') return reply(405);
  const body = await bodyOf(request, largestBody);
  if (body === null) return reply(413);
  if (!isSigned(body, request.headers.get('x-hub-signature-256') ?? '', options.appSecret)) return reply(403);
  const reading = readingOf(body, options.phoneId);
  if (reading === null) return reply(400);
  if (reading.unreadable > 0)
    options.onFault(new Unreadable(`${reading.unreadable} parts of a call could not be read`));
  return stored(options, reading.notices);
}

/** Whoever sets the address up knows the verify token; the challenge is said back. */
function verified({ verifyToken }: HookOptions, asked: URLSearchParams): Response {
  const said = asked.get('hub.challenge') ?? '';
  const isKnown = isSecret(asked.get('hub.verify_token') ?? '', verifyToken);
  if (!isKnown || asked.get('hub.mode') !== 'subscribe' || !challenge.test(said)) return reply(403);
  return new Response(said, { headers: { 'content-type': 'text/plain' } });
}

/** The signature is over the bytes as they came: they are compared before anything reads them. */
function isSigned(body: Buffer, given: string, appSecret: string): boolean {
  return isSecret(given, `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`);
}

function readingOf(body: Buffer, phoneId: string): ReturnType<typeof noticesIn> {
  try {
    return noticesIn(JSON.parse(body.toString()), phoneId);
  } catch {
    return null;
  }
}

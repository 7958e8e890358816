import { GrammyError, HttpError } from 'grammy';
import type { ChannelFault } from '../contract.js';
import { later, neverLeft, unreachedPauseMs } from '../contract-wire.js';

/**
 * Why a call failed, in words of ours: what the server and the client library say may hold the token or what a person wrote.
 * `refused`: the server answered no; `unreached`: the call cannot have arrived; `lost`: it may have.
 */
export type Failure =
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly retryAfterS: number | null;
    }
  | { readonly kind: 'unreached'; readonly code: string }
  | { readonly kind: 'lost'; readonly code: string };

/** A call that failed. Nothing of the error it comes from is kept. */
export class TelegramError extends Error {
  override readonly name = 'TelegramError';
  readonly failure: Failure;

  constructor(method: string, failure: Failure) {
    super(`Telegram: ${method} failed (${failure.code}).`);
    this.failure = failure;
  }
}

/** What the server's sentences mean, by a piece that is stable (reference: the official server, `Client.cpp`). */
const sentences: readonly (readonly [piece: string, code: string])[] = [
  ['bot was blocked by the user', 'blocked'],
  ['user is deactivated', 'deactivated'],
  ["can't initiate conversation", 'never-started'],
  ['bot was kicked', 'kicked'],
  ['chat not found', 'no-such-chat'],
  ['user not found', 'no-such-chat'],
  ['upgraded to a supergroup', 'moved'],
  ['message is too long', 'text-too-long'],
  ['message text is empty', 'text-empty'],
  ['caption is too long', 'text-too-long'],
  ['PHOTO_', 'photo'],
  ['IMAGE_PROCESS_FAILED', 'photo'],
  ['entit', 'entities'],
  ['BUTTON_', 'button'],
  ['reply markup', 'buttons'],
  ['query is too old', 'too-late'],
  ['file is too big', 'file-too-large'],
  ['wrong file', 'no-such-file'],
  ['invalid file', 'no-such-file'],
  ['while webhook is active', 'webhook-active'],
  ['terminated by other getUpdates', 'other-poller'],
  ['terminated by setWebhook', 'webhook-set'],
];

/** Reads an error of the client library; everything that is not known to be harmless may have arrived. */
export function failureOf(error: unknown): Failure {
  if (error instanceof GrammyError) return refusalOf(error);
  const code = codeOf(error instanceof HttpError ? error.error : error);
  return { kind: neverLeft(code) ? 'unreached' : 'lost', code };
}

function refusalOf({ error_code: status, description, parameters }: GrammyError): Failure {
  const known = sentences.find(([piece]) => description.includes(piece))?.[1];
  const retryAfterS = parameters.retry_after ?? null;
  return { kind: 'refused', status, code: known ?? `http-${status}`, retryAfterS };
}

/** A code of the system (`ECONNRESET`) or of the HTTP client (`invalid-json`); never a text. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'network';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error.name === 'AbortError') return 'aborted';
  return 'type' in error && typeof error.type === 'string' ? error.type : 'network';
}

/** How long nothing is sent when the server asks to wait and does not say how long. */
const usualPauseS = 5;

/** What is wrong with a file itself. */
const unfit: ReadonlySet<string> = new Set(['photo', 'file-too-large']);
const gone: ReadonlySet<string> = new Set(['no-such-chat', 'moved']);

/** What a failed send means for the delivery: the one place where that is decided. */
export function faultOf(failure: Failure, now: Date): ChannelFault {
  const { code } = failure;
  switch (failure.kind) {
    case 'unreached':
      return { kind: 'throttled', until: later(now, unreachedPauseMs), code };
    case 'lost':
      return { kind: 'ambiguous', code };
    case 'refused':
      return refusedFault(failure, now);
  }
}

function refusedFault(
  { status, code, retryAfterS }: Extract<Failure, { kind: 'refused' }>,
  now: Date,
): ChannelFault {
  if (status === 429)
    return { kind: 'throttled', until: later(now, (retryAfterS ?? usualPauseS) * 1000), code };
  if (status >= 500) return { kind: 'ambiguous', code };
  // 404 to a method we know is the server's answer to a token that is none.
  if (status === 401 || status === 404) return { kind: 'stopped', code: 'token-refused' };
  if (status === 413 || unfit.has(code)) return { kind: 'file', code };
  if (status === 403 || gone.has(code)) return { kind: 'permanent', code };
  return { kind: 'bug', code };
}

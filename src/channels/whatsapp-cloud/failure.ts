import { z } from 'zod';
import { neverLeft } from '../contract-wire.js';

/**
 * Why a call failed, in words of ours: what the server says may hold what a person wrote. `refused`: the server answered no, with
 * the number that Meta asks to go by (null: none); `unreached`: the call cannot have arrived; `lost`: it may have.
 */
export type Failure =
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly number: number | null;
      readonly subnumber: number | null;
    }
  | { readonly kind: 'unreached'; readonly code: string }
  | { readonly kind: 'lost'; readonly code: string };

/** A call that failed. Nothing of the error it comes from is kept. */
export class CloudError extends Error {
  override readonly name = 'CloudError';
  readonly failure: Failure;

  constructor(what: string, failure: Failure) {
    super(`WhatsApp Cloud API: ${what} failed (${codeOf(failure)}).`);
    this.failure = failure;
  }
}

/** A failure in a word. */
export function codeOf(failure: Failure): string {
  if (failure.kind !== 'refused') return failure.code;
  return failure.number === null ? `http-${failure.status}` : `error-${failure.number}`;
}

const refusal = z.object({
  error: z.object({ code: z.number().int(), error_subcode: z.number().int().optional() }),
});

/** Reads an answer that says no. */
export function refusalOf(status: number, body: unknown): Failure {
  const parsed = refusal.safeParse(body);
  const { code: number = null, error_subcode: subnumber = null } = parsed.data?.error ?? {};
  return { kind: 'refused', status, number, subnumber };
}

/** Reads an error of `fetch`; everything that is not known to be harmless may have arrived. */
export function failureOf(error: unknown): Failure {
  const code = systemCode(error);
  return { kind: neverLeft(code) ? 'unreached' : 'lost', code };
}

/** A code of the system (`ECONNRESET`) or of the HTTP client; never a text. */
function systemCode(error: unknown): string {
  if (!(error instanceof Error)) return 'network';
  if (error.name === 'AbortError') return 'aborted';
  if (error.name === 'TimeoutError') return 'timeout';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'network';
}

import { z } from 'zod';

/**
 * SQLSTATEs after which the same statement may succeed a moment later: the server is going away, not there yet, out of
 * connections or memory, or gave this transaction up for another (deadlock, cancelled, lock not to be had, I/O).
 */
const outageStates = /^(08|40|53|55P03|57|58)/;
const outageCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
/** What a socket that is not there or not ours gives, and a file just as well. */
const socketCodes = new Set(['ENOENT', 'EACCES']);

/** Whether the database is out of reach, as opposed to refusing what it was asked. */
export function isOutage(error: unknown): boolean {
  const code = codeOf(error);
  if (code === null) return error instanceof Error && /connection|terminat|timeout/i.test(error.message);
  return outageStates.test(code) || outageCodes.has(code) || (socketCodes.has(code) && isConnecting(error));
}

/** Whether the server has no room left to write; it goes on to answer. */
export function isDiskFull(error: unknown): boolean {
  return codeOf(error) === '53100';
}

/** Whether a statement would have made a second row where there may be one. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === '23505';
}

/** Prisma hands on the code of a socket, but not what was done with it, except in words. */
function isConnecting(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('syscall' in error && error.syscall === 'connect') || /\bconnect E[A-Z]+ /.test(error.message);
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null;
  const inner = 'meta' in error ? stateIn.safeParse(error.meta) : null;
  return inner?.success === true ? inner.data.driverAdapterError.cause.originalCode : error.code;
}

/** Where Prisma keeps the SQLSTATE of what the server refused. */
const stateIn = z.object({
  driverAdapterError: z.object({ cause: z.object({ originalCode: z.string() }) }),
});

/**
 * SQLSTATEs after which the same statement may succeed a moment later: the server is going away, not there yet, out of
 * connections or memory, or gave this transaction up for another (deadlock, cancelled, lock not to be had, I/O).
 */
const outageStates = /^(08|40|53|55P03|57|58)/;
const outageCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EACCES',
]);

/** Whether the database is out of reach, as opposed to refusing what it was asked. */
export function isOutage(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== null) return outageStates.test(code) || outageCodes.has(code);
  return error instanceof Error && /connection|terminat|timeout/i.test(error.message);
}

/** Whether a statement would have made a second row where there may be one. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === '23505';
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

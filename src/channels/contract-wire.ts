/** The system's words for a call that did not leave: nobody listens, the name is unknown, the certificate is not trusted. */
const unreached =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO_)/;

/** Whether a call that failed with this code of the system cannot have arrived. */
export function neverLeft(code: string): boolean {
  return unreached.test(code);
}

/** How long nothing is sent after a call that did not leave, in milliseconds. */
export const unreachedPauseMs = 5_000;

/** Some time after a moment. */
export function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}

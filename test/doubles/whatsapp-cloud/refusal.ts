/** What the Graph API says when it refuses a call, in its own shape. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: number;
  readonly details: string;
  readonly subcode: number | null;

  constructor(status: number, code: number, details: string, subcode: number | null = null) {
    super(`(#${code}) ${details}`);
    this.status = status;
    this.code = code;
    this.details = details;
    this.subcode = subcode;
  }

  /** The body of the answer. */
  body(): unknown {
    const type = this.code === 190 ? 'OAuthException' : 'GraphMethodException';
    const error_data = { messaging_product: 'whatsapp', details: this.details };
    const subcode = this.subcode === null ? {} : { error_subcode: this.subcode };
    return {
      error: { message: this.message, type, code: this.code, error_data, ...subcode, fbtrace_id: 'Az8or2' },
    };
  }
}

/** Statuses other than 400, by the number of the error (Cloud API, "Error codes"). */
const statuses: Readonly<Record<number, number>> = {
  0: 401,
  3: 403,
  10: 403,
  190: 401,
  131005: 403,
  368: 403,
  131031: 403,
  131000: 500,
  131016: 503,
  1: 500,
  2: 503,
  131057: 500,
  130429: 429,
  80007: 429,
  131056: 429,
};

/** A refusal by the number of its error. */
export function refuse(
  code: number,
  details = 'see the error codes',
  subcode: number | null = null,
): Refusal {
  return new Refusal(statuses[code] ?? 400, code, details, subcode);
}

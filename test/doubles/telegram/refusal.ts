/** What the Bot API says when it refuses a call, in its own shape. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: number;
  readonly description: string;
  readonly retryAfter: number | null;

  constructor(code: number, description: string, retryAfter: number | null = null) {
    super(description);
    this.code = code;
    this.description = description;
    this.retryAfter = retryAfter;
  }
}

const kinds: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
};

/** A refusal with the text the official server builds: the kind of the code, then the sentence. */
export function refuse(code: number, sentence = ''): Refusal {
  const kind = kinds[code] ?? 'Internal Server Error';
  return new Refusal(code, sentence === '' ? kind : `${kind}: ${sentence}`);
}

/** Too many requests; `seconds` to wait. */
export function tooMany(seconds: number): Refusal {
  return new Refusal(429, `Too Many Requests: retry after ${seconds}`, seconds);
}

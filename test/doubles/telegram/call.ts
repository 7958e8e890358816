/** What the Bot API answers. */
export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  // What a method gives is as various as the methods; each test knows its own.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly result?: any;
  readonly error_code?: number;
  readonly description?: string;
  readonly parameters?: { readonly retry_after?: number };
}

/** Calls a method with nothing but HTTP, so that what is seen is the double's own. */
export async function call(
  api: { readonly url: string; readonly token: string },
  method: string,
  params: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const answer = await fetch(`${api.url}/bot${api.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  return Object.assign({ status: answer.status, ok: false }, await answer.json());
}

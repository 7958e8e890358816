import type { CloudDouble } from './double.js';

/** What the Graph API answers. */
export interface Answer {
  readonly status: number;
  // What a call gives is as various as the calls; each test knows its own.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly body: any;
}

/** Calls the API with nothing but HTTP, so that what is seen is the double's own. */
export async function call(
  api: Pick<CloudDouble, 'url' | 'token'>,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const answer = await fetch(`${api.url}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
  });
  return { status: answer.status, body: await answer.json() };
}

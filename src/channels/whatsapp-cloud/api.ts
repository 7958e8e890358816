import { z } from 'zod';
import type { ParcelFile } from '../contract.js';
import { CloudError, failureOf, refusalOf } from './failure.js';

/** Whom to talk to. */
export interface ApiOptions {
  readonly token: string;
  readonly phoneId: string;
  /** Root of the Graph API without version and without a slash at its end; null for Meta's own. */
  readonly root: string | null;
}

/** What Meta says of our number. */
export interface NumberInfo {
  readonly display: string;
  readonly quality: string;
  /** CONNECTED, or what keeps it from working; null: not said. */
  readonly status: string | null;
  /** Where messages are handed over to; null: nowhere. */
  readonly webhook: string | null;
}

/** Where the bytes of a file are, and how many; good for five minutes. */
export interface Place {
  readonly url: string;
  readonly size: number;
}

/** What we use of the Cloud API. Every method rejects with a `CloudError` and nothing else. */
export interface CloudApi {
  /** Root of the API; holds no token. */
  readonly server: string;
  /** The version of the API that we speak. */
  readonly version: string;
  /** The one that the service used for an answer; null when it does not say. */
  answeredVersion(): Promise<string | null>;
  /** Sends a message; gives the id it was accepted under. */
  send(message: object, signal: AbortSignal): Promise<string>;
  /** Leaves a file with Meta for a message to come; gives the id it has there for 30 days. */
  upload(file: ParcelFile, signal: AbortSignal): Promise<string>;
  placeOf(media: string): Promise<Place>;
  download(url: string): Promise<AsyncIterable<Uint8Array> | null>;
  number(): Promise<NumberInfo>;
}

/** The version whose published description the double and these shapes are made from. */
const version = 'v23.0';
const officialRoot = 'https://graph.facebook.com';
/** Longer than the delivery waits for a send: a connection that died silently ends here. */
const patienceMs = 60_000;

const accepted = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });
const uploaded = z.object({ id: z.string().min(1) });
const place = z.object({ url: z.url(), file_size: z.coerce.number() });
const numberInfo = z
  .object({
    display_phone_number: z.string().default(''),
    quality_rating: z.string().default('UNKNOWN'),
    status: z.string().nullable().default(null),
    webhook_configuration: z.object({ application: z.string().optional() }).default({}),
  })
  .transform(({ display_phone_number: display, quality_rating: quality, status, webhook_configuration }) => {
    return { display, quality, status, webhook: webhook_configuration.application ?? null };
  });
const numberFields = 'display_phone_number,quality_rating,status,webhook_configuration';

/** Talks to the Cloud API by the platform's own `fetch`. Nothing is tried a second time. */
export function createApi({ token, phoneId, root }: ApiOptions): CloudApi {
  const server = root ?? officialRoot;
  const base = `${server}/${version}`;
  const call: Call = (what, url, init = {}) => {
    const { signal, ...rest } = init;
    const patience = AbortSignal.timeout(patienceMs);
    // A form says by itself what it is.
    const type = rest.body instanceof FormData ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${token}`, ...type };
    const both = signal === undefined ? patience : AbortSignal.any([signal, patience]);
    return answered(what, fetch(url, { ...rest, headers, signal: both }));
  };
  return {
    ...{ server, version },
    answeredVersion: async () =>
      (await call('version', `${base}/${phoneId}?fields=id`)).headers.get('facebook-api-version'),
    send: async (message, signal) => {
      const body = JSON.stringify(message);
      const answer = await call('send', `${base}/${phoneId}/messages`, { method: 'POST', body, signal });
      const { messages } = await read('send', answer, accepted);
      return messages[0]?.id ?? '';
    },
    upload: async ({ bytes, mime, name }, signal) => {
      const body = new FormData();
      body.set('messaging_product', 'whatsapp');
      body.set('type', mime);
      body.set('file', new Blob([new Uint8Array(bytes)], { type: mime }), name);
      const answer = await call('upload', `${base}/${phoneId}/media`, { method: 'POST', body, signal });
      return (await read('upload', answer, uploaded)).id;
    },
    placeOf: async (media) => {
      const found = `${base}/${encodeURIComponent(media)}?phone_number_id=${phoneId}`;
      const { url, file_size: size } = await read('media', await call('media', found), place);
      return { url, size };
    },
    download: async (url) => (await call('download', trusted(url, root))).body,
    number: async () => {
      const url = `${base}/${phoneId}?fields=${numberFields}`;
      return read('number', await call('number', url), numberInfo);
    },
  };
}

type Call = (
  what: string,
  url: string,
  init?: { readonly method?: string; readonly body?: string | FormData; readonly signal?: AbortSignal },
) => Promise<Response>;

/** The answer to a call, or why there is none. */
async function answered(what: string, call: Promise<Response>): Promise<Response> {
  const answer = await call.catch((error: unknown) => {
    throw new CloudError(what, failureOf(error));
  });
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => null);
  throw new CloudError(what, refusalOf(answer.status, body));
}

/** Reads an answer; one that is cut or of another shape leaves open what was done. */
async function read<T>(what: string, answer: Response, shape: z.ZodType<T>): Promise<T> {
  const body: unknown = await answer.json().catch((error: unknown) => {
    throw new CloudError(what, error instanceof SyntaxError ? unreadable : failureOf(error));
  });
  const parsed = shape.safeParse(body);
  if (!parsed.success) throw new CloudError(what, unreadable);
  return parsed.data;
}

const unreadable = { kind: 'lost', code: 'unreadable-answer' } as const;

/** The token goes over the wire in the clear to nobody: files lie behind HTTPS, or at the double itself. */
function trusted(url: string, root: string | null): string {
  if (url.startsWith('https://') || (root !== null && url.startsWith(`${root}/`))) return url;
  throw new CloudError('download', { kind: 'lost', code: 'strange-address' });
}

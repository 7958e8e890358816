import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from './checks.js';
import type { Fault, Faults } from './faults.js';
import { formOf } from './form.js';
import { methods, type Service } from './methods.js';
import { Refusal, refuse } from './refusal.js';

/** What the handler needs. */
export interface HandlerOptions extends Service {
  /** The token that is accepted; a test may revoke it. */
  readonly token: () => string;
  readonly faults: Faults;
  /** Told of every call and its status; 0 when there was no answer. */
  readonly count: (method: string, status: number) => void;
}

const largestUpload = 50 * 1024 * 1024;

/** Answers one HTTP request as the Bot API does: `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
export async function handle(
  options: HandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('date', new Date(options.world.now()).toUTCString());
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(url.pathname);
  if (file !== null) return download(options, response, file[1] ?? '', file[2] ?? '');
  const call = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname);
  const method = (call?.[2] ?? '').toLowerCase();
  const params = { ...Object.fromEntries(url.searchParams), ...(await paramsOf(request)) };
  const answer = (status: number, body: unknown) => {
    options.count(method, status);
    json(response, status, body);
  };
  const fault = options.faults.take(method);
  if (fault !== null && goesWrong(fault, options, method, response)) return;
  try {
    checkToken(options, call?.[1] ?? '');
    if (method === 'getupdates') response.once('close', () => gone(options, response));
    const result = await carryOut(options, method, params);
    if (fault?.kind === 'reset') return cut(options, method, response);
    if (fault?.kind === 'slow') await fault.until;
    answer(200, { ok: true, result });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    answer(error.code, refusalBody(error));
  }
}

/** What goes wrong before the call is carried out; true when that ends it. */
function goesWrong(fault: Fault, options: HandlerOptions, method: string, response: ServerResponse): boolean {
  switch (fault.kind) {
    case 'slow':
      return false;
    case 'reset':
      if (fault.when === 'before') cut(options, method, response);
      return fault.when === 'before';
    case 'page':
      options.count(method, fault.status);
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>');
      return true;
    case 'refuse':
      options.count(method, fault.refusal.code);
      json(response, fault.refusal.code, refusalBody(fault.refusal));
      return true;
  }
}

function cut({ count }: HandlerOptions, method: string, response: ServerResponse): void {
  count(method, 0);
  response.socket?.resetAndDestroy();
}

/** The poller hung up before it was answered. */
function gone({ feed }: HandlerOptions, response: ServerResponse): void {
  if (!response.writableFinished) feed.abandon();
}

function checkToken({ token }: HandlerOptions, given: string): void {
  if (!/^\d+:[\w-]{5,}$/.test(given)) throw refuse(404);
  if (given !== token()) throw refuse(401);
}

async function carryOut(options: HandlerOptions, name: string, params: Params): Promise<unknown> {
  const method = methods.get(name);
  if (method === undefined) throw refuse(404, 'method not found');
  return method(options, params);
}

function refusalBody({ code, description, retryAfter }: Refusal): unknown {
  const parameters = retryAfter === null ? {} : { parameters: { retry_after: retryAfter } };
  return { ok: false, error_code: code, description, ...parameters };
}

function download(options: HandlerOptions, response: ServerResponse, token: string, path: string): void {
  const fault = options.faults.take('download');
  if (fault?.kind === 'reset') {
    cut(options, 'download', response);
    return;
  }
  const file = [...options.world.files.values()].find((one) => one.path === path);
  const known = token === options.token() ? file : undefined;
  const status = fault?.kind === 'page' ? fault.status : known === undefined ? 404 : 200;
  options.count('download', status);
  if (status !== 200 || known === undefined) json(response, status, refusalBody(refuse(status)));
  else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(known.bytes);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The parameters of a call: JSON, a form, or a form with files. */
async function paramsOf(request: IncomingMessage): Promise<Params> {
  const type = request.headers['content-type'] ?? '';
  const body = await bodyOf(request);
  if (body.length === 0) return {};
  if (type.startsWith('application/json')) return asObject(body.toString());
  if (type.startsWith('multipart/form-data')) return Object.fromEntries(formOf(body, type));
  return Object.fromEntries(new URLSearchParams(body.toString()));
}

function asObject(text: string): Params {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw refuse(400, "can't parse JSON object");
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > largestUpload) throw new Refusal(413, 'Request Entity Too Large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { outgoingFrom } from './checks.js';
import type { Fault, Faults, Subject } from './faults.js';
import { Refusal, refuse } from './refusal.js';
import type { Shown, World } from './world.js';

/** What the handler needs. */
export interface HandlerOptions {
  readonly world: World;
  readonly phoneId: string;
  readonly businessId: string;
  /** The token that is accepted; a test may revoke it. */
  readonly token: () => string;
  /** The version that answers: another than was asked for once that one has run out. */
  readonly version: () => string;
  /** What the number says of itself. */
  readonly number: () => object;
  readonly faults: Faults;
  /** Where this server is reached. */
  readonly root: () => string;
  /** Told of every call and its status; 0 when there was no answer. */
  readonly count: (subject: Subject, status: number) => void;
  readonly accepted: (shown: Shown) => void;
}

/** What a call is about, and what it asks for. */
interface Call {
  readonly subject: Subject;
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

const version = '/v23.0/';

/** Answers one HTTP request as the Graph API does. */
export async function handle(
  options: HandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('date', new Date(options.world.now()).toUTCString());
  response.setHeader('facebook-api-version', options.version());
  const call = await callOf(options, request);
  if (call === null) return json(response, 400, refuse(2500, 'Unknown path components').body());
  const fault = options.faults.take(call.subject);
  if (fault !== null && goesWrong(fault, options, call, response)) return;
  try {
    if (request.headers.authorization !== `Bearer ${options.token()}`)
      throw refuse(190, 'Error validating access token');
    const answer = carryOut(options, call);
    if (fault?.kind === 'reset') return cut(options, call, response);
    if (fault?.kind === 'slow') await fault.until;
    options.count(call.subject, 200);
    if (answer instanceof Uint8Array)
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(answer);
    else json(response, 200, answer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    options.count(call.subject, error.status);
    json(response, error.status, error.body());
  }
}

async function callOf(options: HandlerOptions, request: IncomingMessage): Promise<Call | null> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const body = await bodyOf(request);
  const file = /^\/files\/(\w+)$/.exec(url.pathname);
  if (file !== null) return { subject: 'download', id: file[1] ?? '', query: url.searchParams, body };
  if (!url.pathname.startsWith(version)) return null;
  const [id = '', edge = ''] = url.pathname.slice(version.length).split('/');
  const subject = subjectOf(options, request.method ?? 'GET', decodeURIComponent(id), edge);
  return subject === null ? null : { subject, id: decodeURIComponent(id), query: url.searchParams, body };
}

function subjectOf(
  { phoneId, businessId }: HandlerOptions,
  method: string,
  id: string,
  edge: string,
): Subject | null {
  if (method === 'POST' && edge === 'messages') return 'send';
  if (method === 'POST' && edge === 'media') return 'upload';
  if (method !== 'GET') return null;
  if (edge === 'message_templates' && id === businessId) return 'templates';
  if (edge !== '') return null;
  return id === phoneId ? 'number' : 'media';
}

/** What goes wrong before the call is carried out; true when that ends it. */
function goesWrong(
  fault: Fault,
  options: HandlerOptions,
  { subject }: Call,
  response: ServerResponse,
): boolean {
  switch (fault.kind) {
    case 'slow':
      return false;
    case 'reset':
      if (fault.when === 'before') cutNow(options, subject, response);
      return fault.when === 'before';
    case 'page':
      options.count(subject, fault.status);
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>');
      return true;
    case 'refuse':
      options.count(subject, fault.refusal.status);
      json(response, fault.refusal.status, fault.refusal.body());
      return true;
  }
}

function cut(options: HandlerOptions, { subject }: Call, response: ServerResponse): void {
  cutNow(options, subject, response);
}

function cutNow({ count }: HandlerOptions, subject: Subject, response: ServerResponse): void {
  count(subject, 0);
  response.socket?.resetAndDestroy();
}

function carryOut(options: HandlerOptions, call: Call): unknown {
  const { world } = options;
  switch (call.subject) {
    case 'send':
      return sent(options, call);
    case 'upload':
      return uploaded(options, call);
    case 'number':
      return pick(options.number(), call.query.get('fields'));
    case 'templates':
      return {
        data: world.templates.map((one) => ({ ...one, components: componentsOf(one.body, one.buttons) })),
      };
    case 'media': {
      const { id, size } = fileOf(world, call.id);
      return {
        messaging_product: 'whatsapp',
        url: `${options.root()}/files/${id}`,
        mime_type: 'application/pdf',
        sha256: 'c2hh',
        file_size: size,
        id,
      };
    }
    case 'download':
      return fileOf(world, call.id).bytes;
  }
}

const largestPhoto = 5 * 1024 * 1024;
const largestDocument = 100 * 1024 * 1024;

/** Keeps a file for a message to come. */
function uploaded({ world, phoneId }: HandlerOptions, { id, body }: Call): unknown {
  if (id !== phoneId) throw noSuchObject(id);
  const file = body instanceof Map ? body.get('file') : null;
  if (!(file instanceof Uint8Array) || !(body instanceof Map) || body.get('messaging_product') !== 'whatsapp')
    throw refuse(100, '(#100) The parameter file or messaging_product is required.');
  const mime = String(body.get('type'));
  if (file.length > (mime.startsWith('image/') ? largestPhoto : largestDocument))
    throw refuse(100, 'Param file must be a file with a size within the limit of its type.');
  if (!/^(image\/(jpeg|png|webp)|application\/pdf|text\/plain)$/.test(mime))
    throw refuse(100, `Param file must be a file of a supported type; received ${mime}.`);
  return { id: world.keep(file, file.length, mime).id };
}

function sent({ world, phoneId, accepted }: HandlerOptions, { id, body }: Call): unknown {
  if (id !== phoneId) throw noSuchObject(id);
  const message = outgoingFrom(body);
  const shown = world.accept(message);
  accepted(shown);
  const { waId, userId } = shown.profile;
  const ids = { ...(waId === null ? {} : { wa_id: waId }), ...(userId === null ? {} : { user_id: userId }) };
  return {
    messaging_product: 'whatsapp',
    contacts: [{ input: message.to ?? message.recipient, ...ids }],
    messages: [{ id: shown.id }],
  };
}

function componentsOf(body: string, buttons: readonly string[]): readonly object[] {
  const quick = buttons.map((text) => ({ type: 'QUICK_REPLY', text }));
  return [{ type: 'BODY', text: body }, ...(quick.length === 0 ? [] : [{ type: 'BUTTONS', buttons: quick }])];
}

function fileOf(world: World, id: string) {
  const file = world.files.get(id);
  if (file === undefined) throw noSuchObject(id);
  return file;
}

function noSuchObject(id: string): Refusal {
  return refuse(100, `Unsupported request. Object with ID '${id}' does not exist.`, 33);
}

function pick(from: object, fields: string | null): object {
  const wanted = new Set((fields ?? '').split(','));
  return Object.fromEntries(
    Object.entries(from).filter(([name]) => name === 'id' || fields === null || wanted.has(name)),
  );
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  if (chunks.length === 0) return null;
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return formOf(Buffer.concat(chunks), type);
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return null;
  }
}

async function formOf(body: Buffer, type: string): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const parts = [...form].map(async ([name, value]) => {
    return [name, typeof value === 'string' ? value : new Uint8Array(await value.arrayBuffer())] as const;
  });
  return new Map(await Promise.all(parts));
}

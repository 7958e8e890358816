import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type MediaType, type proto, sha256 } from '@whiskeysockets/baileys';
import { type Certificate, createCertificate } from './certificate.js';
import { mediaOf, seal, unseal } from './sealed-media.js';

/** What a message says of its file. */
export interface MediaFields {
  readonly url: string;
  readonly directPath?: string;
  readonly mediaKey: Buffer;
  readonly fileSha256: Buffer;
  readonly fileEncSha256: Buffer;
  readonly fileLength: number;
}

/** How files are offered: by plain HTTP, which any client fetches; or as the real host does, when it trusts `certificate`. */
export type Offering = 'http' | 'https';

interface Planned {
  readonly method: string;
  readonly status: number;
  times: number;
}

/**
 * Keeps sealed files. The client uploads by HTTPS only, under a certificate it has to be told to trust: a process by
 * NODE_EXTRA_CA_CERTS with a file that holds `certificate`, a socket by `fetchAgent: new Agent({ ca: certificate })`.
 * It fetches by HTTP what has a plain address and no direct path.
 */
export class MediaHost {
  readonly #files = new Map<string, Buffer>();
  readonly #gone = new Map<string, Buffer>();
  readonly #offering: Offering;
  readonly #certificate: Certificate = createCertificate();
  #failures: Planned[] = [];
  #servers: readonly Server[] = [];
  #ports: readonly number[] = [];
  /** Methods and paths of what was asked for, in order. */
  readonly requests: string[] = [];

  constructor(offering: Offering) {
    this.#offering = offering;
  }

  /** What a client has to trust, in PEM. */
  get certificate(): string {
    return this.#certificate.cert;
  }

  /** The address of the host by HTTPS. */
  get host(): string {
    return `127.0.0.1:${this.#ports[1] ?? 0}`;
  }

  /** The next requests of a method fail with this status. */
  failNext(method: 'GET' | 'POST', status: number, times = 1): void {
    this.#failures.push({ method, status, times });
  }

  /** Every file is gone, as after a month; who sent one may put it back. */
  forget(): void {
    for (const [path, bytes] of this.#files) this.#gone.set(path, bytes);
    this.#files.clear();
  }

  /** Puts the file of a message back; gives its path, null when there never was one. */
  restore(message: proto.IMessage): string | null {
    const name = Buffer.from(mediaOf(message)?.media.fileEncSha256 ?? '').toString('base64url');
    const found = [...this.#gone].find(([path]) => path.endsWith(`/${name}`));
    if (found === undefined) return null;
    this.#files.set(...found);
    return found[0];
  }

  /** Keeps a file sealed, and gives what a message has to say of it; `size` is what it claims. */
  async keep(plain: Uint8Array, kind: MediaType, size = plain.length): Promise<MediaFields> {
    const { bytes, ...keys } = await seal(plain, kind);
    const path = `/v/t62.7118-24/${keys.fileEncSha256.toString('base64url')}`;
    this.#files.set(path, bytes);
    const address =
      this.#offering === 'https'
        ? { url: `https://${this.host}${path}`, directPath: path }
        : { url: `http://127.0.0.1:${this.#ports[0] ?? 0}${path}` };
    return { ...address, ...keys, fileLength: size };
  }

  /** Opens the file of a message that the client sent; fails when there is none, or it was not sealed well. */
  async open(message: proto.IMessage): Promise<Buffer> {
    const found = mediaOf(message);
    const bytes = this.#files.get(found?.media.directPath ?? '');
    if (found === null || bytes === undefined) throw new Error('the message has no file on the media host');
    return unseal(bytes, found.media.mediaKey ?? Buffer.alloc(0), found.kind);
  }

  /** Begins to serve, on free ports unless it did before. */
  async start(): Promise<void> {
    const handler: RequestListener = (request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    };
    this.#servers = [createServer(handler), createSecureServer(this.#certificate, handler)];
    this.#ports = await Promise.all(this.#servers.map((server, at) => listen(server, this.#ports[at] ?? 0)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map(closed));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const method = request.method ?? 'GET';
    this.requests.push(`${method} ${pathname}`);
    const body = await bodyOf(request);
    const failure = this.#failures.find((one) => one.method === method && one.times > 0);
    if (failure !== undefined) {
      failure.times -= 1;
      response.writeHead(failure.status).end();
    } else if (method === 'POST') this.#store(pathname, body, response);
    else this.#serve(pathname, response);
  }

  #store(path: string, bytes: Buffer, response: ServerResponse): void {
    // The name of an upload is the hash of what is uploaded.
    const isWhole = decodeURIComponent(path.split('/').at(-1) ?? '') === sha256(bytes).toString('base64url');
    if (isWhole) this.#files.set(path, bytes);
    const answer = isWhole ? { url: `https://${this.host}${path}`, direct_path: path } : { error: 'hash' };
    response
      .writeHead(isWhole ? 200 : 400, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer));
  }

  #serve(path: string, response: ServerResponse): void {
    const bytes = this.#files.get(path);
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port; // A TCP server that listens has no pipe's name.
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

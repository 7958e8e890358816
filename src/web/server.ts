import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import type { Health, Webhook } from '../channels/contract.js';
import type { SimulatorPerson, SimulatorPhones } from '../channels/simulator/port.js';
import { refuseVisit, type SimulatorRule } from './guard.js';
import { type PairingDesk, pairingPages } from './pairing/routes.js';
import { type RecordedTest, simulatorPages } from './simulator/routes.js';
import { peerOf } from './visit.js';
import { answerWords } from './words.js';

/** What the web server is given to show and to start. */
export interface WebOptions extends SimulatorRule {
  readonly phones: SimulatorPhones;
  /** Looks at everything the program needs to work; a check that cannot even be made may reject. */
  readonly ready: () => Promise<Readonly<Record<string, Health>>>;
  /** Starts the bot again; must not wait for this web server to close. */
  readonly restart: () => Promise<void>;
  /** What answers a provider's calls to this path; null when nothing does. */
  readonly webhook: (path: string) => Webhook | null;
  /** The last conversation of a person as a test, to be downloaded; null when there is none that can be kept. */
  readonly record: (person: SimulatorPerson) => Promise<RecordedTest | null>;
  /** A number that can be linked here; null, or absent, when there is none. */
  readonly pairing?: PairingDesk | null;
  /** Hears what went wrong in a request. */
  readonly onFault?: (error: unknown) => void;
}

/** A web server that listens. */
export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends every open connection, event streams too. */
  close(): Promise<void>;
}

/** Builds the web application; more routes may be mounted on it before it listens. */
export function createWeb(options: WebOptions): Hono {
  const app = new Hono();
  app.use(closed);
  app.get('/', (c) => entrance(c, options));
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', async (c) => {
    const checks = await allChecks(options);
    const ok = Object.values(checks).every((check) => check.ok);
    return c.json({ ok, checks }, ok ? 200 : 503);
  });
  app.on(['GET', 'POST'], '/:service/webhook', (c) => {
    return options.webhook(c.req.path)?.answer(c.req.raw) ?? c.notFound();
  });
  app.route('/simulator', simulatorPages(options));
  if (options.pairing) app.route('/whatsapp/pair', pairingPages(options.pairing));
  app.notFound((c) =>
    answerWords(c, 404, 'Halaman ini tidak ada.', { href: '/', words: 'Ke halaman depan' }),
  );
  app.onError((error, c) => {
    options.onFault?.(error);
    c.header('Retry-After', '2');
    return answerWords(c, 503, 'Maaf, Sapa sedang tidak dapat menjawab. Silakan coba lagi sebentar lagi.');
  });
  return app;
}

const unlessSaid: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Every answer is closed to other sites; a page says itself what it needs beyond that. */
const closed: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(unlessSaid)) if (!c.res.headers.has(name)) c.header(name, value);
};

/** Leads to the simulator who may open it, and tells everybody else what this is. */
function entrance(c: Context, rule: SimulatorRule): Response | Promise<Response> {
  const refusal = refuseVisit({ peer: peerOf(c), headers: c.req.raw.headers }, rule);
  return refusal === null ? c.redirect('/simulator') : answerWords(c, 200, whatThisIs);
}

const whatThisIs =
  'Di sini berjalan Sapa, bot IPSM Jawa Tengah. Tidak ada yang perlu dibuka di halaman ini: anggota menyapa Sapa lewat aplikasi pesan di teleponnya.';

async function allChecks(options: WebOptions): Promise<Readonly<Record<string, Health>>> {
  try {
    return await options.ready();
  } catch (error) {
    options.onFault?.(error);
    return {
      checks: { ok: false, what: 'The checks could not be made.', mend: 'See the log, then sapa doctor.' },
    };
  }
}

/** Listens on a port (0 picks a free one); rejects with the system's own error (`code` EADDRINUSE, ENOTFOUND …). */
export async function listenWeb(
  app: Hono,
  where: { readonly host: string; readonly port: number },
): Promise<Listening> {
  // Without options that ask for HTTP/2, the adaptor makes an http.Server.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await listening(server, where);
  // A TCP server that listens has an address object, never a pipe's name.
  const { port } = server.address() as AddressInfo;
  const host = where.host.includes(':') ? `[${where.host}]` : where.host;
  return { url: `http://${host}:${port}`, port, close: () => ended(server) };
}

function listening(server: Server, where: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where.port, where.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function ended(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

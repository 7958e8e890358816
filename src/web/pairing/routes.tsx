import { type Context, Hono } from 'hono';
import { raw } from 'hono/html';
import { renderSVG } from 'uqr';
import type { Status, WhatsAppStore } from '../../channels/whatsapp-web/port.js';
import { refuseCrossSite, refuseFar } from '../guard.js';
import { peerOf } from '../visit.js';

/** Where a number on WhatsApp Web is linked. */
export type PairingDesk = Pick<WhatsAppStore, 'status' | 'ask'>;

const onlyHere =
  'Halaman ini hanya dapat dibuka dari komputer tempat Sapa berjalan, lewat alamat localhost: siapa pun yang melihatnya dapat memakai nomornya.';

const contentSecurity =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The page below `/whatsapp/pair`: what to scan or type just now, and a button to begin again. For who sits at this computer. */
export function pairingPages(desk: PairingDesk): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    const { headers } = c.req.raw;
    const refusal =
      refuseFar({ peer: peerOf(c), headers }, onlyHere) ??
      (c.req.method === 'GET' ? null : refuseCrossSite(headers));
    if (refusal !== null) return c.text(refusal.reason, refusal.status);
    c.header('Content-Security-Policy', contentSecurity);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'same-origin');
    c.header('Cache-Control', 'no-store');
    return next();
  });
  app.get('/', (c) => show(c, desk));
  app.post('/', async (c) => {
    await desk.ask();
    return c.redirect('/whatsapp/pair', 303);
  });
  return app;
}

async function show(c: Context, desk: PairingDesk): Promise<Response> {
  return c.html(<Page status={await desk.status()} />);
}

function Page({ status }: { readonly status: Status }) {
  return (
    <html lang="id">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="4" />
        <title>Menautkan WhatsApp – Sapa</title>
        <style>
          {
            'body{font:18px/1.5 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}svg{width:20rem;max-width:100%}code{font-size:2rem;letter-spacing:.2rem}button{font-size:1.1rem;padding:.6rem 1.2rem}'
          }
        </style>
      </head>
      <body>
        <h1>Menautkan WhatsApp</h1>
        <State status={status} />
        <p>
          <small>
            Sapa memakai WhatsApp Web sebagai perangkat tertaut yang tidak resmi: WhatsApp dapat memblokir
            nomornya. Pakailah nomor tersendiri, bukan nomor pribadi.
          </small>
        </p>
      </body>
    </html>
  );
}

function State({ status: { state, pairing } }: { readonly status: Status }) {
  if (state === 'open') return <p>Nomor sudah tertaut dan tersambung. Halaman ini boleh ditutup.</p>;
  if (state === 'stopped') return <Again />;
  if (pairing === null) return <p>Sedang menyambung ke WhatsApp …</p>;
  return (
    <>
      <ol>
        <li>Buka WhatsApp di telepon bernomor bot.</li>
        <li>Ketuk titik tiga (atau Pengaturan), lalu “Perangkat tertaut”, “Tautkan perangkat”.</li>
        {pairing.kind === 'qr' ? (
          <li>Arahkan kamera ke kode ini.</li>
        ) : (
          <li>Pilih “Tautkan dengan nomor telepon saja”, ketik kode ini.</li>
        )}
      </ol>
      {pairing.kind === 'qr' ? (
        raw(renderSVG(pairing.text, { border: 2 }))
      ) : (
        <code>{codeShown(pairing.text)}</code>
      )}
    </>
  );
}

function Again() {
  return (
    <form method="post" action="/whatsapp/pair">
      <p>
        Sambungan ke WhatsApp dihentikan. Sebabnya dan cara memperbaikinya:{' '}
        <code style="font-size:1rem;letter-spacing:0">npx sapa doctor</code>
      </p>
      <button type="submit">Sambungkan lagi</button>
    </form>
  );
}

function codeShown(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

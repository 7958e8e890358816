import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

const contentSecurity =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const look =
  ':root{color-scheme:light dark}body{font:18px/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}a{display:inline-block;padding:.75rem 0}';

/** Where a page leads on to. */
export interface Way {
  readonly href: string;
  readonly words: string;
}

/** A sentence as an answer: a page of its own for who looks at it, with a way on, and bare for a program. */
export function answerWords(
  c: Context,
  status: ContentfulStatusCode,
  words: string,
  way: Way | null = null,
): Response | Promise<Response> {
  if (!(c.req.header('accept') ?? '').includes('text/html')) return c.text(words, status);
  return answerPage(
    c,
    status,
    <>
      <p>{words}</p>
      {way !== null && <a href={way.href}>{way.words}</a>}
    </>,
  );
}

/** A small page of words. */
async function answerPage(c: Context, status: ContentfulStatusCode, content: Child): Promise<Response> {
  const html = await (
    <html lang="id">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Sapa</title>
        <link rel="icon" href="data:," />
        <style>{look}</style>
      </head>
      <body>
        <h1>Sapa</h1>
        {content}
      </body>
    </html>
  );
  c.header('Content-Security-Policy', `${contentSecurity}; img-src data:`);
  return c.html(`<!doctype html>${html}`, status);
}

/** A turn waits for the public name of an account no longer than this, in milliseconds: then there is no link this time. */
const patienceMs = 1_000;

/** Asks for the public name of an account once and remembers it; null while it is not known. */
export function askOnce(ask: () => Promise<string | null>): () => Promise<string | null> {
  let name: Promise<string | null> | null = null;
  const forget = () => {
    name = null;
    return null;
  };
  const found = () => ask().then((known) => known ?? forget(), forget);
  return () => {
    name ??= found();
    return Promise.race([name, nothingAfter(patienceMs)]);
  };
}

function nothingAfter(ms: number): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), ms).unref();
  });
}

/** A link that opens a chat with a number on WhatsApp, with words ready to be sent; `digits` are its own, with the country in front. */
export function whatsAppLink(digits: string, words: string): string {
  return `https://wa.me/${digits}?text=${encodeURIComponent(words)}`;
}

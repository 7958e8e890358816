import { inflateSync } from 'node:zlib';

/** What a reader sees on each page of a PDF of ours, piece by piece from the first drawn to the last. */
export function pagesOfPdf(pdf: Uint8Array): readonly (readonly string[])[] {
  const objects = objectsOf(Buffer.from(pdf).toString('latin1'));
  return [...objects.values()]
    .filter(({ head }) => /\/Type \/Page\b/.test(head))
    .map((page) => read(page, objects));
}

interface Part {
  readonly head: string;
  readonly stream: string;
}

type Objects = ReadonlyMap<string, Part>;

function objectsOf(source: string): Objects {
  const found = source.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g);
  return new Map([...found].map(([, id = '', body = '']) => [id, partOf(body)]));
}

function partOf(body: string): Part {
  const at = body.indexOf('stream\n');
  if (at < 0) return { head: body, stream: '' };
  const raw = body.slice(at + 'stream\n'.length, body.lastIndexOf('\nendstream'));
  const head = body.slice(0, at);
  const bytes = Buffer.from(raw, 'latin1');
  return { head, stream: (head.includes('/FlateDecode') ? inflateSync(bytes) : bytes).toString('latin1') };
}

function at(objects: Objects, head: string, name: string): Part {
  const id = new RegExp(`/${name} (\\d+) 0 R`).exec(head)?.[1] ?? '';
  return objects.get(id) ?? { head, stream: '' };
}

function read(page: Part, objects: Objects): readonly string[] {
  const fonts = at(objects, page.head, 'Resources').head;
  const drawn = at(objects, page.head, 'Contents').stream;
  let signs: ReadonlyMap<string, string> = new Map();
  return [...drawn.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)].flatMap(([, font, shown]) => {
    if (font === undefined) return [textOf(shown ?? '', signs)];
    signs = signsOf(at(objects, at(objects, fonts, font).head, 'ToUnicode').stream);
    return [];
  });
}

function textOf(shown: string, signs: ReadonlyMap<string, string>): string {
  const hex = [...shown.matchAll(/<([0-9a-f]*)>/g)].map(([, digits = '']) => digits).join('');
  return (hex.match(/.{4}/g) ?? []).map((code) => signs.get(code) ?? '?').join('');
}

/** The signs of a font by their codes: ranges `<from> <to> [<sign> <sign> …]`. */
function signsOf(map: string): ReadonlyMap<string, string> {
  const ranges = map.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g);
  return new Map([...ranges].flatMap(([, from = '', list = '']) => range(Number.parseInt(from, 16), list)));
}

function range(from: number, list: string): readonly (readonly [string, string])[] {
  return [...list.matchAll(/<([0-9a-f ]*)>/g)].map(([, sign = ''], at) => [
    (from + at).toString(16).padStart(4, '0'),
    (sign.replaceAll(' ', '').match(/.{4}/g) ?? [])
      .map((unit) => String.fromCharCode(Number.parseInt(unit, 16)))
      .join(''),
  ]);
}

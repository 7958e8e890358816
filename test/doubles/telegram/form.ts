import { Upload } from './checks.js';

/** A form with files, as the official server reads it: the names in it may stand without quotation marks. */
export function formOf(
  body: Buffer,
  type: string,
): readonly (readonly [name: string, value: string | Upload])[] {
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (boundary === undefined) return [];
  return partsOf(body, Buffer.from(`--${boundary}`)).flatMap((part) => {
    const end = part.indexOf('\r\n\r\n');
    const head = part.subarray(0, end).toString();
    const name = /[; ]name="?([^";\r]+)"?/i.exec(head)?.[1];
    if (end < 0 || name === undefined) return [];
    const content = part.subarray(end + 4);
    const file = /filename="?([^";\r]+)"?/i.exec(head)?.[1];
    return [[name, file === undefined ? content.toString() : new Upload(file, new Uint8Array(content))]];
  });
}

/** What stands between two boundaries, without the line ends around it. */
function partsOf(body: Buffer, boundary: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  let from = body.indexOf(boundary);
  for (let to = body.indexOf(boundary, from + 1); to > from; to = body.indexOf(boundary, from + 1)) {
    parts.push(body.subarray(from + boundary.length + 2, to - 2));
    from = to;
  }
  return parts;
}

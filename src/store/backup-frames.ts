import { z } from 'zod';
import { damaged } from './backup-seal.js';

const counts = z.record(z.string(), z.number());

/** The parts of a backup, in this order: what it is, rows table by table, files, and what it must have come to. */
const partSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('begin'),
    madeAt: z.iso.datetime(),
    /** What the tables were made by, oldest first. */
    migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
    /** Each after those it points to. */
    tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  }),
  z.object({ kind: z.literal('rows'), table: z.string() }),
  z.object({ kind: z.literal('file'), name: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({
    kind: z.literal('end'),
    rows: counts,
    files: z.number(),
    /** How far each sequence had come. */
    sequences: z.record(z.string(), z.string()),
    /** Whether no other Sapa used the database meanwhile. */
    quiet: z.boolean(),
  }),
]);

/** What a part says of itself. */
export type Part = z.infer<typeof partSchema>;
/** The first part of a backup. */
export type Begin = Extract<Part, { readonly kind: 'begin' }>;
/** Its last part. */
export type End = Extract<Part, { readonly kind: 'end' }>;

/** A part with what it holds: rows as a JSON list of texts, or the bytes of a file. */
export interface Frame {
  readonly part: Part;
  readonly body: Buffer;
}

/** Lengths of the head and of the body stand in front. */
const prefixBytes = 8;

/** Writes a part as bytes. */
export function frameOf(part: Part, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.from(JSON.stringify(part));
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(head.length, 0);
  prefix.writeUInt32BE(body.length, 4);
  return Buffer.concat([prefix, head, body]);
}

/** Reads the parts of a stream again. Throws `StartError` where it does not hold whole ones. */
export async function* framesIn(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let held: readonly Uint8Array[] = [];
  let length = 0;
  let wanted = prefixBytes;
  for await (const piece of plain) {
    held = [...held, piece];
    length += piece.length;
    if (length < wanted) continue;
    let rest = Buffer.concat(held);
    for (wanted = sizeOf(rest); rest.length >= wanted; wanted = sizeOf(rest)) {
      yield read(rest.subarray(0, wanted));
      rest = rest.subarray(wanted);
    }
    held = [rest];
    length = rest.length;
  }
  if (length > 0) throw damaged();
}

/** How long the frame is that begins here, or how much of it must be there to know. */
function sizeOf(bytes: Buffer): number {
  if (bytes.length < prefixBytes) return prefixBytes;
  return prefixBytes + bytes.readUInt32BE(0) + bytes.readUInt32BE(4);
}

function read(bytes: Buffer): Frame {
  const bodyAt = prefixBytes + bytes.readUInt32BE(0);
  const part = partSchema.parse(JSON.parse(bytes.subarray(prefixBytes, bodyAt).toString()));
  return { part, body: bytes.subarray(bodyAt) };
}

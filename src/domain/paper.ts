import { z } from 'zod';
import { madeBy } from './own-process.js';

const lines = z.array(z.string()).readonly();
const facts = z.array(z.tuple([z.string(), z.string()]).readonly()).readonly();
const column = z.object({ heading: z.string(), share: z.number().positive() }).readonly();

const block = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('head'), lines }),
    z.object({ kind: z.literal('reference'), facts, right: z.string() }),
    z.object({ kind: z.literal('title'), lines }),
    z.object({ kind: z.literal('heading'), text: z.string() }),
    z.object({ kind: z.literal('text'), text: z.string() }),
    z.object({ kind: z.literal('facts'), facts }),
    z.object({ kind: z.literal('list'), items: lines }),
    z.object({
      kind: z.literal('table'),
      columns: z.array(column).readonly(),
      rows: z.array(lines).readonly(),
      least: z.number().optional(),
    }),
    z.object({ kind: z.literal('signature'), above: lines, name: z.string() }),
  ])
  .readonly();

/**
 * A piece of a paper, from top to bottom: the head of a letter; its reference (Nomor, Sifat, Lampiran, Hal) with place and date at the right,
 * level with the first; a title in the middle; a heading; a paragraph; facts below each other, indented; a numbered list; a table, whose
 * head stands on each of its pages (`least`: the least height of a row in points; a signature wants 28); whoever signs, with room for the
 * signature.
 */
export type Block = z.infer<typeof block>;
/** A column of a table: its heading, and its share of the width. */
export type Column = z.infer<typeof column>;
/** What stands beside a name: "Nomor" and the number. */
export type Fact = readonly [label: string, value: string];

/** A paper to be made: its name among files and readers, what stands on it, and whether its sheets lie on the side. */
export const paper = z
  .object({ title: z.string(), blocks: z.array(block).readonly(), wide: z.boolean().optional() })
  .readonly();
/** One of them. */
export type Paper = z.infer<typeof paper>;

/** Makes a paper as a PDF of A4 sheets. */
export function pdfOf(wanted: Paper): Promise<Uint8Array> {
  return madeBy('paper', wanted);
}

import { z } from 'zod';
import { normaliseLines } from '../text.js';
import { textType } from '../types.js';
import { again } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({
  max: z.number().int().positive().default(300).describe('The most characters an answer may have.'),
  min: z.number().int().positive().optional().describe('The fewest characters an answer may have.'),
});
type Options = z.infer<typeof options>;

/** A text this many times over its limit is not even tidied up: invisible characters do not excuse that much. */
const hopeless = 4;

function tooLong(length: number, max: number): Parsed {
  return again(`Pesan terlalu panjang: ${length} huruf. Mohon ringkas menjadi paling banyak ${max} huruf.`);
}

function parse(raw: string, { options: { max, min = 1 } }: InputContext<Options>): Parsed {
  if (raw.length > max * hopeless) return tooLong(raw.length, max);
  const text = normaliseLines(raw);
  if (text.length > max) return tooLong(text.length, max);
  if (text === '') return again('Pesan ini belum berisi tulisan. Mohon ketik jawabannya.');
  if (text.length < min) return again(`Jawabannya masih singkat. Mohon tulis paling sedikit ${min} huruf.`);
  // Two messages joined are only taken when they can be read back.
  return { kind: 'ok', value: text, readback: text.includes('\n') ? text : null };
}

/** Free text of at most `max` characters (300 unless set), lines kept. */
export const text: InputKind<Options> = {
  name: 'text',
  options,
  type: () => textType,
  example: ({ max, min = 1 }) =>
    'Jalan Contoh nomor 1, sebelah timur balai desa'.repeat(Math.ceil(min / 46)).slice(0, max),
  choices: () => [],
  parse,
};

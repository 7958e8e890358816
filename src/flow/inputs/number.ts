import { z } from 'zod';
import { readNumber } from '../numerals.js';
import { fold } from '../text.js';
import { numberType } from '../types.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z
  .strictObject({
    min: z.number().default(0).describe('The smallest number that is taken.'),
    max: z.number().optional().describe('The largest number that is taken.'),
    whole: z.boolean().default(true).describe('false also takes numbers with a fraction.'),
  })
  .refine(({ min, max = min }) => min <= max, 'min must not be more than max')
  .refine(
    ({ min, max = min, whole }) => !whole || (Number.isInteger(min) && Number.isInteger(max)),
    'min and max must be whole numbers unless whole is false',
  );
type Options = z.infer<typeof options>;

const usual = 12;
const nothing =
  /^(?:(?:tidak|tdk|gak|ga|nggak|ndak|belum|mboten|dereng|ora|durung) (?:ada|wonten|ono|ana|punya)|nihil)$/;
const unclear = 'Angkanya belum dapat kami baca. Mohon tulis satu angka saja.';

const show = (value: number) => numberType.show(value);

function refusal(value: number, { min, max, whole }: Options): string | null {
  if (whole && !Number.isInteger(value)) return 'Mohon tulis angka bulat, tanpa koma atau setengah.';
  if (value < min) return `Angkanya paling sedikit ${show(min)}. Mohon diperiksa kembali.`;
  if (max !== undefined && value > max)
    return `Angkanya paling banyak ${show(max)}. Mohon diperiksa kembali.`;
  return null;
}

function parse(text: string, context: InputContext<Options>, raw: string): Parsed {
  const found = readNumber(text);
  const value = found.kind === 'number' ? found.value : nothing.test(fold(text)) ? 0 : null;
  if (value === null) return again(unclear);
  const reason = refusal(value, context.options);
  if (reason !== null) return again(reason);
  const shown = show(value);
  if (found.kind === 'none' || !found.sure) {
    return { kind: 'confirm', value, question: `Apakah maksudnya ${shown}?`, readback: shown };
  }
  const asShown = raw.trim() === shown || raw.trim() === String(value);
  return { kind: 'ok', value, readback: asShown ? null : shown };
}

/**
 * A number in digits or words ("1.500", "2 rb", "tiga puluh dua", "selawe"), at least `min` (0 unless set) and at most
 * `max`; with `whole: false` also parts ("2,5", "dua setengah"). Among words that are not understood it is asked back.
 */
export const number: InputKind<Options> = {
  name: 'number',
  options,
  type: () => numberType,
  example: ({ min, max = Number.POSITIVE_INFINITY }) => show(Math.min(Math.max(min, usual), max)),
  choices: () => [],
  counts: true,
  parse: reading(parse),
};

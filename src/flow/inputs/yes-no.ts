import { z } from 'zod';
import { fold } from '../text.js';
import { booleanType } from '../types.js';
import { answerWord, leadingAnswer } from '../words.js';
import { again, reading } from './define.js';
import type { InputContext, InputKind, Parsed } from './input.js';

const options = z.strictObject({});
type Options = z.infer<typeof options>;

const open = 'Kami belum dapat memastikan jawabannya. Mohon jawab Ya atau Tidak.';
const unknown = 'Jawaban ini belum kami pahami. Mohon jawab Ya atau Tidak.';

function parse(text: string, context: InputContext<Options>): Parsed {
  const whole = answerWord(text);
  const answer = whole === 'unknown' ? leadingAnswer(text, context.question()) : whole;
  if (answer === 'neither') return again(open);
  if (answer === 'unknown') return again(unknown);
  const shown = answer === 'yes' ? 'Ya' : 'Tidak';
  return { kind: 'ok', value: answer === 'yes', readback: fold(text) === fold(shown) ? null : shown };
}

/**
 * Yes or no in Indonesian, Javanese and chat spelling, also where a reason follows: then it is read back. Polite answers that
 * decide nothing are asked again.
 */
export const yesNo: InputKind<Options> = {
  name: 'yes-no',
  options,
  type: () => booleanType,
  example: () => 'Ya',
  choices: () => [
    { id: 'ya', label: 'Ya' },
    { id: 'tidak', label: 'Tidak' },
  ],
  parse: reading(parse),
};

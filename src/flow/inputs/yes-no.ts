import { z } from 'zod';
import { fold } from '../text.js';
import { booleanType } from '../types.js';
import { answerWord } from '../words.js';
import { again, reading } from './define.js';
import type { InputKind, Parsed } from './input.js';

const options = z.strictObject({});
type Options = z.infer<typeof options>;

const open = 'Kami belum dapat memastikan jawabannya. Mohon jawab Ya atau Tidak.';
const unknown = 'Jawaban ini belum kami pahami. Mohon jawab Ya atau Tidak.';

function parse(text: string): Parsed {
  const answer = answerWord(text);
  if (answer === 'neither') return again(open);
  if (answer === 'unknown') return again(unknown);
  const shown = answer === 'yes' ? 'Ya' : 'Tidak';
  return { kind: 'ok', value: answer === 'yes', readback: fold(text) === fold(shown) ? null : shown };
}

/** Yes or no in Indonesian, Javanese and chat spelling. Polite answers that decide nothing are asked again. */
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

import { normalise } from '../text.js';
import type { InputContext, InputKind, Parsed } from './input.js';

/** No answer but free text is longer than this; what is longer is refused before any work is done on it. */
const longestAnswer = 2000;

type Read<O> = (text: string, context: InputContext<O>, raw: string) => Parsed;

/** A refusal to read: `reason` is one kind sentence that says what happened and what to do. */
export function again(reason: string): Parsed {
  return { kind: 'again', reason };
}

/**
 * The guard every typed answer passes first: too long and invisible texts are asked again, the rest reaches `read`
 * normalised, with the text as it was typed as last argument.
 */
export function reading<O>(read: Read<O>): InputKind<O>['parse'] {
  return (raw, context) => {
    if (raw.length > longestAnswer) {
      return again('Pesan terlalu panjang untuk dibaca sebagai jawaban. Mohon kirim jawabannya saja.');
    }
    const text = normalise(raw);
    if (text === '') return again('Jawaban belum terbaca. Mohon ketik jawabannya dengan huruf atau angka.');
    return read(text, context, raw);
  };
}

/**
 * Hides the options type of a kind, so that kinds of all options fit one registry. The cast is safe because the language
 * hands a kind only options its own schema has parsed: once, when the flow is compiled.
 */
export function defineInput<O>(kind: InputKind<O>): InputKind {
  return kind as unknown as InputKind;
}

import type { z } from 'zod';
import type { Attachment } from '../attachment.js';
import type { Json } from '../json.js';
import type { Choice, Share } from '../message.js';
import type { RegionIndex } from '../regions.js';
import type { ValueType } from '../types.js';

/**
 * What became of a typed answer. Mistakes people are expected to make are values here, never exceptions.
 * - `ok`: understood. `readback` is what was understood in words, or null when repeating it would say nothing new.
 * - `again`: not understood; `reason` is one kind sentence, without example (the engine adds it). With `waits` it was understood, but
 *   puts the answer off, which counts as no mistake.
 * - `did-you-mean`: could be any of `candidates`; each `answer` is a text that this input parses without doubt.
 * - `confirm`: understood, but worth asking back with a yes/no `question` (a NIK whose date differs, a fuzzy name).
 * - `more`: a part of the answer is in; `state` is kept and given to the next parse, `question` asks for the next part.
 */
export type Parsed =
  | { readonly kind: 'ok'; readonly value: Json; readonly readback: string | null }
  | { readonly kind: 'again'; readonly reason: string; readonly waits?: true }
  | { readonly kind: 'did-you-mean'; readonly question: string; readonly candidates: readonly Candidate[] }
  | {
      readonly kind: 'confirm';
      readonly value: Json;
      readonly question: string;
      readonly readback: string | null;
    }
  | { readonly kind: 'more'; readonly state: Json; readonly question: string };

/** A possible meaning of an unclear answer: what to show, and the text that means just that. */
export interface Candidate {
  readonly label: string;
  readonly answer: string;
}

/** What an input may look at. `refs` holds the values of the variables its options point to; `state` is from its last `more`. */
export interface InputContext<Options> {
  readonly options: Options;
  readonly refs: Readonly<Record<string, Json>>;
  readonly state: Json;
  readonly now: Date;
  readonly regions: RegionIndex;
  /** The text of the question as the person saw it; kept as proof by `consent-word`. */
  readonly question: () => string;
}

/**
 * One kind of answer: one file, one constant of this shape. Pure: no clock, no randomness, and `parse` never throws
 * whatever a person types (emoji, 100,000 characters, control characters).
 */
export interface InputKind<Options = unknown> {
  /** As written in a flow file: `input: person-name`. */
  readonly name: string;
  /** Settings beside `input:` in the flow file, already checked. */
  readonly options: z.ZodType<Options>;
  /** Options that name a variable, with the type name it must have; absent ones are simply not looked at. */
  readonly refs?: Readonly<Record<string, string>>;
  readonly type: (options: Options) => ValueType;
  /** One good answer, shown after the second failure ("Contoh: 17 Agustus 1970"); null when it cannot be typed. */
  readonly example: (options: Options) => string | null;
  /** Fixed choices offered with the question; empty for typed answers. */
  readonly choices: (options: Options) => readonly Choice[];
  /** Where texts for members stand among the settings (`choices.*.label`), for other languages; absent: nowhere. */
  readonly texts?: readonly string[];
  /** Labels the input offers of its own accord, which a language must have under `sentences`; absent: none but yes and no. */
  readonly labels?: readonly string[];
  /** The fixed words this input is answered by, of each choice; absent: none are fixed. */
  readonly spellings?: (options: Options) => readonly {
    readonly choice: string;
    readonly words: readonly string[];
  }[];
  /** A bare small number is an answer, so that it cannot at the same time be the number of a choice. */
  readonly counts?: true;
  readonly parse: (text: string, context: InputContext<Options>) => Parsed;
  /** What a person can share as the answer at one tap; absent: nothing. */
  readonly share?: Share;
  /** Reads a file or a place as the answer; null when this one cannot be it. Absent where only words are. */
  readonly take?: (attachment: Attachment, context: InputContext<Options>) => Parsed | null;
}

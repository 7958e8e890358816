import type { StepBody } from './steps/step.js';
import type { Scope } from './template.js';

/** A step ready to run. */
export interface Step extends StepBody {
  readonly id: string;
  readonly line: number;
}

/** A flow ready to run: its steps in the order of the file, and the slot of every variable. */
export interface Flow {
  readonly name: string;
  readonly file: string;
  readonly title: string;
  readonly audience: readonly string[];
  readonly first: string;
  readonly steps: ReadonlyMap<string, Step>;
  readonly slots: ReadonlyMap<string, number>;
  readonly scope: Scope;
  readonly optional: readonly string[];
  readonly line: number;
}

/** What a word or a phrase starts; `line` is where the author wrote it. */
export interface Opening {
  readonly flow: string;
  readonly phrase: string;
  readonly line: number;
}

/** A checked flow set. `hash` is of its sources: the same files give the same program, whoever compiles them. */
export interface Program {
  readonly hash: string;
  readonly flows: ReadonlyMap<string, Flow>;
  /** Phrases that start a flow while nothing else is going on, folded. */
  readonly triggers: ReadonlyMap<string, Opening>;
  /** Words that start a flow at any time, folded. */
  readonly words: ReadonlyMap<string, Opening>;
  /** No text longer than this can be one of the words, even with a full stop and blanks around it. */
  readonly longestWord: number;
  /** Where a conversation begins when nothing matches. */
  readonly fallback: string;
  /** Who takes over when the bot does not understand. */
  readonly human: string | null;
}

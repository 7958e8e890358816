import type { WordShape } from './always.js';
import type { Intents } from './intents.js';
import type { StepBody } from './steps/step.js';
import type { Scope } from './template.js';
import type { Timer } from './timers.js';
import type { Wording } from './wording.js';

/** A step ready to run. */
export interface Step extends StepBody {
  readonly id: string;
  readonly line: number;
  /** The line a word of the step stands at, for faults. */
  readonly lineOf: (key: string) => number;
  /** What stands in the file, to tell whether a step changed between two versions. */
  readonly source: string;
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
  /** The words and phrases that start it, as its author wrote them. */
  readonly openings: readonly string[];
  /** What steps and variables of earlier versions are called now; null when people inside are not to be carried over. */
  readonly moved: ReadonlyMap<string, string> | null;
  /** What happens to a question that has no timers of its own. */
  readonly timers: readonly Timer[];
  readonly line: number;
}

/** What the engine does by itself on a word: takes the last answer back, shows the question again. */
export type Command = 'back' | 'again';

/** The flows and the engine's sentences in a language other than Indonesian. */
export interface Spoken {
  readonly words: Wording;
  readonly flows: ReadonlyMap<string, Flow>;
}

/** A checked flow set. `hash` is of its sources: the same files give the same program, whoever compiles them. */
export interface Program {
  readonly hash: string;
  /** In Indonesian. */
  readonly flows: ReadonlyMap<string, Flow>;
  /** In other languages, by code (`jv`): the same steps and variables, other texts. */
  readonly languages: ReadonlyMap<string, Spoken>;
  /** What people say to start a flow while nothing else is going on. */
  readonly intents: Intents;
  /** Words that start a flow at any time, folded, in every spelling of the word list. */
  readonly words: ReadonlyMap<string, string>;
  /** Words for what the engine does itself at any time, likewise. */
  readonly commands: ReadonlyMap<string, Command>;
  /** Words that start a flow at any time when an answer to its first question stands behind them, folded. */
  readonly prefixes: ReadonlyMap<string, string>;
  /** What begins when a signal comes that the open step does not hear. */
  readonly signals: ReadonlyMap<string, string>;
  /** What begins when a file of a kind comes while nothing else is going on; it answers the first question there. */
  readonly files: ReadonlyMap<string, string>;
  /** What a text must look like to be one of the words or commands. */
  readonly wordShape: WordShape;
  /** What a text must look like to begin with one of the prefixes. */
  readonly prefixShape: WordShape;
  /** Where a conversation begins when nothing matches. */
  readonly fallback: string;
  /** Who asks back when it is not clear which flow is meant. */
  readonly unsure: string | null;
  /** Whether any question has timers: where none has, asking costs nothing for them. */
  readonly timed: boolean;
  /** Who takes over when the bot does not understand. */
  readonly human: string | null;
}

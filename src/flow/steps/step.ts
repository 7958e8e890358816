import { z } from 'zod';
import type { ActionSignatures } from '../action.js';
import type { Attachment } from '../attachment.js';
import type { InputKind } from '../inputs/input.js';
import type { Json, JsonRecord } from '../json.js';
import type { Choice } from '../message.js';
import type { Reference, Scope, Template } from '../template.js';
import type { RawTimers, Timer } from '../timers.js';
import type { ValueType } from '../types.js';
import type { Walk } from '../walk.js';

/** Where to go on: a step of the same flow, `end`, or null to wait for the next event. */
export type Next = string | null;

/**
 * A way out of a step, and what is certainly written when it is taken. One that is `later` is not taken from the step
 * itself but when the correction it begins is done. `fills` and `empties`: variables that then certainly have a value, or
 * none. `givesUp`: whatever was interrupted or called ends too.
 */
export interface Exit {
  readonly name: string;
  readonly target: string;
  readonly writes: readonly string[];
  readonly later?: true;
  readonly fills?: readonly string[];
  readonly empties?: readonly string[];
  readonly givesUp?: boolean;
  /** What a person sees of this way, for drawings; its name says enough where there is none. */
  readonly label?: string;
  /** Only corrects something: the conversation comes back by itself. */
  readonly detour?: true;
}

/** An answer given to a waiting step. */
export type Answer =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'choice'; readonly id: string; readonly label: string };

/** What a step shows, for the proofs about channels. */
export interface Shown {
  readonly template: Template;
  readonly choices: readonly Choice[];
}

/** What a step branches by: `known` are the names that can come (null: any), `rest` whether a way takes all others. `key` is where it stands. */
export interface Branching {
  readonly key: string;
  /** What such a name is called: an outcome of an action, a value of a variable. */
  readonly noun: string;
  readonly of: string;
  readonly known: readonly string[] | null;
  /** Names that may be bound though they need not come. */
  readonly spare: readonly string[];
  readonly bound: readonly string[];
  readonly rest: boolean;
}

/** A value handed over: the variable at `path`, of type `type`, for the parameter `name`. */
export interface Given {
  readonly name: string;
  readonly path: string;
  readonly type: string;
}

/** A value that must have a type: the setting at `key` names the variable at `path`. */
export interface Fitting extends Given {
  readonly wanted: string;
}

/** An action a step asks for, with every variable its `with` names. */
export interface Wanted {
  readonly action: string;
  readonly names: readonly string[];
  readonly given: readonly Given[];
}

/** A correction a choice begins at `redo`; where `until` would come it goes `back`. `until` is null when the file does not say. */
export interface Correction {
  readonly choice: string;
  readonly redo: string;
  readonly until: string | null;
  readonly back: string;
}

/** Everything that may be typed for one choice, its label first, and the step it leads to. */
export interface Spelling {
  readonly choice: string;
  readonly words: readonly string[];
  readonly target: string;
}

/** What an action gave back. */
export interface Result {
  readonly outcome: string;
  readonly values: JsonRecord;
}

/**
 * A step as the engine and the proofs see it. The shared code asks these fields and never the kind:
 * `waits` whether a person must answer, `exits` with their writes, `reads` the variables it looks at, `calls` other flows.
 * What only some steps have is left out by the others: what it branches by, the action it wants, the types it needs, the
 * corrections it begins, the words its choices are known by.
 */
export interface StepBody {
  readonly waits: boolean;
  readonly exits: readonly Exit[];
  readonly reads: readonly Reference[];
  readonly shows: readonly Shown[];
  readonly calls: readonly string[];
  /** What happens by itself once the question has been sent and nobody answers; nothing when left out. */
  readonly timers?: readonly Timer[];
  readonly branches?: Branching;
  readonly wants?: Wanted;
  readonly fits?: readonly Fitting[];
  readonly corrections?: readonly Correction[];
  readonly spellings?: readonly Spelling[];
  readonly enter: (walk: Walk) => Next;
  /** Asks the pending question again; only for steps that wait. */
  readonly repeat?: (walk: Walk) => void;
  /** Says the pending question once more as it stands, under the id it has. */
  readonly remind?: (walk: Walk) => void;
  readonly answer?: (walk: Walk, answer: Answer) => Next;
  /** Takes a file or a place as the answer; absent, or undefined, where it cannot be one: then the question is asked again. */
  readonly take?: (walk: Walk, attachment: Attachment) => Next | undefined;
  /** Takes `text` as the whole answer when the input accepts it and can read it back; null when it does not fit. */
  readonly join?: (walk: Walk, text: string, partial: Json) => { readonly next: Next } | null;
  /** Takes `text` as the answer before the question was asked, and says where it leads; null when it is none. */
  readonly unasked?: (walk: Walk, text: string) => string | null;
  readonly result?: (walk: Walk, result: Result) => Next;
  readonly returned?: (walk: Walk) => Next;
  /** Every message is meant for this step: no word of the engine or of another flow is taken out of it. */
  readonly listens?: boolean;
  /** Words of its own that it knows while it waits. */
  readonly words?: readonly string[];
  /** Where signals from outside the conversation lead, by their name. */
  readonly signals?: Readonly<Record<string, string>>;
}

/** What building a step may look at. Problems are reported by `fault`, with the key of the step they stand at. */
export interface Building {
  readonly id: string;
  readonly flow: string;
  /** The step that follows in the file, or `end`. */
  readonly following: string;
  readonly scope: Scope;
  readonly inputs: Readonly<Record<string, InputKind>>;
  readonly actions: ActionSignatures;
  readonly template: (text: string, key: string) => Template;
  readonly reference: (
    path: string,
    key: string,
  ) => { readonly reference: Reference; readonly type: ValueType } | null;
  /** The timers of a question: what the step says, and else what its flow says for all of them. */
  readonly timers: (raw: RawTimers) => readonly Timer[];
  readonly fault: (key: string, what: string, mend: string) => void;
}

/** What there is to choose from when a step is written. */
export type Knowing = Omit<Declaring, 'id'>;

/** One way to write a step, for editors: objects that are written as one. */
export type Form = readonly z.ZodType[];

/** What a step may look at before any type is known: enough to say which variables it writes. */
export interface Declaring {
  readonly id: string;
  readonly inputs: Readonly<Record<string, InputKind>>;
  readonly actions: ActionSignatures;
}

/**
 * One kind of step: one file, one constant of this shape. `key` is the word in the flow file that makes a step this kind.
 */
export interface StepKind {
  readonly key: string;
  readonly schema: z.ZodType;
  /** Where texts for members stand in the step, `*` for any key (`choices.*.label`): what another language must say anew. */
  readonly texts: (raw: unknown, declaring: Pick<Declaring, 'inputs'>) => readonly string[];
  readonly forms: (world: Knowing) => readonly Form[];
  readonly declares: (raw: unknown, declaring: Declaring) => Readonly<Record<string, ValueType>>;
  readonly build: (raw: unknown, building: Building) => StepBody;
}

/** `next:`, which most kinds take. */
export const goesTo = z.string().describe('The step to go on to, or end; the one below when left out.');

/** Makes a kind of step from its typed parts; the schema parses what the file says, so the parts need no casts. */
export function defineStep<Raw>(kind: {
  readonly key: string;
  readonly schema: z.ZodType<Raw>;
  readonly texts?: (raw: Raw, declaring: Pick<Declaring, 'inputs'>) => readonly string[];
  /** Where the step is written differently for each input or action; one form, its schema, when left out. */
  readonly forms?: (world: Knowing) => readonly Form[];
  readonly declares?: (raw: Raw, declaring: Declaring) => Readonly<Record<string, ValueType>>;
  readonly build: (raw: Raw, building: Building) => StepBody;
}): StepKind {
  const { key, schema, texts, forms = () => [[schema]], declares, build } = kind;
  return {
    key,
    schema,
    texts: (raw, declaring) => texts?.(schema.parse(raw), declaring) ?? [],
    forms,
    declares: (raw, declaring) => declares?.(schema.parse(raw), declaring) ?? {},
    build: (raw, building) => build(schema.parse(raw), building),
  };
}

import type { Json } from './json.js';
import type { Choice, Share } from './message.js';
import { type Pages, type PagesAlone, pagesFrom } from './pages.js';

/** A question in words, when it is not the step's own (a part of an answer, "did you mean"). */
export interface Prompt {
  readonly text: string;
  readonly choices: readonly Choice[];
  readonly share?: Share;
}

/**
 * What a person is being asked. `question` is the id an answer by button carries. `tries` counts misunderstood answers.
 * `partial` is what an input keeps between the parts of one answer; `heard` the last part with the state before it, so
 * that a message written too early can be joined to it. `offers` are texts to parse when a choice of `prompt` is taken.
 * `notes` stood in front of the question: they are said again when the question is replaced before it was sent.
 */
export interface Wait {
  readonly question: string;
  readonly tries: number;
  readonly prompt: Prompt | null;
  readonly partial: Json;
  readonly heard: { readonly text: string; readonly before: Json } | null;
  readonly offers: Readonly<Record<string, Json>> | null;
  readonly notes: string;
}

/**
 * One answered step, for KEMBALI: what stood in the variables before, by slot, and the correction it was part of; `fixed`
 * names what cannot be taken back.
 */
export interface Answered {
  readonly step: string;
  readonly before: readonly (readonly [slot: number, value: Json])[];
  readonly detour: Detour | null;
  readonly fixed: string | null;
}

/** While one item is corrected: when `until` would be entered, the conversation goes `back` instead. */
export interface Detour {
  readonly until: string;
  readonly back: string;
}

/**
 * One conversation on the stack. `called` tells a sub-flow (its end continues the caller) from an interruption (its end
 * asks the pending question again). Values are kept by slot, so that a turn copies an array and not a dictionary.
 */
export interface Frame {
  readonly flow: string;
  readonly step: string;
  readonly called: boolean;
  readonly values: Pages<Json>;
  /** Answered steps, oldest first; one whose variables were all empty before is kept by its name alone. */
  readonly trail: Pages<string | Answered>;
  /** The text of the last answer, to which one that came too early may be joined. */
  readonly said: string | null;
  readonly detour: Detour | null;
  /** Null where nobody is asked: another flow was called, or the step changed after it had asked. */
  readonly wait: Wait | null;
}

/** The whole state of one contact's conversation: plain JSON, pinned to the program it began with. */
export interface Session {
  readonly program: string | null;
  readonly turns: number;
  readonly frames: readonly Frame[];
  /** Sentences to stand in front of the next message, kept while an action is under way. */
  readonly notes: readonly string[];
}

/** A session as it may be kept: before, its lists were pages alone. */
export type KeptSession = Omit<Session, 'frames'> & { readonly frames: readonly KeptFrame[] };

type KeptFrame = Omit<Frame, 'values' | 'trail'> & {
  readonly values: Frame['values'] | PagesAlone<Json>;
  readonly trail: Frame['trail'] | PagesAlone<string | Answered>;
};

/** Reads a session that was kept. */
export function sessionFrom(kept: KeptSession): Session {
  const frames = kept.frames.map((frame) => ({
    ...frame,
    values: pagesFrom(frame.values),
    trail: pagesFrom(frame.trail),
  }));
  return { ...kept, frames };
}

/** A contact with whom nothing is going on. */
export const idleSession: Session = { program: null, turns: 0, frames: [], notes: [] };

/** Something that would be lost: not the opening question alone, which anybody is asked who writes. */
export function isUnderWay({ flow, trail }: Frame, fallback: string): boolean {
  return flow !== fallback || trail.last.length > 0;
}

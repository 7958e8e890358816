import { courtesyIn } from './courtesy.js';
import { askWhich, meaningFor } from './opening.js';
import type { Prompt } from './session.js';
import type { Next } from './steps/step.js';
import type { Walk } from './walk.js';

/** What a step knows that helps when an answer was not understood. */
export interface Help {
  readonly reason: string;
  readonly example: string | null;
  readonly prompt: Prompt;
}

/** After this many misunderstood answers in a row a human is asked to take over. */
const humanAfter = 3;

/**
 * An answer was not understood. The wording helps more each time: the reason; then an example and the numbers; the third
 * time a human. At the beginning of a conversation a phrase that opens another flow is taken for that instead; later on
 * such a phrase is asked back, as the answers given so far may not be lost. Courtesy is answered, and is no mistake.
 */
export function repair(walk: Walk, help: Help, heard: string): Next {
  const courtesy = courtesyIn(heard);
  if (courtesy !== null) return waitOn(walk, walk.words[courtesy], help.prompt);
  const opened = openInstead(walk, heard);
  if (opened !== null) return opened;
  const tries = walk.countMistake(help.reason);
  if (tries === humanAfter && walk.program.human !== null && !walk.isOpen(walk.program.human)) {
    walk.note(walk.words.humanComes);
    return walk.open(walk.program.human, 'repair');
  }
  const asked = offerInstead(walk, heard);
  if (asked !== null) return asked;
  walk.note(help.reason);
  if (tries > 1 && help.example !== null) walk.note(walk.words.example(help.example));
  walk.ask(help.prompt, {}, true);
  return null;
}

/** What was said is no answer and no mistake: it is answered, and the question waits; nobody is sent to a human for it. */
export function waitOn(walk: Walk, words: string, prompt: Prompt): null {
  walk.note(words);
  walk.ask(prompt, {}, true);
  return null;
}

/** While only the opening flow is on the stack, nothing can be lost by going where the person asks. */
export function openInstead(walk: Walk, heard: string): Next {
  if (walk.depth > 1 || walk.frame.flow !== walk.program.fallback) return null;
  const meaning = meaningFor(walk, heard);
  if (meaning.kind === 'none' || (meaning.kind === 'sure' && meaning.flow === walk.frame.flow)) return null;
  walk.close('left');
  return meaning.kind === 'sure' ? walk.open(meaning.flow, 'trigger') : askWhich(walk, meaning.flows);
}

/** The answer asks for another flow without doubt: that may have been meant, and the question waits below. */
function offerInstead(walk: Walk, heard: string): Next {
  const { unsure } = walk.program;
  if (unsure === null || walk.isOpen(unsure)) return null;
  const meaning = meaningFor(walk, heard);
  const other = meaning.kind === 'sure' && !walk.isOpen(meaning.flow);
  return other ? askWhich(walk, [meaning.flow]) : null;
}
